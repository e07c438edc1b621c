"""Ends bodies that stop arriving, for which granian would let a thread wait without end.

granian does not say which connection a body comes on. So, while a body is waited for too long,
every connection on which nothing has arrived for as long is told that nothing more will: the
waiting thread gets what there is, and refuses it. Idle connections end a little sooner by that.

A stranger, who has shown no token, is given less time. To spare the others meanwhile, that ends no
connection on which the last word was ours, and none while a caller with a token is waited for too.
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
from typing import NamedTuple

from .api.waiting import (
    LONGEST_PAUSE,
    SECONDS_BETWEEN_LOOKS,
    STRANGERS,
    STRANGERS_PAUSE,
    Sender,
    waiting,
)

LEFT_AT_STOP = 5.0
"""Seconds that bodies have left to arrive when the server is asked to stop."""

# struct tcp_info of linux/tcp.h: eight single bytes, then numbers of four; the tenth of these is
# tcpi_last_data_sent, the twelfth tcpi_last_data_recv, both in milliseconds.
LAST_DATA_SENT = 8 + 9 * 4
LAST_DATA_RECEIVED = 8 + 11 * 4
# Behind all of these and four numbers of eight bytes: tcpi_data_segs_in, tcpi_data_segs_out.
SEGMENTS_RECEIVED = 8 + 24 * 4 + 4 * 8 + 4 * 4
SEGMENTS_SENT = SEGMENTS_RECEIVED + 4


def end_stalled_bodies(stopping: Connection) -> None:
    """Look after the bodies of this process, in a thread of its own, as long as it lives."""
    if sys.platform == "linux":
        threading.Thread(target=_watch, args=(stopping,), name="stalled", daemon=True).start()


def _watch(stopping: Connection) -> None:
    while not stopping.poll(SECONDS_BETWEEN_LOOKS):
        if waiting.longest() > LONGEST_PAUSE:
            _end_silent(LONGEST_PAUSE)
        elif waiting.longest(STRANGERS) > STRANGERS_PAUSE >= waiting.longest([Sender.CALLER]):
            _end_silent(STRANGERS_PAUSE, unless_answered=True)
    time.sleep(LEFT_AT_STOP)
    while True:
        if waiting.longest():
            _end_silent(0)
        time.sleep(SECONDS_BETWEEN_LOOKS)


def _end_silent(seconds: float, *, unless_answered: bool = False) -> None:
    """Shut the way in of connections on which nothing has arrived for so long."""
    for connection in _connections():
        with connection, contextlib.suppress(OSError):
            traffic = _traffic_of(connection)
            if traffic.received_ago >= seconds and not (unless_answered and traffic.is_answered):
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


class _Traffic(NamedTuple):
    """What the kernel knows of a connection: seconds since data last went each way, and whether
    any ever did."""

    received_ago: float
    sent_ago: float
    has_received: bool
    has_sent: bool

    @property
    def is_answered(self) -> bool:
        """Whether nothing has arrived since something was last sent, or ever."""
        # A first request comes in the moment in which the connection is made, which counts as sent.
        return not self.has_received or (self.has_sent and self.sent_ago <= self.received_ago)


def _traffic_of(connection: socket.socket) -> _Traffic:
    """Of a TCP connection; raises OSError for another one."""
    info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, SEGMENTS_SENT + 4)
    info = info.ljust(SEGMENTS_SENT + 4, b"\xff")  # before Linux 4.6 segments were not counted
    received, sent, segments_received, segments_sent = (
        struct.unpack_from("=I", info, place)[0]
        for place in (LAST_DATA_RECEIVED, LAST_DATA_SENT, SEGMENTS_RECEIVED, SEGMENTS_SENT)
    )
    return _Traffic(received / 1000, sent / 1000, segments_received > 0, segments_sent > 0)
