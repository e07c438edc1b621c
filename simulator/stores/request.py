"""A request, as it is recorded: for whoever examines the traffic, and for the log of requests."""

from collections.abc import Mapping
from typing import Any, NamedTuple

SENT = "fluent_oms_simulator.sent"
"""Where a request's environment keeps the body, or the parameters, that were read from it."""


MOST_KNOWN_TEXTS = 500
LONGEST_KNOWN_TEXT = 200
"""Characters."""


class Request(NamedTuple):
    """A request, as it is recorded; `sent` is its body, or the parameters read from it."""

    method: str
    path: str
    query: str
    address: str
    authorization: str | None
    agent: str
    sent: bytes | Mapping[str, str] = b""


class Texts:
    """Of texts that come again and again, one copy is kept; of so many at a time."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def one(self, text: str) -> str:
        """The text, or the same one of before."""
        known = self._known.get(text)
        if known is not None:
            return known
        if len(text) <= LONGEST_KNOWN_TEXT:
            if len(self._known) >= MOST_KNOWN_TEXTS:
                self._known.clear()
            self._known[text] = text
        return text


_TEXTS = Texts()


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
    one = _TEXTS.one
    if authorization is not None:
        authorization = one(authorization)
    return Request(one(method), one(path), query, one(address), authorization, one(agent), sent)


def request_in(environ: Mapping[str, Any]) -> Request:
    """The request of a WSGI environment; a server may leave out what is empty."""
    get = environ.get
    return request_of(
        environ["REQUEST_METHOD"],
        _as_sent(get("PATH_INFO", "")),
        _as_sent(get("QUERY_STRING", "")),
        get("REMOTE_ADDR", ""),
        get("HTTP_AUTHORIZATION"),
        get("HTTP_USER_AGENT", ""),
        get(SENT, b""),
    )


def _as_sent(text: str) -> str:
    """A text in the letters that were sent: WSGI has its bytes as letters of Latin-1 (PEP 3333)."""
    return text if text.isascii() else text.encode("latin-1", "replace").decode(errors="replace")
