"""The one way to the server: every request passes the rate limit here, and is written down."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from http.client import HTTPException
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import requests
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

SECONDS_TO_ANSWER = 30.0
MOST_KEPT = 2_000
MOST_BYTES = 64 * 1024 * 1024
"""The longest answer that is read; no call of the contracts is answered with as much."""
PART = 64 * 1024


class UnreachableError(Exception):
    """No answer came; the message says from where, as a sentence."""


class Exchange(NamedTuple):
    """One request and its answer, as they went over the wire; status 0 means that none came."""

    method: str
    url: str
    sent_headers: Mapping[str, str]
    sent: bytes
    status: int
    headers: Mapping[str, str]
    received: bytes


class Limiter:
    """At most so many requests a second, evenly spaced; None is no limit."""

    def __init__(self, per_second: float | None) -> None:
        self._gap = 1 / per_second if per_second else 0.0
        self._lock = threading.Lock()
        self._next = 0.0

    def wait(self) -> None:
        """Return when the next request may go."""
        if not self._gap:
            return
        with self._lock:
            now = time.monotonic()
            start = max(now, self._next)
            self._next = start + self._gap
        time.sleep(start - now)


class Wire(requests.Session):
    """A session that keeps to the rate limit and remembers the last exchanges.

    A request goes out with the credentials that it was given, or without any: none are taken from
    the environment, where a `.netrc` would replace them.
    """

    def __init__(self, limiter: Limiter | None = None, *, through_proxies: bool = True) -> None:
        super().__init__()
        self.trust_env = through_proxies
        self.auth = _as_it_is
        self.limiter = limiter or Limiter(None)
        self.exchanges: deque[Exchange] = deque(maxlen=MOST_KEPT)
        self.requests_sent = 0
        self.listeners: list[Callable[[Exchange], None]] = []
        self.gate: Callable[[], None] = lambda: None
        """Asked before every request; whoever wants no more of them raises there."""

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """Send; raises UnreachableError when no answer comes, or none that can be read."""
        self.gate()
        self.limiter.wait()
        self.requests_sent += 1
        given = {**options, "timeout": SECONDS_TO_ANSWER, "allow_redirects": False, "stream": True}
        answer: requests.Response | None = None
        try:
            answer = _read(super().send(request, **given))
        except (requests.RequestException, HTTPError, MemoryError, OverflowError) as fault:
            raise UnreachableError(f"{request.method} {request.url}: {_reason(fault)}") from fault
        finally:  # also where a signal interrupts: the server may have carried it out
            self._note(request, answer)
        return answer

    def raw(self, method: str, url: str, target: str, body: bytes | None = None) -> int:
        """Ask for a target at the server of `url`, spelt as it is, with no credentials; the status.

        Raises UnreachableError when no answer comes. No proxy is heeded: each would put the target
        in order.
        """
        self.gate()
        self.limiter.wait()
        self.requests_sent += 1
        parts = urlsplit(url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=SECONDS_TO_ANSWER)
        headers = {"Content-Type": "application/json"} if body is not None else {}
        status, received = 0, b""
        try:
            connection.request(
                method, f"{parts.path}{target}", body, headers, preload_content=False
            )
            answer = connection.getresponse()
            status, received = answer.status, answer.read(PART)
        except (OSError, HTTPException, HTTPError) as fault:
            raise UnreachableError(f"{method} {url} {target}: {fault}") from fault
        finally:
            connection.close()
            self._keep(Exchange(method, url + target, headers, body or b"", status, {}, received))
        return status

    def _note(self, request: requests.PreparedRequest, answer: requests.Response | None) -> None:
        self._keep(
            Exchange(
                request.method or "",
                request.url or "",
                {name: _text(value) for name, value in request.headers.items()},
                _bytes(request.body),
                0 if answer is None else answer.status_code,
                {} if answer is None else dict(answer.headers),
                b"" if answer is None else answer.content,
            )
        )

    def _keep(self, exchange: Exchange) -> None:
        self.exchanges.append(exchange)
        for listener in self.listeners:
            listener(exchange)


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _read(answer: requests.Response) -> requests.Response:
    """The answer with its whole body; raises UnreachableError when that is absurdly long."""
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    parts, size = [], 0
    for part in answer.iter_content(PART):
        parts.append(part)
        size += len(part)
        if size > MOST_BYTES:
            answer.close()
            raise _AbsurdError(f"its answer is longer than {MOST_BYTES // 1024**2} MiB")
        if time.monotonic() > deadline:
            answer.close()
            raise _AbsurdError(f"its answer was not whole within {SECONDS_TO_ANSWER:.0f} s")
    answer._content = b"".join(parts)
    return answer


class _AbsurdError(requests.RequestException):
    """An answer that nobody could wait for; the message says why."""


def _reason(fault: Exception) -> str:
    if isinstance(fault, _AbsurdError):
        return str(fault)
    if isinstance(fault, MemoryError | OverflowError):
        return "its answer is longer than the memory"
    if isinstance(fault, requests.Timeout):
        return f"no answer within {SECONDS_TO_ANSWER:.0f} s"
    if isinstance(fault, requests.exceptions.SSLError):
        return f"the TLS connection failed: {fault}"
    if isinstance(fault, requests.exceptions.ChunkedEncodingError):
        return "its answer broke off"
    if isinstance(fault, requests.ConnectionError):
        return "nothing answers there"
    return str(fault) or type(fault).__name__


def _bytes(body: object) -> bytes:
    if isinstance(body, str):
        return body.encode()
    return body if isinstance(body, bytes) else b""


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
