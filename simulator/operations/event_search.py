"""The documented filters of GET /api/v4.1/event.

Fluent docs: using the Event API, 13 Dec 2023: without `from`, the last 30 days. An event and its
audit rows stand together, the event as the first of them in time. Rows are made only as far as the
page reaches, and only of events whose rows can match; of events whose rows were made once it is
remembered what they are about. A search that has to make many rows gives way to other requests, and
only few such are under way at a time.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from ..behaviour import Behaviour
from ..clock import milliseconds
from ..domain.events import INVENTORY_CATALOGUE, ORCHESTRATION_AUDIT, Event, EventStatus
from ..domain.jobs import DAY
from ..domain.workflow.audit import INVENTORY_POSITION, Category, LogEntry, event_of, row_root
from ..domain.workflow.audit_story import NAMES
from ..errors import Fault, refused, shortened
from ..stores.event_log import EventLog
from .event_audit import EventAudit, RowKind
from .pace import BYTES_OF_PIECE, MOST_LONG, SearchPace, Slots
from .start_and_count import start_and_count

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
        root = row_root(event)
        possible: dict[str, Container[str | None]] = {
            "eventType": (ORCHESTRATION_AUDIT,),
            "retailerId": (event.retailer_id,),
            "context.sourceEvents": (event.id,),
            "context.rootEntityType": (root.type,),
            "context.rootEntityRef": (root.ref,),
            "context.rootEntityId": (root.id,),
            "context.entityType": (INVENTORY_CATALOGUE, INVENTORY_POSITION),
            "name": NAMES,
            "category": _FAILED_CATEGORIES if has_failed else _CATEGORIES,
            "eventStatus": _FAILED_STATUSES if has_failed else _STATUSES,
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


class EventSearch:
    """Finds events and their audit rows."""

    def __init__(self, event_log: EventLog, audit: EventAudit, *, newest_first: bool) -> None:
        self._log = event_log
        self._audit = audit
        self._newest_first = newest_first
        self._slots = Slots(
            MOST_LONG,
            "searches that read far into the event log",
            "narrow the search with from and to",
        )

    def page(self, query: EventQuery) -> tuple[Sequence[LogEntry], bool]:
        """The page that a query asks for, and whether there is more behind it.

        Raises ApiError (503) when others already read as far into the log as this one would.
        """
        to_skip, page = query.start, list[LogEntry]()
        with SearchPace(self._slots) as pace:
            for event in self._candidates(query):
                pace.step()
                known = self._known_matches(query, event)
                if known is not None and known <= to_skip:
                    to_skip -= known
                    continue
                before = len(page)
                for entry in self._matching(query, event):
                    if to_skip:
                        to_skip -= 1
                    elif len(page) == query.count:
                        return page, True
                    else:
                        page.append(entry)
                # what filled the page is work as well, but for the first piece not for nothing
                pieces = 1 + len(event.body) // BYTES_OF_PIECE
                pace.work(pieces - 1 if len(page) > before else pieces)
        return page, False

    def _known_matches(self, query: EventQuery, event: Event) -> int | None:
        """How many entries of an event match; None when its rows must be made to tell."""
        matches = int(query.matches(event))
        if not self._may_have_rows(query, event):
            return matches
        kinds = self._audit.known_kinds(event) if query.is_about_kinds else None
        if kinds is None:
            return None
        return matches + sum(query.matches_kind(kind, at) * n for kind, at, n in kinds)

    def _matching(self, query: EventQuery, event: Event) -> Iterator[LogEntry]:
        entries: list[LogEntry] = [event]
        if self._may_have_rows(query, event):
            entries += self._audit.rows(event)
        return filter(query.matches, reversed(entries) if self._newest_first else entries)

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
