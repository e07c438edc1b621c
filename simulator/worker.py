"""The thread that applies events and batches: accepting is not applying.

Events and batches wait in two lines. The one that was accepted first goes first, but once a batch
has begun, its further chunks give way to every event that waits: so a full load never stalls the
deltas, and a delta never overtakes a small batch that was sent before it. The seed data goes ahead
of everything. An event that is to run later waits beside the lines, and joins the end of its line
when its time has come. Where accepted work is held back (`PUT /__admin/settling`), it joins the
lines once it is let go of, in order of acceptance; whoever waits for the outcome of an event is not
held up. Mutations do not come this way: each is made by the thread of its request, with nobody else
at the account meanwhile.
"""

import itertools
import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from queue import SimpleQueue
from typing import Protocol

from .behaviour import Behaviour
from .clock import Clock
from .domain.account.ports import CatalogueStore
from .domain.events import (
    INVENTORY_CATALOGUE,
    Event,
    EventStatus,
    Outcome,
    Trace,
    Unreadable,
)
from .domain.jobs import InventoryBatch
from .domain.settling import Settling
from .domain.workflow import workflow
from .domain.workflow.batch_run import BatchRun
from .errors import listed, shortened
from .late_thread import LateThread
from .stores.batch_log import BatchLog
from .stores.delta_ledger import DeltaLedger
from .stores.event_log import EventLog
from .stores.held_work import HeldWork, Unit
from .stores.in_line import InLine, Units
from .stores.jobs import JobStore
from .stores.schedule import Schedule
from .stores.set_aside import Later, Piece, SetAside

CHUNK_RECORDS = 250
"""Records applied under one hold of the store's lock: a millisecond or a few."""

CHUNK_COUNTS = 500
"""The same of plain counts, which are applied together: less than a millisecond."""

NAP = 0.0005
"""Seconds that what comes first leaves to others to come, which are then applied in one go: threads
that take turns for every delta cost more than the deltas."""

LONGEST_LOOK_AWAY = 0.05
"""Seconds between two looks at the clock, which may be one that is moved by hand."""

_FIRST = -1
"""The number of the seed data in the line: it gives way to nothing, as all else builds on it."""

DEFECT = "a defect of the simulator; see its log"
"""Why something came to nothing that is no fault of its sender's."""


class NoteFailed(Protocol):
    """Is told of what came to nothing."""

    def __call__(self, unit: Event | InventoryBatch, *, but: Sequence[str] = ()) -> None:
        """Take note of it, but for reasons that are no fault of its sender's."""


_WaitingEvent = tuple[int, Event, threading.Event | None]
"""By its arrival; with what is set once it has ended, where somebody waits for it."""
_WaitingBatch = tuple[int, BatchRun]

log = logging.getLogger(__name__)


