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

from ..domain import bounds
from ..domain.bounds import Tally
from ..domain.delta_accounts import ACCOUNT_BYTES, DeltaAccount, DeltaArrival, DeltaBody, Fate
from ..domain.delta_outcomes import DeltaOutcome
from ..domain.events import INVENTORY_DELTA, Event, EventStatus, InventoryDelta, Unreadable
from ..domain.inventory import Source
from ..domain.jobs import InventoryBatch, RecordVerdict
from ..domain.sizes import widened
from ..errors import Reason, shortened
from .request import Request
from .request_log import Struck
from .sent_deltas import deltas_in, event_in

log = logging.getLogger(__name__)

EVENT_PATH = "/api/v4.1/event/"
JOB_PATH, BATCH_PATH = "/api/v4.1/job/", "/batch"
MOST_NOTES = 256
"""That may wait to be worked off; twice as many at a time take a millisecond or two."""
MANY_NOTES = 4 * MOST_NOTES
"""Where nothing is applied, whoever is answered next works them off."""
LARGE_BODY = 4 * 1024
"""Bytes of a body that no note holds on to for long."""
LARGEST_REFUSED = 512 * 1024
"""Bytes; larger refused bodies are not looked into."""
MOST_UNANSWERED = 4 * 1024 * 1024
"""Bytes of events that have ended, and wait for word that they were answered: some never will be.
What is kept for them takes a few times as much."""
EVENT_BYTES = 1_000
"""What is kept for one of them besides."""
LONGEST_REASON = 300
"""Characters."""

RECORD_FATES = ("applied", "unchanged", "duplicate", "failed", "noMatch", "dropped")
"""What came of a batch's record: as its verdict has it, or dropped by a reset."""
_FATES_OF_VERDICTS = {
    RecordVerdict.APPLIED: "applied",
    RecordVerdict.NEW_QUANTITY: "applied",
    RecordVerdict.NEW_POSITION: "applied",
    RecordVerdict.UNCHANGED: "unchanged",
    RecordVerdict.DUPLICATE: "duplicate",
    RecordVerdict.FAILED: "failed",
    RecordVerdict.NO_MATCH: "noMatch",
}
# Members of an enumeration take much longer to look up than texts.
_WAITING, _APPLIED = DeltaOutcome.WAITING, DeltaOutcome.APPLIED
_WAITING_NOW, _APPLIED_ONCE = Fate.WAITING.value, Fate.APPLIED.value


class LedgerTotals:
    """What has come of all deltas since the ledger was begun, kept or not."""

    def __init__(self) -> None:
        self.deltas = 0
        self.arrived = 0
        self.acknowledged = 0
        self.delivered_again = 0
        self.without_id = 0
        self.not_looked_into = 0
        self.fates = dict.fromkeys((fate.value for fate in Fate), 0)
        self.outcomes = [0] * len(DeltaOutcome)
        self.batches_acknowledged = 0
        self.batches_refused = 0
        self.records_arrived = 0
        self.records = dict.fromkeys(RECORD_FATES, 0)

    @property
    def records_waiting(self) -> int:
        """How many records of batches have no verdict yet."""
        return self.records_arrived - sum(self.records.values())


