"""Calls the Flask application, each request in a thread of a small pool, its body in memory."""

import logging
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from ...api.edge import JSON, errors_body
from ...errors import ApiError, api_error
from .environ import Environ

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

THREADS = 64
"""Calls at once: most take a moment, one that waits for the worker takes up to a minute."""

log = logging.getLogger(__name__)


class Answer(NamedTuple):
    """What goes out."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def refusal(error: ApiError) -> Answer:
    """A refusal that needs no application."""
    body = orjson.dumps(errors_body(error.reasons))
    return Answer(error.status, [("content-type", JSON), *error.headers.items()], body)


_DEFECT = refusal(api_error(500, "A defect of the simulator: its log has the details."))


class FlaskCalls:
    """Makes calls to a WSGI application."""

    def __init__(self, application: "WSGIApplication") -> None:
        self._application = application
        self._loop: Any = None
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="flask")

    def start(self, loop: Any) -> None:
        """Begin; requests go on in the steps of this loop."""
        self._loop = loop

    async def answer(self, environ: Environ) -> Answer:
        """What the application answers."""
        answered = _Answered(self._loop)
        self._pool.submit(self._call, environ, answered)
        return await answered

    def _call(self, environ: Environ, answered: "_Answered") -> None:
        try:
            answer = call(self._application, environ)
        except BaseException:
            log.exception("a request could not be answered")
            answer = _DEFECT
        answered.give(answer)


class _Answered:
    """Awaits an answer that is made in another thread."""

    __slots__ = ("_answer", "_lock", "_loop", "_wake")

    def __init__(self, loop: Any) -> None:
        self._loop = loop
        self._lock = Lock()
        self._answer: Answer | None = None
        self._wake: Callable[[], object] | None = None

    def __await__(self) -> Generator["_Answered", None, Answer]:
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

    def give(self, answer: Answer) -> None:
        """Let the one who waits go on with the answer."""
        with self._lock:
            self._answer = answer
            wake = self._wake
        if wake is not None:
            self._loop.call_soon(wake)


def call(application: "WSGIApplication", environ: Environ) -> Answer:
    """One call of a WSGI application, to the last byte of its answer."""
    started: list[Any] = []
    written: list[bytes] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], _exc_info: Any = None
    ) -> Callable[[bytes], object]:
        started[:] = [status, headers]
        return written.append

    pieces: Iterable[bytes] = application(environ, start_response)
    try:
        written += pieces
    finally:
        close = getattr(pieces, "close", None)
        if close is not None:
            close()
    status, headers = started
    return Answer(int(status[:3]), headers, b"".join(written))