class Worker:
    """Applies what was accepted, in a thread of its own."""

    def __init__(
        self,
        store: CatalogueStore,
        clock: Clock,
        behaviour: Behaviour,
        jobs: JobStore,
        event_log: EventLog,
        batch_log: BatchLog,
        settling: Settling,
        ledger: DeltaLedger,
        note_failed: NoteFailed,
    ) -> None:
        self._store = store
        self._clock = clock
        self.behaviour = behaviour
        self._jobs = jobs
        self._event_log = event_log
        self._batch_log = batch_log
        self._ledger = ledger
        self._note_failed = note_failed
        self._arrivals = itertools.count()
        # Appending to a deque and taking from it need no lock, and a lock that every request
        # and the worker fight over would cost more than the work itself.
        self._events: deque[_WaitingEvent] = deque()
        self._batches: deque[_WaitingBatch] = deque()
        self._schedule = Schedule()
        # It knows the lines, and not the worker: neither keeps the other alive.
        self._line_up = partial(_line_up, self._arrivals, self._events, self._batches)
        self._held = HeldWork(settling, self._line_up)
        self.when_seeded: Callable[[], object] = lambda: None
        """Told when a part of the seed data is there."""
        self.when_ended: Callable[[Event], object] | None = None
        """Told of each event that has ended, where anybody wants to be: for webhooks."""
        self.aside = SetAside()
        """What is kept from the lines for a while."""
        self._bell: SimpleQueue[None] = SimpleQueue()
        # Idle means that the bell is to be rung for whatever comes.
        self._idle = True
        self._is_awaited = False
        self._stopping = False
        self._at_work = threading.Lock()
        self._thread = LateThread(self._work, "worker")

    def start(self) -> None:
        """Begin to work, as soon as there is something to do."""
        self._thread.allow()
        if self._events or self._batches or self._schedule or self._held:
            self._thread.ensure_started()

    def stop(self) -> None:
        """End after the piece of work in hand."""
        self._stopping = True
        self._bell.put(None)
        self._thread.join()

    def submit_event(self, event: Event, done: threading.Event | None = None) -> None:
        """Put an event in line; `done` is set once it has ended, and is not held back."""
        if self.aside.threads and self.aside.takes(event, partial(self.submit_event, event, done)):
            return
        if self._held.is_on and done is None and self._hold(event):
            return
        self._events.append((next(self._arrivals), event, done))
        if done is not None:
            self._is_awaited = True
        self._wake()

    def submit_scheduled(self, event: Event) -> None:
        """Put an event aside until it is to run."""
        if self.aside.threads and self.aside.takes(event, partial(self.submit_scheduled, event)):
            return
        self._schedule.add(event)
        self._wake()

    def submit_batch(self, run: BatchRun) -> None:
        """Put a batch in line."""
        self._ledger.batch_accepted(run.batch)
        if self.aside.threads and self.aside.takes(run, partial(self._put_in_line, run)):
            return
        self._put_in_line(run)

    def _put_in_line(self, run: BatchRun) -> None:
        if self._held.is_on and self._hold(run):
            return
        self._batches.append((next(self._arrivals), run))
        self._wake()

    def keep_until(self, piece: Piece, due: int) -> Later:
        """Keep a piece of work from the lines until a moment."""
        later = self.aside.keep_until(piece, due)
        self._wake()
        return later

    def submit_seed(self, runs: Sequence[BatchRun]) -> None:
        """Put the seed data ahead of all that waits; to be called while it is quiet."""
        self._batches.extendleft((_FIRST, run) for run in reversed(runs))
        self._wake()

    def act_by(self, behaviour: Behaviour) -> None:
        """Go by these switches from now on; to be called while it is quiet."""
        self.behaviour = self._batch_log.behaviour = behaviour

    def wait_for_time(self, events: Iterable[Event]) -> None:
        """Put events aside until they are to run, in place of all others; while it is quiet."""
        self._schedule.take_all()
        for event in events:
            self._schedule.add(event)
        self._wake()

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """No piece of work is in hand while this lasts."""
        with self._at_work:
            yield

    def discard(self) -> None:
        """Drop all that waits; to be called while it is quiet."""
        self.aside.put_due(None)
        self._batches.clear()
        while self._events:
            _, event, done = self._events.popleft()
            self._drop(event, done)
        for event in self._schedule.take_all():
            self._drop(event, None)
        for unit in self._held.take_all():
            if isinstance(unit, Event):
                self._drop(unit, None)

    def _hold(self, unit: Unit) -> bool:
        is_held = self._held.hold(unit)
        if is_held:
            self._wake()  # to look when it is due
        return is_held

    def _drop(self, event: Event, done: threading.Event | None) -> None:
        event.end(Outcome(EventStatus.FAILED, "dropped by a reset"))
        self._event_log.ended(event)
        self._ledger.ended(event)
        if done is not None:
            done.set()

    @property
    def in_line(self) -> InLine:
        """How much was accepted and is not applied yet."""
        return InLine(
            Units(len(self._events), len(self._batches)),
            self._held.units,
            self.aside.for_later,
            len(self._schedule),
        )

    @property
    def holds_back(self) -> bool:
        """Whether anything that comes now is held back."""
        return self._held.is_on

    @property
    def settling(self) -> Settling:
        """How fast what was accepted is applied."""
        return self._held.settling

    def settle_by(self, settling: Settling) -> None:
        """Apply what was accepted, and what will be, as fast as this says."""
        self._held.change(settling)
        if self._held or self._events or self._batches:
            self._wake()

    def let_go(self, most: int | None = None) -> int:
        """Apply so many units of what is held back, the first ones, or all; returns how many."""
        count = self._held.let_go(most)
        if count:
            self._wake()
        return count

    @property
    def next_due_at(self) -> int | None:
        """When the next of what waits for its time is to run; None where there is none."""
        moments = (
            self._schedule.next_at() if self._schedule else None,
            self._held.next_at() if self._held else None,
            self.aside.next_at() if self.aside else None,
        )
        return min((moment for moment in moments if moment is not None), default=None)

    def look_at_clock(self) -> None:
        """Begin at once with what is due, by a clock that may just have been moved."""
        if self._is_any_due():
            self._wake()

    @property
    def is_busy(self) -> bool:
        """Whether anything accepted is due and has not ended.

        What waits for its time is not, nor what is held back until somebody asks for it.
        """
        # First what is due: who takes it from there is not idle, and puts it in line.
        return bool(
            self._is_any_due() or self.aside.kept or self._events or self._batches or not self._idle
        )

    def _is_any_due(self) -> bool:
        due = self.next_due_at if self._schedule or self._held or self.aside else None
        return due is not None and due <= self._clock.now()

    def _wake(self) -> None:
        # Set before the last look at the lines, so that nothing which comes after it is missed.
        if self._idle:
            self._bell.put(None)
            self._thread.ensure_started()

    def _work(self) -> None:
        while not self._stopping:
            try:
                self._take_turns()
            except Exception:  # whatever it is, what was accepted after it is to be applied
                log.exception("a step of the worker has failed")
                time.sleep(LONGEST_LOOK_AWAY)  # the next may fail too

    def _take_turns(self) -> None:
        self._idle = False
        while not self._stopping:
            if self._schedule or self._held or self.aside:
                self._line_up_due()
            if self._events or self._batches:
                with self._at_work:
                    self._apply_next()
                self._ledger.keep_up()
                if self._batches:
                    # Requests that wait for the interpreter get it between two chunks.
                    time.sleep(0)
                continue
            self._is_awaited = False
            self._idle = True
            if not (self._events or self._batches or self._stopping):
                self._await_bell()
            self._idle = False

    def _line_up_due(self) -> None:
        with self._at_work:  # a reset drops either what is scheduled or what waits in line
            for event in self._schedule.take_due(self._clock.now()):
                event.status = EventStatus.PENDING
                if not self._held.hold(event):
                    self._line_up(event)
            self._held.let_go_due(self._clock.now())
            self.aside.put_due(self._clock.now())

    def _await_bell(self) -> None:
        due = self.next_due_at
        if due is None:
            self._bell.get()
            self._idle = False  # what comes during the nap rings no bell that nobody needs
            if not self._is_awaited:
                time.sleep(NAP)
            return
        left = max(0, due - self._clock.now()) / 1000
        with suppress(queue.Empty):
            self._bell.get(timeout=min(left, LONGEST_LOOK_AWAY))

    def _apply_next(self) -> None:
        # What a reset has forgotten may still be put in line by the request that brought it.
        if self._events and (not self._batches or self._event_goes_first()):
            _, event, done = self._events.popleft()
            if self._event_log.holds(event):
                self._apply_event(event, done)
            else:
                self._drop(event, done)
        elif self._batches:
            number, run = self._batches[0]
            if run.has_begun or number == _FIRST or self._jobs.awaits(run.batch):
                self._apply_chunk(run)
            else:
                self._batches.popleft()

    def _event_goes_first(self) -> bool:
        number, run = self._batches[0]
        if number == _FIRST:
            return False
        return run.has_begun or self._events[0][0] < number

    def _apply_event(self, event: Event, done: threading.Event | None) -> None:
        work = event.work
        is_made_up = isinstance(work, Unreadable) and work.is_made_up
        try:
            outcome = self._run(event)
        except Exception:
            log.exception("the event %s could not be applied", event.id)
            trace = Trace(self._clock.now())
            is_made_up = True
            outcome = Outcome(EventStatus.FAILED, DEFECT, trace=trace)
        event.end(outcome, self._clock.now())
        if outcome.status is not EventStatus.SUCCESS and done is None and not is_made_up:
            _take_note(self._note_failed, event)
        _take_note(self._event_log.ended, event)
        _take_note(self._ledger.ended, event)
        self.tell_ended(event)
        if done is not None:
            done.set()

    def tell_ended(self, event: Event) -> None:
        """Tell whoever wants to be told of an event that has ended, also without being applied."""
        when_ended = self.when_ended
        if when_ended is not None:
            _take_note(when_ended, event)

    def _run(self, event: Event) -> Outcome:
        with self._store.transaction(event.catalogue_ref) as catalogue:
            if catalogue is not None:
                return workflow.run(catalogue, event, self._clock.now(), self.behaviour)
        if event.context.entity_type != INVENTORY_CATALOGUE:
            return Outcome(EventStatus.NO_MATCH, workflow.why_no_ruleset(event))
        wanted = event.context.entity_ref or event.context.entity_id
        known = listed(self._store.refs())
        reason = f"there is no inventory catalogue {shortened(wanted or '')!r}; there are {known}"
        return Outcome(EventStatus.NO_MATCH, reason)

    def _apply_chunk(self, run: BatchRun) -> None:
        try:
            if not run.has_begun:
                run.begin(self._clock.now())
            with self._store.transaction(str(run.batch.catalogue)) as catalogue:
                if catalogue is None:
                    run.end_unmatched(f"there is no inventory catalogue {run.batch.catalogue}")
                else:
                    size = CHUNK_COUNTS if run.batch.is_plain else CHUNK_RECORDS
                    run.apply_chunk(catalogue, size, self._clock.now())
        except Exception:
            log.exception("batch %s could not be applied", run.batch.number)
            run.fail_rest(DEFECT)
        if run.finished:
            number, _ = self._batches.popleft()
            run.batch.let_go()
            # Who sees it COMPLETE finds its events in the log, and what failed in the report.
            _take_note(self._batch_log.completed, run)
            if number != _FIRST and (run.batch.faults or run.batch.unmatched):
                _take_note(self._note_failed, run.batch, but=(DEFECT, run.why_it_breaks))
            run.batch.complete(self._clock.now())
            _take_note(self._jobs.completed, run.batch)
            _take_note(self._ledger.batch_ended, run.batch)
            if not run.batch.number:
                self.when_seeded()


def _take_note(note: Callable[..., object], *told: object, **also: object) -> None:
    """Have somebody take note of what has ended: no account of what is done ends what is done."""
    try:
        note(*told, **also)
    except Exception:
        log.exception("no note was taken of what has ended")


def _line_up(
    arrivals: Iterator[int],
    events: deque[_WaitingEvent],
    batches: deque[_WaitingBatch],
    unit: Unit,
) -> None:
    """Put a unit at the end of its line."""
    if isinstance(unit, Event):
        events.append((next(arrivals), unit, None))
    else:
        batches.append((next(arrivals), unit))
