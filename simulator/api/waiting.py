"""Bodies that are being waited for: how many there may be, and for how long they have been."""

import math
import threading
import time
from collections.abc import Iterable
from enum import Enum
from typing import Protocol


class Sender(Enum):
    """Whose body is waited for: each kind has its own share, so that none takes another's room."""

    CALLER = "has shown a token in force"
    SIGNING_IN = "asks for a token"
    STRANGER = "has shown no token, so that at most an end of the body is waited for"


MOST_OF_CALLERS = 48
"""Bodies at once; a thread waits for each, and others must remain for the calls without one."""
MOST_OF_STRANGERS = 16
"""Of those who sign in, and as many again of those who are refused, or need no token."""

SHARES = {
    Sender.CALLER: MOST_OF_CALLERS,
    Sender.SIGNING_IN: MOST_OF_STRANGERS,
    Sender.STRANGER: MOST_OF_STRANGERS,
}
MOST_WAITING = sum(SHARES.values())

STRANGERS = (Sender.SIGNING_IN, Sender.STRANGER)

LONGEST_PAUSE = 30.0
"""Seconds in which something of a body has to arrive; granian gives a head as long."""
STRANGERS_PAUSE = 5.0
"""The same for the bodies of strangers."""
SECONDS_BETWEEN_LOOKS = 1.0
"""How often they are looked after (stalled.py)."""


class Stream(Protocol):
    """`wsgi.input`."""

    def read(self, size: int = ..., /) -> bytes:
        """At most `size` bytes; without a size all there are."""


class TooManyWaitingError(Exception):
    """So many bodies of this kind are waited for that another one must not be."""


class Waiting:
    """Reads bodies, and knows since when each reader waits for the client."""

    def __init__(self) -> None:
        self._since: dict[Sender, dict[int, float]] = {sender: {} for sender in Sender}

    def read(self, stream: Stream, sender: Sender, size: int | None = None) -> bytes:
        """Read on; raises TooManyWaitingError where that would keep too many threads waiting."""
        since = self._since[sender]
        if len(since) >= SHARES[sender]:
            raise TooManyWaitingError
        reader = threading.get_ident()
        since[reader] = time.monotonic()
        try:
            return stream.read() if size is None else stream.read(size)
        finally:
            del since[reader]

    def longest(self, senders: Iterable[Sender] = Sender) -> float:
        """For how many seconds the one that waits longest has waited; 0 where none does."""
        since = [moment for sender in senders for moment in list(self._since[sender].values())]
        return time.monotonic() - min(since) if since else 0.0

    def seconds_to_room(self, sender: Sender) -> int:
        """When one who was refused may try again: once a body that has stopped would have ended."""
        waited = self.longest([sender])
        if waited < 1:  # many at once, and not one that has stopped
            return 1
        pause = STRANGERS_PAUSE if sender in STRANGERS else LONGEST_PAUSE
        return max(1, math.ceil(pause + 2 * SECONDS_BETWEEN_LOOKS - waited))


waiting = Waiting()
"""Those of this process: its threads are what is bounded."""
