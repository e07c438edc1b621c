"""A request, as it is recorded: for whoever examines the traffic, and for the log of requests."""

from collections.abc import Mapping
from sys import intern
from typing import Any, NamedTuple

SENT = "fluent_oms_simulator.sent"
"""Where a request's environment keeps the body, or the parameters, that were read from it."""


class Request(NamedTuple):
    """A request, as it is recorded; `sent` is its body, or the parameters read from it."""

    method: str
    path: str
    query: str
    address: str
    authorization: str | None
    agent: str
    sent: bytes | Mapping[str, str] = b""


def request_of(
    method: str,
    path: str,
    query: str,
    address: str,
    authorization: str | None,
    agent: str,
    sent: bytes | Mapping[str, str] = b"",
) -> Request:
    """A request whose texts, most of which come again and again, are kept but once."""
    if authorization is not None:
        authorization = intern(authorization)
    return Request(
        intern(method), intern(path), query, intern(address), authorization, intern(agent), sent
    )


def request_in(environ: Mapping[str, Any]) -> Request:
    """The request of a WSGI environment; a server may leave out what is empty."""
    get = environ.get
    return request_of(
        environ["REQUEST_METHOD"],
        get("PATH_INFO", ""),
        get("QUERY_STRING", ""),
        get("REMOTE_ADDR", ""),
        get("HTTP_AUTHORIZATION"),
        get("HTTP_USER_AGENT", ""),
        get(SENT, b""),
    )
