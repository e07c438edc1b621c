"""One POST to whoever listens there, bounded in time and in what is read of the answer."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from ..errors import shortened
from .client_errors import UnreachableError

MOST_READ = 1024
"""Bytes of an answer's body: it is only shown."""
LONGEST_REASON = 200


class Answered(NamedTuple):
    """How a POST was answered; of the body the beginning."""

    status: int
    body: bytes


class BoundedPost:
    """Sends one request over a connection of its own, follows no redirect, and ends in time.

    A receiver may accept and say nothing, or say it so slowly that no single wait is too long; so
    the connection is cut once the time is over, or when somebody wants an end of it.
    """

    def __init__(self, url: str, *, seconds: float, verifies_tls: bool = True) -> None:
        self._url = url
        self._parts = urlsplit(url)
        self._seconds = seconds
        self._verifies_tls = verifies_tls
        self._lock = threading.Lock()
        self._is_cut = False
        self._socket: socket.socket | None = None

    def send(self, headers: Mapping[str, str], body: bytes) -> Answered:
        """Post this; raises UnreachableError where no answer came, with the reason."""
        deadline = time.monotonic() + self._seconds
        alarm = threading.Timer(self._seconds, self.cut)
        alarm.daemon = True
        alarm.start()
        try:
            with self._connected() as connection:
                return self._exchange(connection, headers, body, deadline)
        except (OSError, HTTPException, ValueError) as fault:
            raise UnreachableError(f"POST {self._url}", self._reason(fault, deadline)) from fault
        finally:
            alarm.cancel()

    def cut(self) -> None:
        """End it now, wherever it is."""
        with self._lock:
            self._is_cut = True
            if self._socket is not None:
                with suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)

    def _connected(self) -> _Connected:
        host, is_tls = self._parts.hostname or "", self._parts.scheme == "https"
        port = self._parts.port or (443 if is_tls else 80)
        plain = self._dialled(host, port)
        try:
            if not is_tls:
                made: HTTPConnection = HTTPConnection(host, port)
                made.sock = plain
            else:
                context = self._tls()
                made = HTTPSConnection(host, port, context=context)
                made.sock = context.wrap_socket(plain, server_hostname=host)
        except BaseException:
            plain.close()
            self._forget_socket()
            raise
        return _Connected(made, self._forget_socket)

    def _dialled(self, host: str, port: int) -> socket.socket:
        """A connection to the first of its addresses that takes one; raises OSError."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        for left, (family, kind, protocol, _, address) in zip(
            reversed(range(len(found))), found, strict=True
        ):
            try:
                return self._dial(family, kind, protocol, address)
            except OSError:
                if self._is_cut or not left:
                    raise
        raise OSError("its name has no address")

    def _dial(self, family: int, kind: int, protocol: int, address: Any) -> socket.socket:
        """A connection to an address, which can be cut before it is there.

        Whose line of callers is full keeps us waiting as long as one who says nothing.
        """
        plain = socket.socket(family, kind, protocol)
        try:
            plain.settimeout(self._seconds)
            with self._lock:
                if self._is_cut:
                    raise TimeoutError
                # A second name for it, which outlives what TLS makes of the first.
                self._socket = plain.dup()
            plain.connect(address)
        except BaseException:
            plain.close()
            self._forget_socket()
            raise
        return plain

    def _forget_socket(self) -> None:
        with self._lock:
            if self._socket is not None:
                self._socket.close()
                self._socket = None

    def _tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if not self._verifies_tls:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def _exchange(
        self, connection: HTTPConnection, headers: Mapping[str, str], body: bytes, deadline: float
    ) -> Answered:
        target = self._parts.path or "/"
        if self._parts.query:
            target += f"?{self._parts.query}"
        connection.request("POST", target, body, {**headers, "Connection": "close"})
        answer = connection.getresponse()
        if self._is_cut:  # in the middle of its head, which then looks like the end of it
            raise TimeoutError
        return Answered(answer.status, self._beginning(answer, deadline))

    def _beginning(self, answer: HTTPResponse, deadline: float) -> bytes:
        """The first of its body, as far as it comes: the status has been told by then."""
        read = b""
        with suppress(OSError, HTTPException, ValueError):
            while len(read) < MOST_READ and time.monotonic() < deadline:
                part = answer.read1(MOST_READ - len(read))
                if not part:
                    break
                read += part
        return read

    def _reason(self, fault: Exception, deadline: float) -> str:
        if self._is_cut and time.monotonic() < deadline - 0.001:
            return "it was given up, as its webhook was dropped or the simulator ended"
        if self._is_cut or isinstance(fault, TimeoutError):
            return f"no answer within {self._seconds:g} s"
        if isinstance(fault, ConnectionRefusedError):
            return "nothing listens there"
        if isinstance(fault, ssl.SSLError):
            return f"the TLS connection failed: {shortened(str(fault), LONGEST_REASON)}"
        if isinstance(fault, UnicodeError):
            return "its host can be no name: a part of it is empty or too long"
        if isinstance(fault, socket.gaierror):
            return f"its name is not known: {fault.strerror}"
        if isinstance(fault, ConnectionError):
            return "the connection broke off"
        if isinstance(fault, HTTPException):
            told = shortened(str(fault) or type(fault).__name__, LONGEST_REASON)
            return f"its answer is not HTTP: {told}"
        return shortened(str(fault) or type(fault).__name__, LONGEST_REASON)


class _Connected:
    """A connection that is closed with the block."""

    def __init__(self, connection: HTTPConnection, when_closed: Callable[[], object]) -> None:
        self._connection = connection
        self._when_closed = when_closed

    def __enter__(self) -> HTTPConnection:
        return self._connection

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._when_closed()
