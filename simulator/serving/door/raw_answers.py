"""What goes out, and how a WSGI application makes one."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from ...api.refusal_bodies import JSON, refusal
from ...api.wsgi_calls import answer_of
from ...errors import ApiError
from .environ import Environ

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class RawAnswer(NamedTuple):
    """Status, headers and body."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def raw_refusal(error: ApiError) -> RawAnswer:
    """A refusal that needs no application."""
    content, _ = refusal(error)
    return RawAnswer(error.status, [("Content-Type", JSON), *error.headers.items()], content)


def raw_json(status: int, headers: Mapping[str, str], content: bytes) -> RawAnswer:
    """An answer whose body is written."""
    length = ("Content-Length", str(len(content)))
    return RawAnswer(status, [*headers.items(), ("Content-Type", JSON), length], content)


def call_wsgi(application: "WSGIApplication", environ: Environ) -> RawAnswer:
    """One call of a WSGI application, to the last byte of its answer."""
    status, headers, body, _ = answer_of(application, environ)
    return RawAnswer(status, headers, body)
