"""The reference workflow: the one place that says how stock changes.

A ruleset is found by entity type and event name, as the platform's engine does (Workflow event
execution, 29 Aug 2025). Each checks everything it needs before it changes anything.
"""

import difflib
from collections.abc import Callable, Iterable, Sequence
from typing import cast

from ..behaviour import Behaviour
from .catalogue import InventoryCatalogue
from .events import (
    INVENTORY_CATALOGUE,
    INVENTORY_DELTA,
    UPDATE_INVENTORY_QTY,
    Event,
    EventStatus,
    FulfilmentUpdate,
    InventoryDelta,
    Outcome,
)
from .inventory import (
    ACTIVE,
    CORRECTION,
    INACTIVE,
    LAST_ON_HAND,
    RESERVED,
    SALE,
    BatchSource,
    EventSource,
    RuleError,
)
from .jobs import InventoryRecord
from .refs import position_ref, quantity_ref


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
    before = catalogue.on_hand(position)
    if plain:
        catalogue.count(position, record.quantity, at, source)
    else:
        _upsert_inventory_quantity(
            catalogue, position, ref, record, at, BatchSource.unpacked(source)
        )
    catalogue.note_change(position, before, at)
    return position


def _checked_quantity_ref(
    catalogue: InventoryCatalogue, position: int | None, record: InventoryRecord
) -> str:
    owner = position_ref(record.product_ref, record.location_ref, catalogue.ref.type)
    ref = record.ref or quantity_ref(owner, record.type)
    own_count = quantity_ref(owner, LAST_ON_HAND) if record.type == LAST_ON_HAND else None
    catalogue.check_ref(ref, position, own_count)
    known = catalogue.quantity(ref)
    if known is not None and known.type != record.type:
        raise RuleError(f"the quantity {ref} is a {known.type}, it cannot become a {record.type}")
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


def inventory_delta(
    catalogue: InventoryCatalogue, event: Event, at: int, behaviour: Behaviour
) -> str:
    """Apply the deltas of an event, all or none; returns what was done, in words.

    A delta changes its position by a relative quantity and is known by its deltaId (seed). A
    position that does not exist halts the whole rule unless switched
    (SplitDeltasAndDownToInventoryPosition, 12 Aug 2025). Raises RuleError.
    """
    deltas = cast(Sequence[InventoryDelta], event.work)
    skipped: list[str] = []
    wanted: list[tuple[int, InventoryDelta]] = []
    created: dict[str, tuple[str, str]] = {}
    for index, delta in enumerate(deltas):
        position = catalogue.find(delta.product_ref, delta.location_ref)
        if position is None and behaviour.delta_missing_position == "skip":
            skipped.append(_missing_position(catalogue, delta, f"deltas/{index}"))
            continue
        if position is None and behaviour.delta_missing_position == "fail":
            raise RuleError(
                _missing_position(catalogue, delta, f"deltas/{index}")
                + "; load it with a batch first. None of the event's deltas was applied"
            )
        if position is None:
            _check_new_position(catalogue, delta, created)
        _check_delta_id(catalogue, delta, position, index, behaviour)
        wanted.append((index, delta))
    changes = _OnHandChanges(catalogue)
    for index, delta in wanted:
        position = catalogue.find(delta.product_ref, delta.location_ref)
        if position is None:
            position = catalogue.add_position(
                delta.product_ref, delta.location_ref, behaviour.position_first_status, at
            )
        changes.watch(position)
        ref = delta.delta_id or f"{catalogue.ref_of(position)}:{delta.type}:{event.id}:{index}"
        amount = delta.quantity
        known = catalogue.quantity(ref)
        if known is not None and behaviour.delta_duplicate == "accumulate":
            # A retired quantity no longer counts, so what it held before is not added to.
            amount += known.quantity if known.status == ACTIVE else 0
        source = EventSource(event.id, "deltas", index)
        put = catalogue.put_quantity(position, ref, delta.type, amount, at, source)
        if put.status != ACTIVE and behaviour.delta_duplicate == "accumulate":
            catalogue.set_status(put, ACTIVE, at, source)
    summary = f"{len(wanted)} of {len(deltas)} deltas applied: {changes.finish(at)}"
    return "; left out: ".join([summary, *skipped])


