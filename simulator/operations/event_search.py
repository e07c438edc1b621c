"""The documented filters of GET /api/v4.1/event.

Fluent docs: using the Event API, 13 Dec 2023: without `from`, the last 30 days.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from ..behaviour import Behaviour
from ..clock import milliseconds
from ..domain.events import Event
from ..domain.jobs import DAY
from ..errors import Fault, refused, shortened
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

    def matches(self, event: Event) -> bool:
        """Whether an event is looked for."""
        if not self.since <= event.accepted_at <= self.until:
            return False
        return all(_value(event, name) == value for name, value in self.wanted.items())


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


def _value(event: Event, name: str) -> str | None:
    context = event.context
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
            return context.entity_id or event.entity_id
        case "context.entityRef":
            return context.entity_ref
        case "eventId":
            return event.id
        case "name":
            return event.name
        case "category":
            return event.category
        case "retailerId":
            return event.retailer_id
        case "eventStatus":
            return event.status
        case "eventType":
            return "ORCHESTRATION"
        case _:
            # Only audit and child events have source events, and the log holds neither.
            return None
