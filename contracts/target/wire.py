"""The one way to the server: every request passes the rate limit here, and is written down."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import requests

SECONDS_TO_ANSWER = 30.0
MOST_KEPT = 2_000


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
    """A session that keeps to the rate limit and remembers the last exchanges."""

    def __init__(self, limiter: Limiter | None = None, *, through_proxies: bool = True) -> None:
        super().__init__()
        self.trust_env = through_proxies
        self.limiter = limiter or Limiter(None)
        self.exchanges: deque[Exchange] = deque(maxlen=MOST_KEPT)
        self.requests_sent = 0
        self.listeners: list[Callable[[Exchange], None]] = []

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """Send; raises UnreachableError when no answer comes."""
        self.limiter.wait()
        self.requests_sent += 1
        options["timeout"] = SECONDS_TO_ANSWER
        options["allow_redirects"] = False
        try:
            answer = super().send(request, **options)
        except requests.RequestException as fault:
            self._note(request, None)
            raise UnreachableError(f"{request.method} {request.url}: {_reason(fault)}") from fault
        self._note(request, answer)
        return answer

    def _note(self, request: requests.PreparedRequest, answer: requests.Response | None) -> None:
        exchange = Exchange(
            request.method or "",
            request.url or "",
            {name: _text(value) for name, value in request.headers.items()},
            _bytes(request.body),
            0 if answer is None else answer.status_code,
            {} if answer is None else dict(answer.headers),
            b"" if answer is None else answer.content,
        )
        self.exchanges.append(exchange)
        for listener in self.listeners:
            listener(exchange)


def _reason(fault: requests.RequestException) -> str:
    if isinstance(fault, requests.Timeout):
        return f"no answer within {SECONDS_TO_ANSWER:.0f} s"
    if isinstance(fault, requests.exceptions.SSLError):
        return f"the TLS connection failed: {fault}"
    if isinstance(fault, requests.ConnectionError):
        return "nothing answers there"
    return str(fault)


def _bytes(body: object) -> bytes:
    if isinstance(body, str):
        return body.encode()
    return body if isinstance(body, bytes) else b""


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
