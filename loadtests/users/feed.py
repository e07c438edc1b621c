"""What is to be sent and when: an open loop, which a slow server does not slow down."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from gevent.event import Event

from ..traffic.payloads import batches
from ..traffic.trade_events import Count, DeltaEvent, FullLoad, Position

LATE_AFTER = 0.05
"""Seconds after which an event that was due counts as one that the generator held back."""


class EventFeed:
    """Hands out the events of a stream, each with the moment at which it is due.

    `speed` is how many seconds of the stream pass in one second. With `together`, everything that
    is due within so many seconds is due at the first of them. A user that was held up gets moments
    that have passed, and what it then sends is measured from the moment that it was due: a stall
    of the server is not hidden by the requests that it held back (coordinated omission). What is
    sent more than `late_after` seconds after it was due is late; a burst has the time until the
    next one.
    """

    def __init__(
        self,
        stream: Iterator[DeltaEvent | FullLoad],
        *,
        speed: float = 1.0,
        together: float = 0.0,
    ) -> None:
        self._stream = stream
        self._speed = speed
        self._together = together
        self.late_after = together or LATE_AFTER
        self._anchor = time.monotonic()
        self._over = Event()
        self.loads: deque[FullLoad] = deque()

    def end(self) -> None:
        """Nothing of this is to be sent any more; whoever waits for a moment need not."""
        self._over.set()

    def is_due(self, at: float) -> bool:
        """Wait for a moment; whether what was due then is still to be sent."""
        early = at - time.monotonic()
        return not (self._over.wait(early) if early > 0 else self._over.is_set())

    def take(self) -> tuple[float, DeltaEvent] | None:
        """The next event and when it is due on the monotonic clock; None where none is left."""
        for item in self._stream:
            due = item.due / self._speed
            if isinstance(item, FullLoad):
                self.loads.append(item)
                continue
            if self._together:
                due -= due % self._together
            return self._anchor + due, item
        return None


class BatchFeed:
    """Hands out the batches of one full load after the other, `pause` seconds between two."""

    def __init__(self, next_load: Callable[[int], FullLoad | None], pause: float) -> None:
        self._next_load = next_load
        self._pause = pause
        self._batches: Iterator[list[Count]] = iter(())
        self._out = 0
        self._may_begin = 0.0
        self.begun = 0

    def take(self) -> tuple[int, Sequence[Count]] | None:
        """The number of the load and a batch of it; None while there is none to send."""
        batch = next(self._batches, None)
        if batch is None and not self._out and time.monotonic() >= self._may_begin:
            load = self._next_load(self.begun + 1)
            if load is not None:
                self._batches = batches(load.counts)
                self.begun += 1
                batch = next(self._batches, None)
        if batch is None:
            return None
        self._out += 1
        return self.begun, batch

    def done(self) -> None:
        """A batch that was handed out has ended, well or not."""
        self._out -= 1
        if not self._out:
            self._may_begin = time.monotonic() + self._pause


class ChangedCounts:
    """Tells how many counts of a batch differ from the last that was sent for their positions."""

    def __init__(self) -> None:
        self._last: dict[Position, int] = {}

    def among(self, counts: Sequence[Count]) -> int:
        """How many differ; from now on these are the last."""
        last = self._last
        changed: int = sum(last.get(position) != quantity for position, quantity in counts)
        last.update(counts)
        return changed
