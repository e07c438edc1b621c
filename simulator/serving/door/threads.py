"""Makes answers that take a while, each in a thread of a small pool."""

import logging
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any

from ...api.refusal_bodies import DEFECT
from ...errors import api_error
from .raw_answers import RawAnswer, raw_refusal

FOR_CALLS = 64
"""Calls at once: most take a moment, one that waits for the worker takes up to a minute."""
FOR_OUR_OWN = 8
"""Calls of the simulator's own paths, which are answered however many others wait."""
FOR_WAITING = 64
"""Calls of the simulator's own paths that wait for the worker, up to ten minutes."""

log = logging.getLogger(__name__)


class Threads:
    """Threads that make answers."""

    def __init__(self, most: int, name: str) -> None:
        self._loop: Any = None
        self._pool = ThreadPoolExecutor(most, thread_name_prefix=name)

    def start(self, loop: Any) -> None:
        """Begin; requests go on in the steps of this loop."""
        self._loop = loop

    def stop(self) -> None:
        """Make no further answers: those who wait for one have gone, or see the end of it all."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def answer(self, make: Callable[[], RawAnswer]) -> RawAnswer:
        """What is made, in a thread of its own."""
        answered = _Answered(self._loop)
        self._pool.submit(_make, make, answered)
        return await answered


def _make(make: Callable[[], RawAnswer], answered: "_Answered") -> None:
    try:
        answer = make()
    except BaseException:
        log.exception("a request could not be answered")
        answer = raw_refusal(api_error(500, DEFECT))
    answered.give(answer)


class _Answered:
    """Awaits an answer that is made in another thread."""

    __slots__ = ("_answer", "_lock", "_loop", "_wake")

    def __init__(self, loop: Any) -> None:
        self._loop = loop
        self._lock = Lock()
        self._answer: RawAnswer | None = None
        self._wake: Callable[[], object] | None = None

    def __await__(self) -> Generator["_Answered", None, RawAnswer]:
        yield self
        assert self._answer is not None
        return self._answer

    def add_done_callback(self, callback: Callable[[], object], *, context: Any) -> None:
        """Called by the one who walks through the coroutine that awaits this."""
        with self._lock:
            self._wake = callback
            is_there = self._answer is not None
        if is_there:
            self._loop.call_soon(callback, context=context)

    def give(self, answer: RawAnswer) -> None:
        """Let the one who waits go on with the answer."""
        with self._lock:
            self._answer = answer
            wake = self._wake
        if wake is not None:
            self._loop.call_soon(wake)
