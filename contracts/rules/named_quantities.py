"""Which quantities the records of a batch name by a ref."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from fluent_oms_simulator.domain.quantity_fields import PARENT
from fluent_oms_simulator.domain.refs import position_ref, quantity_ref

from .payload import LAST_ON_HAND, attributes_of, catalogue_type, column, records_of, shown
from .rule import Batch, once

(PARENT_REF,) = PARENT

ONE_POSITION = (
    "A quantity and its parent are of one position, so this one cannot be stored, after the batch"
    " was taken."
)
ONE_POSITION_EVIDENCE = (
    "Fluent docs: GraphQL schema (CreateInventoryQuantityInput, parent), 13 Apr 2026"
)
ONE_POSITION_HINT = (
    "Name the quantity of the same product at the same location that the stock is part of."
)

UNIQUE = (
    "GraphQL schema (InventoryQuantityKey: a quantity is known by ref and catalogue), 13 Apr 2026."
    " Inferred: that a record with the ref of another quantity fails"
)

UNIQUE_HINT = (
    "Build the ref from all that tells its quantities apart: order, product, location, type."
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


@once
def built_quantities(batch: Batch) -> list[NamedQuantity]:
    """The quantities of all records, where any gives a ref: by that, or by the one built for it."""
    if not any(column(batch, "ref")):
        return []
    kind = catalogue_type(batch.document.get("catalogueRef")) or "DEFAULT"
    found: list[NamedQuantity] = []
    for index, record in enumerate(records_of(batch)):
        its_type = record.get("type")
        texts: list[Any] = [record.get(name) for name in ("skuRef", "locationRef")]
        texts.append(LAST_ON_HAND if its_type is None else its_type)
        ref = record.get("ref")
        if all(isinstance(text, str) for text in texts):
            if ref is None:
                ref = quantity_ref(position_ref(texts[0], texts[1], kind), texts[2])
            if isinstance(ref, str):
                found.append(NamedQuantity(index, ref, *texts))
    return found


def count_of_another(ref: str, position: str, kind: str) -> bool:
    """Whether a ref is that of another position's count, as it is built for it."""
    owner, _, its_type = ref.rpartition(":")
    return its_type == LAST_ON_HAND and owner.endswith(f":{kind}") and owner != position


def parent_place(index: int) -> str:
    """Where a record names its parent."""
    return f"/entities/{index}/attributes/{PARENT_REF}"


@once
def parents_of(batch: Batch) -> list[tuple[int, str]]:
    """The parents that records name, by index."""
    return [
        (index, parent_ref)
        for index, attributes in attributes_of(batch)
        if isinstance(parent_ref := attributes.get(PARENT_REF), str)
    ]
