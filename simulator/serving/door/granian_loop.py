"""Runs granian's asynchronous steps in the threads that bring them, one at a time.

granian reads the network in a thread of its own. On asyncio's loop each step of a request would be
written to a pipe, to wake another thread that reads it: twice for a request with a body, and more
than half of what such a request costs. Here the thread that has news goes on with the request that
waits for it; a lock keeps steps from overlapping, as a loop would.
"""

import asyncio
import contextvars
import logging
import threading
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, cast

from granian import loops

LOOP = "fluent_oms_simulator"
"""Its name, by which granian makes one."""

log = logging.getLogger(__name__)


class Steps:
    """Makes steps."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._at_work: int | None = None
        self._next: deque[tuple[Callable[..., object], tuple[Any, ...]]] = deque()

    def create_task(self, coroutine: Coroutine[Any, Any, None]) -> "Walk":
        """Walk through a coroutine, from the next step on."""
        walk = Walk(coroutine)
        self.call_soon(walk.step)
        return walk

    def call_soon(self, callback: Callable[..., object], *args: Any, **_context: Any) -> None:
        """Make a step: now, or after the one that this thread is making."""
        thread = threading.get_ident()
        if self._at_work == thread:
            self._next.append((callback, args))
            return
        with self._lock:
            self._at_work = thread
            try:
                _make(callback, args)
                while self._next:
                    _make(*self._next.popleft())
            finally:
                self._at_work = None


class StepLoop(Steps):
    """As much of an event loop as granian asks for; signals and the end are left to asyncio's."""

    def __init__(self) -> None:
        super().__init__()
        self._asyncio = asyncio.new_event_loop()
        self.add_signal_handler = self._asyncio.add_signal_handler
        self.run_until_complete = self._asyncio.run_until_complete

    def call_soon_threadsafe(
        self, callback: Callable[..., object], *args: Any, context: Any = None
    ) -> None:
        """Make a step; but what comes without a context is granian's own end, and asyncio's."""
        if context is None:
            self._asyncio.call_soon_threadsafe(callback, *args)
        else:
            self.call_soon(callback, *args)


class Walk:
    """A coroutine on its way from one thing that it awaits to the next."""

    __slots__ = ("_coroutine",)

    def __init__(self, coroutine: Coroutine[Any, Any, None]) -> None:
        self._coroutine = coroutine

    def step(self, _arrived: object = None) -> None:
        """Go on, since what was awaited is there."""
        try:
            awaited = self._coroutine.send(None)
        except StopIteration:
            return
        awaited.add_done_callback(self.step, context=_CONTEXT)


# What tells a request's step from another call; nothing is kept in it.
_CONTEXT = contextvars.Context()


def _make(callback: Callable[..., object], args: tuple[Any, ...]) -> None:
    try:
        callback(*args)
    except BaseException:  # the thread has the steps of other requests to make
        log.exception("a step of a request failed")


@loops.register(LOOP)
def _make_loop() -> asyncio.AbstractEventLoop:
    return cast("asyncio.AbstractEventLoop", StepLoop())
