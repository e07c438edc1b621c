"""The event log: every accepted event, the newest ones, within a bound of entries and bytes."""

import threading
from collections import OrderedDict
from collections.abc import Iterator

from ..domain.events import Event

MOST_EVENTS = 20_000
MOST_EVENT_BYTES = 64 * 1024 * 1024


class EventLog:
    """Events by id, in order of arrival; the oldest are dropped first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._events: OrderedDict[str, Event] = OrderedDict()
        self._bytes = 0
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._events)

    def add(self, event: Event) -> None:
        """Append an event, dropping the oldest as the bounds ask."""
        with self._lock:
            self._events[event.id] = event
            self._bytes += len(event.body)
            while len(self._events) > MOST_EVENTS or self._bytes > MOST_EVENT_BYTES:
                _, oldest = self._events.popitem(last=False)
                self._bytes -= len(oldest.body)
                self.dropped += 1

    def find(self, event_id: str) -> Event | None:
        """The event with this id, if it is still kept."""
        return self._events.get(event_id)

    def walk(self, *, newest_first: bool) -> Iterator[Event]:
        """The events that are kept now, one by one."""
        with self._lock:
            events = list(self._events.values())
        return reversed(events) if newest_first else iter(events)

    def reset(self) -> None:
        """Forget every event."""
        with self._lock:
            self._events.clear()
            self._bytes = 0
            self.dropped = 0
