"""The documented filters of GET /api/v4.1/event.

Fluent docs: using the Event API, 13 Dec 2023: without `from`, the last 30 days. An event and its
audit rows stand together, the event as the first of them in time. Rows are made only as far as the
page reaches, and only of events whose rows can match.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from ..behaviour import Behaviour
from ..clock import milliseconds
from ..domain.audit import LogEntry, event_of
from ..domain.audit_story import INVENTORY_POSITION, NAMES, Category
from ..domain.events import INVENTORY_CATALOGUE, ORCHESTRATION_AUDIT, Event, EventStatus
from ..domain.jobs import DAY
from ..errors import Fault, refused, shortened
from ..stores.event_log import EventLog
from .event_audit import EventAudit
from .paging import start_and_count

DEFAULT_WINDOW = 30 * DAY
OLDEST_FROM = 122 * DAY
LATEST_TO = 31 * DAY
FAR_FUTURE = 2**62

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
        start, count = start_and_count(query)
        wanted = {name: query[name] for name in FILTERS if query.get(name)}
        return cls(wanted, since, until, start, count)

    @property
    def event_ids(self) -> list[str]:
        """The events that alone can match, where the query names them."""
        named = [self.wanted.get("context.sourceEvents"), self.wanted.get("eventId")]
        return [event_of(entry_id) for entry_id in named if entry_id is not None]

    def matches(self, entry: LogEntry) -> bool:
        """Whether an event or an audit row is looked for."""
        if not self.since <= entry.generated_at <= self.until:
            return False
        return all(_value(entry, name) == value for name, value in self.wanted.items())

    def may_match_rows_of(self, event: Event) -> bool:
        """Whether the audit rows of an event need to be looked at."""
        if event.ended_at < self.since or event.accepted_at > self.until:
            return False
        has_failed = event.status is EventStatus.FAILED
        possible: dict[str, Container[str]] = {
            "eventType": (ORCHESTRATION_AUDIT,),
            "retailerId": (event.retailer_id,),
            "context.sourceEvents": (event.id,),
            "context.entityType": (INVENTORY_CATALOGUE, INVENTORY_POSITION),
            "name": NAMES,
            "category": _FAILED_CATEGORIES if has_failed else _CATEGORIES,
            "eventStatus": _FAILED_STATUSES if has_failed else _STATUSES,
        }
        return all(
            name not in possible or value in possible[name] for name, value in self.wanted.items()
        )


_FAILED_CATEGORIES = frozenset(Category)
_CATEGORIES = _FAILED_CATEGORIES - {Category.EXCEPTION}
_FAILED_STATUSES = (EventStatus.SUCCESS, EventStatus.FAILED)
_STATUSES = (EventStatus.SUCCESS,)


class EventSearch:
    """Finds events and their audit rows."""

    def __init__(self, event_log: EventLog, audit: EventAudit, *, newest_first: bool) -> None:
        self._log = event_log
        self._audit = audit
        self._newest_first = newest_first

    def page(self, query: EventQuery) -> tuple[Sequence[LogEntry], bool]:
        """The page that a query asks for, and whether there is more behind it."""
        found = self._found(query)
        page = list(islice(found, query.start, query.start + query.count))
        return page, next(found, None) is not None

    def _found(self, query: EventQuery) -> Iterator[LogEntry]:
        for event in self._candidates(query):
            entries: list[LogEntry] = [event]
            if self._may_have_rows(query, event):
                entries += self._audit.rows(event)
            yield from filter(query.matches, reversed(entries) if self._newest_first else entries)

    def _candidates(self, query: EventQuery) -> Iterable[Event]:
        named = query.event_ids
        if not named:
            return self._log.walk(newest_first=self._newest_first)
        event = self._log.find(named[0])
        return [event] if event is not None and set(named) == {event.id} else []

    def _may_have_rows(self, query: EventQuery, event: Event) -> bool:
        if event.trace is None or not query.may_match_rows_of(event):
            return False
        wanted = query.wanted
        ref, number = wanted.get("context.entityRef"), wanted.get("context.entityId")
        return self._audit.may_tell_of(event, event.trace, ref, number)


def _moment(query: Mapping[str, str], name: str, default: int, faults: list[Fault]) -> int:
    text = query.get(name)
    if not text:
        return default
    try:
        # A plus sign that was not percent-encoded arrives as a space.
        moment = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return milliseconds(aware)
    except (ValueError, OverflowError):
        expected = "an ISO 8601 time in UTC, such as 2026-02-05T06:31:56.895Z"
        faults.append(Fault(f"?{name}", repr(shortened(text)), expected))
        return default


def _value(entry: LogEntry, name: str) -> str | None:
    context = entry.context
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
            return context.entity_id or entry.entity_id
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
