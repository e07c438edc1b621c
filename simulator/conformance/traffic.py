"""What callers sent and how they were answered, in line until it has been examined.

The request that is answered pays for as little as can be: it puts its values in line, unread.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from queue import SimpleQueue
from sys import getsizeof
from typing import Any, NamedTuple

from ..clock import Clock
from ..domain import bounds
from ..domain.bounds import Tally
from ..domain.events import Event
from ..domain.jobs import InventoryBatch
from ..domain.sizes import compact, held_bytes
from ..errors import Reason, shortened
from ..stores.request import Request
from ..stores.request_log import RequestLog, Struck
from ..text.redaction import Redaction, credentials_of, signs_in
from .failed_work import FailedWork, failed_work

ENTRY_BYTES = 1_000
"""What an exchange takes besides its bodies and the texts of its request."""
LONGEST_REPLY = 2_000
BEGINNING_OF_REPLY = 100
"""Bytes; of longer replies no more than the beginning is kept, which is no whole document."""
LONGEST_LOGGED_REPLY = 8_000
"""Bytes; of longer replies the log of requests has no more than the beginning."""
LONGEST_TEXT = 2_000
"""Characters kept of a header, a path, a query or a parameter, and a mark for the rest."""

LONG, TOO_LONG = 0.25, 0.75
"""Shares of what may wait."""

LONGEST_REASON = 300
"""Characters kept of why nothing came of a request."""


Recorder = Callable[..., object]
"""Puts an exchange in line: its request, status, Retry-After, reply and reason, and the faults that
have struck it."""
NoteAnswered = Callable[[int, int, Request, int, Reason | None, Struck | None], None]
"""Takes note that a request was answered: its id, when, itself, the status, the reason, and what
faults did to it."""


class Exchange(NamedTuple):
    """A request and its reply; `number` counts from 1 and `at` is in milliseconds.

    `reason` is why nothing came of it, if that was so for its own sake.
    """

    number: int
    at: int
    method: str
    path: str
    query: str
    address: str
    authorization: str | None
    agent: str
    sent: bytes | Mapping[str, str]
    status: int
    retry_after: str | None
    reply: bytes
    reason: Reason | None
    size: int = 0
    """About how many bytes of memory it takes."""
    stream: int = 0
    """How many resets had come when the request did."""
    id: int = 0
    """Of the request, in the log of requests."""
    place: int = 0
    """In line, among all that is put there."""


class Traffic:
    """Exchanges in the order of their replies; when there are too many the oldest are dropped."""

    def __init__(
        self,
        clock: Clock,
        log: RequestLog | None = None,
        *,
        is_examined: bool = True,
        redaction: Redaction | None = None,
        note_answered: NoteAnswered | None = None,
    ) -> None:
        self._clock = clock
        self._note_answered = note_answered
        self.log = log or RequestLog()
        self._is_examined = is_examined
        self._redaction = redaction or Redaction()
        self._most_bytes = bounds.TRAFFIC_BYTES.limit
        self._most_waiting = bounds.TRAFFIC.limit
        self._lock = threading.Lock()
        self._bell: SimpleQueue[None] = SimpleQueue()
        # Nobody waits yet; whoever is going to is told as if it did.
        self._sleeping = True
        self.on_waking: Callable[[], object] = lambda: None
        # Plain tuples, made into exchanges when they are taken: that costs a quarter.
        self._waiting: deque[tuple[Any, ...]] = deque()
        self._bytes = 0
        self.received = 0
        self.placed = 0
        """How much was put in line: what was received, and what has failed."""
        self.stream = 0
        self.recorder: Recorder = partial(self._record, 0)
        # For each of the two bounds.
        self._lost = [0, 0]

    @property
    def dropped(self) -> int:
        """How many exchanges made room and were not examined."""
        return sum(self._lost)

    def begin_stream(self) -> int:
        """Tell what comes now from what came before a reset; returns how much had come.

        A request is given the `recorder` of its time, and may be answered much later.
        """
        with self._lock:
            self.stream += 1
            self.recorder = partial(self._record, self.stream)
            return self.placed

    def _record(
        self,
        stream: int,
        request: Request,
        status: int,
        retry_after: str | None,
        reply: bytes,
        reason: Reason | None,
        struck: Struck | None = None,
        *,
        is_examined: bool = True,
    ) -> None:
        """Log an exchange, and put it in line.

        One that a fault has struck is no fault of its sender's: where it was refused on purpose for
        something in it, it is logged and not examined.
        """
        length = len(reply)
        beginning = compact(reply[:LONGEST_LOGGED_REPLY])
        reply = beginning if length <= LONGEST_REPLY else reply[:BEGINNING_OF_REPLY]
        size = ENTRY_BYTES + len(reply)
        if reason is not None:
            reason = Reason(reason.code, shortened(reason.message, LONGEST_REASON))
            size += getsizeof(reason.message)
        method, path, query, _, authorization, agent, sent = request
        texts = len(method) + len(path) + len(query) + len(authorization or "") + len(agent)
        if texts <= LONGEST_TEXT and type(sent) is bytes:
            size += texts + len(sent)
        else:
            request = _bounded(request)
            size += sum(map(held_bytes, request))
        waiting, at = self._waiting, self._clock.now()
        logged = self.log.add(at, request, status, beginning, length, reason)
        if self._note_answered is not None:
            self._note_answered(logged, at, request, status, reason, struck)
        if struck is not None:
            self.log.note_struck(logged, struck)
            for firing in struck.firings:
                firing.request = logged
        if not (self._is_examined and is_examined):
            return
        with self._lock:
            self.received = number = self.received + 1
            self.placed = place = self.placed + 1
            waiting.append(
                (
                    number,
                    at,
                    request,
                    status,
                    retry_after,
                    reply,
                    reason,
                    size,
                    stream,
                    logged,
                    place,
                )
            )
            self._bytes = held = self._bytes + size
        self._look_after(held)

    def note_failed(self, unit: Event | InventoryBatch, *, but: Sequence[str] = ()) -> None:
        """Put in line what came to nothing of what was accepted, but for these reasons."""
        work = failed_work(unit, but) if self._is_examined else None
        if work is None:
            return
        size = work.held_bytes()
        with self._lock:
            self.placed = place = self.placed + 1
            self._waiting.append(work._replace(place=place, stream=self.stream, size=size))
            self._bytes = held = self._bytes + size
        self._look_after(held)

    def _look_after(self, held: int) -> None:
        """Keep to the bounds, and have somebody look at what is in line."""
        if held > self._most_bytes or len(self._waiting) > self._most_waiting:
            self._drop_oldest()
        if self._sleeping:
            self._sleeping = False
            self._bell.put(None)
            self.on_waking()

    def take(self) -> Exchange | FailedWork | None:
        """The oldest in line, out of it; None when there is none.

        What a report may tell of it has no secrets any more.
        """
        with self._lock:
            if not self._waiting:
                return None
            oldest = self._take_oldest()
        if isinstance(oldest, FailedWork):
            return self._without_secrets_in(oldest)
        return self._without_secrets(oldest)

    def clear(self) -> None:
        """Forget all of it, and count from 1 again."""
        with self._lock:
            self._waiting.clear()
            self._bytes = self.received = self.placed = 0
            self._lost = [0, 0]

    def tallies(self) -> list[Tally]:
        """How much waits."""
        entries, in_bytes = Tally(bounds.TRAFFIC), Tally(bounds.TRAFFIC_BYTES)
        entries.held, in_bytes.held = len(self._waiting), self._bytes
        entries.lost, in_bytes.lost = self._lost
        return [entries, in_bytes]

    @property
    def fullness(self) -> float:
        """Which share of what may wait is waiting."""
        return max(self._bytes / self._most_bytes, len(self._waiting) / self._most_waiting)

    @property
    def is_long(self) -> bool:
        """Whether so much is waiting that it is better examined now."""
        return self.fullness > LONG

    def wait(self) -> None:
        """Return when something is in line, or when woken."""
        self._sleeping = True
        if not self._waiting:
            self._bell.get()
        self._sleeping = False

    def wake(self) -> None:
        """Let the one who waits go on."""
        self._bell.put(None)

    def __len__(self) -> int:
        return len(self._waiting)

    def _take_oldest(self) -> Exchange | FailedWork:
        oldest = self._waiting.popleft()
        if isinstance(oldest, FailedWork):
            self._bytes -= oldest.size
            return oldest
        number, at, request, *rest = oldest
        exchange = Exchange(number, at, *request, *rest)
        self._bytes -= exchange.size
        return exchange

    def _without_secrets_in(self, work: FailedWork) -> FailedWork:
        text = self._redaction.text
        failed = {pointer: text(reason) for pointer, reason in work.failed.items()}
        return work._replace(failed=failed, unmatched=text(work.unmatched))

    def _without_secrets(self, exchange: Exchange) -> Exchange:
        redaction = self._redaction.knowing(credentials_of(exchange.authorization))
        reason = exchange.reason
        if reason is not None:
            sent = exchange.sent if isinstance(exchange.sent, bytes) else b""
            knowing = redaction.knowing(redaction.secrets_of(exchange.query, sent))
            reason = Reason(reason.code, knowing.text(reason.message))
        return exchange._replace(
            path=redaction.text(exchange.path),
            query=redaction.query(exchange.query, signs_in=signs_in(exchange.path)),
            agent=redaction.text(exchange.agent),
            reason=reason,
        )

    def _drop_oldest(self) -> None:
        with self._lock:
            while self._waiting and (
                self._bytes > self._most_bytes or len(self._waiting) > self._most_waiting
            ):
                self._lost[self._bytes > self._most_bytes] += 1
                self._take_oldest()


def _bounded(request: Request) -> Request:
    """The request, with the beginnings of texts that are too long."""
    sent = request.sent
    if not isinstance(sent, bytes):
        sent = {name: _cut(value) for name, value in sent.items()}
    return Request(
        _cut(request.method),
        _cut(request.path),
        _cut(request.query),
        _cut(request.address),
        request.authorization and _cut(request.authorization),
        _cut(request.agent),
        sent,
    )


def _cut(text: str) -> str:
    """A text, or the beginning of one that is too long, with a mark that tells it from others."""
    if len(text) <= LONGEST_TEXT:
        return text
    return f"{text[:LONGEST_TEXT]}... {hash(text):x}"
