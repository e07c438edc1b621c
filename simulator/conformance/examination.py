"""Examines the traffic when nobody is kept waiting by it.

Examining a delta costs about as much as taking it in. Hence it is done by a thread of its own while
nothing comes in and nothing is being applied; under load only once the line has become long, and
then a share of the time; and in full when somebody asks what was found. A batch takes a
hundred times as long as a delta: it is examined in steps, between which others go first as well.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from ..domain.bounds import Tally
from ..late_thread import LateThread
from .examiner import Examiner, JobFacts, MakeExaminer
from .failed_work import FailedWork
from .traffic import LONG, TOO_LONG, Exchange, Traffic

SECONDS_OF_CALM = 0.02
SECONDS_AT_WORK = 0.0005
"""So long it works in one go under load, or for one step where that takes longer."""
LONGEST_REST = 4
"""Under load it rests so many times as long as it has worked, which takes a fifth of the time: less
the fuller the line is, and not at all long before anything is dropped."""
LONGEST_WAIT = 30.0
"""Seconds for which a report waits until all has been examined."""

MOST_RESETS_WAITING = 100
"""Beyond so many a reset waits for what came before it: each keeps the jobs that went with it."""


log = logging.getLogger(__name__)


class _Reset(NamedTuple):
    """A reset of the simulator that the examination has not come to yet."""

    after: int
    at: int
    job_facts: JobFacts


class Examination:
    """The one place where the traffic is examined, by one thread at a time."""

    def __init__(
        self,
        traffic: Traffic,
        is_busy: Callable[[], bool],
        job_facts: JobFacts,
        make_examiner: MakeExaminer,
    ) -> None:
        self.traffic = traffic
        self._make_examiner = make_examiner
        self._is_busy = is_busy
        self._is_answering: Callable[[], bool] = lambda: False
        self._job_facts_now = job_facts
        self._resets: deque[_Reset] = deque()
        # The stream that is examined, and the one since which nothing was forgotten.
        self._stream = self._first_stream = traffic.stream
        self._at_work = threading.Lock()
        self._is_awaited = threading.Event()
        # How much had been received when it became calm, and the thread's time at its last rest.
        self._calm_since: int | None = None
        self._worked = 0.0
        self._examiner: Examiner | None = None
        self._stopping = False
        self._thread = LateThread(self._work, "conformance")
        traffic.on_waking = self._thread.ensure_started

    def start(self) -> None:
        """Begin to examine, as soon as there is something to examine."""
        self._thread.allow()
        if self.traffic:
            self._thread.ensure_started()

    def stop(self) -> None:
        """End after the exchange in hand."""
        self._stopping = True
        self._is_awaited.set()
        self.traffic.wake()
        self._thread.join()

    def give_way_to(self, is_answering: Callable[[], bool]) -> None:
        """Let go first whoever answers requests, also before a reply is known of."""
        self._is_answering = is_answering

    def tallies(self) -> list[Tally]:
        """How much is held of the traffic, waiting or examined."""
        examiner = self._examiner
        return self.traffic.tallies() + ([] if examiner is None else examiner.tallies())

    def reset(self) -> None:
        """Forget all that was seen and found."""
        with self._at_once():
            self.traffic.clear()
            self._resets.clear()
            self._stream = self._first_stream = self.traffic.stream
            self._examiner = None

    def make_room(self) -> None:
        """See to it that a reset finds room in the line of those that wait."""
        if len(self._resets) >= MOST_RESETS_WAITING:
            with self.examined():
                pass

    def begin_anew(self, at: int, job_facts: JobFacts) -> None:
        """Keep what was found, and take what comes from now on as another stream.

        `job_facts` tell of the jobs that there were until now. Waits for nobody.
        """
        self._resets.append(_Reset(self.traffic.begin_stream(), at, job_facts))

    def catch_up(self) -> None:
        """Take note of a reset at once where nothing waits to be examined before it."""
        with self._at_once():
            if not self.traffic:
                self._begin_anew_before(self.traffic.placed + 1)

    def so_far(self) -> dict[str, int]:
        """How many rules were found broken by now, and how much was not looked at; at no cost."""
        examiner = self._examiner
        errors, warnings = (0, 0) if examiner is None else examiner.broken()
        return {
            "errors": errors,
            "warnings": warnings,
            "waiting": len(self.traffic),
            "notExamined": self.traffic.dropped,
        }

    @contextmanager
    def examined(self, timeout: float = LONGEST_WAIT) -> Iterator[tuple[Examiner, int]]:
        """All that has come in is examined, and nothing else while this lasts.

        Yields who did it, and how much was dropped, or still waits after `timeout` seconds.
        """
        traffic = self.traffic
        deadline = time.monotonic() + timeout
        with self._at_once():
            last = traffic.placed
            examiner = self._ensure_examiner()
            unread = 0
            while (exchange := self._take()) is not None:
                self._examine(exchange)
                if exchange.place >= last:
                    break
                if time.monotonic() > deadline:
                    unread = last - exchange.place
                    break
            if not unread:
                self._begin_anew_before(last + 1)
            yield examiner, traffic.dropped + unread

    @contextmanager
    def _at_once(self) -> Iterator[None]:
        """Nothing is examined by the thread meanwhile; what it has in hand it ends without rest."""
        self._is_awaited.set()
        with self._at_work:
            if not self._stopping:
                self._is_awaited.clear()
            yield

    def _take(self) -> Exchange | FailedWork | None:
        """The next in line; resets that came before it have then been told to the examiner."""
        exchange = self.traffic.take()
        if self._resets and exchange is not None:
            self._begin_anew_before(exchange.place)
        return exchange

    def _begin_anew_before(self, place: int) -> None:
        while self._resets and self._resets[0].after < place:
            reset = self._resets.popleft()
            self._stream += 1
            self._ensure_examiner().begin_anew(reset.at)

    def _examine(
        self, exchange: Exchange | FailedWork, give_way: Callable[[], None] = lambda: None
    ) -> None:
        if isinstance(exchange, FailedWork):
            self._take_failure(exchange)
        elif exchange.stream >= self._first_stream:
            is_late = exchange.stream < self._stream
            broken = self._ensure_examiner().examine(exchange, give_way, is_late=is_late)
            self.traffic.log.note_examined(exchange.id, broken)

    def _take_failure(self, work: FailedWork) -> None:
        if work.stream == self._stream:  # of another the request is not known any more
            told = self._ensure_examiner().take_failure(work)
            if told is not None:
                self.traffic.log.note_broken_later(*told)

    def _job_facts(self, job_id: str, at: int) -> tuple[str, str] | None:
        facts = self._resets[0].job_facts if self._resets else self._job_facts_now
        return facts(job_id, at)

    def _ensure_examiner(self) -> Examiner:
        # Made when there is something to examine: the rules are no part of a quick start.
        if self._examiner is None:
            self._examiner = self._make_examiner(self._job_facts)
        return self._examiner

    def _work(self) -> None:
        while not self._stopping:
            try:
                self._examine_what_comes()
            except Exception:  # what could not be examined has left the line; the others follow
                log.exception("an exchange could not be examined")
                time.sleep(SECONDS_OF_CALM)

    def _examine_what_comes(self) -> None:
        traffic = self.traffic
        while not self._stopping:
            if not traffic:
                traffic.wait()
            elif traffic.is_long:
                self._calm_since = None
                self._examine_one()
                self._give_way()
            else:
                self._examine_while_calm()

    def _examine_while_calm(self) -> None:
        self._calm_since = received = self.traffic.placed
        time.sleep(SECONDS_OF_CALM)
        while not self._stopping and self.traffic.placed == received and not self._is_busy():
            if not self._examine_one():
                break
            self._give_way()

    def _give_way(self) -> None:
        """Rest, between two steps, if others are at work."""
        worked = time.thread_time() - self._worked
        if worked < SECONDS_AT_WORK:
            return
        if self.traffic.placed != self._calm_since or self._is_busy() or self._is_answering():
            self._is_awaited.wait(worked * _rest(self.traffic.fullness))
        self._worked = time.thread_time()

    def _examine_one(self) -> bool:
        with self._at_work:
            exchange = self._take()
            if exchange is None:
                return False
            self._examine(exchange, self._give_way)
            return True


def _rest(fullness: float) -> float:
    """How many times as long as it has worked it rests."""
    return LONGEST_REST * min(1.0, max(0.0, TOO_LONG - fullness) / (TOO_LONG - LONG))
