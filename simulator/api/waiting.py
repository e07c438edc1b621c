"""Bodies that are being waited for: how many there may be, and for how long they have been."""

import threading
import time
from typing import Protocol

MOST_WAITING = 48
"""Bodies at once; a thread waits for each, and others must remain for the calls without one."""


class Stream(Protocol):
    """`wsgi.input`."""

    def read(self, size: int = ..., /) -> bytes:
        """At most `size` bytes; without a size all there are."""


class TooManyWaitingError(Exception):
    """So many bodies are waited for that another one must not be."""


class Waiting:
    """Reads bodies, and knows since when each reader waits for the client."""

    def __init__(self, most: int = MOST_WAITING) -> None:
        self._most = most
        self._since: dict[int, float] = {}

    def read(self, stream: Stream, size: int | None = None) -> bytes:
        """Read on; raises TooManyWaitingError where that would keep too many threads waiting."""
        if len(self._since) >= self._most:
            raise TooManyWaitingError
        reader = threading.get_ident()
        self._since[reader] = time.monotonic()
        try:
            return stream.read() if size is None else stream.read(size)
        finally:
            del self._since[reader]

    def longest(self) -> float:
        """For how many seconds the one that waits longest has waited; 0 where none does."""
        since = list(self._since.values())
        return time.monotonic() - min(since) if since else 0.0


waiting = Waiting()
"""Those of this process: its threads are what is bounded."""
