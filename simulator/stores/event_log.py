"""The event log: every event that has not ended, and the newest of those that have.

How much may wait and how much of the rest is kept is in the table of bounds.
"""

import random
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from typing import NamedTuple

from ..domain import bounds
from ..domain.bounds import LineFullError, Tally
from ..domain.events import Event


class EventLog:
    """Events by id, in order of arrival; of those that have ended the first are dropped first."""

    def __init__(self) -> None:
        # Ids need to be unique here, not secret, and `uuid.uuid4` lets go of the interpreter lock
        # in the middle of a request.
        self._bits = random.Random().getrandbits
        self._lock = threading.Lock()
        self._forget_all()

    def _forget_all(self) -> None:
        self._events: dict[str, Event] = {}
        # Told by the worker, which must not be kept waiting by the lock.
        self._just_ended: deque[Event] = deque()
        self._ended: deque[Event] = deque()
        self._waiting = Tally(bounds.WAITING_EVENTS)
        self._scheduled = Tally(bounds.SCHEDULED_EVENTS)
        self._bytes = Tally(bounds.EVENT_BYTES)
        self._entries = Tally(bounds.EVENTS)

    def __len__(self) -> int:
        return len(self._events)

    @property
    def dropped(self) -> int:
        """How many events were dropped to stay within the bounds."""
        return self._entries.lost + self._bytes.lost

    def tallies(self) -> list[Tally]:
        """How much is held of each kind."""
        with self._lock:
            self._take_in_endings()
            return [self._waiting, self._scheduled, self._entries, self._bytes]

    def new_id(self) -> str:
        """An id for an event: a UUID, version 4 (RFC 9562), that ends in four zeros.

        The ids of the rows that tell what the event did end in their numbers instead: so a row is
        found without being kept.
        """
        digits = f"{self._bits(128) & _CLEAR | _VERSION_4:032x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    def add(self, event: Event) -> None:
        """Append an event, dropping the oldest that have ended as the bounds ask.

        Raises LineFullError when it has not ended and too much waits already.
        """
        size = event.held_bytes()
        with self._lock:
            self._take_in_endings()
            if event.waits:
                line = self._line_of(event)
                if not line.admits(size):
                    raise LineFullError(line)
                line.held += size
                event.held = size
                self._events[event.id] = event
            else:
                self._events[event.id] = event
                self._keep(event, size)

    def note(self, row: Event) -> None:
        """Append a row that tells of something; nothing works on it, whatever its status says.

        It may be dropped like an event that has ended, and is never refused.
        """
        size = row.held_bytes()
        with self._lock:
            self._take_in_endings()
            self._events[row.id] = row
            self._keep(row, size)

    def ended(self, event: Event) -> None:
        """Take note that an event which waited has ended."""
        self._just_ended.append(event)

    def holds(self, event: Event) -> bool:
        """Whether this very event is kept; one that waits is, unless a reset has come."""
        return self._events.get(event.id) is event

    def find(self, event_id: str) -> Event | None:
        """The event with this id, if it is still kept."""
        return self._events.get(event_id)

    def walk(self, *, newest_first: bool) -> Iterator[Event]:
        """The events that are kept now, one by one."""
        with self._lock:
            events = list(self._events.values())
        return reversed(events) if newest_first else iter(events)

    @contextmanager
    def anew(self, kept: "KeptEvents | None" = None) -> Iterator[list[Event]]:
        """Forget every event, or go back to what was kept; none is added while this lasts.

        Yields the events that wait for their time.
        """
        with self._lock:
            self._forget_all()
            yield [] if kept is None else self._take(kept)

    def keep(self) -> "KeptEvents | None":
        """What there is, to go back to; None while one waits, but for its time."""
        with self._lock:
            self._take_in_endings()
            if self._waiting.held:
                return None
            tallies = [self._waiting, self._scheduled, self._entries, self._bytes]
            have_ended = {event.id for event in self._ended}
            return KeptEvents(
                [
                    event if event.id in have_ended else copy(event)
                    for event in self._events.values()
                ],
                tuple(self._ended),
                [copy(tally) for tally in tallies],
            )

    def _take(self, kept: "KeptEvents") -> list[Event]:
        self._ended.extend(kept.ended)
        self._waiting, self._scheduled, self._entries, self._bytes = map(copy, kept.tallies)
        have_ended = {event.id for event in kept.ended}
        waiting = []
        for event in kept.events:
            event.outline = None  # it may have been made by other switches
            if event.id not in have_ended:
                event = copy(event)
                waiting.append(event)
            self._events[event.id] = event
        return waiting

    def forget_outlines(self) -> None:
        """Have what events have done told anew: the rows that tell it go by switches."""
        for event in self.walk(newest_first=False):
            event.outline = None

    def _take_in_endings(self) -> None:
        just_ended = self._just_ended
        while just_ended:
            event = just_ended.popleft()
            if self.holds(event):  # else a reset has come between
                self._line_of(event).held -= event.held
                self._keep(event, event.held_bytes())

    def _line_of(self, event: Event) -> Tally:
        """What counts an event until it has ended: those for later take no room of the others."""
        return self._scheduled if event.scheduled_at else self._waiting

    def _keep(self, event: Event, size: int) -> None:
        event.held = size
        self._ended.append(event)
        self._bytes.held += size
        self._entries.held += 1
        while self._entries.is_over:
            self._drop_oldest(self._entries)
        while self._bytes.is_over:
            self._drop_oldest(self._bytes)

    def _drop_oldest(self, tally: Tally) -> None:
        oldest = self._ended.popleft()
        del self._events[oldest.id]
        self._bytes.held -= oldest.held
        self._entries.held -= 1
        tally.lost += 1


class KeptEvents(NamedTuple):
    """Events as they were at a moment; one that has ended never changes."""

    events: Sequence[Event]
    ended: Sequence[Event]
    tallies: Sequence[Tally]


_CLEAR = ~(0xF000 << 64 | 0xC000 << 48 | 0xFFFF)
_VERSION_4 = 0x4000 << 64 | 0x8000 << 48
