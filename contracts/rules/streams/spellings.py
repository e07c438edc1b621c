"""Refs that are written in two ways, so that one product or location becomes two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from unicodedata import normalize

from fluent_oms_simulator.domain import bounds
from fluent_oms_simulator.domain.bounds import Tally
from fluent_oms_simulator.domain.refs import LONGEST_REF

from ..bounded_memory import Firsts
from ..event_rows import ref_columns
from ..payload import column, shown, texts
from ..positions import StreamRule, batch_catalogue, event_catalogue, example_batch, example_event
from ..rule import Batch, Event, Finding, Severity

MOST_REFS = 50_000
_TOLD = ""


class TwoSpellings(StreamRule):
    """Two refs of a catalogue that differ in case, in Unicode normalisation or in leading zeros.

    Case counts only where one of the two is written in one case throughout: ids made of digits and
    letters of both cases differ in nothing else by chance. Leading zeros count only in refs of
    digits alone. Told once for each ref. Remembers what fits into 32 MiB: 50,000 refs at least.
    """

    id = "FOMS-S010"
    title = "One ref is written in two ways"
    severity = Severity.WARNING
    reason = (
        "Refs are compared as they are written, so the two are two products or locations: the one"
        " gets the stock, the other the sales, or each a part of both."
    )
    evidence = "Inferred: a position is tied to its product and location by their refs alone"
    hint = "Write each ref as the product or location has it; see which source changes it."
    sees = (Batch, Event)
    good = (
        Batch(example_batch(("SKU_1", "LOC_1", 5)), retailer_id="1"),
        Event(example_event(("A1", "SKU_1", "LOC_1", -2))),
        Event(example_event(("A2", "SKU_01", "LOC_2", -2))),
    )
    bad = (
        Batch(example_batch(("SKU_1", "LOC_1", 5)), retailer_id="1"),
        Event(example_event(("A1", "Sku_1", "LOC_1", -2))),
    )

    def __init__(self) -> None:
        # by folded ref: how it was written first, or that it was told
        self._firsts = Firsts(bounds.COMPARED_REFS)
        # what events have named, of the catalogue that was the last: most name the same again
        self._catalogue = 0
        self._named: tuple[set[int], set[int]] = (set(), set())

    def tallies(self) -> Iterable[Tally]:
        return [self._firsts.tally]

    def see(self, observation: Batch | Event) -> Iterable[Finding]:
        if isinstance(observation, Batch):
            catalogue = hash(batch_catalogue(observation))
            columns = (texts(observation, "skuRef"), texts(observation, "locationRef"))
        else:
            known = ref_columns(observation)
            if known is None:
                return ()
            catalogue = hash(event_catalogue(observation))
            columns = self._not_named_yet(catalogue, known.products, known.locations)
        found = []
        for refs, is_product in zip(columns, (True, False), strict=True):
            twins = self._twins(refs, hash((catalogue, is_product))) if refs else {}
            if twins:
                found.append(self._told(observation, twins, is_product=is_product))
        return found

    def _not_named_yet(
        self, catalogue: int, *columns: Sequence[Any]
    ) -> tuple[Sequence[str], Sequence[str]]:
        if catalogue != self._catalogue or sum(map(len, self._named)) > MOST_REFS:
            self._catalogue, self._named = catalogue, (set(), set())
        fresh: list[Sequence[str]] = []
        for refs, named in zip(columns, self._named, strict=True):
            if named.issuperset(map(hash, filter(_is_text, refs))):
                fresh.append(())
            else:
                known = dict.fromkeys(filter(_is_text, refs))
                new = [ref for ref in known if hash(ref) not in named]
                fresh.append(new)
                named.update(map(hash, new))
        products, locations = fresh
        return products, locations

    def _twins(self, refs: Sequence[str], about: int) -> dict[str, str]:
        """Refs to how they were written before, where that is another way."""
        if max(map(len, refs)) > LONGEST_REF:
            refs = [ref for ref in refs if len(ref) <= LONGEST_REF]
        keys = folded(refs)
        firsts = self._firsts.first(about, keys, refs)
        if firsts == refs:
            return {}
        twins: dict[str, str] = {}
        for key, first, ref in zip(keys, firsts, refs, strict=True):
            if first not in (ref, _TOLD) and are_twins(first, ref):
                twins[ref] = first
                self._firsts.replace(about, key, _TOLD)
        return twins

    def _told(
        self, observation: Batch | Event, twins: dict[str, str], *, is_product: bool
    ) -> Finding:
        """The first ref that is written in a second way."""
        place, name, refs = _column(observation, is_product=is_product)
        index = next(at for at, ref in enumerate(refs) if isinstance(ref, str) and ref in twins)
        ref = refs[index]
        first = twins[ref]
        more = f" (and {len(twins) - 1:,} more refs)" if len(twins) > 1 else ""
        return self.finding(
            f"{place}/{index}/{name}",
            f"{shown(ref)}, which differs from {shown(first)} only in"
            f" {difference(first, ref)}{more}",
            "one way to write it",
        )


def _column(observation: Batch | Event, *, is_product: bool) -> tuple[str, str, Sequence[Any]]:
    """Where the refs are, what their field is called, and the refs."""
    if isinstance(observation, Batch):
        name = "skuRef" if is_product else "locationRef"
        return "/entities", name, column(observation, name)
    known = ref_columns(observation)
    assert known is not None
    product, location, _ = known.names
    if is_product:
        return known.place, product, known.products
    return known.place, location, known.locations


def folded(refs: Sequence[str]) -> list[str]:
    """Refs without what two of them should not differ in alone."""
    joined = "\n".join(refs)
    if joined.isascii():
        keys = joined.lower().split("\n")
        if len(keys) == len(refs):
            return list(map(_without_zeros, keys)) if "\n0" in f"\n{joined}" else keys
    return [_without_zeros(_normalised(_normalised(ref).casefold())) for ref in refs]


def are_twins(first: str, second: str) -> bool:
    """Whether two different refs, equal when folded, are likely to be meant as one."""
    if _normalised(first) == _normalised(second) or first.isdigit():
        return True
    return any(ref in (ref.lower(), ref.upper(), ref.capitalize()) for ref in (first, second))


def difference(first: str, second: str) -> str:
    """What two refs that are equal when folded differ in."""
    if _normalised(first) == _normalised(second):
        return "Unicode normalisation"
    if first.casefold() == second.casefold():
        return "case"
    if first.isascii() and second.isascii():
        return "leading zeros"
    return "case and Unicode normalisation"


def _normalised(ref: str) -> str:
    return ref if ref.isascii() else normalize("NFKC", ref)


def _without_zeros(ref: str) -> str:
    return ref.lstrip("0") or "0" if ref[:1] == "0" and ref.isascii() and ref.isdigit() else ref


def _is_text(value: object) -> bool:
    return value.__class__ is str
