"""One call of a WSGI application, to the last byte of its answer."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from .made_up_answers import FinalAnswer

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def answer_of(application: "WSGIApplication", environ: dict[str, Any]) -> FinalAnswer:
    """What an application answers to the request of an environment."""
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
    return FinalAnswer(int(status[:3]), headers, b"".join(written))
