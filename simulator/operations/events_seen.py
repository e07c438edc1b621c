"""GET /__admin/events: the event log as a person reads it, and what to do about what failed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import dropwhile, islice, takewhile
from typing import NamedTuple, Protocol, Self

from ..clock import timestamp
from ..domain.events import BatchEvents, Event, EventStatus
from ..domain.workflow.raised import LogEntry
from ..errors import Fault, not_found, refused, shortened
from ..stores.event_log import EventLog
from ..text.redaction import Redaction
from .event_advice import advice_for, statuses_of
from .jobs_seen import fates_of
from .parameters import either, moment, nearest
from .replies import Reply
from .request_finder import Made, RequestFinder
from .start_and_count import start_and_count

EVENT_FILTERS = (
    *("status", "name", "entityRef", "text", "since", "until"),
    *("after", "before"),
)
MOST_AT_ONCE = 1_000
MOST_ROWS = 1_000
"""Audit rows that are told of one event."""


class TellsRows(Protocol):
    """Makes what stands in the log beside an event."""

    def story(self, event: Event) -> Sequence[LogEntry]:
        """The rows of an event, in order of happening."""
        ...

    def view(self, entry: LogEntry) -> dict[str, object]:
        """An entry of the log, as the event API shows it."""
        ...


class _Wanted(NamedTuple):
    """Which events; empty and None for what does not matter."""

    statuses: frozenset[EventStatus]
    name: str
    entity_ref: str
    text: str
    since: int | None
    until: int | None

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Self:
        """What a query asks for; raises ApiError (400)."""
        faults: list[Fault] = []
        moments: list[int | None] = []
        for name in ("since", "until"):
            found = moment(query, name)
            moments.append(None if isinstance(found, Fault) else found)
            faults += [found] if isinstance(found, Fault) else []
        known = EventStatus.__members__
        names = [each.strip() for each in query.get("status", "").split(",") if each.strip()]
        for each in names:
            if each not in known:
                expected = nearest(each, known) or either(known)
                faults.append(Fault("?status", f'"{shortened(each)}"', expected))
        if faults:
            raise refused(faults)
        return cls(
            frozenset(EventStatus[each] for each in names),
            query.get("name", ""),
            query.get("entityRef", ""),
            query.get("text", "").casefold(),
            *moments,
        )

    def has(self, event: Event, redaction: Redaction) -> bool:
        """Whether an event is wanted, by what is told of it."""
        return (
            (not self.statuses or self._has_status(event))
            and (not self.name or event.name == self.name)
            and (self.since is None or event.accepted_at >= self.since)
            and (self.until is None or event.accepted_at < self.until)
            and (
                not self.entity_ref
                or self.entity_ref in (event.context.entity_ref, event.catalogue_ref)
            )
            and (not self.text or self._is_in(event, redaction))
        )

    def _has_status(self, event: Event) -> bool:
        if not isinstance(event, BatchEvents):
            return event.status in self.statuses
        return not self.statuses.isdisjoint(statuses_of(event))

    def _is_in(self, event: Event, redaction: Redaction) -> bool:
        # Most do not hold it; who looks for a secret letter by letter would learn it.
        wanted, outcome = self.text, event.outcome or ""
        return (
            wanted in event.id
            or wanted in event.name.casefold()
            or (wanted in outcome.casefold() and wanted in redaction.text(outcome).casefold())
            or (
                wanted.encode(errors="replace") in event.body.lower()
                and wanted in redaction.body(event.body).casefold()
            )
        )


class EventsSeen:
    """Tells of events."""

    def __init__(
        self, log: EventLog, rows: TellsRows, finder: RequestFinder, redaction: Redaction
    ) -> None:
        self._log = log
        self._rows = rows
        self._finder = finder
        self._redaction = redaction

    def search(self, query: Mapping[str, str]) -> Reply:
        """The newest first, of those that the filters leave; what a batch raised is one of them.

        With `after` and `before`, ids of events, of those between the two; raises ApiError (400).
        """
        wanted = _Wanted.read(query)
        start, count = start_and_count(query, MOST_AT_ONCE)
        kept = list(self._log.walk(newest_first=True))
        between = _between(kept, query.get("after"), query.get("before"))
        found = (event for event in between if wanted.has(event, self._redaction))
        page = list(islice(found, start, start + count + 1))
        shown = page[:count]
        made = self._finder.near({_made(event): event.accepted_at for event in shown})
        return Reply(
            {
                "kept": len(kept),
                "dropped": self._log.dropped,
                "newest": kept[0].id if kept else None,
                "hasMore": len(page) > count,
                "results": [
                    self._view(event) | {"request": made.get(_made(event))} for event in shown
                ],
            }
        )

    def find(self, event_id: str) -> Reply:
        """One of them, whole, with its rows in the order of happening; raises ApiError (404)."""
        event = self._log.find(event_id)
        if event is None:
            raise not_found(
                f"There is no event {shortened(event_id)!r}, or it is no longer kept:"
                f" {len(self._log):,} are."
            )
        made = self._finder.near({_made(event): event.accepted_at})
        rows = () if isinstance(event, BatchEvents) else self._rows.story(event)
        sent = None if isinstance(event, BatchEvents) else self._redaction.body(event.body)
        return Reply(
            self._view(event)
            | {
                "request": made.get(_made(event)),
                "sent": sent,
                "story": list(map(self._rows.view, rows[:MOST_ROWS])),
                "storyTotal": len(rows),
            }
        )

    def _view(self, event: Event) -> dict[str, object]:
        context = event.context
        view: dict[str, object] = {
            "id": event.id,
            "name": event.name,
            "status": statuses_of(event)[0],
            "reason": self._told(event.outcome),
            "advice": advice_for(event),
            "entityType": context.entity_type,
            "entityRef": context.entity_ref or event.catalogue_ref or None,
            "retailerId": event.retailer_id,
            "acceptedOn": timestamp(event.accepted_at),
            "endedOn": None if event.waits or not event.ended_at else timestamp(event.ended_at),
            "scheduledOn": timestamp(event.scheduled_at) if event.scheduled_at else None,
            "batch": None,
        }
        if isinstance(event, BatchEvents):
            batch = event.batch
            records = {fate: count for fate, count in fates_of([batch]).items() if count}
            told = ", ".join(f"{count:,} {fate}" for fate, count in records.items())
            view["reason"] = f"records of batch {batch.number}: {told or 'none'}"
            job = str(batch.job_number)
            view["batch"] = {"id": str(batch.number), "job": job, "records": records}
        return view

    def _told(self, text: str | None) -> str | None:
        return None if text is None else self._redaction.text(text)


def _made(event: Event) -> Made:
    if isinstance(event, BatchEvents):
        return Made("batch", str(event.batch.number))
    return Made("event", event.id)


def _between(events: Iterable[Event], after: str | None, before: str | None) -> Iterator[Event]:
    """The events that came before one and after another, by their ids; the newest first.

    One that is no longer kept is older than all that are.
    """
    if before:
        events = islice(dropwhile(lambda event: event.id != before, events), 1, None)
    return takewhile(lambda event: event.id != after, events)
