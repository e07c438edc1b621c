"""A rule about refs of quantities over many batches."""

from __future__ import annotations

from collections.abc import Iterable

from ..bounded_memory import Recent
from ..named_quantities import UNIQUE, named_quantities
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
    hint = "Build the ref from all that tells its quantities apart: order, product, location, type."
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
        before = [self._quantities.get(hash((catalogue, each.ref))) for each in named]
        for each, known in zip(named, before, strict=True):
            quantity = hash((each.product_ref, each.location_ref, each.its_type))
            if known is None:
                self._quantities.put(hash((catalogue, each.ref)), quantity)
            elif known != quantity:
                found = f"{shown(each.ref)}, which an earlier batch gave to another quantity"
                yield self.finding(f"/entities/{each.at}/ref", found, "a ref of its own")
