"""A closed-loop HTTP client that is cheap enough not to be what is measured."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Iterable, Mapping
from typing import NamedTuple, cast
from urllib.parse import urlsplit


class BadReplyError(RuntimeError):
    """A server answered with something other than the status that was asked for."""


class RawReply(NamedTuple):
    """What came back for one request."""

    status: int
    body: bytes


def request_bytes(
    url: str,
    path: str,
    body: bytes,
    token: str | None = None,
    *,
    method: str = "POST",
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """One complete request, ready to be sent."""
    head = f"{method} {path} HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\n"
    if token:
        head += f"Authorization: Bearer {token}\r\n"
    for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
        head += f"{name}: {value}\r\n"
    head += f"Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def connect(url: str) -> socket.socket:
    """Open a connection that sends small packets at once."""
    parts = urlsplit(url)
    connection = socket.create_connection((parts.hostname or "", parts.port or 80), timeout=30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def read_reply(connection: socket.socket, status: bytes) -> bytes:
    """Read one reply to its last byte and hold its status to what was expected."""
    reply = connection.recv(65536)
    while True:
        head, gap, body = reply.partition(b"\r\n\r\n")
        if gap and len(body) >= content_length(head):
            break
        more = connection.recv(65536)
        if not more:
            raise BadReplyError(f"the connection closed after {reply[:200]!r}")
        reply += more
    if not (reply.startswith(b"HTTP/1.") and reply[9:12] == status):
        raise BadReplyError(f"expected status {status.decode()}, got {reply[:400]!r}")
    return body


def ask(url: str, request: bytes) -> RawReply:
    """Send one request on a connection of its own; whatever comes back until that is closed."""
    first, _, rest = request.partition(b"\r\n")
    reply = b""
    with connect(url) as connection:
        connection.sendall(first + b"\r\nConnection: close\r\n" + rest)
        while more := connection.recv(65536):
            reply += more
    head, gap, body = reply.partition(b"\r\n\r\n")
    status = head.partition(b" ")[2][:3]
    if not (gap and status.isdigit()):
        raise BadReplyError(f"no whole reply: {reply[:400]!r}")
    return RawReply(int(status), body)


def content_length(head: bytes) -> int:
    """The length that a reply's head announces."""
    _, _, rest = head.lower().partition(b"\r\ncontent-length:")
    return int(rest.partition(b"\r\n")[0] or 0)


def pump(url: str, requests: Iterable[bytes], *, status: bytes, connections: int = 16) -> float:
    """Send every request, a new one on a connection as soon as it answered; seconds taken."""
    waiting = iter(requests)
    selector = selectors.DefaultSelector()
    opened = [connect(url) for _ in range(connections)]
    busy = 0
    try:
        started = time.perf_counter()
        for connection in opened:
            request = next(waiting, None)
            if request is not None:
                connection.sendall(request)
                selector.register(connection, selectors.EVENT_READ, connection)
                busy += 1
        while busy:
            ready = selector.select(timeout=30)
            if not ready:
                raise BadReplyError("no reply within 30 seconds")
            for key, _ in ready:
                read_reply(key.data, status)
                request = next(waiting, None)
                if request is None:
                    selector.unregister(key.data)
                    busy -= 1
                else:
                    key.data.sendall(request)
        return time.perf_counter() - started
    finally:
        selector.close()
        for connection in opened:
            connection.close()


def pump_anew(
    url: str, requests: Iterable[bytes], *, status: bytes, connections: int = 16
) -> float:
    """The same for a server that ends a connection after one reply: each request has its own."""
    waiting = iter(requests)
    busy: set[socket.socket] = set()
    started = time.perf_counter()
    with selectors.DefaultSelector() as selector:
        try:
            while True:
                while len(busy) < connections and (request := next(waiting, None)) is not None:
                    connection = connect(url)
                    busy.add(connection)
                    connection.sendall(request)
                    selector.register(connection, selectors.EVENT_READ)
                if not busy:
                    return time.perf_counter() - started
                ready = selector.select(timeout=30)
                if not ready:
                    raise BadReplyError("no reply within 30 seconds")
                for key, _ in ready:
                    answered = cast(socket.socket, key.fileobj)
                    read_reply(answered, status)
                    selector.unregister(answered)
                    busy.remove(answered)
                    answered.close()
        finally:
            for connection in busy:
                connection.close()
