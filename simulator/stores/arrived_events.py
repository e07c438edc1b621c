"""The events that bring deltas: each from its acceptance until it has ended and was answered."""

from collections.abc import Iterable, Sequence
from typing import Any

from ..domain.delta_accounts import ACCOUNT_BYTES, DeltaAccount, DeltaArrival, Fate
from ..domain.delta_outcomes import DeltaOutcome
from ..domain.events import Event, EventStatus, InventoryDelta, Unreadable
from ..domain.sizes import widened
from ..errors import Reason, shortened
from .ledger_accounts import LedgerAccounts
from .request_log import Struck
from .sent_deltas import deltas_in, event_in

LARGEST_REFUSED = 512 * 1024
"""Bytes; larger refused bodies are not looked into."""
MOST_UNANSWERED = 4 * 1024 * 1024
"""Bytes of events that have ended, and wait for word that they were answered: some never will be.
What is kept for them takes a few times as much."""
EVENT_BYTES = 1_000
"""What is kept for one of them besides."""
LONGEST_REASON = 300
"""Characters."""

# Members of an enumeration take much longer to look up than texts.
_WAITING, _APPLIED = DeltaOutcome.WAITING, DeltaOutcome.APPLIED
_WAITING_NOW, _APPLIED_ONCE = Fate.WAITING.value, Fate.APPLIED.value


