"""INVENTORY_DELTA: relative changes, all or none."""

from collections.abc import Sequence
from typing import cast

from ...behaviour import Behaviour
from ..catalogue import InventoryCatalogue
from ..events import Event, InventoryDelta
from ..inventory import ACTIVE, EventSource, RuleError
from ..refs import position_ref
from .common import OnHandChanges, missing_position


def inventory_delta(
    catalogue: InventoryCatalogue, event: Event, at: int, behaviour: Behaviour
) -> str:
    """Apply the deltas of an event, all or none; returns what was done, in words.

    A delta changes its position by a relative quantity and is known by its deltaId (seed). A
    position that does not exist halts the whole rule unless switched
    (SplitDeltasAndDownToInventoryPosition, 12 Aug 2025). Raises RuleError.
    """
    deltas = cast(Sequence[InventoryDelta], event.work)
    wanted, left_out = _applicable(catalogue, deltas, behaviour)
    changes = OnHandChanges(catalogue)
    for index in wanted:
        delta = deltas[index]
        position = catalogue.find(delta.product_ref, delta.location_ref)
        if position is None:
            position = catalogue.add_position(
                delta.product_ref, delta.location_ref, behaviour.position_first_status, at
            )
        changes.watch(position)
        ref = delta.delta_id or f"{catalogue.ref_of(position)}:{delta.type}:{event.id}:{index}"
        _put(
            catalogue,
            position,
            ref,
            delta,
            at,
            EventSource(event.id, "deltas", index),
            accumulates=behaviour.delta_duplicate == "accumulate",
        )
    summary = f"{len(wanted)} of {len(deltas)} deltas applied: {changes.finish(at)}"
    return "; left out: ".join([summary, *left_out])


def _applicable(
    catalogue: InventoryCatalogue, deltas: Sequence[InventoryDelta], behaviour: Behaviour
) -> tuple[list[int], list[str]]:
    """Which deltas can be applied, and why others are left out; raises RuleError for the event."""
    wanted: list[int] = []
    left_out: list[str] = []
    created: dict[str, tuple[str, str]] = {}
    for index, delta in enumerate(deltas):
        position = catalogue.find(delta.product_ref, delta.location_ref)
        if position is None:
            if behaviour.delta_missing_position == "create":
                _check_new_position(catalogue, delta, created)
            else:
                missing = missing_position(catalogue, delta, f"deltas/{index}")
                if behaviour.delta_missing_position == "fail":
                    raise RuleError(
                        f"{missing}; load it with a batch first. "
                        "None of the event's deltas was applied"
                    )
                left_out.append(missing)
                continue
        _check_delta_id(catalogue, delta, position, index, behaviour)
        wanted.append(index)
    return wanted, left_out


def _put(
    catalogue: InventoryCatalogue,
    position: int,
    ref: str,
    delta: InventoryDelta,
    at: int,
    source: EventSource,
    *,
    accumulates: bool,
) -> None:
    amount = delta.quantity
    known = catalogue.quantity(ref) if accumulates else None
    if known is not None and known.status == ACTIVE:
        amount += known.quantity
    put = catalogue.put_quantity(position, ref, delta.type, amount, at, source)
    # Where deltas add up, a retired one starts anew; elsewhere a repeat of it must not count.
    if accumulates and put.status != ACTIVE:
        catalogue.set_status(put, ACTIVE, at, source)


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
