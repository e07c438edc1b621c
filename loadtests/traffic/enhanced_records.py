"""Fields of quantities beside their amount, made up by a seed: segments, origins, lots, dates.

Which there are: Send enhanced inventory attributes, 23 Mar 2026. None of it moves stock on hand.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from .trade_events import Count, Position

Record = dict[str, Any]

EXPIRING, ON_ORDER, SHIPPED = 0.3, 0.2, 0.5
"""The shares of positions whose goods expire and that have some on order; of orders, shipped."""
_FIRST_DAY = datetime(2030, 1, 1, tzinfo=UTC)
"""The dates are the same whenever they are made: the same seed gives the same bytes."""
_DAYS = 365


def attributes_of_count(position: Position, seed: int) -> dict[str, str]:
    """The attributes of a position's count, the same at every load."""
    chance = _chance("count", position, seed)
    attributes = {
        "condition": chance.choice(("NEW", "NEW", "NEW", "OPEN_BOX")),
        "storageAreaRef": f"{chance.choice('ABCD')}{chance.randint(1, 20)}",
        "countryOfOrigin": chance.choice(("IT", "PT", "TR", "VN")),
        "supplier": f"SUPPLIER_{chance.randint(1, 9)}",
        "manufacturerBatchNumber": f"LOT_{chance.randint(1, 999):03d}",
        "segment1": chance.choice(("EU", "US", "APAC")),
        "segment2": chance.choice(("RETAIL", "WHOLESALE")),
    }
    if chance.random() < EXPIRING:
        attributes["expiresOn"] = _day(_DAYS + chance.randrange(_DAYS))
    return attributes


def future_records(counts: Iterable[Count], kind: str, seed: int) -> Iterator[list[Record]]:
    """For each position that has goods on order: the order, and what of it is in transit.

    `kind` is the type of the catalogue, with which refs of its positions end.
    """
    for position, _ in counts:
        chance = _chance("order", position, seed)
        if chance.random() >= ON_ORDER:
            continue
        pieces, days = chance.randint(10, 200), chance.randrange(_DAYS)
        order = f"PO_{chance.randint(1, 99_999):05d}"
        ref = f"{position.product_ref}:{position.location_ref}:{kind}:ON_ORDER"
        belongs = {"associationType": "PURCHASE_ORDER", "associationRef": order}
        attributes = {**belongs, "expectedOn": _day(days)}
        records = [_record(position, "ON_ORDER", pieces, attributes)]
        if chance.random() < SHIPPED:
            shipped = {**belongs, "parentRef": ref, "expectedOn": _day(days // 2)}
            records.append(_record(position, "IN_TRANSIT", chance.randint(1, pieces), shipped))
        yield records


def _record(position: Position, kind: str, pieces: int, attributes: dict[str, str]) -> Record:
    return {
        "locationRef": position.location_ref,
        "skuRef": position.product_ref,
        "qty": pieces,
        "type": kind,
        "attributes": attributes,
    }


def _chance(what: str, position: Position, seed: int) -> random.Random:
    """Chance of a position's own, whatever else there is."""
    return random.Random(f"{what} {seed} {position.product_ref} {position.location_ref}")


def _day(number: int) -> str:
    return f"{_FIRST_DAY + timedelta(days=number):%Y-%m-%dT%H:%M:%SZ}"
