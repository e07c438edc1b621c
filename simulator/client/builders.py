"""Payloads in the domain's words."""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]

INVENTORY_EVENTS = ("INVENTORY_DELTA", "UpdateInventoryQty")
"""The events that write to an inventory catalogue."""

INVENTORY_CHANGED = "InventoryChanged"
"""The event that batches raise, and that callers are asked not to send."""


def record(product: str, location: str, qty: object, **more: object) -> Document:
    """A record of an inventory batch."""
    return {"skuRef": product, "locationRef": location, "qty": qty, **more}


def delta(product: str, location: str, qty: object, delta_id: str, **more: object) -> Document:
    """One entry of an INVENTORY_DELTA event."""
    entry = {"productRef": product, "locationRef": location, "qty": qty}
    return {**entry, "type": "DELTA", "deltaId": delta_id, **more}


def item(product: str, location: str, fulfilment: str, **amounts: object) -> Document:
    """One entry of an UpdateInventoryQty event, such as `reservedQty=-5`."""
    return {"skuRef": product, "locationRef": location, "fulfilmentId": fulfilment, **amounts}


def event(
    name: str,
    attributes: object,
    *,
    retailer: str = "1",
    catalogue: str = "DEFAULT:1",
    **more: object,
) -> Document:
    """An event for an inventory catalogue."""
    return {
        "name": name,
        "retailerId": retailer,
        "entityRef": catalogue,
        "entityType": "INVENTORY_CATALOGUE",
        "entitySubtype": catalogue.partition(":")[0],
        "rootEntityType": "INVENTORY_CATALOGUE",
        "rootEntityRef": catalogue,
        "attributes": attributes,
        **more,
    }
