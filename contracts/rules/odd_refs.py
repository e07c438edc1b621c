"""Where in a payload the refs stand that should not be what they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from fluent_oms_simulator.domain.refs import LONGEST_REF

from .event_rows import DELTA_ID, Columns, ref_columns
from .named_quantities import parent_place, parents_of
from .payload import column, is_padded, texts
from .ref_flaws import A_WORD, Flaw, Flawed, any_flawed, flaw_of, is_without_value
from .rule import Batch, Event, once

RECORD_REFS = ("skuRef", "locationRef", "ref")
TIED_BY_REF = "Inferred: a position is tied to its product and location by their refs alone"
OWN_REF = "the ref as the product or location has it"


class OddRef(NamedTuple):
    """A ref with a flaw, and where it is."""

    pointer: str
    ref: str
    flaw: Flaw
    what: str
    is_delta_id: bool = False


@once
def odd_refs_of_batch(batch: Batch) -> Sequence[OddRef]:
    """The refs of records, and the catalogue's, that have a flaw."""
    found = list(_of_entity("/catalogueRef", batch.document.get("catalogueRef")))
    for name in RECORD_REFS:
        refs = texts(batch, name)
        if refs and any_flawed(refs):
            flaws = {ref: flawed for ref in refs if (flawed := flaw_of(ref)) is not None}
            found += _in_column("/entities", name, column(batch, name), flaws)
    found += _of_parents(batch)
    return found


def _of_parents(batch: Batch) -> Iterator[OddRef]:
    for index, ref in parents_of(batch):
        flawed = flaw_of_parts(ref)
        if flawed is not None:
            yield OddRef(parent_place(index), ref, *flawed)


@once
def odd_refs_of_event(event: Event) -> Sequence[OddRef]:
    """The refs of an event's entities, of its deltas and of its items, that have a flaw."""
    found: list[OddRef] = []
    for name in ("entityRef", "rootEntityRef", "entityId", "rootEntityId"):
        if (ref := event.document.get(name)) is not None:
            found += _of_entity(f"/{name}", ref)
    known = ref_columns(event)
    if known is not None:
        refs = [ref for refs in known[2:] for ref in refs if ref.__class__ is str]
        if any_flawed(refs, parts=True):
            found += _in_rows(known, refs)
    return found


def _in_rows(known: Columns, refs: Sequence[str]) -> Iterator[OddRef]:
    flaws = {ref: flawed for ref in refs if (flawed := flaw_of(ref)) is not None}
    place, (product, location, id_name), products, locations, ids = known
    yield from _in_column(place, product, products, flaws)
    yield from _in_column(place, location, locations, flaws)
    for ref in ids:
        if isinstance(ref, str) and ref not in flaws and is_without_value(ref):
            flaws[ref] = Flawed(Flaw.UNFILLED, f"{A_WORD} in each of its parts")
    yield from _in_column(place, id_name, ids, flaws, is_delta_id=id_name == DELTA_ID)


def _in_column(
    place: str,
    name: str,
    refs: Sequence[Any],
    flaws: Mapping[str, Flawed],
    *,
    is_delta_id: bool = False,
) -> Iterator[OddRef]:
    if flaws:
        for index, ref in enumerate(refs):
            if isinstance(ref, str) and ref in flaws:
                yield OddRef(f"{place}/{index}/{name}", ref, *flaws[ref], is_delta_id)


def _of_entity(pointer: str, ref: object) -> Iterable[OddRef]:
    flawed = flaw_of_parts(ref) if isinstance(ref, str) else None
    return () if flawed is None else (OddRef(pointer, str(ref), *flawed),)


def flaw_of_parts(ref: str) -> Flawed | None:
    """The flaw of a ref that is made of parts, such as `DEFAULT:1`: of itself, or of a part."""
    # What is remembered may be as long as a ref, not as a body.
    return _remembered(ref) if len(ref) <= LONGEST_REF else _looked_for(ref)


def _looked_for(ref: str) -> Flawed | None:
    if is_padded(ref):
        return Flawed(Flaw.INVISIBLE, "a blank at an end of it")
    flaws = (flaw_of(part) for part in (ref, *ref.split(":")))
    return next((found for found in flaws if found is not None), None)


_remembered = lru_cache(1_000)(_looked_for)
