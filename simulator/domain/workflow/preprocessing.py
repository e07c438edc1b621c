"""Batch Pre-Processing: which records of a batch would change anything.

Fluent docs: how inventory batch pre-processing works, 23 Mar 2026; technical guide, 10 Apr 2026.
A run is one batch: duplicates are looked for inside it.
"""

from collections.abc import Sequence
from operator import attrgetter
from typing import Literal

from ..catalogue.inventory_catalogue import InventoryCatalogue
from ..inventory import ACTIVE, LAST_ON_HAND, NO_DETAILS, InventoryQuantity, QuantityDetails
from ..jobs import InventoryRecord, QuantityCondition
from ..quantity_fields import IN_RECORDS
from ..refs import quantity_ref
from .shown_values import updated_values, values_of


def duplicates(
    records: Sequence[InventoryRecord | None], wins: Literal["first", "last"]
) -> set[int]:
    """The lines of records that another record for the same quantity stands in for."""
    present = [record for record in records if record is not None]
    if len(set(map(_identity, present))) == len(present):
        return set()
    kept: dict[tuple[str, str, str | None, str], int] = {}
    lost: set[int] = set()
    for line, record in enumerate(records):
        if record is None:
            continue
        identity = _identity(record)
        earlier = kept.setdefault(identity, line)
        if earlier == line:
            continue
        if wins == "last":
            lost.add(earlier)
            kept[identity] = line
        else:
            lost.add(line)
    return lost


_identity = attrgetter("product_ref", "location_ref", "ref", "type")
"""Of the quantity that a record is for."""


def is_unchanged(
    catalogue: InventoryCatalogue,
    position: int,
    record: InventoryRecord,
    conditions: frozenset[QuantityCondition] | None,
    compares_attributes: bool,
    met: dict[int, bool],
) -> bool:
    """Whether a record says what the catalogue holds already, with no transient to clear.

    `met` remembers which positions meet the conditions, for as long as nothing changes them.
    """
    if conditions is None:
        if catalogue.has_transients(position):
            return False
    elif _meets(catalogue, position, conditions, met):
        return False
    if record.ref is None and record.type == LAST_ON_HAND:
        count = catalogue.positions.plain_count(position)
        if count is not None:
            return (
                count == record.quantity
                and record.status == ACTIVE
                and not (compares_attributes and (record.attributes or record.details))
            )
    ref = record.ref or quantity_ref(catalogue.ref_of(position), record.type)
    known = catalogue.quantity(ref)
    return (
        known is not None
        and (known.position, known.type) == (position, record.type)
        and known.quantity == record.quantity
        and known.status == record.status
        and not (compares_attributes and _would_show_more(known, record))
    )


def _meets(
    catalogue: InventoryCatalogue,
    position: int,
    conditions: frozenset[QuantityCondition],
    met: dict[int, bool],
) -> bool:
    if position not in met:
        met[position] = any(
            QuantityCondition(quantity.type, quantity.status) in conditions
            for quantity in catalogue.quantities_of(position)
        )
    return met[position]


def fields_left_out(known: InventoryQuantity | None, given: QuantityDetails) -> tuple[str, ...]:
    """The fields that a record names and its quantity has otherwise, as records call them."""
    kept = (None if known is None else known.details) or NO_DETAILS
    return tuple(
        name
        for name, field in IN_RECORDS.items()
        if getattr(given, field) not in (None, getattr(kept, field))
    )


def _would_show_more(known: InventoryQuantity, record: InventoryRecord) -> bool:
    given = record.attributes or {}
    types = (known.details or NO_DETAILS).attribute_types
    kept = {name: word for name, word in types.items() if name in given}
    shown = updated_values(known, given, kept, record.details or NO_DETAILS)
    return shown != values_of(known)
