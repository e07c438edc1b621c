"""What a document is, by what is in it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """A payload of the inventory APIs, or a part of one that people keep in files."""

    BATCH = "batch"
    EVENT = "event"
    JOB = "job"
    RECORDS = "records"
    DELTAS = "deltas"
    ITEMS = "items"


NAMES: dict[Kind, tuple[str, str]] = {
    Kind.BATCH: ("batch", "batches"),
    Kind.EVENT: ("event", "events"),
    Kind.JOB: ("job", "jobs"),
    Kind.RECORDS: ("record", "records"),
    Kind.DELTAS: ("attributes of an INVENTORY_DELTA", "attributes of INVENTORY_DELTAs"),
    Kind.ITEMS: ("attributes of an UpdateInventoryQty", "attributes of UpdateInventoryQtys"),
}

GIVEN = (Kind.BATCH, Kind.EVENT, Kind.JOB, Kind.RECORDS)
"""The kinds that a person can name; the others are known by their one list."""

_PRODUCT = ("skuRef", "productRef", "sku", "skuref", "sku_ref", "product_ref")
_PLACE = ("locationRef", "location_ref", "locationref", "location")
_AMOUNT = ("qty", "quantity")
_OF_AN_EVENT = ("entityType", "entityRef", "entityId", "attributes", "rootEntityType")

_OF_A_JOB = {"retailerId", "meta"}


def kind_of(document: Any) -> Kind | None:
    """The kind of an object; None for one that is no payload, and for any other value."""
    if not isinstance(document, dict):
        return None
    if "skuRef" in document and "locationRef" in document:
        return Kind.RECORDS
    if "entities" in document or ("action" in document and "entityType" in document):
        return Kind.BATCH
    # One without its name is refused for that, so it must not be passed over.
    if sum(name in document for name in _OF_AN_EVENT) >= (1 if "name" in document else 2):
        return Kind.EVENT
    if "retailerId" in document and ("name" in document or document.keys() <= _OF_A_JOB):
        return Kind.JOB
    if isinstance(document.get("deltas"), list):
        return Kind.DELTAS
    if isinstance(document.get("items"), list) and _are_items(document["items"]):
        return Kind.ITEMS
    return Kind.RECORDS if _is_record(document) else None


def _is_record(document: Mapping[str, Any]) -> bool:
    """Whether it names two of product, place and amount, and is no delta."""
    named = sum(any(name in document for name in names) for names in (_PRODUCT, _PLACE, _AMOUNT))
    return named >= 2 and "deltaId" not in document


def _are_items(items: list[Any]) -> bool:
    first = items[0] if items else None
    return isinstance(first, dict) and ("fulfilmentId" in first or "skuRef" in first)
