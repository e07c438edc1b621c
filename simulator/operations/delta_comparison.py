"""Deltas that a source system meant to send, held against the ledger."""

from collections.abc import Sequence

from ..domain.delta_accounts import DeltaAccount, Fate, ToldArrival
from ..domain.delta_outcomes import DeltaOutcome
from ..intake.uploads import BelievedLine, LineFault, UploadKind
from ..stores.delta_ledger import DeltaLedger
from ..stores.reconcile_sessions import ReconcileSession
from .comparison import Compared, Told, named_again

_TAKES_EFFECT = (DeltaOutcome.APPLIED, DeltaOutcome.ADDED, DeltaOutcome.REPLACED)


class DeltaComparison:
    """Compares deltas, and finds the requests at which what was meant and what came part."""

    def __init__(self, ledger: DeltaLedger) -> None:
        self._ledger = ledger

    def compare(self, session: ReconcileSession, rows: Sequence[BelievedLine]) -> Compared:
        """Which of these were applied once and as meant, and what became of the others."""
        agreeing = 0
        missing: list[Told] = []
        different: list[Told] = []
        repeated: list[LineFault] = []
        for row in rows:
            account = self._ledger.find(session.catalogue_ref, row.delta_id)
            if account is None:
                missing.append(_meant(row) | {"request": None, "fates": [], "why": self._unknown})
                continue
            if row.delta_id in session.delta_ids:
                repeated.append(named_again(row, UploadKind.DELTAS, "an earlier part"))
                continue
            session.delta_ids.add(account.delta_id)
            if not _has_effect(account):
                missing.append(_meant(row) | _not_applied(account))
            elif _is_as_meant(account, row):
                agreeing += 1
            else:
                different.append(_meant(row) | _applied_otherwise(account, row))
        return Compared(agreeing, missing, different, repeated)

    def absent(self, session: ReconcileSession, start: int, count: int) -> tuple[list[Told], int]:
        """Deltas that were applied and that no part has named, the newest first."""
        found = [
            account
            for account in self._ledger.newest_first()
            if account.first.era == session.era
            and account.first.catalogue_ref == session.catalogue_ref
            and account.delta_id not in session.delta_ids
            and _has_effect(account)
        ]
        return [_applied(account) for account in found[start : start + count]], len(found)

    @property
    def _unknown(self) -> str:
        dropped = self._ledger.dropped
        if dropped:
            return f"It is not among those that are kept; {dropped:,} older ones are not."
        return "It has not arrived."


def _meant(row: BelievedLine) -> Told:
    return {
        "line": row.line,
        "deltaId": row.delta_id,
        "productRef": row.product_ref,
        "locationRef": row.location_ref,
        "qty": row.amount,
    }


def _has_effect(account: DeltaAccount) -> bool:
    """Whether it was applied; one whose quantity was there before its account began was, too."""
    return not {
        Fate.APPLIED,
        Fate.APPLIED_AGAIN,
        Fate.REPEAT_SUPPRESSED,
        Fate.CONFLICTING,
    }.isdisjoint(account.fates())


def _is_as_meant(account: DeltaAccount, row: BelievedLine) -> bool:
    delta = account.delta
    if delta is None or Fate.APPLIED_AGAIN in account.fates():
        return False
    is_known = account.times(DeltaOutcome.APPLIED) > 0
    amount = account.amount if is_known else delta.quantity
    return (delta.product_ref, delta.location_ref, amount) == row[1:4]


def _not_applied(account: DeltaAccount) -> Told:
    last = account.told[-1]
    fates = account.fates()
    reason = last.arrival.reason or f"What came of it: {', '.join(fates) or 'nothing'}."
    return {"request": last.arrival.request or None, "fates": fates, "why": reason}


def _applied_otherwise(account: DeltaAccount, row: BelievedLine) -> Told:
    """What it was applied as, and the request with which that began to differ."""
    first = account.bodies[0].delta
    is_first_as_meant = (
        first is not None and (first.product_ref, first.location_ref, first.quantity) == row[1:4]
    )
    later = [told for told in account.told[1:] if told.outcome in _TAKES_EFFECT]
    parting: ToldArrival | None = account.told[0]
    if is_first_as_meant:
        parting = later[0] if later else None
    why = None if parting is not None else "It came more often than is kept one by one."
    return {
        "applied": _applied(account),
        "request": None if parting is None else parting.arrival.request or None,
        "fates": account.fates(),
        "why": why,
    }


def _applied(account: DeltaAccount) -> Told:
    delta = account.delta
    return {
        "deltaId": account.delta_id,
        "productRef": None if delta is None else delta.product_ref,
        "locationRef": None if delta is None else delta.location_ref,
        "qty": account.amount,
        "request": account.first.request or None,
        "fates": account.fates(),
    }
