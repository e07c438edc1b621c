"""One request and its answer: every one goes out at its turn, bounded, and is told to listeners."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from http.client import HTTPException
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from urllib3 import BaseHTTPResponse, PoolManager, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import (
    HTTPError,
    NewConnectionError,
    ProtocolError,
    SSLError,
)
from urllib3.exceptions import TimeoutError as TooLateError

from ..release import DISTRIBUTION, version
from .client_errors import UnreachableError

SECONDS_TO_ANSWER: Final = 30.0
MOST_BYTES = 64 * 1024 * 1024
"""The longest answer that is read; a server may announce any length at all."""
PART = 64 * 1024
CONNECTIONS = 8


class RoundTrip(NamedTuple):
    """One request and its answer, as they went over the wire; status 0 means that none came."""

    method: str
    url: str
    sent_headers: Mapping[str, str]
    sent: bytes
    status: int
    headers: Mapping[str, str]
    received: bytes


class Pace:
    """At most so many requests a second, evenly spaced; None is no limit."""

    def __init__(self, per_second: float | None = None) -> None:
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


class Wire:
    """Connections to a server, kept open. No redirect is followed, and nothing is sent twice.

    A request goes out with the credentials that it was given, or without any; nothing is taken
    from the environment. Whoever wants a proxy or certificates of its own brings the `pool`. The
    last `kept` exchanges are remembered.
    """

    def __init__(
        self,
        pace: Pace | None = None,
        *,
        pool: PoolManager | None = None,
        seconds: float = SECONDS_TO_ANSWER,
        kept: int = 0,
    ) -> None:
        self.pace = pace or Pace()
        self.exchanges: deque[RoundTrip] = deque(maxlen=kept)
        self.requests_sent = 0
        self.listeners: list[Callable[[RoundTrip], None]] = []
        self.gate: Callable[[], None] = lambda: None
        """Asked before every request; whoever wants no more of them raises there."""
        self._pool = pool or PoolManager(maxsize=CONNECTIONS)
        self._seconds = seconds

    def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> RoundTrip:
        """Ask, and read the answer; raises UnreachableError when none comes that can be read."""
        self._take_turn()
        named = {"User-Agent": f"{DISTRIBUTION}/{version()}", **(headers or {})}
        exchange = RoundTrip(method, url, named, body or b"", 0, {}, b"")
        answer: BaseHTTPResponse | None = None
        try:
            answer = self._pool.request(
                method,
                url,
                body,
                headers=named,
                timeout=Timeout(self._seconds),
                retries=False,
                redirect=False,
                preload_content=False,
            )
            received = self._read(answer)
            exchange = exchange._replace(
                status=answer.status, headers=answer.headers, received=received
            )
            answer.release_conn()
        except (HTTPError, HTTPException, OSError, MemoryError, OverflowError) as fault:
            if answer is not None:
                answer.close()
            raise UnreachableError(f"{method} {url}", self._reason(fault)) from fault
        finally:  # also where a signal interrupts: the server may have carried it out
            self._keep(exchange)
        return exchange

    def raw(self, method: str, url: str, target: str, body: bytes | None = None) -> int:
        """Ask for a target at the server of `url`, spelt as it is, with no credentials; the status.

        Raises UnreachableError when no answer comes. No proxy is heeded: each would put the target
        in order.
        """
        self._take_turn()
        parts = urlsplit(url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=self._seconds)
        headers = {"Content-Type": "application/json"} if body is not None else {}
        status, received = 0, b""
        try:
            connection.request(
                method, f"{parts.path}{target}", body, headers, preload_content=False
            )
            answer = connection.getresponse()
            status, received = answer.status, answer.read(PART)
        except (OSError, HTTPException, HTTPError) as fault:
            raise UnreachableError(f"{method} {url} {target}", str(fault)) from fault
        finally:
            connection.close()
            self._keep(RoundTrip(method, url + target, headers, body or b"", status, {}, received))
        return status

    def close(self) -> None:
        """Close the connections."""
        self._pool.clear()

    def _take_turn(self) -> None:
        self.gate()
        self.pace.wait()
        self.requests_sent += 1

    def _keep(self, exchange: RoundTrip) -> None:
        self.exchanges.append(exchange)
        for listener in self.listeners:
            listener(exchange)

    def _read(self, answer: BaseHTTPResponse) -> bytes:
        """The whole body; raises AbsurdError when it is absurdly long, or takes so."""
        deadline = time.monotonic() + self._seconds
        parts, size = [], 0
        too_long = _AbsurdError(f"its answer is longer than {MOST_BYTES // 1024**2} MiB")
        if (answer.length_remaining or 0) > MOST_BYTES:
            raise too_long
        for part in answer.stream(PART):
            parts.append(part)
            size += len(part)
            if size > MOST_BYTES:
                raise too_long
            if time.monotonic() > deadline:
                raise _AbsurdError(f"its answer was not whole within {self._seconds:.0f} s")
        return b"".join(parts)

    def _reason(self, fault: Exception) -> str:
        if isinstance(fault, MemoryError | OverflowError):
            return "its answer is longer than the memory"
        if isinstance(fault, NewConnectionError):
            return "nothing listens there"
        if isinstance(fault, TooLateError):
            return f"no answer within {self._seconds:.0f} s"
        if isinstance(fault, SSLError):
            return f"the TLS connection failed: {fault}"
        if isinstance(fault, ProtocolError):
            return "the connection broke off"
        return str(fault) or type(fault).__name__


class _AbsurdError(HTTPError):
    """An answer that nobody could wait for; the message says why."""
