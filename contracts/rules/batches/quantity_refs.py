"""A rule about the refs that records give their quantities: one ref, one quantity."""

from __future__ import annotations

from collections.abc import Iterable

from ..named_quantities import UNIQUE, UNIQUE_HINT, NamedQuantity, named_quantities
from ..payload import shown
from ..rule import Batch, Finding, Rule, Severity
from ..samples import a_batch, a_record


class RefOfTwoQuantities(Rule):
    """One ref for two positions, or for two types."""

    id = "FOMS-B420"
    title = "A record has the ref of another quantity"
    severity = Severity.ERROR
    reason = (
        "A ref stands for one quantity: of one position, and of one type. The first record of it"
        " makes it, and one that means another quantity cannot be stored, after the batch was"
        " taken."
    )
    evidence = UNIQUE
    hint = UNIQUE_HINT
    sees = (Batch,)
    good = (a_batch(a_record(ref="SHELF"), a_record(skuRef="SKU_2", ref="SHELF_2")),)
    bad = (a_batch(a_record(ref="SHELF"), a_record(skuRef="SKU_2", ref="SHELF")),)

    def see(self, batch: Batch) -> Iterable[Finding]:
        """Each record whose ref an earlier one gives to another quantity."""
        firsts: dict[str, NamedQuantity] = {}
        for named in named_quantities(batch):
            first = firsts.setdefault(named.ref, named)
            other = named.differs_from(first)
            if other:
                found = f"{shown(named.ref)}, the ref {other} at /entities/{first.at}"
                yield self.finding(f"/entities/{named.at}/ref", found, "a ref of its own")
