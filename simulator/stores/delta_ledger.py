"""The ledger of deltas: how often each arrived, and what came of it.

Whoever takes a delta in, applies, answers or retires it leaves a note, which costs the request next
to nothing. The notes are worked off a few hundred at a time by the thread that applies events, and
all of them before anybody reads. The accounts of the oldest deltas give way; the totals go on.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ..domain.bounds import Tally
from ..domain.delta_accounts import DeltaAccount
from ..domain.events import INVENTORY_DELTA, Event, InventoryDelta, Unreadable
from ..domain.inventory import Source
from ..domain.jobs import InventoryBatch
from ..errors import Reason
from .arrived_events import ArrivedEvents
from .ledger_accounts import LedgerAccounts
from .ledger_totals import LedgerTotals
from .request import Request
from .request_log import Struck

log = logging.getLogger(__name__)

EVENT_PATH = "/api/v4.1/event/"
JOB_PATH, BATCH_PATH = "/api/v4.1/job/", "/batch"
MOST_NOTES = 256
"""That may wait to be worked off; twice as many at a time take a millisecond or two."""
MANY_NOTES = 4 * MOST_NOTES
"""Where nothing is applied, whoever is answered next works them off."""
LARGE_BODY = 4 * 1024
"""Bytes of a body that no note holds on to for long."""


class DeltaLedger:
    """Deltas by catalogue and deltaId; when there are too many the oldest are dropped.

    `refs` are the catalogues of the start, in the order of their numbers, for events that were
    refused and name one by its number.
    """

    def __init__(self, refs: Iterable[str]) -> None:
        self._refs = tuple(refs)
        self._lock = threading.Lock()
        # Appending to a deque and taking from it need no lock. What takes a note in is named as the
        # class has it, in no circle with the ledger: so a world that ends is gone at once.
        self._notes: deque[tuple[Callable[..., None], Any]] = deque()
        self._has_large = False
        self.era = 0
        """How many resets there have been."""
        self._forget_all()

    def _forget_all(self) -> None:
        self._accounts = LedgerAccounts()
        self._arrived = ArrivedEvents(self._accounts, self._refs)

    @property
    def totals(self) -> LedgerTotals:
        """What has come of all that arrived, kept or not."""
        return self._accounts.totals

    # -- notes, left by whoever is at work ---------------------------------------------------------

    def accepted(self, event: Event) -> None:
        """An event was taken in; to be told before anybody works on it."""
        if event.name == INVENTORY_DELTA:
            self._notes.append((DeltaLedger._accept, (event, event.work)))
            if not event.waits:
                self._notes.append((DeltaLedger._end, event))

    def delivered_again(self, event: Event, first: Event) -> None:
        """An event came once more of itself, as another one; told before anybody works on it."""
        if event.name == INVENTORY_DELTA:
            self._notes.append((DeltaLedger._accept_again, (event, event.work, first.id)))

    def ended(self, event: Event) -> None:
        """An event has ended."""
        if event.name == INVENTORY_DELTA:
            self._notes.append((DeltaLedger._end, event))
            if len(event.body) > LARGE_BODY:
                self._has_large = True

    def keep_up(self) -> None:
        """Work some notes off, if many wait or a large one; for the thread that applies events."""
        if self._has_large or len(self._notes) >= MOST_NOTES:
            self._has_large = False
            self._work_off(blocking=False)

    def answered(
        self,
        number: int,
        at: int,
        request: Request,
        status: int,
        reason: Reason | None,
        struck: Struck | None,
    ) -> None:
        """A request was answered; `number` is its own in the log of requests.

        `struck` is what faults did to it, and what it has made although it was answered otherwise.
        """
        path = request.path
        if request.method != "POST" or not request.sent:
            return
        if path.startswith(EVENT_PATH):
            told = (number, at, request.sent, status, reason, struck)
            self._notes.append((DeltaLedger._answer, told))
            waiting = len(self._notes)
            if waiting >= MANY_NOTES or (status >= 400 and len(request.sent) > LARGE_BODY):
                self._work_off(blocking=waiting >= 2 * MANY_NOTES)
        elif path.startswith(JOB_PATH) and path.endswith(BATCH_PATH):
            made = None if struck is None else struck.made
            self._notes.append((DeltaLedger._answer_batch, (status, made)))

    def batch_accepted(self, batch: InventoryBatch) -> None:
        """A batch was taken in; to be told before anybody works on it."""
        self._notes.append((DeltaLedger._accept_batch, batch.size))

    def batch_ended(self, batch: InventoryBatch) -> None:
        """Every record of a batch has its verdict; the seed data's are not told."""
        if batch.number:
            self._notes.append((DeltaLedger._end_batch, batch.verdicts))

    def retired(self, catalogue_ref: str, quantity_ref: str, at: int, source: Source) -> None:
        """A count has retired a quantity, which may be a delta's."""
        self._notes.append((DeltaLedger._retire, (catalogue_ref, quantity_ref, at, source)))

    # -- for whoever reads -------------------------------------------------------------------------

    def newest_first(self) -> list[DeltaAccount]:
        """The deltas that are kept, by their first arrival."""
        with self._lock:
            self._take_in_notes()
            return self._accounts.newest_first()

    def find(self, catalogue_ref: str, delta_id: str) -> DeltaAccount | None:
        """What is known of a delta since the last reset."""
        with self._lock:
            self._take_in_notes()
            return self._accounts.find(catalogue_ref, delta_id)

    @property
    def dropped(self) -> int:
        """How many were dropped to stay within the bounds."""
        return self._accounts.entries.lost + self._accounts.bytes.lost

    def __len__(self) -> int:
        return len(self._accounts)

    def tallies(self) -> list[Tally]:
        """How much is held."""
        with self._lock:
            self._take_in_notes()
            return [self._accounts.entries, self._accounts.bytes]

    def begin_anew(self) -> None:
        """After a reset a deltaId is another delta; those of before stay, and are told apart."""
        with self._lock:
            self._take_in_notes()
            self._accounts.begin_anew()
            self.era += 1

    def clear(self) -> None:
        """Forget all of it, the totals too."""
        with self._lock:
            self._notes.clear()
            self._arrived.let_go()
            self._forget_all()

    # -- working notes off -------------------------------------------------------------------------

    def _work_off(self, *, blocking: bool) -> None:
        if self._lock.acquire(blocking=blocking):
            try:
                self._take_in_notes(2 * MOST_NOTES)
            finally:
                self._lock.release()

    def _take_in_notes(self, most: int | None = None) -> None:
        notes = self._notes
        waiting = len(notes)
        for _ in range(waiting if most is None else min(most, waiting)):
            take_in, told = notes.popleft()
            try:
                take_in(self, told)
            except Exception:  # an account of what is done must not end what is done
                log.exception("the ledger could not take in a note")
                self.totals.not_looked_into += 1

    def _accept(self, told: tuple[Event, Sequence[InventoryDelta] | Unreadable]) -> None:
        self._arrived.accept(*told, self.era)

    def _accept_again(self, told: tuple[Event, Sequence[InventoryDelta] | Unreadable, str]) -> None:
        event, work, first_id = told
        self._arrived.accept_again(event, work, self.era, first_id)

    def _end(self, event: Event) -> None:
        self._arrived.end(event)

    def _answer(self, told: tuple[int, int, bytes, int, Reason | None, Struck | None]) -> None:
        self._arrived.answer(*told, self.era)

    def _accept_batch(self, size: int) -> None:
        self.totals.records_arrived += size

    def _end_batch(self, verdicts: bytearray) -> None:
        self.totals.end_batch(verdicts)

    def _answer_batch(self, told: tuple[int, str | None]) -> None:
        self.totals.answer_batch(*told)

    def _retire(self, told: tuple[str, str, int, Source]) -> None:
        catalogue_ref, quantity_ref, at, source = told
        account = self._accounts.find(catalogue_ref, quantity_ref)
        if account is not None:
            self._accounts.change(account, account.retire, at, source)
