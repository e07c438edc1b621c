"""What greenlets of a process wait for: their turn."""

from __future__ import annotations

import time

import gevent
from gevent.lock import BoundedSemaphore


class Gate:
    """At most so many requests a second, evenly spaced; None is no limit."""

    def __init__(self, per_second: float | None) -> None:
        self._gap = 1 / per_second if per_second else 0.0
        self._next = 0.0
        self.one_at_a_time = BoundedSemaphore()

    def wait(self) -> None:
        """Return when the next request may go."""
        if self._gap:
            now = time.monotonic()
            start = max(now, self._next)
            self._next = start + self._gap
            gevent.sleep(start - now)
