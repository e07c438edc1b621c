"""Rules about refs of quantities over many batches."""

from __future__ import annotations

from collections.abc import Iterable

from ..bounded_memory import Recent
from ..named_quantities import (
    ONE_POSITION,
    ONE_POSITION_EVIDENCE,
    ONE_POSITION_HINT,
    UNIQUE,
    UNIQUE_HINT,
    named_quantities,
    parent_place,
    parents_of,
)
from ..payload import shown
from ..positions import StreamRule, batch_catalogue
from ..rule import Batch, Finding, Severity
from ..samples import a_batch, a_record

MOST_REFS = 100_000
"""Refs that are remembered; the one that was used least recently makes room."""


class RefMoved(StreamRule):
    """A ref that an earlier batch gave to another quantity."""

    id = "FOMS-S011"
    title = "A record has the ref of a quantity of an earlier batch"
    severity = Severity.ERROR
    reason = (
        "A ref stands for one quantity of a catalogue: of one position, and of one type. What means"
        " another one cannot be stored, after the batch was taken."
    )
    evidence = UNIQUE
    hint = UNIQUE_HINT
    sees = (Batch,)
    good = (a_batch(a_record(ref="SHELF")), a_batch(a_record(ref="SHELF", qty=9)))
    bad = (a_batch(a_record(ref="SHELF")), a_batch(a_record(ref="SHELF", skuRef="SKU_2")))

    def __init__(self) -> None:
        # Hashes of 64 bits, which two in a million share with a chance of 1 in 37 million.
        self._quantities: Recent[int, int] = Recent(MOST_REFS)

    def see(self, observation: Batch) -> Iterable[Finding]:
        """The records whose ref was another quantity's before this batch."""
        named = named_quantities(observation)
        if not named:
            return
        catalogue = batch_catalogue(observation)
        keys = [hash((catalogue, each.ref)) for each in named]
        before = list(map(self._quantities.get, keys))
        for each, key, known in zip(named, keys, before, strict=True):
            quantity = hash((each.product_ref, each.location_ref, each.its_type))
            if known is None:
                self._quantities.put(key, quantity)
            elif known != quantity:
                found = f"{shown(each.ref)}, which an earlier batch gave to another quantity"
                yield self.finding(f"/entities/{each.at}/ref", found, "a ref of its own")


class ParentMoved(StreamRule):
    """A parent that an earlier batch has put elsewhere."""

    id = "FOMS-S012"
    title = "A record's parent is a quantity of another position, of an earlier batch"
    severity = Severity.ERROR
    reason = ONE_POSITION
    evidence = ONE_POSITION_EVIDENCE
    hint = ONE_POSITION_HINT
    sees = (Batch,)
    good = (
        a_batch(a_record(ref="SHELF")),
        a_batch(a_record(qty=-1, type="RESERVED", ref="R", attributes={"parentRef": "SHELF"})),
    )
    bad = (
        a_batch(a_record(ref="SHELF")),
        a_batch(
            a_record(
                skuRef="SKU_2", qty=-1, type="RESERVED", ref="R", attributes={"parentRef": "SHELF"}
            )
        ),
    )

    def __init__(self) -> None:
        self._positions: Recent[int, int] = Recent(MOST_REFS)

    def see(self, observation: Batch) -> Iterable[Finding]:
        """The parents that only an earlier batch has told of, and at another position."""
        named = named_quantities(observation)
        parents = dict(parents_of(observation))
        if not named and not parents:
            return
        catalogue = batch_catalogue(observation)
        here = {each.ref for each in named}
        for index, parent_ref in parents.items():
            record = observation.records[index]
            place = record.get("skuRef"), record.get("locationRef")
            if not all(isinstance(ref, str) for ref in place):
                continue  # which position it is of cannot be told
            own = hash(place)
            known = self._positions.get(hash((catalogue, parent_ref)))
            if parent_ref not in here and known is not None and known != own:
                found = f"{shown(parent_ref)}, which an earlier batch gave to another position"
                expected = "a quantity of the record's own position"
                yield self.finding(parent_place(index), found, expected)
        for each in named:
            position = hash((each.product_ref, each.location_ref))
            self._positions.put(hash((catalogue, each.ref)), position)
