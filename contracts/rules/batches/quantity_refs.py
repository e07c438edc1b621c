"""A rule about the refs that records give their quantities: one ref, one quantity."""

from __future__ import annotations

from collections.abc import Iterable

from fluent_oms_simulator.domain.refs import position_ref

from ..named_quantities import (
    UNIQUE,
    UNIQUE_HINT,
    NamedQuantity,
    built_quantities,
    count_of_another,
)
from ..payload import catalogue_type, shown
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
    bad = (
        a_batch(a_record(ref="SHELF"), a_record(skuRef="SKU_2", ref="SHELF")),
        a_batch(a_record(ref="SKU_2:LOC_1:DEFAULT:LAST_ON_HAND")),
    )

    def see(self, batch: Batch) -> Iterable[Finding]:
        """Each record whose ref is another quantity's: of an earlier record, or a built one."""
        firsts: dict[str, NamedQuantity] = {}
        kind = catalogue_type(batch.document.get("catalogueRef")) or "DEFAULT"
        for named in built_quantities(batch):
            position = position_ref(named.product_ref, named.location_ref, kind)
            if count_of_another(named.ref, position, kind):
                found = f"{shown(named.ref)}, the ref of another position's count"
            else:
                first = firsts.setdefault(named.ref, named)
                other = named.differs_from(first)
                if not other:
                    continue
                found = f"{shown(named.ref)}, the ref {other} at /entities/{first.at}"
            yield self.finding(_place(batch, named.at), found, "a ref of its own")


def _place(batch: Batch, index: int) -> str:
    """Where a record gives its ref, or itself where the ref was built for it."""
    given = batch.records[index].get("ref") is not None
    return f"/entities/{index}/ref" if given else f"/entities/{index}"
