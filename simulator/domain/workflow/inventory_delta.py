"""INVENTORY_DELTA: relative changes, all or none."""

from collections.abc import Sequence
from typing import cast

from ...behaviour import Behaviour
from ..catalogue.inventory_catalogue import InventoryCatalogue
from ..delta_outcomes import DeltaOutcome
from ..events import Event, InventoryDelta, Rewrite, Trace
from ..faults import RuleError
from ..inventory import ACTIVE, LASTING_TYPES, LIVE_STATUSES, EventSource, InventoryQuantity
from ..refs import position_ref
from .steps import (
    CREATE_DELTAS,
    MOST_TRACED_ENTRIES,
    SPLIT_DELTAS,
    OnHandChanges,
    StepError,
    generated_ref,
    missing_position,
)


def inventory_delta(
    catalogue: InventoryCatalogue, event: Event, at: int, behaviour: Behaviour
) -> tuple[str, Trace]:
    """Apply the deltas of an event, all or none; returns what was done.

    A delta changes its position by a relative quantity and is known by its deltaId (seed). A
    position that does not exist halts the whole rule unless switched
    (SplitDeltasAndDownToInventoryPosition, 12 Aug 2025). Raises RuleError.
    """
    deltas = cast(Sequence[InventoryDelta], event.work)
    try:
        wanted, left_out, repeated = _applicable(catalogue, deltas, behaviour)
    except StepError as stop:
        if behaviour.delta_duplicate == "reject":
            stop.outcomes = _there_before(catalogue, deltas)
        raise
    told = len(deltas) if len(wanted) <= MOST_TRACED_ENTRIES else wanted[MOST_TRACED_ENTRIES]
    changes = OnHandChanges(catalogue)
    rewrites: list[Rewrite] = []
    accumulates = behaviour.delta_duplicate == "accumulate"
    outcomes = None
    if repeated or left_out:
        outcomes = bytearray([DeltaOutcome.LEFT_OUT]) * len(deltas)
    for index in wanted:
        delta = deltas[index]
        position = catalogue.find(delta.product_ref, delta.location_ref)
        if position is None:
            position = catalogue.add_position(
                delta.product_ref, delta.location_ref, behaviour.position_first_status, at
            )
            changes.watch(position, index, created=True)
        else:
            changes.watch(position, index)
        ref = delta.delta_id or generated_ref(catalogue.ref_of(position), delta, event.id, index)
        source = EventSource(event.id, "deltas", index)
        # Quantities are also let go while an event is applied, to bound the memory.
        known = catalogue.quantity(ref) if index in repeated else None
        if outcomes is not None:
            outcomes[index] = _outcome(known, delta, accumulates=accumulates)
        if known is None:
            catalogue.put_quantity(position, ref, delta.type, delta.quantity, at, source)
            continue
        rewrite = _set_again(catalogue, known, delta, at, source, accumulates=accumulates)
        if index < told:
            rewrites.append(rewrite)
    words, trace = changes.finish(at, len(wanted), told, rewrites)
    if outcomes is not None:
        trace = trace._replace(outcomes=bytes(outcomes))
    summary = f"{len(wanted)} of {len(deltas)} deltas applied: {words}"
    if repeated:
        summary += f"; {_repeats(repeated)}"
    return "; left out: ".join([summary, *left_out]), trace


def _repeats(repeated: set[int]) -> str:
    first = f"/attributes/deltas/{min(repeated)}"
    more = f" and {len(repeated) - 1:,} more" if len(repeated) > 1 else ""
    return f"sent again under a deltaId that came before: {first}{more}"


def _applicable(
    catalogue: InventoryCatalogue, deltas: Sequence[InventoryDelta], behaviour: Behaviour
) -> tuple[list[int], list[str], set[int]]:
    """Which deltas can be applied, why others are left out, and which have a quantity already.

    Raises RuleError for the event.
    """
    wanted: list[int] = []
    left_out: list[str] = []
    repeated: set[int] = set()
    created: dict[str, tuple[str, str]] = {}
    first_uses: dict[str, InventoryDelta] = {}
    may_repeat = behaviour.delta_twice_in_event != "refuse"
    lasting = 0
    for index, delta in enumerate(deltas):
        position = catalogue.find(delta.product_ref, delta.location_ref)
        if position is None:
            if behaviour.delta_missing_position == "create":
                _check_new_position(catalogue, delta, created)
            else:
                missing = missing_position(catalogue, delta, f"deltas/{index}")
                if behaviour.delta_missing_position == "fail":
                    raise StepError(
                        f"{missing}; load it with a batch first. "
                        "None of the event's deltas was applied",
                        SPLIT_DELTAS,
                    )
                left_out.append(missing)
                continue
        if _is_repeated(catalogue, delta, position, index, behaviour) or (
            may_repeat and _is_repeated_here(delta, first_uses, position, index, behaviour)
        ):
            repeated.add(index)
        elif delta.type in LASTING_TYPES:
            lasting += 1
        wanted.append(index)
    try:
        if lasting:
            catalogue.admission.check_reservations(lasting)
        if created:
            catalogue.admission.check_positions(created.values())
    except RuleError as error:
        raise StepError(str(error), CREATE_DELTAS) from None
    return wanted, left_out, repeated


