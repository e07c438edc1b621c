"""Events that are to run later, in order of their time."""

import heapq
import itertools
import threading
from collections.abc import Iterator

from ..domain.events import Event


class Schedule:
    """Events by the time that they wait for; how many there may be is the event log's to say."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers = itertools.count()
        self._events: list[tuple[int, int, Event]] = []

    def __len__(self) -> int:
        return len(self._events)

    def add(self, event: Event) -> None:
        """Keep an event until its time; of two for the same moment the first one goes first."""
        with self._lock:
            heapq.heappush(self._events, (event.scheduled_at, next(self._numbers), event))

    def next_at(self) -> int | None:
        """When the next one is due; None where there is none."""
        with self._lock:
            return self._events[0][0] if self._events else None

    def take_due(self, now: int) -> Iterator[Event]:
        """Take out those whose time has come, in order."""
        while True:
            with self._lock:
                if not self._events or self._events[0][0] > now:
                    return
                _, _, event = heapq.heappop(self._events)
            yield event

    def take_all(self) -> list[Event]:
        """Take out all of them."""
        with self._lock:
            events, self._events = self._events, []
        return [event for _, _, event in events]