def _check_new_position(
    catalogue: InventoryCatalogue, delta: InventoryDelta, created: dict[str, tuple[str, str]]
) -> None:
    """Raise RuleError when this event would give one ref to two positions."""
    key = (delta.product_ref, delta.location_ref)
    ref = position_ref(*key, catalogue.ref.type)
    if created.setdefault(ref, key) != key or catalogue.find_by_ref(ref) is not None:
        raise RuleError(f"the position ref {ref} would belong to two pairs of product and location")


def _check_delta_id(
    catalogue: InventoryCatalogue,
    delta: InventoryDelta,
    position: int | None,
    index: int,
    behaviour: Behaviour,
) -> None:
    delta_id = delta.delta_id
    if delta_id is None:
        return
    try:
        catalogue.check_ref(delta_id, position)
        known = catalogue.quantity(delta_id)
        if known is None:
            return
        if known.position != position or known.type != delta.type:
            raise RuleError(f"the deltaId {delta_id} already names a {known.type}")
        if behaviour.delta_duplicate == "reject":
            raise RuleError(f"the deltaId {delta_id} was applied before (C0123E)")
    except RuleError as error:
        raise RuleError(f"/attributes/deltas/{index}: {error}") from None


def _missing_position(
    catalogue: InventoryCatalogue, entry: InventoryDelta | FulfilmentUpdate, where: str
) -> str:
    ref = position_ref(entry.product_ref, entry.location_ref, catalogue.ref.type)
    return f"/attributes/{where}: the position {ref} does not exist in {catalogue.ref}"


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
            raise RuleError(_missing_position(catalogue, update, f"items/{index}"))
        _check_fulfilment_refs(catalogue, position, update, owners)
        positions.append(position)
    changes = _OnHandChanges(catalogue)
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


class _OnHandChanges:
    """The stock on hand of the positions an event touches, before and after."""

    def __init__(self, catalogue: InventoryCatalogue) -> None:
        self._catalogue = catalogue
        self._before: dict[int, int] = {}

    def watch(self, position: int) -> None:
        """Remember what the position held before its first change."""
        if position not in self._before:
            self._before[position] = self._catalogue.on_hand(position)

    def finish(self, at: int) -> str:
        """Date the changed positions and tell, for the first few, what they hold now."""
        told: list[str] = []
        for position, before in self._before.items():
            self._catalogue.note_change(position, before, at)
            if len(told) < _POSITIONS_TOLD:
                now = self._catalogue.on_hand(position)
                told.append(f"{self._catalogue.ref_of(position)} {before} -> {now}")
        if len(self._before) > len(told):
            told.append(f"and {len(self._before) - len(told)} more positions")
        return ", ".join(told)


_POSITIONS_TOLD = 5

Ruleset = Callable[[InventoryCatalogue, Event, int, Behaviour], str]

RULESETS: dict[tuple[str, str], Ruleset] = {
    (INVENTORY_CATALOGUE, INVENTORY_DELTA): inventory_delta,
    (INVENTORY_CATALOGUE, UPDATE_INVENTORY_QTY): update_inventory_qty,
}


def ruleset_for(event: Event) -> Ruleset | None:
    """The ruleset that matches an event by entity type and name."""
    return RULESETS.get((event.context.entity_type, event.name))


def run(catalogue: InventoryCatalogue, event: Event, at: int, behaviour: Behaviour) -> Outcome:
    """Run an event on its catalogue and say how it ended."""
    entity_id = str(catalogue.number)
    ruleset = ruleset_for(event)
    if ruleset is None:
        return Outcome(EventStatus.NO_MATCH, why_no_ruleset(event), entity_id)
    subtype = event.context.entity_subtype
    if subtype is not None and subtype != catalogue.ref.type:
        reason = f"the entitySubtype is {subtype!r}, {catalogue.ref} is a {catalogue.ref.type}"
        return Outcome(EventStatus.NO_MATCH, reason, entity_id)
    try:
        reason = ruleset(catalogue, event, at, behaviour)
    except RuleError as error:
        return Outcome(EventStatus.FAILED, str(error), entity_id)
    return Outcome(EventStatus(behaviour.event_success_status), reason, entity_id)


def why_no_ruleset(event: Event) -> str:
    """What kept an event from matching, with the nearest name that would."""
    names = [name for entity_type, name in RULESETS if entity_type == event.context.entity_type]
    if not names:
        return (
            f"no workflow for the entityType {event.context.entity_type!r}; "
            f"inventory events go to {INVENTORY_CATALOGUE}"
        )
    return f"no ruleset is named {event.name!r}; {_nearest(event.name, names)}"


def _nearest(name: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.7)
    return f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(names))}"
