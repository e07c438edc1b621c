"""UpdateInventoryQty: what fulfilments reserve, confirm and cancel."""

from collections.abc import Sequence
from typing import cast

from ...behaviour import Behaviour
from ..catalogue import InventoryCatalogue
from ..events import Event, FulfilmentUpdate
from ..inventory import CORRECTION, INACTIVE, RESERVED, SALE, EventSource, RuleError
from ..refs import quantity_ref
from .common import OnHandChanges, missing_position


def update_inventory_qty(
    catalogue: InventoryCatalogue, event: Event, at: int, _behaviour: Behaviour
) -> str:
    """Reserve, confirm or cancel stock for fulfilments; returns what was done, in words.

    A reservation is stored negative. A confirmation retires it and stores SALE and CORRECTION; a
    cancellation retires it (Inventory quantity types, 10 Jan 2025). Raises RuleError when a
    position does not exist.
    """
    updates = cast(Sequence[FulfilmentUpdate], event.work)
    positions: list[int] = []
    owners: dict[str, int] = {}
    for index, update in enumerate(updates):
        position = catalogue.find(update.product_ref, update.location_ref)
        if position is None:
            raise RuleError(missing_position(catalogue, update, f"items/{index}"))
        _check_fulfilment_refs(catalogue, position, update, owners)
        positions.append(position)
    changes = OnHandChanges(catalogue)
    for index, (position, update) in enumerate(zip(positions, updates, strict=True)):
        changes.watch(position)
        _update_fulfilment(catalogue, position, update, at, EventSource(event.id, "items", index))
    return f"{len(updates)} items applied: {changes.finish(at)}"


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
        catalogue.check_ref(ref, position)
        known = catalogue.quantity(ref)
        if known is not None and known.type != quantity_type:
            raise RuleError(f"the quantity ref {ref} already names a {known.type}")
        if owners.setdefault(ref, position) != position:
            raise RuleError(f"two items of the event would share the quantity ref {ref}")


def _update_fulfilment(
    catalogue: InventoryCatalogue,
    position: int,
    update: FulfilmentUpdate,
    at: int,
    source: EventSource,
) -> None:
    owner = catalogue.ref_of(position)
    for quantity_type, amount in (
        (RESERVED, update.reserved),
        (SALE, update.sold),
        (CORRECTION, update.corrected),
    ):
        if amount:
            ref = quantity_ref(owner, quantity_type, update.fulfilment_id)
            catalogue.put_quantity(position, ref, quantity_type, -abs(amount), at, source)
    if update.sold or update.corrected or update.cancelled:
        reservation = catalogue.quantity(quantity_ref(owner, RESERVED, update.fulfilment_id))
        if reservation is not None:
            catalogue.set_status(reservation, INACTIVE, at, source)
