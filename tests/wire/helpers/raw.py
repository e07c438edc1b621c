"""A client that writes bytes, whole or not, and reads what comes back."""

import contextlib
import json
import select
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

SECONDS = 30
"""How long a reply may take on a machine that has much else to do."""


@dataclass
class Reply:
    """What came back on a connection; a status of 0 is a connection that ended without a reply."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def document(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def message(self) -> str:
        """What a refusal says."""
        return str(self.document["errors"][0]["message"])


class Connection:
    """One connection to a server."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
        self._read = b""

    def send(self, *pieces: bytes) -> None:
        """Write these bytes."""
        self._socket.sendall(b"".join(pieces))

    def finish(self) -> None:
        """Say that no more will be written (FIN), and go on reading."""
        self._socket.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        """Drop the connection without a farewell (RST)."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()

    def reply(self, timeout: float = SECONDS) -> Reply:
        """The next reply, which may take so many seconds."""
        self._socket.settimeout(timeout)
        while b"\r\n\r\n" not in self._read:
            more = self._receive()
            if not more:
                return Reply()
            self._read += more
        head, _, self._read = self._read.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (x.partition(": ") for x in lines)}
        reply = Reply(int(first.split()[1]), headers)
        length = int(headers.get("content-length", 0))
        while len(self._read) < length:
            more = self._receive()
            if not more:
                break
            self._read += more
        reply.body, self._read = self._read[:length], self._read[length:]
        return reply

    def has_answer(self, seconds: float) -> bool:
        """Whether something has come back, or does so within this time."""
        return bool(self._read or select.select([self._socket], [], [], seconds)[0])

    def is_closed(self) -> bool:
        """Whether the server has closed it; waits until it does, or until it is sure to stay."""
        return not self._receive()

    def is_reset(self) -> bool:
        """Whether the server has dropped it without a farewell (RST) and without a reply."""
        try:
            self._socket.recv(65536)
        except ConnectionResetError:
            return not self._read
        return False

    def close(self) -> None:
        """Drop it, as a client that has what it wanted."""
        self._socket.close()

    def _receive(self) -> bytes:
        try:
            return self._socket.recv(65536)
        except ConnectionError:
            return b""


@contextlib.contextmanager
def connected(port: int) -> Iterator[Connection]:
    """A connection that is closed at the end."""
    connection = Connection(port)
    try:
        yield connection
    finally:
        connection.close()


def head(method: str, path: str, *headers: str) -> bytes:
    """The head of a request, its path as it is."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1")


def chunk(data: bytes) -> bytes:
    """One chunk of a body without a length."""
    return b"%x\r\n%s\r\n" % (len(data), data)


LAST_CHUNK = b"0\r\n\r\n"
