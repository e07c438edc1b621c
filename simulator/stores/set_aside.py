"""Work that was accepted and is not in line yet: a fault has its reply go out first, or keeps it.

What waits for its reply holds up a settling; what a fault keeps for later does not, as events that
are scheduled do not, until its time has come.
"""

import heapq
import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import NamedTuple

from ..domain.events import Event
from ..domain.workflow.batch_run import BatchRun
from .in_line import Units

Unit = Event | BatchRun


class Piece(NamedTuple):
    """A unit of work, and what puts it in line."""

    unit: Unit
    put_in_line: Callable[[], object]


class KeptAside:
    """What one request has brought, until it is put in line."""

    def __init__(self, all_kept: set["KeptAside"]) -> None:
        self._all_kept = all_kept
        self.pieces: list[Piece] = []

    def keep(self, piece: Piece) -> None:
        """Keep a piece of work."""
        self._all_kept.add(self)
        self.pieces.append(piece)

    def put_in_line(self) -> None:
        """Let all of it be applied; a second time does nothing."""
        for piece in self.take():
            piece.put_in_line()
        self._all_kept.discard(self)

    def take(self) -> list[Piece]:
        """All of it, for somebody else to keep."""
        pieces, self.pieces = self.pieces, []
        return pieces


class Later:
    """A piece of work that is kept until a moment, until so many polls, or until it is let go."""

    __slots__ = ("_forget", "piece", "polls", "when_gone")

    def __init__(self, piece: Piece, forget: Callable[[], object], polls: int = 0) -> None:
        """`forget` has whoever keeps it forget it."""
        self.piece: Piece | None = piece
        self.polls = polls
        self._forget = forget
        self.when_gone: Callable[[], object] = lambda: None

    def put_in_line(self) -> None:
        """Let it be applied; a second time does nothing."""
        piece, self.piece = self.piece, None
        if piece is not None:
            piece.put_in_line()
            self.when_gone()
            self._forget()


class SetAside:
    """Whose work is kept; a request that nobody asked to keep pays for one look at `threads`."""

    def __init__(self) -> None:
        self.threads: dict[int, KeptAside] = {}
        self.kept: set[KeptAside] = set()
        self._lock = threading.Lock()
        self._numbers = itertools.count()
        self._by_time: list[tuple[int, int, Later]] = []
        self._by_polls: dict[int, Later] = {}
        self._let_go = 0
        """How many of those by time were let go of before it."""

    @contextmanager
    def of_this_thread(self) -> Iterator[KeptAside]:
        """What this thread submits meanwhile is kept, until the one who asked puts it in line."""
        thread = threading.get_ident()
        self.threads[thread] = work = KeptAside(self.kept)
        try:
            yield work
        finally:
            del self.threads[thread]

    def takes(self, unit: Unit, put_in_line: Callable[[], object]) -> bool:
        """Keep a unit of work, if that of this thread is to be kept."""
        work = self.threads.get(threading.get_ident())
        if work is None:
            return False
        work.keep(Piece(unit, put_in_line))
        return True

    def keep_until(self, piece: Piece, due: int) -> Later:
        """Keep a piece of work until a moment."""
        later = Later(piece, self._forget_the_gone)
        with self._lock:
            heapq.heappush(self._by_time, (due, next(self._numbers), later))
        return later

    def keep_for_polls(self, piece: Piece, batch: int, polls: int) -> Later:
        """Keep the work of a batch until it has been asked for so often."""
        later = Later(piece, partial(self._forget_batch, batch), polls)
        with self._lock:
            self._by_polls[batch] = later
        return later

    @property
    def for_later(self) -> Units:
        """How much is kept until a moment, or until it is asked for."""
        with self._lock:
            kept = [*(later for *_, later in self._by_time), *self._by_polls.values()]
        units = [piece.unit for later in kept if (piece := later.piece) is not None]
        events = sum(isinstance(unit, Event) for unit in units)
        return Units(events, len(units) - events)

    def polled(self, batch: int) -> None:
        """Somebody has been told of a batch."""
        with self._lock:
            later = self._by_polls.get(batch)
            if later is None:
                return
            later.polls -= 1
            if later.polls > 0:
                return
        later.put_in_line()

    def next_at(self) -> int | None:
        """When the next of what is kept is due; None where there is none."""
        with self._lock:
            while self._by_time and self._by_time[0][2].piece is None:  # it was let go before
                heapq.heappop(self._by_time)
            return self._by_time[0][0] if self._by_time else None

    def _forget_batch(self, batch: int) -> None:
        with self._lock:
            self._by_polls.pop(batch, None)

    def _forget_the_gone(self) -> None:
        """Forget what was let go of before its time, once it is half of all: each costs little."""
        with self._lock:
            self._let_go += 1
            if 2 * self._let_go >= len(self._by_time):
                self._by_time = [each for each in self._by_time if each[2].piece is not None]
                heapq.heapify(self._by_time)
                self._let_go = 0

    def put_due(self, now: int | None) -> None:
        """Put in line what is due, in order of its time; all of it without a time."""
        due: list[Later] = []
        with self._lock:
            while self._by_time and (now is None or self._by_time[0][0] <= now):
                due.append(heapq.heappop(self._by_time)[2])
            if now is None:
                due += self._by_polls.values()
        for later in due:
            later.put_in_line()

    def __bool__(self) -> bool:
        return bool(self._by_time)