class ArrivedEvents:
    """What is known of each event on its way; what comes of its deltas goes into their accounts.

    `refs` are the catalogues of the start, in the order of their numbers, for events that were
    refused and name one by its number.
    """

    def __init__(self, accounts: LedgerAccounts, refs: Iterable[str]) -> None:
        self._accounts = accounts
        self._totals = accounts.totals
        self._by_number = {str(number): ref for number, ref in enumerate(refs, start=1)}
        self._by_event: dict[str, DeltaArrival] = {}
        self._by_body: dict[int, DeltaArrival] = {}
        self._unanswered: dict[str, DeltaArrival] = {}
        self._unanswered_bytes = 0

    def accept(self, event: Event, work: Sequence[InventoryDelta] | Unreadable, era: int) -> None:
        """An event was taken in; `era` is how many resets there have been."""
        arrival = DeltaArrival(event.accepted_at, event.catalogue_ref, event.id, era)
        arrival.body = event.body
        self._by_event[event.id] = self._by_body[id(event.body)] = arrival
        self._take_in(arrival, event.body, work)

    def accept_again(
        self, event: Event, work: Sequence[InventoryDelta] | Unreadable, era: int, first_id: str
    ) -> None:
        """An event came once more of itself."""
        arrival = DeltaArrival(event.accepted_at, event.catalogue_ref, event.id, era)
        arrival.body, arrival.is_again = event.body, True
        self._by_event[event.id] = arrival
        first = self._by_event.get(first_id)
        if first is not None:
            first.again = (*first.again, arrival)
            arrival.request = first.request
        self._take_in(arrival, event.body, work)

    def end(self, event: Event) -> None:
        """An event has ended."""
        arrival = self._by_event.get(event.id)
        if arrival is None or arrival.has_ended:
            return
        arrival.has_ended = True
        deltas = arrival.deltas
        outcomes = _outcomes(event, len(deltas))
        if event.status is EventStatus.FAILED and outcomes is not None:
            outcomes = _without_applied(outcomes, arrival.accounts)
        totals = self._totals
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
            self._accounts.change(account, account.close, deltas[place], arrival, outcome)
        totals.fates[_WAITING_NOW] -= changed
        totals.fates[_APPLIED_ONCE] += changed
        if arrival.status or arrival.request or arrival.is_again:
            self._forget(arrival)
            return
        self._unanswered[event.id] = arrival
        self._unanswered_bytes += EVENT_BYTES + len(event.body)
        while self._unanswered_bytes > MOST_UNANSWERED:
            self._forget(next(iter(self._unanswered.values())))

    def answer(
        self,
        number: int,
        at: int,
        body: bytes,
        status: int,
        reason: Reason | None,
        struck: Struck | None,
        era: int,
    ) -> None:
        """A request that brought an event, or was to bring one, was answered."""
        # The very same bytes went into the event that was made of them.
        arrival = self._by_body.pop(id(body), None)
        if arrival is None or arrival.body is not body:
            if 0 < status < 400:
                return
            # It was refused, or a fault has kept it from being taken in: without a reply, if 0.
            arrival = DeltaArrival(at, "", None, era)
            arrival.has_ended = True
            if reason is not None:
                arrival.reason = shortened(reason.message, LONGEST_REASON)
            arrival.request, arrival.status = number, status
            self._take_in_unread(arrival, body, DeltaOutcome.REFUSED)
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
            self._totals.acknowledged += len(arrival.deltas)
            for account in arrival.accounts:
                if account is not None and account.further is not None:
                    account.acknowledge(arrival)
        if arrival.has_ended:
            self._forget(arrival)

    def let_go(self) -> None:
        """Nothing is to be told of any of them any more."""
        for arrival in self._by_event.values():
            arrival.accounts = ()

    def _take_in(
        self, arrival: DeltaArrival, body: bytes, work: Sequence[InventoryDelta] | Unreadable
    ) -> None:
        if not work or isinstance(work, Unreadable):
            self._take_in_unread(arrival, body, _WAITING)
            return
        kept, totals = self._accounts, self._totals
        known, oldest_first = kept.of(arrival.catalogue_ref), kept.oldest_first
        arrival.share = share = widened(body) // len(work)
        accounts: list[DeltaAccount | None] = []
        opened = 0
        for delta in work:
            delta_id = delta[0]
            if delta_id is None:
                totals.without_id += 1
                accounts.append(None)
                continue
            account = known.get(delta_id)
            if account is None:
                account = known[delta_id] = DeltaAccount(delta_id, delta, arrival)
                oldest_first.append(account)
                opened += 1
            else:
                kept.change(account, account.arrive, delta, arrival, _WAITING)
            accounts.append(account)
        arrival.deltas, arrival.accounts = work, accounts
        totals.arrive(len(work), _WAITING, is_again=arrival.is_again)
        totals.deltas += opened
        totals.fates[_WAITING_NOW] += opened
        kept.keep(opened, opened * (ACCOUNT_BYTES + share))
        if arrival.is_again and opened:  # the accounts of its deltas have been dropped
            for account in accounts:
                if account is not None and account.first is arrival:
                    kept.change(account, account.open_delivered_again)

    def _take_in_unread(self, arrival: DeltaArrival, body: bytes, outcome: DeltaOutcome) -> None:
        """Deltas arrived that no ruleset has read."""
        event = event_in(body) if len(body) <= LARGEST_REFUSED else None
        kept, totals = self._accounts, self._totals
        if event is None:
            totals.not_looked_into += 1
            return
        if not arrival.catalogue_ref:
            arrival.catalogue_ref = self._catalogue_of(event)
        accounts: list[DeltaAccount | None] = []
        deltas: list[InventoryDelta] = []
        found = list(deltas_in(event))
        arrival.share = widened(body) // max(1, len(found))
        for delta_id, said in found:
            totals.arrive(1, outcome, is_again=arrival.is_again)
            deltas.append(said.delta or InventoryDelta(delta_id, "", "", 0))
            if delta_id is None:
                totals.without_id += 1
                accounts.append(None)
                continue
            account = kept.find(arrival.catalogue_ref, delta_id)
            if account is not None:
                kept.change(account, account.arrive, said.delta or said, arrival, outcome)
            else:
                account = DeltaAccount(delta_id, said.delta or said, arrival, outcome)
                if arrival.is_again:
                    account.open_delivered_again()
                kept.of(arrival.catalogue_ref)[delta_id] = account
                kept.oldest_first.append(account)
                totals.deltas += 1
                totals.count(account.fates(), 1)
                kept.keep(1, account.held_bytes())
            accounts.append(account)
        arrival.deltas, arrival.accounts = deltas, accounts

    def _catalogue_of(self, event: Any) -> str:
        ref = event.get("entityRef")
        if isinstance(ref, str):
            return ref
        return self._by_number.get(str(event.get("entityId")), "")

    def _forget(self, arrival: DeltaArrival) -> None:
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
