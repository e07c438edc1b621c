"""Ends bodies that stop arriving, for which granian would let a thread wait without end.

granian does not say which connection a body comes on. So, while a body is waited for too long,
every connection on which nothing has arrived for as long is told that nothing more will: the
waiting thread gets what there is, and refuses it. Idle connections end a little sooner by that.

A body that trickles never stops. So, while one is waited for, a connection is also ended on which
far less has arrived since our last word than any line carries.

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

from ..api.waiting import (
    LONGEST_PAUSE,
    SECONDS_BETWEEN_LOOKS,
    STRANGERS,
    STRANGERS_PAUSE,
    Sender,
    waiting,
)

LEFT_AT_STOP = 5.0
"""Seconds that bodies have left to arrive when the server is asked to stop."""

LEAST_RATE = 1_000
"""Bytes a second that have to arrive of a body that takes longer than the longest pause."""

# struct tcp_info of linux/tcp.h: eight single bytes, then numbers of four; the tenth of these is
# tcpi_last_data_sent, the twelfth tcpi_last_data_recv, both in milliseconds.
LAST_DATA_SENT = 8 + 9 * 4
LAST_DATA_RECEIVED = 8 + 11 * 4
# Behind all of these four numbers of eight bytes, the last of which is tcpi_bytes_received; after
# four more of four bytes tcpi_data_segs_in, tcpi_data_segs_out.
BYTES_RECEIVED = 8 + 24 * 4 + 3 * 8
SEGMENTS_RECEIVED = 8 + 24 * 4 + 4 * 8 + 4 * 4
SEGMENTS_SENT = SEGMENTS_RECEIVED + 4


def end_stalled_bodies(stopping: Connection) -> None:
    """Look after the bodies of this process, in a thread of its own, as long as it lives."""
    if sys.platform == "linux":
        threading.Thread(target=_watch, args=(stopping,), name="stalled", daemon=True).start()


def _watch(stopping: Connection) -> None:
    trickles = _Trickles()
    while not stopping.poll(SECONDS_BETWEEN_LOOKS):
        trickles.look()
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


class _Trickles:
    """Tells which connections have been slow since a body was first waited for a little longer."""

    def __init__(self) -> None:
        # By connection: how many replies it had, since when, and how many bytes had arrived then.
        self._since: dict[int, tuple[int, float, int]] = {}

    def look(self) -> None:
        """Shut the way in of connections that were too slow for too long."""
        if waiting.longest() <= STRANGERS_PAUSE:
            self._since.clear()
            return
        now, known, self._since = time.monotonic(), self._since, {}
        for connection in _connections():
            with connection, contextlib.suppress(OSError):
                traffic = _traffic_of(connection)
                number = os.fstat(connection.fileno()).st_ino
                begun = known.get(number)
                if traffic.is_answered:
                    continue
                if begun is None or begun[0] != traffic.replies:
                    begun = (traffic.replies, now, traffic.received)
                self._since[number] = begun
                seconds, arrived = now - begun[1], traffic.received - begun[2]
                if seconds > LONGEST_PAUSE and arrived < LEAST_RATE * seconds:
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
    """What the kernel knows of a connection: seconds since data last went each way, how many bytes
    have come, in how many segments, and in how many those went that are our replies."""

    received_ago: float
    sent_ago: float
    segments: int
    replies: int
    received: int

    @property
    def is_answered(self) -> bool:
        """Whether nothing has arrived since something was last sent, or ever."""
        # A first request comes in the moment in which the connection is made, which counts as sent.
        return not self.segments or (self.replies > 0 and self.sent_ago <= self.received_ago)


def _traffic_of(connection: socket.socket) -> _Traffic:
    """Of a TCP connection; raises OSError for another one."""
    info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, SEGMENTS_SENT + 4)
    info = info.ljust(SEGMENTS_SENT + 4, b"\xff")  # before Linux 4.6 segments were not counted
    received, sent, segments_received, segments_sent = (
        struct.unpack_from("=I", info, place)[0]
        for place in (LAST_DATA_RECEIVED, LAST_DATA_SENT, SEGMENTS_RECEIVED, SEGMENTS_SENT)
    )
    (arrived,) = struct.unpack_from("=Q", info, BYTES_RECEIVED)
    return _Traffic(received / 1000, sent / 1000, segments_received, segments_sent, arrived)
