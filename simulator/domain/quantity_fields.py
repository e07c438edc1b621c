"""What the fields of a quantity are called in payloads.

Attributes of a batch record with these names are set on the quantity (Send enhanced inventory
attributes, 23 Mar 2026); in GraphQL the parent is a key instead.
"""

from collections.abc import Mapping
from typing import Final

TEXTS: Final[Mapping[str, str]] = {
    "condition": "condition",
    "storageAreaRef": "storage_area_ref",
    "associationType": "association_type",
    "associationRef": "association_ref",
    "countryOfOrigin": "country_of_origin",
    "channel": "channel",
    "supplier": "supplier",
    "manufacturer": "manufacturer",
    "manufacturerBatchNumber": "manufacturer_batch_number",
    "segment1": "segment1",
    "segment2": "segment2",
    "segment3": "segment3",
}
"""Free texts."""

MOMENTS: Final[Mapping[str, str]] = {"expectedOn": "expected_on", "expiresOn": "expires_on"}

PARENT: Final = {"parentRef": "parent_ref"}

IN_RECORDS: Final[Mapping[str, str]] = {**TEXTS, **MOMENTS, **PARENT}
"""All of them, as the attributes of a record name them."""

MOST_LEVELS: Final = 100
"""Quantities above one another. Not a limit of the platform's."""
