"""A rule about the refs that records give their quantities: one ref, one quantity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from ..payload import LAST_ON_HAND, column, records_of, shown
from ..rule import Batch, Finding, Rule, Severity, once
from ..samples import a_batch, a_record

UNIQUE = (
    "GraphQL schema (InventoryQuantityKey: a quantity is known by ref and catalogue), 13 Apr 2026."
    " Inferred: that a record with the ref of another quantity fails"
)


class NamedQuantity(NamedTuple):
    """What a record says of the quantity whose ref it gives."""

    at: int
    ref: str
    product_ref: str
    location_ref: str
    its_type: str

    def differs_from(self, other: NamedQuantity) -> str:
        """In what another record of the same ref is about another quantity; empty if it is not."""
        if (self.product_ref, self.location_ref) != (other.product_ref, other.location_ref):
            return f"of {shown(other.product_ref)} at {shown(other.location_ref)}"
        return "" if self.its_type == other.its_type else f"of the type {shown(other.its_type)}"


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
    hint = "Build the ref from all that tells its quantities apart: order, product, location, type."
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


@once
def named_quantities(batch: Batch) -> list[NamedQuantity]:
    """The records that give a ref, as far as it can be told which quantity they are about."""
    return list(_named(batch)) if any(column(batch, "ref")) else []


def _named(batch: Batch) -> Iterator[NamedQuantity]:
    for index, record in enumerate(records_of(batch)):
        kind = record.get("type")
        texts: list[Any] = [record.get(name) for name in ("ref", "skuRef", "locationRef")]
        texts.append(LAST_ON_HAND if kind is None else kind)
        if all(isinstance(text, str) for text in texts):
            yield NamedQuantity(index, *texts)
