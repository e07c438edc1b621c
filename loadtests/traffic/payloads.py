"""The bytes of a delta event and of a batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import orjson

from .enhanced_records import Record, attributes_of_count, future_records
from .trade_events import Count, DeltaEvent

BATCH_SIZE = 5000
"""The most records that a batch may hold."""


@dataclass(frozen=True, slots=True)
class PayloadSettings:
    """Whose inventory the payloads speak of."""

    account: str = "FCTRAIN1001"
    retailer_id: str = "1"
    catalogue_ref: str = ""
    """`DEFAULT:<retailer_id>` when left out; its first word is the catalogue's type."""
    fields_seed: int | None = None
    """By which records of batches have segments, origins, lots and dates; None for none of it."""

    @property
    def catalogue(self) -> str:
        """The ref of the inventory catalogue."""
        return self.catalogue_ref or f"DEFAULT:{self.retailer_id}"

    @property
    def catalogue_type(self) -> str:
        """The type of the catalogue, with which refs of its positions end."""
        return self.catalogue.partition(":")[0]


DEFAULTS = PayloadSettings()


def delta_event_body(event: DeltaEvent, settings: PayloadSettings = DEFAULTS) -> bytes:
    """The body of `POST /api/v4.1/event/async` for an event; a repeat has the same bytes."""
    return orjson.dumps(
        {
            "name": "INVENTORY_DELTA",
            "accountId": settings.account,
            "retailerId": settings.retailer_id,
            "entityRef": settings.catalogue,
            "entityType": "INVENTORY_CATALOGUE",
            "entitySubtype": settings.catalogue_type,
            "rootEntityType": "INVENTORY_CATALOGUE",
            "rootEntityRef": settings.catalogue,
            "attributes": {
                "deltas": [
                    {
                        "productRef": delta.position.product_ref,
                        "locationRef": delta.position.location_ref,
                        "qty": delta.quantity,
                        "type": "DELTA",
                        "deltaId": delta.delta_id,
                    }
                    for delta in event.deltas
                ]
            },
        }
    )


def batch_body(counts: Sequence[Count], settings: PayloadSettings = DEFAULTS) -> bytes:
    """The body of a batch that sets each position to its count."""
    records: list[Record] = [
        {
            "locationRef": position.location_ref,
            "skuRef": position.product_ref,
            "qty": quantity,
            "retailerId": settings.retailer_id,
        }
        for position, quantity in counts
    ]
    seed = settings.fields_seed
    if seed is not None:
        for record, (position, _) in zip(records, counts, strict=True):
            record["attributes"] = attributes_of_count(position, seed)
    return _batch(records, settings)


def future_bodies(
    counts: Iterable[Count], settings: PayloadSettings
) -> Iterator[tuple[bytes, int]]:
    """The bodies of batches of goods on order and in transit, with how many records each has.

    None without a seed for them. An order and what is shipped of it are in one batch, in order.
    """
    if settings.fields_seed is None:
        return
    records: list[Record] = []
    for some in future_records(counts, settings.catalogue_type, settings.fields_seed):
        if len(records) + len(some) > BATCH_SIZE:
            yield _batch(records, settings), len(records)
            records = []
        records += [{**record, "retailerId": settings.retailer_id} for record in some]
    if records:
        yield _batch(records, settings), len(records)


def _batch(records: Sequence[Record], settings: PayloadSettings) -> bytes:
    batch: dict[str, object] = {"action": "UPSERT", "entityType": "INVENTORY"}
    if settings.catalogue_ref:
        batch["catalogueRef"] = settings.catalogue_ref
    return orjson.dumps({**batch, "entities": records})


def batches(counts: Iterable[Count], size: int = BATCH_SIZE) -> Iterator[list[Count]]:
    """Counts in portions of at most `size`, without holding more than one of them."""
    remaining = iter(counts)
    while portion := list(islice(remaining, size)):
        yield portion
