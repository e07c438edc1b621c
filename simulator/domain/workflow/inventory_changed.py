"""InventoryChanged: one record of a batch, or the record that an event of a caller's carries."""

from collections.abc import Sequence
from typing import cast

from ...behaviour import Behaviour
from ..catalogue.inventory_catalogue import InventoryCatalogue
from ..events import Event, Rewrite, Trace
from ..faults import RuleError
from ..inventory import LAST_ON_HAND, LASTING_TYPES, NO_DETAILS, BatchSource, EventSource, Source
from ..jobs import InventoryRecord
from ..refs import position_ref, quantity_ref
from .shown_values import ShownValues, updated_values
from .steps import UPSERT_QUANTITY, StepError


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
    quantity, also where nothing else changes. `source` is a packed BatchSource. Raises RuleError.
    """
    if record.is_plain:
        if position is None:
            position = _add_position(catalogue, record, at, first_status)
        catalogue.set_count(position, record.quantity, at, source)
        return position
    return _apply(catalogue, position, record, at, BatchSource.unpacked(source), first_status)


def inventory_changed_by_event(
    catalogue: InventoryCatalogue, event: Event, at: int, behaviour: Behaviour
) -> tuple[str, Trace]:
    """Apply the record that an event carries; returns what was done.

    The pages ask to leave the event to the Batch API (Interface contracts, 27 Nov 2024). What it
    carries: LoadInventoryPositionData, UpsertInventoryQuantity, both 12 Aug 2025. Raises RuleError.
    """
    (record,) = cast(Sequence[InventoryRecord], event.work)
    found = catalogue.find(record.product_ref, record.location_ref)
    before = 0 if found is None else catalogue.on_hand(found)
    known = None
    if found is not None:
        ref = record.ref or quantity_ref(catalogue.ref_of(found), record.type)
        known = catalogue.find_quantity(ref)
        if known is not None and known.position != found:
            known = None  # which is refused below
    rewrites = [] if known is None else [Rewrite(0, record.type, known.quantity, record.quantity)]
    source = EventSource(event.id, "inventoryPosition", -1)
    try:
        if known is None and record.type in LASTING_TYPES:
            catalogue.admission.check_reservations(1)
        position = _apply(catalogue, found, record, at, source, behaviour.position_first_status)
    except RuleError as error:
        raise StepError(str(error), UPSERT_QUANTITY, found) from None
    now = catalogue.on_hand(position)
    steps = (0, position, before, now, found is None)
    words = f"the record is applied: {catalogue.ref_of(position)} {before} -> {now}"
    return words, Trace(at, steps, 1, int(now != before), 1, 1, rewrites)


def _apply(
    catalogue: InventoryCatalogue,
    position: int | None,
    record: InventoryRecord,
    at: int,
    source: Source,
    first_status: str,
) -> int:
    ref, shown = _checked(catalogue, position, record)
    if position is None:
        position = _add_position(catalogue, record, at, first_status)
    before = catalogue.on_hand(position)
    _upsert_inventory_quantity(catalogue, position, ref, record, at, source, shown)
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
        reason = f"the quantity {ref} has the type {known.type}, it cannot become {record.type}"
        raise RuleError(reason)
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
    source: Source,
    shown: ShownValues,
) -> None:
    if record.type == LAST_ON_HAND:
        catalogue.retire_transients(position, at, source)
        if ref == quantity_ref(catalogue.ref_of(position), LAST_ON_HAND):
            catalogue.set_aside_plain_count(position)
    known = catalogue.quantity(ref)
    if known is not None:
        catalogue.set_shown(known, *shown)
    attributes, details = shown
    catalogue.put_quantity(
        position,
        ref,
        record.type,
        record.quantity,
        at,
        source,
        attributes,
        details=details,
        again=True,
    )
