"""Finds events in the log: those that were sent, and rows that are made for whoever reads them.

An event and its rows stand together, the event as the first of them in time. Rows are made only as
far as the page reaches, and only of events whose rows can match; of events whose rows were made
once it is remembered what they are about, and a batch tells by itself how many of a kind there are.
A search that has to make many rows gives way to other requests, and only few such are under way at
a time.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice

from ..domain.as_of import AsOf
from ..domain.events import BatchEvents, Event
from ..domain.workflow.raised import LogEntry, may_create
from ..stores.event_log import EventLog
from .batch_rows import BatchRows, Stretch
from .event_audit import EventAudit
from .event_query import EventQuery
from .pace import BYTES_OF_PIECE, MOST_LONG, SearchPace, Slots


class EventSearch:
    """Finds events, their audit rows, and what they and the records of batches have raised."""

    def __init__(
        self, event_log: EventLog, audit: EventAudit, batches: BatchRows, *, newest_first: bool
    ) -> None:
        self._log = event_log
        self._audit = audit
        self._batches = batches
        self._newest_first = newest_first
        self._slots = Slots(
            MOST_LONG,
            "searches that read far into the event log",
            "narrow the search with from and to",
        )

    def page(self, query: EventQuery, as_of: AsOf | None = None) -> tuple[Sequence[LogEntry], bool]:
        """The page that a query asks for, and whether there is more behind it.

        Raises ApiError (503) when others already read as far into the log as this one would.
        """
        to_skip, page = query.start, list[LogEntry]()
        with SearchPace(self._slots) as pace:
            for event in self._candidates(query, as_of):
                pace.step()
                stretch = self._stretch(query, event)
                if stretch.known is None:
                    entries = stretch.entries_from(0)
                elif stretch.known <= to_skip:
                    to_skip -= stretch.known
                    continue
                else:
                    entries, to_skip = stretch.entries_from(to_skip), 0
                before = len(page)
                for entry in entries:
                    if to_skip:
                        to_skip -= 1
                    elif len(page) == query.count:
                        return page, True
                    else:
                        page.append(entry)
                # what filled the page is work as well, but for the first piece not for nothing
                pieces = stretch.pieces
                pace.work(pieces - 1 if len(page) > before else pieces)
        return page, False

    def _stretch(self, query: EventQuery, event: Event) -> Stretch:
        """What matches of an event and all that stands with it."""
        if isinstance(event, BatchEvents):
            return self._batches.stretch(query, event, newest_first=self._newest_first)
        has_rows = self._may_have_rows(query, event)
        return Stretch(
            self._known_matches(query, event, has_rows=has_rows),
            partial(self._matching, query, event, has_rows),
            1 + len(event.body) // BYTES_OF_PIECE,
        )

    def _known_matches(self, query: EventQuery, event: Event, *, has_rows: bool) -> int | None:
        """How many entries of an event match; None when its rows must be made to tell."""
        matches = int(query.matches(event))
        if not has_rows:
            return matches
        kinds = self._audit.known_kinds(event) if query.is_about_kinds else None
        if kinds is None:
            return None
        return matches + sum(query.matches_kind(kind, at) * n for kind, at, n in kinds)

    def _matching(
        self, query: EventQuery, event: Event, has_rows: bool, start: int
    ) -> Iterator[LogEntry]:
        entries: list[LogEntry] = [event]
        if has_rows:
            entries += self._audit.rows(event)
        found = filter(query.matches, reversed(entries) if self._newest_first else entries)
        return islice(found, start, None)

    def _candidates(self, query: EventQuery, as_of: AsOf | None) -> Iterable[Event]:
        if as_of is None:
            return self._all_candidates(query)
        seen = (event.listed_late(as_of) for event in self._all_candidates(query))
        return (event for event in seen if event is not None)

    def _all_candidates(self, query: EventQuery) -> Iterable[Event]:
        named = query.event_ids
        if not named:
            return self._log.walk(newest_first=self._newest_first)
        event = self._log.find(named[0])
        return [event] if event is not None and set(named) == {event.id} else []

    def _may_have_rows(self, query: EventQuery, event: Event) -> bool:
        trace = event.trace
        if trace is None:
            return False
        audited = self._audit.recorded and query.may_match_audit_of(event)
        if not audited and not (may_create(trace) and query.may_match_creations_of(event)):
            return False
        wanted = query.wanted
        ref, number = wanted.get("context.entityRef"), wanted.get("context.entityId")
        return self._audit.may_tell_of(event, trace, ref, number)
