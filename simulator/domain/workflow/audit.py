"""Audit rows: what an event read, ran and changed, step by step.

Fluent docs: orchestration audit events, 26 Feb 2025. Rows are made when somebody reads them, from
the event, its entries and its trace; each has an id that the event's follows from.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

from ..events import ORCHESTRATION_AUDIT, Event, EventContext, EventStatus, Trace
from .audit_story import AuditStory, Entries, Happening

MOST_ROWS = 100
"""Audit rows of one event; the last of more says how many are left out."""

_ROW_DIGITS = 4


def row_id(event_id: str, number: int) -> str:
    """The id of the row with this number, from 1, of an event; 0 is the event itself."""
    return f"{event_id[:-_ROW_DIGITS]}{number:0{_ROW_DIGITS}x}"


def event_of(entry_id: str) -> str:
    """The id of the event that a row with this id belongs to."""
    return row_id(entry_id, 0)


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One thing that happened while an event ran."""

    event: Event
    number: int
    happening: Happening
    context: EventContext
    generated_at: int
    type: str = ORCHESTRATION_AUDIT
    entity_id: None = None

    @property
    def id(self) -> str:
        """Its own id, from which the event's follows."""
        return row_id(self.event.id, self.number)

    @property
    def source_events(self) -> Sequence[str]:
        """The event it tells of."""
        return (self.event.id,)

    @property
    def retailer_id(self) -> str:
        """The event's retailer."""
        return self.event.retailer_id

    @property
    def category(self) -> str:
        """The kind of happening."""
        return self.happening.category

    @property
    def name(self) -> str | None:
        """The ruleset, the rule or the mutation; a snapshot has none."""
        return self.happening.name

    @property
    def status(self) -> EventStatus:
        """Whether it went well."""
        return self.happening.status


LogEntry = Event | AuditRow
"""What the event log shows."""


def audit_rows(
    event: Event, trace: Trace, entries: Entries, ref_of: Callable[[int], str]
) -> list[AuditRow]:
    """The audit rows of an event that ran, in order of happening.

    `entries` are those that the event was sent with, `ref_of` tells the ref of a position.
    """
    story = AuditStory(event, trace, entries, ref_of)
    happenings = list(islice(story.happenings(), MOST_ROWS + 1))
    total = story.length(len(happenings))
    if total > len(happenings) or total > MOST_ROWS:
        del happenings[MOST_ROWS - 1 :]
        happenings.append(story.left_out(total - len(happenings)))
    return [
        AuditRow(event, number, happening, story.context_of(happening), story.time_of(happening))
        for number, happening in enumerate(happenings, start=1)
    ]
