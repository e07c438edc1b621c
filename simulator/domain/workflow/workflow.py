"""The one entrance to stock: events, records of batches and mutations come in here.

Nobody takes what they run from elsewhere, and outside of this folder and the catalogue's nothing
changes a position or a quantity. Tests look for that by names, so that what changes stock has a
name that nothing else has (tests/guards/test_entrance.py); they do not find what hides from them.
Whoever calls has the catalogue to himself: the worker for events and records, the thread of a
request for a mutation. Each checks everything it needs before it changes anything.
"""

import difflib
from collections.abc import Callable, Iterable

from ...behaviour import Behaviour
from ..catalogue.inventory_catalogue import InventoryCatalogue
from ..events import (
    INVENTORY_CATALOGUE,
    INVENTORY_DELTA,
    UPDATE_INVENTORY_QTY,
    Event,
    EventStatus,
    Failure,
    Outcome,
    Trace,
    Unreadable,
)
from ..faults import RuleError
from ..inventory import ACTIVE
from ..jobs import INVENTORY_CHANGED
from ..refs import DEFAULT_TYPE
from .corrections import (
    NewPosition,
    PositionChanges,
    QuantityChanges,
    create_position,
    create_quantity,
    find_position,
    set_quantity_statuses,
    set_status_at_location,
    update_position,
    update_quantity,
)
from .counts_together import counts_together
from .inventory_changed import inventory_changed, inventory_changed_by_event
from .inventory_delta import inventory_delta
from .steps import FIRST_STEPS, StepError
from .update_inventory_qty import update_inventory_qty

__all__ = [
    "NewPosition",
    "PositionChanges",
    "QuantityChanges",
    "counts_together",
    "create_position",
    "create_quantity",
    "fail",
    "find_position",
    "has_ruleset",
    "inventory_changed",
    "run",
    "set_quantity_statuses",
    "set_status_at_location",
    "update_position",
    "update_quantity",
    "why_no_ruleset",
    "why_no_workflow",
]

Ruleset = Callable[[InventoryCatalogue, Event, int, Behaviour], tuple[str, Trace]]

RULESETS: dict[tuple[str, str], Ruleset] = {
    (INVENTORY_CATALOGUE, INVENTORY_CHANGED): inventory_changed_by_event,
    (INVENTORY_CATALOGUE, INVENTORY_DELTA): inventory_delta,
    (INVENTORY_CATALOGUE, UPDATE_INVENTORY_QTY): update_inventory_qty,
}
"""By entity type and event name, as the platform's engine finds them.

Fluent docs: Workflow event execution, 29 Aug 2025.
"""


def has_ruleset(event: Event, behaviour: Behaviour) -> bool:
    """Whether a ruleset matches an event by entity type and name."""
    return _ruleset_of(event, behaviour) is not None


def _ruleset_of(event: Event, behaviour: Behaviour) -> Ruleset | None:
    if event.name == INVENTORY_CHANGED and behaviour.event_inventory_changed != "apply":
        return None
    return RULESETS.get((event.context.entity_type, event.name))


def run(catalogue: InventoryCatalogue, event: Event, at: int, behaviour: Behaviour) -> Outcome:
    """Run an event on its catalogue and say how it ended."""
    entity_id = str(catalogue.number)
    ruleset = _ruleset_of(event, behaviour)
    if ruleset is None:
        return Outcome(EventStatus.NO_MATCH, why_no_ruleset(event), entity_id, Trace(at))
    subtype = event.context.entity_subtype
    if subtype is not None and subtype != catalogue.ref.type:
        reason = (
            f"the entitySubtype is {subtype!r}, {catalogue.ref} has the type {catalogue.ref.type}"
        )
        return Outcome(EventStatus.NO_MATCH, reason, entity_id, Trace(at))
    no_workflow = why_no_workflow(catalogue, behaviour)
    if no_workflow is not None:
        return Outcome(EventStatus.NO_MATCH, no_workflow, entity_id, Trace(at))
    if isinstance(event.work, Unreadable):
        return fail(event, event.work.reason, at, entity_id)
    try:
        reason, trace = ruleset(catalogue, event, at, behaviour)
    except StepError as stop:
        trace = Trace(at, failure=stop.failure, outcomes=stop.outcomes)
        return Outcome(EventStatus.FAILED, str(stop), entity_id, trace)
    except RuleError as error:
        return Outcome(EventStatus.FAILED, str(error), entity_id, Trace(at))
    return Outcome(EventStatus[behaviour.event_success_status], reason, entity_id, trace)


def why_no_workflow(catalogue: InventoryCatalogue, behaviour: Behaviour) -> str | None:
    """Why nothing matches what is sent to a catalogue, an event or a record; None if something may.

    Fluent docs: Configure a master retailer, 9 Feb 2025: a catalogue is to be made ACTIVE.
    """
    status = catalogue.profile.status
    if status != ACTIVE and behaviour.catalogue_not_active == "no_match":
        return (
            f"{catalogue.ref} is {status}, and no ruleset matches: make it ACTIVE with "
            "updateInventoryCatalogue"
        )
    kind = catalogue.ref.type
    if kind != DEFAULT_TYPE and behaviour.catalogue_other_types == "no_match":
        return f"there is no workflow INVENTORY_CATALOGUE::{kind}, which {catalogue.ref} would need"
    return None


def fail(event: Event, reason: str, at: int, entity_id: str | None = None) -> Outcome:
    """How an event ends whose attributes its ruleset cannot even read."""
    trace = Trace(at, failure=Failure(FIRST_STEPS[event.name]))
    return Outcome(EventStatus.FAILED, reason, entity_id, trace)


def why_no_ruleset(event: Event) -> str:
    """What kept an event from matching, with the nearest name that is meant for callers."""
    names = [
        name
        for entity_type, name in RULESETS
        if entity_type == event.context.entity_type and name != INVENTORY_CHANGED
    ]
    if not names:
        return (
            f"no workflow for the entityType {event.context.entity_type!r}; "
            f"inventory events go to {INVENTORY_CATALOGUE}"
        )
    return f"no ruleset is named {event.name!r}; {_nearest(event.name, names)}"


def _nearest(name: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.7)
    return f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(names))}"
