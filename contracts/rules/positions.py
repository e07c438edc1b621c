"""Which positions a batch counts and an event changes, as far as they can be made out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count, repeat
from typing import Any

from fluent_oms_simulator.domain.events import INVENTORY_DELTA

from .payload import DELTA, LAST_ON_HAND, column
from .rule import Batch, Event, Finding, Rule, once

LARGEST = 2**53
"""Beyond it lies no stock; such numbers are left to the schema."""


class StreamRule(Rule):
    """A rule about many payloads: what a schema finds at one of them it does not explain."""

    def explains(self, finding: Finding) -> Sequence[str]:  # noqa: ARG002
        return ()


def batch_catalogue(batch: Batch) -> str:
    """The ref of the catalogue a batch goes to: its own, or `DEFAULT:<retailerId>`.

    The retailer is the job's, else its first record's; unknown retailers are one retailer.
    """
    ref = batch.document.get("catalogueRef")
    if isinstance(ref, str):
        return ref
    retailer: Any = batch.retailer_id
    if retailer is None:
        first = next(iter(batch.records), None)
        retailer = first.get("retailerId") if isinstance(first, dict) else None
    return _default_catalogue(retailer)


def event_catalogue(event: Event) -> str:
    """The ref of the catalogue an event goes to: its entity, or `DEFAULT:<retailerId>`."""
    ref = event.document.get("entityRef")
    return ref if isinstance(ref, str) else _default_catalogue(event.document.get("retailerId"))


@once
def counted(batch: Batch) -> Sequence[tuple[int, int, object, int]]:
    """Index, position, type and quantity of each record that has them; the type may be anything.

    A position is told by the hash of catalogue, product and location: 64 bits, so that two in a
    million share one with a chance of 1 in 37 million, and long refs cost no memory.
    """
    products, locations, quantities = (
        column(batch, name) for name in ("skuRef", "locationRef", "qty")
    )
    kinds = column(batch, "type")
    if (
        set(map(type, products)) == {str} == set(map(type, locations))
        and set(map(type, quantities)) == {int}
        and -LARGEST < min(quantities) <= max(quantities) < LARGEST
    ):  # all at once, in a third of the time
        positions = map(
            hash, zip(repeat(batch_catalogue(batch)), products, locations, strict=False)
        )
        named = [LAST_ON_HAND if kind is None else kind for kind in kinds]
        return list(zip(count(), positions, named, quantities, strict=False))
    return list(_counted(batch))


def _counted(batch: Batch) -> Iterator[tuple[int, int, object, int]]:
    catalogue = batch_catalogue(batch)
    for index, record in enumerate(batch.records):
        if type(record) is not dict:
            continue
        product, location = record.get("skuRef"), record.get("locationRef")
        quantity = record.get("qty")
        if (
            type(product) is str
            and type(location) is str
            and type(quantity) is int
            and -LARGEST < quantity < LARGEST
        ):
            kind = record.get("type")
            position = hash((catalogue, product, location))
            yield index, position, LAST_ON_HAND if kind is None else kind, quantity


def has_type(batch: Batch, kind: str) -> bool:
    """Whether a record is of this type; a quick look before a thorough one."""
    return kind in column(batch, "type")


@once
def changed(event: Event) -> Sequence[tuple[int, int, object, int]]:
    """Index, position, deltaId and quantity of each delta that has them, of an INVENTORY_DELTA."""
    return list(_changed(event))


def _changed(event: Event) -> Iterator[tuple[int, int, object, int]]:
    if event.document.get("name") != INVENTORY_DELTA:
        return
    catalogue = event_catalogue(event)
    for index, delta in enumerate(event.deltas):
        if type(delta) is not dict:
            continue
        product, location = delta.get("productRef"), delta.get("locationRef")
        quantity = delta.get("qty")
        if (
            type(product) is str
            and type(location) is str
            and type(quantity) is int
            and -LARGEST < quantity < LARGEST
        ):
            yield index, hash((catalogue, product, location)), delta.get("deltaId"), quantity


def counted_name(batch: Batch, index: int) -> str:
    """The position of a record, for people."""
    record = batch.records[index]
    return f"{record['skuRef'][:40]} at {record['locationRef'][:40]}"


def changed_name(event: Event, index: int) -> str:
    """The position of a delta, for people."""
    delta = event.deltas[index]
    return f"{delta['productRef'][:40]} at {delta['locationRef'][:40]}"


def example_batch(*records: tuple[Any, ...], kind: str | None = None) -> dict[str, Any]:
    """A batch of (product, location, quantity)."""
    typed = {} if kind is None else {"type": kind}
    return {
        "action": "UPSERT",
        "entityType": "INVENTORY",
        "entities": [
            {"skuRef": product, "locationRef": location, "qty": quantity, **typed}
            for product, location, quantity in records
        ],
    }


def example_event(*deltas: tuple[Any, ...]) -> dict[str, Any]:
    """An INVENTORY_DELTA of (deltaId, product, location, quantity) for the retailer 1."""
    return {
        "name": INVENTORY_DELTA,
        "retailerId": "1",
        "entityType": "INVENTORY_CATALOGUE",
        "entityRef": "DEFAULT:1",
        "attributes": {
            "deltas": [
                {
                    "deltaId": delta_id,
                    "type": DELTA,
                    "productRef": product,
                    "locationRef": location,
                    "qty": quantity,
                }
                for delta_id, product, location, quantity in deltas
            ]
        },
    }


def _default_catalogue(retailer: object) -> str:
    known = isinstance(retailer, str | int) and not isinstance(retailer, bool)
    return f"DEFAULT:{str(retailer)[:40]}" if known and _short(retailer) else "DEFAULT:"


def _short(retailer: object) -> bool:
    """Whether it can be written out; a number of thousands of digits cannot."""
    return not isinstance(retailer, int) or -LARGEST < retailer < LARGEST
