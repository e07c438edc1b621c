"""The bytes that benchmarks send: the seed's delta event, and batches of any size."""

from __future__ import annotations

import random
from collections.abc import Iterator

import orjson

BATCH_SIZE = 5000
DELTAS = (("LOC_MEL", -10), ("LOC_MEL", 20), ("LOC_SYD", -30))
EFFECT = {"D45:LOC_MEL:DEFAULT": 10, "D45:LOC_SYD:DEFAULT": -30}  # of one delta event
OPENING = 1000
JOB = b'{"name":"benchmark","retailerId":"1"}'
JOB_WITHOUT_PREPROCESSING = b'{"name":"benchmark","retailerId":"1","meta":{"preprocessing":"skip"}}'


def _event_template() -> bytes:
    """The delta event with `%016x` where a fresh number goes, so that every copy is as long."""
    deltas = [
        {"productRef": "D45", "locationRef": place, "qty": qty, "type": "DELTA", "deltaId": mark}
        for mark, (place, qty) in zip(("%016xA", "%016xB", "%016xC"), DELTAS, strict=True)
    ]
    return orjson.dumps(
        {
            "name": "INVENTORY_DELTA",
            "accountId": "FCTRAIN1001",
            "retailerId": "1",
            "entityRef": "DEFAULT:1",
            "entityType": "INVENTORY_CATALOGUE",
            "entitySubtype": "DEFAULT",
            "rootEntityType": "INVENTORY_CATALOGUE",
            "rootEntityRef": "DEFAULT:1",
            "attributes": {"deltas": deltas},
        }
    )


_EVENT = _event_template()


def delta_event(number: int) -> bytes:
    """The seed's three deltas, with delta ids that belong to `number` alone."""
    return _EVENT % (number, number, number)


def opening_stock() -> bytes:
    """A batch that creates the two positions which the delta event needs."""
    return batch([("D45", "LOC_MEL", OPENING), ("D45", "LOC_SYD", OPENING)])


def on_hand_after(events: int) -> dict[str, int]:
    """What the two positions hold after the opening stock and so many delta events."""
    return {position: OPENING + effect * events for position, effect in EFFECT.items()}


def batch(rows: list[tuple[str, str, int]]) -> bytes:
    """A batch body with one record per (product, location, quantity)."""
    record = b'{"locationRef":"%s","skuRef":"%s","qty":%d,"correctedQty":0,"retailerId":1}'
    entities = b",".join(
        record % (place.encode(), sku.encode(), quantity) for sku, place, quantity in rows
    )
    return b'{"action":"UPSERT","entityType":"INVENTORY","entities":[' + entities + b"]}"


def full_load(products: int, locations: int, seed: int) -> Iterator[bytes]:
    """Batches that set every position of a catalogue to a random quantity of 0 to 5000."""
    chance = random.Random(seed)
    places = [f"LOC_{number}" for number in range(locations)]
    rows: list[tuple[str, str, int]] = []
    for product in range(products):
        sku = f"SKU_{product:06d}"
        for place in places:
            rows.append((sku, place, int(chance.random() * 5001)))
            if len(rows) == BATCH_SIZE:
                yield batch(rows)
                rows = []
    if rows:
        yield batch(rows)
