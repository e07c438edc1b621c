"""The one thread that changes stock: accepting is not applying.

Events and batches wait in two lines. The one that was accepted first goes first, but once a batch
has begun, its further chunks give way to every event that waits: so a full load never stalls the
deltas, and a delta never overtakes a small batch that was sent before it.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .behaviour import Behaviour
from .clock import Clock
from .domain import workflow
from .domain.batch_run import BatchRun
from .domain.events import Event, EventStatus, Outcome
from .domain.ports import CatalogueStore

CHUNK_RECORDS = 250
"""Records applied under one hold of the store's lock: about a millisecond."""

log = logging.getLogger(__name__)


class Worker:
    """Applies what was accepted, in a thread of its own."""

    def __init__(
        self,
        store: CatalogueStore,
        clock: Clock,
        behaviour: Behaviour,
        batch_completed: Callable[[BatchRun], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._behaviour = behaviour
        self._batch_completed = batch_completed
        self._accepted = 0
        self._events: deque[tuple[int, Event, threading.Event | None]] = deque()
        self._batches: deque[tuple[int, BatchRun]] = deque()
        self._changed = threading.Condition()
        self._at_work = threading.Lock()
        self._idle = False
        self._stopping = False
        self._thread = threading.Thread(target=self._work, name="worker", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """End after the piece of work in hand."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join()

    def submit_event(self, event: Event, done: threading.Event | None = None) -> None:
        """Put an event in line; `done` is set once it has ended."""
        with self._changed:
            self._accepted += 1
            self._events.append((self._accepted, event, done))
            self._wake()

    def submit_batch(self, run: BatchRun) -> None:
        """Put a batch in line."""
        with self._changed:
            self._accepted += 1
            self._batches.append((self._accepted, run))
            self._wake()

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """No piece of work is in hand while this lasts."""
        with self._at_work:
            yield

    def discard(self) -> None:
        """Drop all that waits."""
        with self._changed:
            waiting = list(self._events)
            self._events.clear()
            self._batches.clear()
        for _, event, done in waiting:
            event.end(Outcome(EventStatus.FAILED, "dropped by a reset"))
            if done is not None:
                done.set()

    @property
    def waiting(self) -> tuple[int, int]:
        """How many events and batches wait."""
        return len(self._events), len(self._batches)

    @property
    def is_busy(self) -> bool:
        """Whether anything accepted has not ended yet."""
        with self._changed:
            return bool(self._events or self._batches or not self._idle)

    def _wake(self) -> None:
        if self._idle:
            self._changed.notify()

    def _work(self) -> None:
        while True:
            with self._changed:
                while not (self._events or self._batches or self._stopping):
                    self._idle = True
                    self._changed.wait()
                self._idle = False
                if self._stopping:
                    return
            with self._at_work:
                self._apply_next()

    def _apply_next(self) -> None:
        with self._changed:
            run = self._batches[0][1] if self._batches else None
            if self._events and (run is None or self._event_goes_first()):
                _, event, done = self._events.popleft()
            elif run is not None:
                event = None
            else:
                return
        if event is not None:
            self._apply_event(event, done)
        elif run is not None:
            self._apply_chunk(run)

    def _event_goes_first(self) -> bool:
        number, run = self._batches[0]
        return run.has_begun or self._events[0][0] < number

    def _apply_event(self, event: Event, done: threading.Event | None) -> None:
        try:
            event.end(self._run(event))
        except Exception:
            log.exception("the event %s could not be applied", event.id)
            event.end(Outcome(EventStatus.FAILED, "a defect of the simulator; see its log"))
        if done is not None:
            done.set()

    def _run(self, event: Event) -> Outcome:
        if workflow.ruleset_for(event) is None:
            return Outcome(EventStatus.NO_MATCH, workflow.why_no_ruleset(event))
        ref = event.catalogue_ref
        with self._store.transaction(ref) as catalogue:
            if catalogue is None:
                known = ", ".join(self._store.refs())
                reason = f"there is no inventory catalogue {ref!r}; there are {known}"
                return Outcome(EventStatus.NO_MATCH, reason)
            return workflow.run(catalogue, event, self._clock.now(), self._behaviour)

    def _apply_chunk(self, run: BatchRun) -> None:
        try:
            if not run.has_begun:
                run.begin()
            with self._store.transaction(str(run.batch.catalogue)) as catalogue:
                if catalogue is None:
                    run.end_unmatched()
                else:
                    run.apply_chunk(catalogue, CHUNK_RECORDS, self._clock.now())
        except Exception:
            log.exception("batch %s could not be applied", run.batch.number)
            run.fail_rest("a defect of the simulator; see its log")
        if run.finished:
            with self._changed:
                if self._batches and self._batches[0][1] is run:
                    self._batches.popleft()
            run.batch.complete()
            self._batch_completed(run)
