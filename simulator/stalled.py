"""Ends bodies that stop arriving, for which granian would let a thread wait without end.

granian does not say which connection a body comes on. So, while a body is waited for too long,
every connection on which nothing has arrived for as long is told that nothing more will: the
waiting thread gets what there is, and refuses it. Idle connections end a little sooner by that.
Only Linux says when something last arrived; elsewhere a body is waited for as long as it takes.
"""

import contextlib
import os
import socket
import struct
import sys
import threading
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection

from .api.waiting import waiting

LONGEST_PAUSE = 30.0
"""Seconds in which something of a body has to arrive; granian gives a head as long."""
LEFT_AT_STOP = 5.0
"""Seconds that bodies have left to arrive when the server is asked to stop."""
SECONDS_BETWEEN_LOOKS = 1.0

# struct tcp_info of linux/tcp.h: eight single bytes, then numbers of four; the twelfth of these is
# tcpi_last_data_recv, in milliseconds.
LAST_DATA_RECEIVED = 8 + 11 * 4


def end_stalled_bodies(stopping: Connection) -> None:
    """Look after the bodies of this process, in a thread of its own, as long as it lives."""
    if sys.platform == "linux":
        threading.Thread(target=_watch, args=(stopping,), name="stalled", daemon=True).start()


def _watch(stopping: Connection) -> None:
    while not stopping.poll(SECONDS_BETWEEN_LOOKS):
        if waiting.longest() > LONGEST_PAUSE:
            _end_silent(LONGEST_PAUSE)
    time.sleep(LEFT_AT_STOP)
    while True:
        if waiting.longest():
            _end_silent(0)
        time.sleep(SECONDS_BETWEEN_LOOKS)


def _end_silent(seconds: float) -> None:
    """Shut the way in of connections on which nothing has arrived for so long."""
    for connection in _connections():
        with connection, contextlib.suppress(OSError):
            if _silent_for(connection) >= seconds:
                connection.shutdown(socket.SHUT_RD)


def _connections() -> Iterator[socket.socket]:
    """This process's connections, each as a duplicate that is the caller's to close."""
    for name in os.listdir("/proc/self/fd"):
        try:  # a duplicate stays what it is, whatever becomes of the number meanwhile
            duplicate = os.dup(int(name))
        except OSError:
            continue
        try:
            connection = socket.socket(fileno=duplicate)
        except OSError:  # a file, or something else
            os.close(duplicate)
        else:
            yield connection


def _silent_for(connection: socket.socket) -> float:
    """Seconds since something last arrived on a TCP connection; raises OSError for another one."""
    info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, LAST_DATA_RECEIVED + 4)
    (milliseconds,) = struct.unpack_from("=I", info, LAST_DATA_RECEIVED)
    return float(milliseconds) / 1000
