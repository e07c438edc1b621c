"""The connection of a request, as the system has it: granian gives no hold of it."""

import contextlib
import os
import socket
import struct
import sys

OPEN_FILES = "/dev/fd"
AT_ONCE = struct.pack("ii", 1, 0)
"""To linger for no time: what is closed so is reset (SO_LINGER)."""


def reset(client: str) -> bool:
    """Have the connection of a client, told as `host:port`, reset; False where that cannot be.

    It is closed by granian, as soon as that has seen that nothing more will come to be read.
    """
    connection = _find(client)
    if connection is None:
        return False
    with connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        with contextlib.suppress(OSError):  # it has gone already
            connection.shutdown(socket.SHUT_RD)
    return True


def _find(client: str) -> socket.socket | None:
    """A second hold of the connection; Windows has no list of open files."""
    if sys.platform == "win32":
        return None
    with contextlib.suppress(OSError):  # no list either, or no room for a file more
        for name in os.listdir(OPEN_FILES):
            if not _is_of(client, int(name)):
                continue
            second = socket.socket(fileno=os.dup(int(name)))
            if _is_of(client, second.fileno()):  # nobody has closed the first meanwhile
                return second
            second.close()
    return None


def _is_of(client: str, file: int) -> bool:
    """Whether an open file is the connection of a client."""
    try:
        looked_at = socket.socket(fileno=file)
    except OSError:  # no socket, or closed by now
        return False
    try:
        host, port, *_ = looked_at.getpeername()
    except (OSError, ValueError):  # not connected, or not over the network
        return False
    finally:
        looked_at.detach()
    known, _, known_port = client.rpartition(":")
    return str(port) == known_port and _plain(host) == _plain(known)


def _plain(host: str) -> str:
    """A host as it is told in different ways: `[::1]`, `::ffff:127.0.0.1`."""
    return host.strip("[]").removeprefix("::ffff:")
