"""InventoryChanged: one record of a batch."""

from ..catalogue.inventory_catalogue import InventoryCatalogue
from ..inventory import LAST_ON_HAND, NO_DETAILS, BatchSource, RuleError
from ..jobs import InventoryRecord
from ..refs import position_ref, quantity_ref
from .shown_values import ShownValues, updated_values


def inventory_changed(
    catalogue: InventoryCatalogue,
    position: int | None,
    record: InventoryRecord,
    at: int,
    source: int,
    first_status: str,
) -> int:
    """Apply one batch record, creating the position if need be; returns the position.

    A LAST_ON_HAND is absolute and retires DELTA, SALE and CORRECTION; any other type touches its
    own quantity only (Inventory catalogue workflow, 18 Feb 2025). What is applied dates its
    quantity, also where nothing else changes. Raises RuleError.
    """
    if record.is_plain:
        if position is None:
            position = _add_position(catalogue, record, at, first_status)
        catalogue.count(position, record.quantity, at, source)
        return position
    ref, shown = _checked(catalogue, position, record)
    if position is None:
        position = _add_position(catalogue, record, at, first_status)
    before = catalogue.on_hand(position)
    line = BatchSource.unpacked(source)
    _upsert_inventory_quantity(catalogue, position, ref, record, at, line, shown)
    catalogue.note_change(position, before, at)
    return position


def _add_position(
    catalogue: InventoryCatalogue, record: InventoryRecord, at: int, first_status: str
) -> int:
    return catalogue.add_position(record.product_ref, record.location_ref, first_status, at)


def _checked(
    catalogue: InventoryCatalogue, position: int | None, record: InventoryRecord
) -> tuple[str, ShownValues]:
    """The ref of the record's quantity, and what it will show; raises RuleError."""
    owner = (
        position_ref(record.product_ref, record.location_ref, catalogue.ref.type)
        if position is None
        else catalogue.ref_of(position)
    )
    ref = record.ref or quantity_ref(owner, record.type)
    own_count = quantity_ref(owner, LAST_ON_HAND) if record.type == LAST_ON_HAND else None
    catalogue.admission.check_ref(ref, position, own_count)
    known = catalogue.quantity(ref)
    if known is not None and known.type != record.type:
        raise RuleError(f"the quantity {ref} is a {known.type}, it cannot become a {record.type}")
    shown = updated_values(known, record.attributes or {}, {}, record.details or NO_DETAILS)
    if record.details is not None:
        catalogue.admission.check_parent(ref, position, record.details)
    catalogue.admission.check_room(ref, *shown)
    return ref, shown


def _upsert_inventory_quantity(
    catalogue: InventoryCatalogue,
    position: int,
    ref: str,
    record: InventoryRecord,
    at: int,
    source: BatchSource,
    shown: ShownValues,
) -> None:
    if record.type == LAST_ON_HAND:
        catalogue.retire_transients(position, at, source)
        if ref == quantity_ref(catalogue.ref_of(position), LAST_ON_HAND):
            catalogue.set_aside_plain_count(position)
    known = catalogue.quantity(ref)
    if known is not None:
        catalogue.show(known, *shown)
    attributes, details = shown
    catalogue.put_quantity(
        position, ref, record.type, record.quantity, at, source, attributes, details=details
    )
