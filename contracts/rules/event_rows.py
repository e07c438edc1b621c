"""The rows of an event, its deltas or its items, and the refs in them, column by column."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from fluent_oms_simulator.domain.events import INVENTORY_DELTA, UPDATE_INVENTORY_QTY

from .payload import Row, rows
from .rule import Event, once

DELTAS = "/attributes/deltas"
ITEMS = "/attributes/items"
DELTA_ID = "deltaId"


@once
def deltas_of(event: Event) -> Sequence[Row]:
    """The deltas of an INVENTORY_DELTA, each at its index."""
    deltas = event.deltas
    return rows(deltas) if event.document.get("name") == INVENTORY_DELTA and deltas else ()


@once
def items_of(event: Event) -> Sequence[Row]:
    """The items of an UpdateInventoryQty, each at its index."""
    attributes = event.document.get("attributes")
    if event.document.get("name") != UPDATE_INVENTORY_QTY or not isinstance(attributes, dict):
        return ()
    items = attributes.get("items")
    return rows(items) if isinstance(items, list) and items else ()


class Columns(NamedTuple):
    """Where the rows are, and what they have in their fields for product, location and id."""

    place: str
    names: tuple[str, str, str]
    products: Sequence[Any]
    locations: Sequence[Any]
    ids: Sequence[Any]


_OF_DELTAS = ("productRef", "locationRef", DELTA_ID)
_OF_ITEMS = ("skuRef", "locationRef", "fulfilmentId")
_OF_DELTA = itemgetter(*_OF_DELTAS)


@once
def ref_columns(event: Event) -> Columns | None:
    """The refs of an event's rows, each at its index; None for an event without rows."""
    rows = deltas_of(event)
    if rows:
        try:
            return Columns(DELTAS, _OF_DELTAS, *zip(*map(_OF_DELTA, rows), strict=True))
        except KeyError:
            place, names = DELTAS, _OF_DELTAS
    else:
        rows, place, names = items_of(event), ITEMS, _OF_ITEMS
        if not rows:
            return None
    return Columns(place, names, *([row.get(name) for row in rows] for name in names))
