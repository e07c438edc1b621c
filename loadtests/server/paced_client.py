"""A client that sends at a rate, whether or not replies keep up, so that no stall is skipped."""

from __future__ import annotations

import selectors
import socket
import time
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack
from typing import NamedTuple, cast

from .raw_client import connect, read_reply

LONGEST_WAIT = 90.0


class Paced(NamedTuple):
    """What came back of requests that were sent at a rate."""

    milliseconds: list[float]
    """From when each request was due to its reply."""
    replies: list[int]
    """Of each connection."""


def paced(
    url: str,
    next_request: Callable[[], bytes],
    goes_on: Callable[[float], bool],
    *,
    rate: float,
    connections: int,
) -> Paced:
    """Send `rate` requests a second over connections in turn while `goes_on(seconds so far)`.

    A request for which every connection is still taken is sent late, and timed from when it was
    due. Raises BadReplyError for a reply that is not 200, TimeoutError for one that does not come.
    """
    taken: list[float] = []
    sent = 0
    due_on: dict[socket.socket, float] = {}
    with ExitStack() as opened, selectors.DefaultSelector() as selector:
        idle = deque(opened.enter_context(connect(url)) for _ in range(connections))
        replies = dict.fromkeys(idle, 0)
        for connection in idle:
            selector.register(connection, selectors.EVENT_READ)
        started = time.perf_counter()
        while (more := goes_on(time.perf_counter() - started)) or due_on:
            until_due = started + sent / rate - time.perf_counter()
            if more and idle and until_due <= 0:
                connection = idle.popleft()
                connection.sendall(next_request())
                due_on[connection] = started + sent / rate
                sent += 1
            # What was due first stands first.
            if due_on and time.perf_counter() - next(iter(due_on.values())) > LONGEST_WAIT:
                raise TimeoutError(f"no reply to a request for {LONGEST_WAIT:.0f} seconds")
            for key, _ in selector.select(max(0.0, until_due) if more and idle else 0.1):
                answered = cast(socket.socket, key.fileobj)
                read_reply(answered, b"200")
                taken.append((time.perf_counter() - due_on.pop(answered)) * 1000)
                replies[answered] += 1
                idle.append(answered)
    return Paced(taken, list(replies.values()))