class DeltaLedger:
    """Deltas by catalogue and deltaId; when there are too many the oldest are dropped.

    `refs` are the catalogues of the start, in the order of their numbers, for events that were
    refused and name one by its number.
    """

    def __init__(self, refs: Iterable[str]) -> None:
        self._by_number = {str(number): ref for number, ref in enumerate(refs, start=1)}
        self._lock = threading.Lock()
        # Appending to a deque and taking from it need no lock. What takes a note in is named as the
        # class has it, in no circle with the ledger: so a world that ends is gone at once.
        self._notes: deque[tuple[Callable[..., None], Any]] = deque()
        self._has_large = False
        self.era = 0
        """How many resets there have been."""
        self._forget_all()

    def _forget_all(self) -> None:
        self.totals = LedgerTotals()
        self._entries = Tally(bounds.LEDGER)
        self._bytes = Tally(bounds.LEDGER_BYTES)
        self._by_id: dict[str, dict[str, DeltaAccount]] = {}
        self._oldest_first: deque[DeltaAccount] = deque()
        self._by_event: dict[str, DeltaArrival] = {}
        self._by_body: dict[int, DeltaArrival] = {}
        self._unanswered: dict[str, DeltaArrival] = {}
        self._unanswered_bytes = 0

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
            return list(reversed(self._oldest_first))

    def find(self, catalogue_ref: str, delta_id: str) -> DeltaAccount | None:
        """What is known of a delta since the last reset."""
        with self._lock:
            self._take_in_notes()
            return self._by_id.get(catalogue_ref, {}).get(delta_id)

    @property
    def dropped(self) -> int:
        """How many were dropped to stay within the bounds."""
        return self._entries.lost + self._bytes.lost

    def __len__(self) -> int:
        return len(self._oldest_first)

    def tallies(self) -> list[Tally]:
        """How much is held."""
        with self._lock:
            self._take_in_notes()
            return [self._entries, self._bytes]

    def begin_anew(self) -> None:
        """After a reset a deltaId is another delta; those of before stay, and are told apart."""
        with self._lock:
            self._take_in_notes()
            self.totals.records["dropped"] += self.totals.records_waiting
            self._by_id = {}
            self.era += 1

    def clear(self) -> None:
        """Forget all of it, the totals too."""
        with self._lock:
            self._notes.clear()
            for arrival in self._by_event.values():
                arrival.accounts = ()
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
        event, work = told
        arrival = DeltaArrival(event.accepted_at, event.catalogue_ref, event.id, self.era)
        arrival.body = event.body
        self._by_event[event.id] = self._by_body[id(event.body)] = arrival
        self._take_in(arrival, event.body, work)

    def _accept_again(self, told: tuple[Event, Sequence[InventoryDelta] | Unreadable, str]) -> None:
        event, work, first_id = told
        arrival = DeltaArrival(event.accepted_at, event.catalogue_ref, event.id, self.era)
        arrival.body, arrival.is_again = event.body, True
        self._by_event[event.id] = arrival
        first = self._by_event.get(first_id)
        if first is not None:
            first.again = (*first.again, arrival)
            arrival.request = first.request
        self._take_in(arrival, event.body, work)

    def _take_in(
        self, arrival: DeltaArrival, body: bytes, work: Sequence[InventoryDelta] | Unreadable
    ) -> None:
        if not work or isinstance(work, Unreadable):
            self._arrive_unread(arrival, body, _WAITING)
            return
        known = self._by_id.get(arrival.catalogue_ref)
        if known is None:
            known = self._by_id[arrival.catalogue_ref] = {}
        arrival.share = share = widened(body) // len(work)
        accounts: list[DeltaAccount | None] = []
        opened = 0
        for delta in work:
            delta_id = delta[0]
            if delta_id is None:
                self.totals.without_id += 1
                accounts.append(None)
                continue
            account = known.get(delta_id)
            if account is None:
                account = known[delta_id] = DeltaAccount(delta_id, delta, arrival)
                self._oldest_first.append(account)
                opened += 1
            else:
                self._arrive(account, delta, arrival, _WAITING)
            accounts.append(account)
        arrival.deltas, arrival.accounts = work, accounts
        totals = self.totals
        if arrival.is_again:
            totals.delivered_again += len(work)
        else:
            totals.arrived += len(work)
        totals.outcomes[_WAITING] += len(work)
        totals.deltas += opened
        totals.fates[_WAITING_NOW] += opened
        self._keep(opened, opened * (ACCOUNT_BYTES + share))
        if arrival.is_again and opened:  # the accounts of its deltas have been dropped
            for account in accounts:
                if account is not None and account.first is arrival:
                    self._change(account, account.open_delivered_again)

    def _arrive_unread(self, arrival: DeltaArrival, body: bytes, outcome: DeltaOutcome) -> None:
        """Deltas arrived that no ruleset has read."""
        event = event_in(body) if len(body) <= LARGEST_REFUSED else None
        if event is None:
            self.totals.not_looked_into += 1
            return
        if not arrival.catalogue_ref:
            arrival.catalogue_ref = self._catalogue_of(event)
        accounts: list[DeltaAccount | None] = []
        deltas: list[InventoryDelta] = []
        found = list(deltas_in(event))
        arrival.share = widened(body) // max(1, len(found))
        for delta_id, said in found:
            if arrival.is_again:
                self.totals.delivered_again += 1
            else:
                self.totals.arrived += 1
            self.totals.outcomes[outcome] += 1
            deltas.append(said.delta or InventoryDelta(delta_id, "", "", 0))
            if delta_id is None:
                self.totals.without_id += 1
                accounts.append(None)
                continue
            known = self._by_id.setdefault(arrival.catalogue_ref, {})
            account = known.get(delta_id)
            if account is not None:
                self._arrive(account, said.delta or said, arrival, outcome)
            else:
                account = DeltaAccount(delta_id, said.delta or said, arrival, outcome)
                if arrival.is_again:
                    account.open_delivered_again()
                known[delta_id] = account
                self._oldest_first.append(account)
                self.totals.deltas += 1
                self._count(account.fates(), 1)
                self._keep(1, account.held_bytes())
            accounts.append(account)
        arrival.deltas, arrival.accounts = deltas, accounts

    def _catalogue_of(self, event: Any) -> str:
        ref = event.get("entityRef")
        if isinstance(ref, str):
            return ref
        return self._by_number.get(str(event.get("entityId")), "")

    def _end(self, event: Event) -> None:
        arrival = self._by_event.get(event.id)
        if arrival is None or arrival.has_ended:
            return
        arrival.has_ended = True
        deltas = arrival.deltas
        outcomes = _outcomes(event, len(deltas))
        if event.status is EventStatus.FAILED and outcomes is not None:
            outcomes = _without_applied(outcomes, arrival.accounts)
        totals = self.totals
        totals.outcomes[_WAITING] -= len(deltas)
        if outcomes is None:
            totals.outcomes[_APPLIED] += len(deltas)
        else:
            for value in outcomes:
                totals.outcomes[value] += 1
            if event.status is EventStatus.FAILED:
                arrival.reason = shortened(event.outcome or "", LONGEST_REASON)
        changed = 0
        for place, account in enumerate(arrival.accounts):
            if account is None:
                continue
            if outcomes is None and account.further is None:
                account.outcome = _APPLIED
                changed += 1
                continue
            outcome = _APPLIED if outcomes is None else DeltaOutcome(outcomes[place])
            self._change(account, account.close, deltas[place], arrival, outcome)
        totals.fates[_WAITING_NOW] -= changed
        totals.fates[_APPLIED_ONCE] += changed
        if arrival.status or arrival.request or arrival.is_again:
            self._forget_arrival(arrival)
            return
        self._unanswered[event.id] = arrival
        self._unanswered_bytes += EVENT_BYTES + len(event.body)
        while self._unanswered_bytes > MOST_UNANSWERED:
            self._forget_arrival(next(iter(self._unanswered.values())))

    def _answer(self, told: tuple[int, int, bytes, int, Reason | None, Struck | None]) -> None:
        number, at, body, status, reason, struck = told
        # The very same bytes went into the event that was made of them.
        arrival = self._by_body.pop(id(body), None)
        if arrival is None or arrival.body is not body:
            if 0 < status < 400:
                return
            # It was refused, or a fault has kept it from being taken in: without a reply, if 0.
            arrival = DeltaArrival(at, "", None, self.era)
            arrival.has_ended = True
            if reason is not None:
                arrival.reason = shortened(reason.message, LONGEST_REASON)
            arrival.request, arrival.status = number, status
            self._arrive_unread(arrival, body, DeltaOutcome.REFUSED)
            arrival.accounts = arrival.deltas = ()
            return
        arrival.request, arrival.status = number, status
        if struck is not None:
            kinds = {firing.kind for firing in struck.firings if not firing.undone}
            arrival.is_garbled, arrival.was_held_up = "double_reply" in kinds, "latency" in kinds
        came_again = [*arrival.again]
        for again in came_again:
            again.request = number
            came_again += again.again  # as two rules may have it
        if arrival.is_acknowledged:
            self.totals.acknowledged += len(arrival.deltas)
            for account in arrival.accounts:
                if account is not None and account.further is not None:
                    account.acknowledge(arrival)
        if arrival.has_ended:
            self._forget_arrival(arrival)

    def _accept_batch(self, size: int) -> None:
        self.totals.records_arrived += size

    def _end_batch(self, verdicts: bytearray) -> None:
        for verdict, fate in _FATES_OF_VERDICTS.items():
            self.totals.records[fate] += verdicts.count(verdict)

    def _answer_batch(self, told: tuple[int, str | None]) -> None:
        status, made = told
        if 200 <= status < 300:
            self.totals.batches_acknowledged += 1
        elif status and made is None:
            self.totals.batches_refused += 1

    def _retire(self, told: tuple[str, str, int, Source]) -> None:
        catalogue_ref, quantity_ref, at, source = told
        account = self._by_id.get(catalogue_ref, {}).get(quantity_ref)
        if account is not None:
            self._change(account, account.retire, at, source)

    def _arrive(
        self,
        account: DeltaAccount,
        said: InventoryDelta | DeltaBody,
        arrival: DeltaArrival,
        outcome: DeltaOutcome,
    ) -> None:
        self._change(account, account.arrive, said, arrival, outcome)

    def _change(self, account: DeltaAccount, change: Callable[..., None], *arguments: Any) -> None:
        """Let something happen to an account, and count what can be said of it then."""
        fates, size = account.fates(), account.held_bytes()
        change(*arguments)
        self._count(fates, -1)
        self._count(account.fates(), 1)
        if account.is_kept:
            self._keep(0, account.held_bytes() - size)

    def _count(self, fates: Sequence[Fate], times: int) -> None:
        counted = self.totals.fates
        for fate in fates:
            counted[fate.value] += times

    def _forget_arrival(self, arrival: DeltaArrival) -> None:
        """Nothing more is to be told of it."""
        event_id, body = arrival.event_id, arrival.body
        if event_id is None or body is None:
            return
        del self._by_event[event_id]
        if self._unanswered.pop(event_id, None) is not None:
            self._unanswered_bytes -= EVENT_BYTES + len(body)
        if self._by_body.get(id(body)) is arrival:
            del self._by_body[id(body)]
        arrival.body = None
        arrival.accounts = arrival.deltas = ()
        if not arrival.is_again:  # one that is may have ended before its request is answered
            arrival.again = ()

    def _keep(self, entries: int, size: int) -> None:
        self._entries.held += entries
        self._bytes.held += size
        for tally in (self._entries, self._bytes):
            while tally.is_over and self._oldest_first:
                self._drop_oldest(tally)

    def _drop_oldest(self, tally: Tally) -> None:
        oldest = self._oldest_first.popleft()
        oldest.is_kept = False
        known = self._by_id.get(oldest.first.catalogue_ref, {})
        if known.get(oldest.delta_id) is oldest:
            del known[oldest.delta_id]
        self._entries.held -= 1
        self._bytes.held -= oldest.held_bytes()
        tally.lost += 1


def _without_applied(outcomes: bytes, accounts: Sequence[DeltaAccount | None]) -> bytes:
    """Of an event that failed: what was there before has failed where the ledger knows how it came.

    Else it is from before a reset, and nobody else tells that it is in stock.
    """
    return bytes(
        DeltaOutcome.FAILED
        if outcome == DeltaOutcome.REPEATED and account is not None and account.times(_APPLIED)
        else outcome
        for outcome, account in zip(outcomes, accounts, strict=True)
    )


def _outcomes(event: Event, deltas: int) -> bytes | None:
    """What came of each delta of an event that has ended; None where each was applied at first."""
    if event.status is EventStatus.NO_MATCH:
        return bytes([DeltaOutcome.NO_MATCH]) * deltas
    outcomes = b"" if event.trace is None else event.trace.outcomes
    if len(outcomes) == deltas:
        return outcomes
    return bytes([DeltaOutcome.FAILED]) * deltas if event.status is EventStatus.FAILED else None
