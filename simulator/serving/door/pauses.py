"""Lets calls wait for a time, without a thread that waits for each.

All of them wait in one line, which one thread looks after; there is none while nobody waits.
"""

import heapq
import itertools
import threading
import time
from collections.abc import Callable, Generator
from typing import Any


class Pause:
    """Awaits the end of a time, or that somebody ends it before."""

    __slots__ = ("_has_ended", "_lock", "_loop", "_wake")

    def __init__(self, loop: Any) -> None:
        self._loop = loop
        self._lock = threading.Lock()
        self._has_ended = False
        self._wake: Callable[[], object] | None = None

    def __await__(self) -> Generator["Pause", None, None]:
        if not self._has_ended:
            yield self

    def add_done_callback(self, callback: Callable[[], object], *, context: Any) -> None:
        """Called by the one who walks through the coroutine that awaits this."""
        with self._lock:
            self._wake = callback
            has_ended = self._has_ended
        if has_ended:
            self._loop.call_soon(callback, context=context)

    def end(self) -> None:
        """Let the one who waits go on; a second time does nothing."""
        with self._lock:
            if self._has_ended:
                return
            self._has_ended = True
            wake = self._wake
        if wake is not None:
            self._loop.call_soon(wake)


class Pauses:
    """Ends each pause in its time."""

    def __init__(self) -> None:
        self._loop: Any = None
        self._changed = threading.Condition()
        self._line: list[tuple[float, int, Pause]] = []
        self._numbers = itertools.count()
        self._is_looked_after = False
        self.is_over = False
        """Whether nobody is to wait any more."""

    def start(self, loop: Any) -> None:
        """Begin; requests go on in the steps of this loop."""
        self._loop = loop

    def begin(self, seconds: float) -> Pause:
        """A pause of so many seconds, to be awaited; of none once all is over."""
        pause = Pause(self._loop)
        with self._changed:
            if self.is_over:
                seconds = 0
            heapq.heappush(self._line, (time.monotonic() + seconds, next(self._numbers), pause))
            if not self._is_looked_after:
                self._is_looked_after = True
                threading.Thread(target=self._look, name="pauses", daemon=True).start()
            self._changed.notify()
        return pause

    def end_all(self) -> None:
        """Let all go on at once, and whoever comes after."""
        with self._changed:
            self.is_over = True
            self._line = [(0.0, number, pause) for _, number, pause in self._line]
            self._changed.notify()

    def _look(self) -> None:
        while (pause := self._next()) is not None:
            pause.end()

    def _next(self) -> Pause | None:
        """The next one whose time has come; None where nobody waits any more."""
        with self._changed:
            while self._line:
                left = self._line[0][0] - time.monotonic()
                if left <= 0:
                    return heapq.heappop(self._line)[2]
                self._changed.wait(left)
            self._is_looked_after = False
            return None
