"""The documented filters of GET /api/v4.1/event.

Fluent docs: using the Event API, 13 Dec 2023: without `from`, the last 30 days.
"""

from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass

from ..behaviour import Behaviour
from ..clock import moment
from ..domain.events import (
    INVENTORY_CATALOGUE,
    ORCHESTRATION,
    ORCHESTRATION_AUDIT,
    ORDER_WORKFLOW,
    Event,
    EventContext,
    EventStatus,
)
from ..domain.jobs import DAY
from ..domain.workflow.audit import INVENTORY_POSITION, Category, event_of, known_context, row_root
from ..domain.workflow.audit_story import NAMES
from ..domain.workflow.raised import CREATE, INVENTORY_QUANTITY, LogEntry
from ..errors import Fault, refused, shortened
from .event_audit import RowKind
from .start_and_count import start_and_count

DEFAULT_WINDOW = 30 * DAY
OLDEST_FROM = 122 * DAY
LATEST_TO = 31 * DAY
FAR_FUTURE = 2**62
ISO_TIME = "an ISO 8601 time in UTC, such as 2026-02-05T06:31:56.895Z"

FILTERS = (
    "context.rootEntityType",
    "context.rootEntityId",
    "context.rootEntityRef",
    "context.entityType",
    "context.entityId",
    "context.entityRef",
    "context.sourceEvents",
    "eventId",
    "name",
    "category",
    "retailerId",
    "eventType",
    "eventStatus",
)
PARAMETERS = (*FILTERS, "from", "to", "start", "count")


@dataclass(frozen=True, slots=True)
class EventQuery:
    """What a caller looks for."""

    wanted: Mapping[str, str]
    since: int
    until: int
    start: int
    count: int

    @classmethod
    def read(cls, query: Mapping[str, str], now: int, behaviour: Behaviour) -> "EventQuery":
        """Read the query string; raises ApiError when a part of it cannot be understood."""
        faults: list[Fault] = []
        if behaviour.schema_unknown_fields == "refuse":
            faults += [
                Fault(f"?{name}", "an unknown parameter", f"one of {', '.join(PARAMETERS)}")
                for name in query
                if name not in PARAMETERS
            ]
        since = _moment(query, "from", now - DEFAULT_WINDOW, faults)
        until = _moment(query, "to", FAR_FUTURE, faults)
        if behaviour.event_window == "limited":
            if since < now - OLDEST_FROM:
                faults.append(Fault("?from", shortened(query["from"]), "at most 4 months ago"))
            if FAR_FUTURE > until > now + LATEST_TO:
                faults.append(Fault("?to", shortened(query["to"]), "at most a month ahead"))
        if faults:
            raise refused(faults)
        most = behaviour.event_largest_page
        refuses = behaviour.event_page_too_large == "refuse"
        expected = f"at most {most:,} (behaviour event.largest_page)" if refuses else None
        start, count = start_and_count(query, most, refusal=expected)
        wanted = {name: query[name] for name in FILTERS if query.get(name)}
        return cls(wanted, since, until, start, count)

    @property
    def event_ids(self) -> list[str]:
        """The events that alone can match, where the query names them."""
        named = [self.wanted.get("context.sourceEvents"), self.wanted.get("eventId")]
        return [event_of(entry_id) for entry_id in named if entry_id is not None]

    def matches(self, entry: LogEntry, besides: Collection[str] = ()) -> bool:
        """Whether an event or a row is looked for, as far as filters other than these can tell."""
        if not self.since <= entry.generated_at <= self.until:
            return False
        wanted = self.wanted
        if not wanted:
            return True
        context = known_context(entry) if isinstance(entry, Event) else entry.context
        return all(
            name in besides or _value(entry, context, name) == value
            for name, value in wanted.items()
        )

    def may_match_audit_of(self, event: Event) -> bool:
        """Whether the audit rows of an event need to be looked at."""
        has_failed = event.status is EventStatus.FAILED
        return self._may_match_rows_of(
            event,
            {
                "eventType": (ORCHESTRATION_AUDIT,),
                "context.entityType": (INVENTORY_CATALOGUE, INVENTORY_POSITION),
                "name": NAMES,
                "category": _FAILED_CATEGORIES if has_failed else _CATEGORIES,
                "eventStatus": _FAILED_STATUSES if has_failed else _STATUSES,
            },
        )

    def may_match_creations_of(self, event: Event) -> bool:
        """Whether the CREATE events that an event has raised need to be looked at."""
        return self._may_match_rows_of(event, _CREATIONS)

    def _may_match_rows_of(self, event: Event, kind: Mapping[str, Container[str | None]]) -> bool:
        if event.ended_at < self.since or event.accepted_at > self.until:
            return False
        root = row_root(event)
        possible: dict[str, Container[str | None]] = {
            "retailerId": (event.retailer_id,),
            "context.sourceEvents": (event.id,),
            "context.rootEntityType": (root.type,),
            "context.rootEntityRef": (root.ref,),
            "context.rootEntityId": (root.id,),
            **kind,
        }
        return all(
            name not in possible or value in possible[name] for name, value in self.wanted.items()
        )

    @property
    def is_about_kinds(self) -> bool:
        """Whether the kind of a row is enough to tell if it is looked for, once some may be."""
        return self.wanted.keys().isdisjoint(_TOLD_BY_THE_ROW)

    def matches_kind(self, kind: RowKind, generated_at: int) -> bool:
        """Whether rows of a kind are looked for, where the query is about kinds."""
        if not self.since <= generated_at <= self.until:
            return False
        told = {
            "name": kind.name,
            "eventType": kind.type,
            "category": kind.category,
            "eventStatus": kind.status,
            "context.entityType": kind.entity_type,
        }
        return all(told.get(name, value) == value for name, value in self.wanted.items())


_TOLD_BY_THE_ROW = frozenset({"context.entityId", "context.entityRef", "eventId"})

_FAILED_CATEGORIES = frozenset(Category)
_CATEGORIES = _FAILED_CATEGORIES - {Category.EXCEPTION}
_FAILED_STATUSES = (EventStatus.SUCCESS, EventStatus.FAILED)
_STATUSES = (EventStatus.SUCCESS,)
_CREATIONS: Mapping[str, Container[str | None]] = {
    "eventType": (ORCHESTRATION,),
    "context.entityType": (INVENTORY_POSITION, INVENTORY_QUANTITY),
    "name": (CREATE,),
    "category": (ORDER_WORKFLOW,),
    "eventStatus": _STATUSES,
}


def _moment(query: Mapping[str, str], name: str, default: int, faults: list[Fault]) -> int:
    text = query.get(name)
    if not text:
        return default
    try:
        # A plus sign that was not percent-encoded arrives as a space.
        return moment(text.replace(" ", "+") if "T" in text else text)
    except ValueError:
        faults.append(Fault(f"?{name}", repr(shortened(text)), ISO_TIME))
        return default


def _value(entry: LogEntry, context: EventContext, name: str) -> str | None:
    match name:
        case "context.rootEntityType":
            return context.root_entity_type
        case "context.rootEntityId":
            return context.root_entity_id
        case "context.rootEntityRef":
            return context.root_entity_ref
        case "context.entityType":
            return context.entity_type
        case "context.entityId":
            return context.entity_id
        case "context.entityRef":
            return context.entity_ref
        case "eventId":
            return entry.id
        case "name":
            return entry.name
        case "category":
            return entry.category
        case "retailerId":
            return entry.retailer_id
        case "eventStatus":
            return entry.status
        case "eventType":
            return entry.type
        case _:
            return entry.source_events[0] if entry.source_events else None
