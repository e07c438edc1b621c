"""InventoryChanged: one record of a batch."""

from ..catalogue.inventory_catalogue import InventoryCatalogue
from ..inventory import LAST_ON_HAND, BatchSource, RuleError
from ..jobs import InventoryRecord
from ..refs import position_ref, quantity_ref


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
    own quantity only (Inventory catalogue workflow, 18 Feb 2025). Raises RuleError.
    """
    plain = record.type == LAST_ON_HAND and record.ref is None and not record.attributes
    ref = "" if plain else _checked_quantity_ref(catalogue, position, record)
    if position is None:
        position = catalogue.add_position(record.product_ref, record.location_ref, first_status, at)
    if plain:
        catalogue.count(position, record.quantity, at, source)
    else:
        before = catalogue.on_hand(position)
        _upsert_inventory_quantity(
            catalogue, position, ref, record, at, BatchSource.unpacked(source)
        )
        catalogue.note_change(position, before, at)
    return position


def _checked_quantity_ref(
    catalogue: InventoryCatalogue, position: int | None, record: InventoryRecord
) -> str:
    owner = (
        position_ref(record.product_ref, record.location_ref, catalogue.ref.type)
        if position is None
        else catalogue.ref_of(position)
    )
    ref = record.ref or quantity_ref(owner, record.type)
    own_count = quantity_ref(owner, LAST_ON_HAND) if record.type == LAST_ON_HAND else None
    catalogue.check_ref(ref, position, own_count)
    known = catalogue.quantity(ref)
    if known is not None and known.type != record.type:
        raise RuleError(f"the quantity {ref} is a {known.type}, it cannot become a {record.type}")
    catalogue.check_room(ref, record.attributes)
    return ref


def _upsert_inventory_quantity(
    catalogue: InventoryCatalogue,
    position: int,
    ref: str,
    record: InventoryRecord,
    at: int,
    source: BatchSource,
) -> None:
    if record.type == LAST_ON_HAND:
        catalogue.retire_transients(position, at, source)
        if ref == quantity_ref(catalogue.ref_of(position), LAST_ON_HAND):
            catalogue.set_aside_plain_count(position)
    catalogue.put_quantity(
        position, ref, record.type, record.quantity, at, source, record.attributes
    )
