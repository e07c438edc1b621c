"""Receivers of webhooks, on a socket of this machine: well-behaved ones, and others."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, NamedTuple

Answer = int | Callable[["Receiver", socket.socket], None]
"""A status, or what is done with a connection on which a request has come."""


class Received(NamedTuple):
    """What was posted: the request line, the headers as they were written, and the body."""

    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Receiver:
    """Takes connections one after the other, and answers the nth as it is told to."""

    def __init__(self, *answers: Answer, tls: ssl.SSLContext | None = None) -> None:
        """After the last of the answers it is 200."""
        self._tls = tls
        self.received: list[Received] = []
        self.connections = 0
        self.ended = threading.Event()
        self._answers = list(answers)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        scheme = "http" if self._tls is None else "https"
        return f"{scheme}://127.0.0.1:{self._socket.getsockname()[1]}/events"

    @property
    def ids(self) -> list[str]:
        """The ids of the events that came, in the order of their coming."""
        return [each.json["id"] for each in self.received]

    def close(self) -> None:
        self.ended.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self.connections += 1
                with connection, suppress(OSError):
                    connection.settimeout(10)
                    if self._tls is None:
                        self._answer(connection)
                    else:
                        with self._tls.wrap_socket(connection, server_side=True) as secured:
                            self._answer(secured)

    def _answer(self, connection: socket.socket) -> None:
        found = _read(connection)
        if found is None:
            return
        self.received.append(found)
        answer = self._answers.pop(0) if self._answers else 200
        if isinstance(answer, int):
            connection.sendall(b"HTTP/1.1 %d x\r\nContent-Length: 2\r\n\r\nok" % answer)
        else:
            answer(self, connection)


def _read(connection: socket.socket) -> Received | None:
    head, data = b"", b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65536)
        if not part:
            return None
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    line, *fields = head.decode("latin-1").split("\r\n")
    headers = dict(field.split(": ", 1) for field in fields)
    while len(body) < int(headers.get("Content-Length", "0")):
        body += connection.recv(65536)
    return Received(line, headers, body)


@contextmanager
def receiving(*answers: Answer, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver, for the length of the block."""
    receiver = Receiver(*answers, tls=tls)
    try:
        yield receiver
    finally:
        receiver.close()


def hang(receiver: Receiver, connection: socket.socket) -> None:
    """Say nothing, until the other side gives up."""
    connection.settimeout(0.05)
    while not receiver.ended.is_set():
        with suppress(TimeoutError):
            if not connection.recv(1):
                return


def drip(receiver: Receiver, connection: socket.socket) -> None:
    """Say it so slowly that no single wait is too long."""
    for byte in b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 10_000:
        connection.sendall(bytes([byte]))
        if receiver.ended.wait(0.05):
            return


def hang_in_the_body(receiver: Receiver, connection: socket.socket) -> None:
    """Say that it is well, and never end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    hang(receiver, connection)


def reset(_receiver: Receiver, connection: socket.socket) -> None:
    """Break the connection off."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def close(_receiver: Receiver, _connection: socket.socket) -> None:
    """End the connection without an answer."""


def answer_megabytes(_receiver: Receiver, connection: socket.socket) -> None:
    """Answer with more than anybody reads."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
    while True:
        connection.sendall(b"x" * 65536)


def answer_endless_head(_receiver: Receiver, connection: socket.socket) -> None:
    """Answer with headers that do not end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(100_000):
        connection.sendall(b"X-%d: %s\r\n" % (number, b"x" * 1000))


def answer_no_http(_receiver: Receiver, connection: socket.socket) -> None:
    """Answer in another language."""
    connection.sendall(b"\x00\x01\x02 hello\r\n\r\n")


def redirect_to(url: str) -> Answer:
    """Send it elsewhere."""

    def answer(_receiver: Receiver, connection: socket.socket) -> None:
        location = url.encode()
        connection.sendall(
            b"HTTP/1.1 307 x\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n" % location
        )

    return answer


@contextmanager
def url_of_a_full_line() -> Iterator[str]:
    """An address whose line of callers is full: nobody is let in, and nobody is refused."""
    with ExitStack() as opened:
        host, port = opened.enter_context(
            socket.create_server(("127.0.0.1", 0), backlog=0)
        ).getsockname()
        for _ in range(4):
            caller = opened.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex((host, port))
        yield f"http://{host}:{port}/"


def url_of_nobody() -> str:
    """An address at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"http://127.0.0.1:{free.getsockname()[1]}/"


def statuses(attempts: Sequence[dict[str, Any]]) -> list[int | None]:
    """How attempts were answered, as the control API tells them."""
    return [attempt["status"] for attempt in attempts]
