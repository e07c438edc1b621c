"""The refs in an event, column by column: of its deltas, or of its items."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from .event_fields import PLACE as DELTAS
from .event_fields import deltas_of
from .event_items import PLACE as ITEMS
from .event_items import items_of
from .rule import Event, once

DELTA_ID = "deltaId"


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
