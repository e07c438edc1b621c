"""Sound payloads, from which the examples of the rules are made."""

from __future__ import annotations

from typing import Any

from .rule import Batch, Event

Fields = dict[str, Any]


def a_record(**changes: Any) -> Fields:
    """A count of 12 pieces."""
    return {"skuRef": "SKU_1", "locationRef": "LOC_1", "qty": 12, **changes}


def a_batch(*records: Fields, retailer_id: str | None = None, **changes: Any) -> Batch:
    """A batch of these records."""
    document = {"action": "UPSERT", "entityType": "INVENTORY", "entities": list(records), **changes}
    return Batch(document, retailer_id=retailer_id)


def a_delta(**changes: Any) -> Fields:
    """Two pieces sold."""
    return {
        "deltaId": "POS7-0001",
        "type": "DELTA",
        "productRef": "SKU_1",
        "locationRef": "LOC_1",
        "qty": -2,
        **changes,
    }


def an_event(attributes: Any, **changes: Any) -> Event:
    """An event on the catalogue of retailer 1."""
    return Event(
        {
            "name": "INVENTORY_DELTA",
            "retailerId": "1",
            "entityType": "INVENTORY_CATALOGUE",
            "entityRef": "DEFAULT:1",
            "entitySubtype": "DEFAULT",
            "attributes": attributes,
            **changes,
        }
    )


def a_delta_event(*deltas: Fields, **changes: Any) -> Event:
    """An event of these deltas."""
    return an_event({"deltas": list(deltas)}, **changes)


def an_item(**changes: Any) -> Fields:
    """Five pieces reserved for a fulfilment."""
    return {
        "fulfilmentId": "501",
        "skuRef": "SKU_1",
        "locationRef": "LOC_1",
        "reservedQty": -5,
        **changes,
    }


def an_update_event(*items: Fields, **changes: Any) -> Event:
    """An UpdateInventoryQty of these items."""
    return an_event({"items": list(items)}, name="UpdateInventoryQty", **changes)