def _there_before(catalogue: InventoryCatalogue, deltas: Sequence[InventoryDelta]) -> bytes:
    """What comes of deltas none of which is applied: some are in stock, just as they are."""
    outcomes = bytearray([DeltaOutcome.FAILED]) * len(deltas)
    for index, delta in enumerate(deltas):
        known = None if delta.delta_id is None else catalogue.quantity(delta.delta_id)
        here = catalogue.find(delta.product_ref, delta.location_ref)
        said = (here, delta.type, delta.quantity)
        if known is not None and (known.position, known.type, known.quantity) == said:
            outcomes[index] = DeltaOutcome.REPEATED
    return bytes(outcomes)


def _outcome(
    known: InventoryQuantity | None, delta: InventoryDelta, *, accumulates: bool
) -> DeltaOutcome:
    if known is None:
        return DeltaOutcome.APPLIED
    if accumulates:
        return DeltaOutcome.ADDED
    is_same = known.quantity == delta.quantity
    return DeltaOutcome.REPEATED if is_same else DeltaOutcome.REPLACED


def _set_again(
    catalogue: InventoryCatalogue,
    known: InventoryQuantity,
    delta: InventoryDelta,
    at: int,
    source: EventSource,
    *,
    accumulates: bool,
) -> Rewrite:
    """Apply a delta whose quantity is there already."""
    before, amount, status = known.quantity, delta.quantity, None
    if accumulates:
        amount += before if known.status in LIVE_STATUSES else 0
        # Where deltas add up, a retired one starts anew; elsewhere a repeat of it must not count.
        status = None if known.status == ACTIVE else ACTIVE
    catalogue.put_quantity(known.position, known.ref, known.type, amount, at, source)
    if status is not None:
        catalogue.set_status(known, status, at, source)
    return Rewrite(source.entry, known.type, before, amount, status)


def _check_new_position(
    catalogue: InventoryCatalogue, delta: InventoryDelta, created: dict[str, tuple[str, str]]
) -> None:
    """Raise RuleError when this event would give one ref to two positions."""
    key = (delta.product_ref, delta.location_ref)
    ref = position_ref(*key, catalogue.ref.type)
    if created.setdefault(ref, key) != key or catalogue.find_by_ref(ref) is not None:
        raise StepError(
            f"the position ref {ref} would belong to two pairs of product and location",
            SPLIT_DELTAS,
        )


def _is_repeated(
    catalogue: InventoryCatalogue,
    delta: InventoryDelta,
    position: int | None,
    index: int,
    behaviour: Behaviour,
) -> bool:
    """Whether there is a quantity with the deltaId; raises RuleError if it may not be used."""
    delta_id = delta.delta_id
    if delta_id is None:
        if behaviour.delta_missing_id == "fail":
            reason = f"/attributes/deltas/{index}: 'deltaId' is missing: the quantity needs a ref"
            raise StepError(reason, CREATE_DELTAS, position)
        return False
    try:
        catalogue.admission.check_ref(delta_id, position)
        known = catalogue.quantity(delta_id)
        if known is None:
            return False
        if known.position != position or known.type != delta.type:
            reason = f"the deltaId {delta_id} already names a quantity with the type {known.type}"
            raise RuleError(reason)
        if behaviour.delta_duplicate == "reject":
            raise RuleError(f"the deltaId {delta_id} was applied before (C0123E)")
    except RuleError as error:
        reason = f"/attributes/deltas/{index}: {error}"
        raise StepError(reason, CREATE_DELTAS, position) from None
    return True


def _is_repeated_here(
    delta: InventoryDelta,
    first_uses: dict[str, InventoryDelta],
    position: int | None,
    index: int,
    behaviour: Behaviour,
) -> bool:
    """Whether an earlier delta of the event has the deltaId; raises RuleError if it may not."""
    if delta.delta_id is None:
        return False
    first = first_uses.setdefault(delta.delta_id, delta)
    if first is delta:
        return False
    reason = ""
    if behaviour.delta_duplicate == "reject":
        reason = f"the deltaId {delta.delta_id} was applied before (C0123E)"
    elif first[1:3] != delta[1:3] or first.type != delta.type:
        reason = f"another delta of the event, with the type {first.type}, has this deltaId"
    if reason:
        raise StepError(f"/attributes/deltas/{index}: {reason}", CREATE_DELTAS, position)
    return True
