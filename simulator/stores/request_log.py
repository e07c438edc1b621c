"""The requests of the last while, with their replies, to be looked at and sent again."""

import threading
from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from ..domain import bounds
from ..domain.bounds import Tally
from ..domain.sizes import held_bytes
from ..errors import Reason
from .armed_rule import Firing
from .request import Request

ENTRY_BYTES = 450
"""What a request takes besides its body and its reply, if its texts are short: most come again."""
STRUCK_BYTES = 900
"""What each fault that has struck it takes."""
FAILURES = 400
"""The first status that tells of one; 0 stands for no whole reply."""
SHORT_TEXTS = 300
"""Characters of path, query, token and agent together."""


class LoggedRequest(NamedTuple):
    """A request and its reply; `id` counts from 1 and `at`, of the reply, is in milliseconds."""

    id: int
    at: int
    request: Request
    status: int
    reply: bytes
    """Its beginning, where it is long."""
    reply_length: int
    reason: Reason | None
    size: int
    """About how many bytes of memory it takes."""


class Struck(NamedTuple):
    """What fault rules did to a request, and what it has made all the same."""

    firings: tuple[Firing, ...]
    made: str | None


class RequestLog:
    """Requests in the order of their replies; when there are too many the oldest are dropped."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries = Tally(bounds.REQUESTS)
        self._bytes = Tally(bounds.REQUEST_BYTES)
        self._next_id = 1
        self._kept: deque[LoggedRequest] = deque()
        self._broken: dict[int, tuple[str, ...]] = {}
        self.dropped_until = 0
        """The latest moment, in milliseconds, of a request that was dropped."""
        self._struck: dict[int, Struck] = {}
        self.failed = 0
        """How many were refused, or got no whole reply, since the start."""
        self.examined = 0
        """The last one that has been held against the rules."""

    def add(
        self,
        at: int,
        request: Request,
        status: int,
        reply: bytes,
        reply_length: int,
        reason: Reason | None,
    ) -> int:
        """Keep a request; returns its id."""
        _, path, query, _, authorization, agent, sent = request
        size = ENTRY_BYTES + len(reply)
        texts = len(path) + len(query) + len(authorization or "") + len(agent)
        if texts <= SHORT_TEXTS and isinstance(sent, bytes):
            size += len(query) + len(sent)
        else:
            size += sum(map(held_bytes, request))
        if reason is not None:
            size += held_bytes(reason)
        with self._lock:
            if not 0 < status < FAILURES:
                self.failed += 1
            number = self._next_id
            self._next_id = number + 1
            self._kept.append(
                LoggedRequest(number, at, request, status, reply, reply_length, reason, size)
            )
            self._entries.held += 1
            self._bytes.held += size
            while self._entries.is_over:
                self._drop_oldest(self._entries)
            while self._bytes.is_over:
                self._drop_oldest(self._bytes)
        return number

    def note_examined(self, number: int, broken: tuple[str, ...]) -> None:
        """A request has been held against the rules, and has broken these."""
        with self._lock:
            self.examined = number
            if broken and self._kept and number >= self._kept[0].id:
                self._broken[number] = broken

    def note_broken_later(self, number: int, broken: tuple[str, ...]) -> None:
        """What a request has brought has broken these rules afterwards."""
        with self._lock:
            if broken and self._kept and number >= self._kept[0].id:
                known = self._broken.get(number, ())
                self._broken[number] = tuple(sorted({*known, *broken}))

    def broken_by(self, number: int) -> tuple[str, ...]:
        """The ids of the rules that a request has broken, as far as it was examined."""
        return self._broken.get(number, ())

    def note_struck(self, number: int, struck: Struck) -> None:
        """Fault rules have struck a request."""
        with self._lock:
            if self._kept and number >= self._kept[0].id:
                self._struck[number] = struck
                self._bytes.held += STRUCK_BYTES * len(struck.firings)
                while self._bytes.is_over:
                    self._drop_oldest(self._bytes)

    def struck(self, number: int) -> Struck | None:
        """What fault rules did to a request, if any did."""
        return self._struck.get(number)

    def find(self, number: int) -> LoggedRequest | None:
        """The request with this id, if it is still kept."""
        with self._lock:
            place = number - self._kept[0].id if self._kept else -1
            return self._kept[place] if 0 <= place < len(self._kept) else None

    def newest_first(self) -> Iterator[LoggedRequest]:
        """The requests that are kept now."""
        return reversed(self.kept())

    def between(self, after: int, before: int | None) -> Iterator[LoggedRequest]:
        """The requests above one number and below another, the newest first.

        Who follows the traffic has no more looked at than what is new.
        """
        with self._lock:
            last = self._next_id - 1
            start = 0 if before is None else max(0, last - before + 1)
            kept = list(islice(reversed(self._kept), start, max(start, last - after)))
        return iter(kept)

    def kept(self) -> list[LoggedRequest]:
        """The requests that are kept now, in the order of their replies."""
        with self._lock:
            return list(self._kept)

    def lacks(self, at: int) -> bool:
        """Whether the requests of a moment were dropped."""
        return at < self.dropped_until

    @property
    def last_id(self) -> int:
        """The id of the newest request, kept or not; 0 where there was none."""
        return self._next_id - 1

    @property
    def dropped(self) -> int:
        """How many were dropped to stay within the bounds."""
        return self._entries.lost + self._bytes.lost

    def clear(self) -> None:
        """Drop all of them; ids go on, so that none stands for two requests."""
        with self._lock:
            self._kept.clear()
            self._broken.clear()
            self.dropped_until = 0
            self._struck.clear()
            for tally in (self._entries, self._bytes):
                tally.held = tally.lost = 0

    def tallies(self) -> list[Tally]:
        """How much is held."""
        return [self._entries, self._bytes]

    def __len__(self) -> int:
        return len(self._kept)

    def _drop_oldest(self, tally: Tally) -> None:
        oldest = self._kept.popleft()
        self.dropped_until = max(self.dropped_until, oldest.at)
        self._broken.pop(oldest.id, None)
        struck = self._struck.pop(oldest.id, None)
        if struck is not None:
            self._bytes.held -= STRUCK_BYTES * len(struck.firings)
        self._entries.held -= 1
        self._bytes.held -= oldest.size
        tally.lost += 1
