"""What to do about an event that came to nothing, in our words, by the reason that it was given."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from ..domain.events import BatchEvents, Event, EventStatus
from ..domain.jobs import RecordVerdict
from ..domain.workflow.batch_story import APPLIED


class _Advice(NamedTuple):
    """What to do where a reason is like this; a text of the simulator's own workflow."""

    reason: re.Pattern[str]
    words: str


def _advice(reason: str, words: str) -> _Advice:
    return _Advice(re.compile(reason), words)


_ADVICE = (
    _advice(
        "the position .* does not exist in",
        "Load the position first, by a batch that is COMPLETE, and then send the whole event again"
        " under the same deltaIds: nothing of it was applied. Compare the refs letter by letter,"
        " and whether the catalogue is the one that was loaded.",
    ),
    _advice(
        "no ruleset is named",
        "Send the event under a name that the workflow has; its letters count, as capitals do."
        " Nothing of it was applied, and nobody applies it later.",
    ),
    _advice(
        "no workflow for the entityType",
        "Send it with the entityType INVENTORY_CATALOGUE and the catalogue as its entityRef.",
    ),
    _advice(
        "the entitySubtype is",
        "Send the type of the catalogue as the entitySubtype, which is what stands before the colon"
        " of its ref, or leave the field out.",
    ),
    _advice(
        "there is no inventory catalogue",
        "Send an entityRef that exists, such as DEFAULT and the retailer's id with a colon between,"
        " or create the catalogue before the first event.",
    ),
    _advice(
        "no ruleset matches: make it ACTIVE",
        "Make the catalogue ACTIVE with updateInventoryCatalogue, and send the event again.",
    ),
    _advice(
        "there is no workflow INVENTORY_CATALOGUE::",
        "Send it to a catalogue of the type DEFAULT, or switch catalogue.other_types where the"
        " account has a workflow for this one.",
    ),
    _advice(
        "was applied before",
        "Take it for done: what the delta says is in the stock already. A new change needs a new"
        " deltaId, and a repeat keeps its own.",
    ),
    _advice(
        "already names a quantity|already belongs to|is taken|share the quantity ref",
        "Give the delta an id that nothing else has had: this one names another quantity.",
    ),
    _advice(
        "kept for the simulator's own use",
        "Give the delta another id: one like this is how quantities of other types are named.",
    ),
    _advice(
        "would belong to two pairs",
        "Send the two in events of their own, or name positions whose refs differ.",
    ),
    _advice(
        "the simulator keeps at most|at most .* are kept|keeps no more",
        "This is a bound of the simulator's memory and none of the platform: GET /__admin/health"
        " tells how full it is, and a reset empties it.",
    ),
    _advice(
        "it was to fail",
        "Nothing is wrong with it: a fault rule made it fail. See whether the connector sends it"
        " again; GET /__admin/faults tells the rule.",
    ),
    _advice(
        "a defect of the simulator",
        "Nothing is wrong with it: please report it, with what the simulator's log says.",
    ),
    _advice("dropped by a reset", "Send it again, if it is still meant: a reset came before it."),
    _advice(
        "is invalid|is missing|found .*expected",
        "Mend the field that the reason points to, and send the event again under the same"
        " deltaIds: nothing of it was applied.",
    ),
)


def advice_for(event: Event) -> str | None:
    """What to do; None of an event that came to something, or has not ended."""
    worst = statuses_of(event)[0]
    if worst not in (EventStatus.FAILED, EventStatus.NO_MATCH):
        return None
    if isinstance(event, BatchEvents):
        return _OF_RECORDS
    reason = event.outcome or ""
    for advice in _ADVICE:
        if advice.reason.search(reason):
            return advice.words
    return "Nothing of it was applied: mend what the reason names, and send it again."


def statuses_of(event: Event) -> Sequence[EventStatus]:
    """How an event has ended; those that the records of a batch have raised in several ways.

    The worst comes first.
    """
    if not isinstance(event, BatchEvents):
        return (event.status,)
    verdicts = event.batch.verdicts
    bad = (
        (RecordVerdict.FAILED, EventStatus.FAILED),
        (RecordVerdict.NO_MATCH, EventStatus.NO_MATCH),
    )
    found = [status for verdict, status in bad if verdict in verdicts]
    return (
        [*found, event.status] if any(each in verdicts for each in APPLIED) or not found else found
    )


_OF_RECORDS = (
    "Look at the reasons of its records, and send those again that failed, in another batch: the"
    " others are applied, and a batch that is COMPLETE is not therefore without faults."
)
