"""UpdateInventoryQty: what fulfilments reserve, confirm and cancel."""

from collections.abc import Sequence
from typing import cast

from ...behaviour import Behaviour
from ..catalogue.inventory_catalogue import InventoryCatalogue
from ..events import Event, FulfilmentUpdate, Rewrite, Trace
from ..faults import RuleError
from ..inventory import CORRECTION, INACTIVE, RESERVED, SALE, EventSource
from ..refs import quantity_ref
from .steps import (
    CREATE_FULFILMENT_QUANTITY,
    MOST_TRACED_ENTRIES,
    SEND_TO_POSITIONS,
    OnHandChanges,
    StepError,
    missing_position,
    written_amounts,
)


def update_inventory_qty(
    catalogue: InventoryCatalogue, event: Event, at: int, _behaviour: Behaviour
) -> tuple[str, Trace]:
    """Reserve, confirm or cancel stock for fulfilments; returns what was done.

    A reservation is stored negative. A confirmation retires it and stores SALE and CORRECTION; a
    cancellation retires it (Inventory quantity types, 10 Jan 2025). Raises RuleError when a
    position does not exist.
    """
    updates = cast(Sequence[FulfilmentUpdate], event.work)
    positions: list[int] = []
    owners: dict[str, int] = {}
    new_reservations: set[str] = set()
    for index, update in enumerate(updates):
        position = catalogue.find(update.product_ref, update.location_ref)
        if position is None:
            missing = missing_position(catalogue, update, f"items/{index}")
            raise StepError(missing, SEND_TO_POSITIONS)
        try:
            _check_fulfilment_refs(catalogue, position, update, owners)
        except RuleError as error:
            raise StepError(str(error), CREATE_FULFILMENT_QUANTITY, position) from None
        positions.append(position)
        if update.reserved:
            ref = quantity_ref(catalogue.ref_of(position), RESERVED, update.fulfilment_id)
            if catalogue.quantity(ref) is None:
                new_reservations.add(ref)
    try:
        catalogue.admission.check_reservations(len(new_reservations))
    except RuleError as error:
        raise StepError(str(error), CREATE_FULFILMENT_QUANTITY) from None
    changes = OnHandChanges(catalogue)
    rewrites: list[Rewrite] = []
    told = min(len(updates), MOST_TRACED_ENTRIES)
    writes = 0
    for index, (position, update) in enumerate(zip(positions, updates, strict=True)):
        changes.watch(position, index)
        source = EventSource(event.id, "items", index)
        written, rewritten = _update_fulfilment(catalogue, position, update, at, source)
        writes += written
        if index < told:
            rewrites += rewritten
    words, trace = changes.finish(at, writes, told, rewrites)
    items = "1 item" if len(updates) == 1 else f"{len(updates)} items"
    return f"{items} applied: {words}", trace


def _check_fulfilment_refs(
    catalogue: InventoryCatalogue,
    position: int,
    update: FulfilmentUpdate,
    owners: dict[str, int],
) -> None:
    """Raise RuleError when a quantity of the update would have another quantity's ref.

    `owners` are the refs that the event's earlier items will use.
    """
    owner = catalogue.ref_of(position)
    for quantity_type in (RESERVED, SALE, CORRECTION):
        ref = quantity_ref(owner, quantity_type, update.fulfilment_id)
        catalogue.admission.check_ref(ref, position)
        known = catalogue.quantity(ref)
        if known is not None and known.type != quantity_type:
            raise RuleError(
                f"the quantity ref {ref} already names a quantity with the type {known.type}"
            )
        if owners.setdefault(ref, position) != position:
            raise RuleError(f"two items of the event would share the quantity ref {ref}")


def _update_fulfilment(
    catalogue: InventoryCatalogue,
    position: int,
    update: FulfilmentUpdate,
    at: int,
    source: EventSource,
) -> tuple[int, list[Rewrite]]:
    """Apply an item; returns how many quantities it wrote, and those that were there before."""
    owner = catalogue.ref_of(position)
    entry = source.entry
    rewrites: list[Rewrite] = []
    amounts = written_amounts(update)
    for quantity_type, amount in amounts:
        ref = quantity_ref(owner, quantity_type, update.fulfilment_id)
        known = catalogue.quantity(ref)
        if known is not None:
            rewrites.append(Rewrite(entry, quantity_type, known.quantity, amount))
        catalogue.put_quantity(position, ref, quantity_type, amount, at, source)
    written = len(amounts)
    if update.sold or update.corrected or update.cancelled:
        reservation = catalogue.quantity(quantity_ref(owner, RESERVED, update.fulfilment_id))
        if reservation is not None:
            held = reservation.quantity
            rewrites.append(Rewrite(entry, RESERVED, held, held, INACTIVE))
            catalogue.set_status(reservation, INACTIVE, at, source)
            written += 1
    return written, rewrites
