"""Whether every delta that arrived was applied exactly once, as the ledger has it."""

from collections.abc import Callable, Iterable, Iterator

from ..domain.delta_accounts import DeltaAccount, Fate
from ..domain.delta_outcomes import DeltaOutcome
from ..domain.verification.lost_changes import SentChange, lost_changes
from ..domain.verification.renamed_changes import AppliedChange, applied_again
from ..domain.verification.verdicts import Difference, Judged, Judgement, NearMiss
from ..errors import shortened
from ..stores.delta_ledger import DeltaLedger
from ..text.amounts import of_all_were, were

MOST_NEAR = 10
"""Deltas that are told one by one."""
LONGEST_ID = 100
"""Characters of a deltaId in the name of a difference."""
_TAKES_EFFECT = (DeltaOutcome.APPLIED, DeltaOutcome.ADDED)
_FOR_GOOD = (Fate.APPLIED_AGAIN, Fate.CONFLICTING)
"""Whatever comes of it later, or is not known of it any more."""
_IN_VAIN = (Fate.FAILED, Fate.NEVER_APPLIED)
_UNAUTHORISED = 401
_CAME_TO_SOMETHING = {Fate.APPLIED, Fate.WAITING, *_FOR_GOOD, *_IN_VAIN}
"""One of these holds of every delta that the catalogue did not know before the ledger did."""


def deltas_applied_once(
    ledger: DeltaLedger, has_signed_in: Callable[[int, int], bool]
) -> Judgement:
    """Whether each was applied once, and came under one body.

    A repeat that changed nothing is none the worse, nor is one that a later count has retired. One
    that was refused for its token has done nothing, and may come again under another deltaId.
    `has_signed_in` tells whether anybody has between two requests.
    """
    accounts = ledger.newest_first()
    accounts.reverse()
    # Looked at afterwards: what was dropped meanwhile makes nothing sure that is not.
    dropped = ledger.dropped
    made_good = _made_good(accounts, has_signed_in)
    accounts = [each for each in accounts if each not in made_good]
    at_fault = [each for each in accounts if _faults(each, is_whole=not dropped)]
    renamed = applied_again(_applied(accounts))
    if at_fault or renamed:
        reason = "; ".join(_reasons(len(accounts), len(at_fault), len(renamed)))
        told = [*at_fault, *(again for again, _ in renamed)]
        requests = sorted({request for each in told for request in _requests(each)})
        near = [_near_miss(each, ledger.era) for each in at_fault[:MOST_NEAR]]
        near += [_renamed(*each) for each in renamed[: MOST_NEAR - len(near)]]
        return Judgement(Judged.FAILED, reason, requests, near)
    fates = ledger.totals.fates
    gone = max(fates[fate.value] for fate in _FOR_GOOD) if dropped else 0
    if gone:
        reason = f"{gone:,} deltas that are no longer kept were not applied exactly once"
        return Judgement(Judged.FAILED, reason)
    doubts = list(_doubts(ledger, accounts, dropped))
    if doubts:
        return Judgement(Judged.UNKNOWN, "; ".join(doubts))
    again = sum(Fate.REPEAT_SUPPRESSED in each.fates() for each in accounts)
    repeats = f", {again:,} of them sent again" if again else ""
    each_was = " each" if len(accounts) > 1 else ""
    reason = f"{were(len(accounts), 'delta', 'deltas')}{each_was} applied exactly once{repeats}"
    return Judgement(Judged.PASSED, reason)


def _reasons(deltas: int, at_fault: int, renamed: int) -> Iterable[str]:
    if at_fault:
        yield f"{of_all_were(at_fault, deltas, 'delta', 'deltas')} not applied exactly once"
    if renamed:
        some = of_all_were(renamed, deltas, "delta", "deltas")
        yield f"{some} applied again under another deltaId"


def _made_good(
    accounts: Iterable[DeltaAccount], has_signed_in: Callable[[int, int], bool]
) -> set[DeltaAccount]:
    """Those that were refused for their token, and came in under another deltaId later."""
    turned_away: list[DeltaAccount] = []
    sent: list[SentChange[DeltaAccount]] = []
    for account in accounts:
        never_came_in = _was_turned_away(account)
        if never_came_in:
            turned_away.append(account)
        elif not account.times(DeltaOutcome.WAITING) and not any(map(account.times, _TAKES_EFFECT)):
            continue
        delta, first = account.delta, account.first
        change = None if delta is None else (first.era, first.catalogue_ref, *delta[1:])
        last = account.told[-1].arrival
        was_turned_away = first.status == _UNAUTHORISED
        sent.append(
            SentChange(account, change, first.request, last.request, was_turned_away, never_came_in)
        )
    lost: list[DeltaAccount] = lost_changes(sent, has_signed_in) if turned_away else []
    return set(turned_away).difference(lost)


def _was_turned_away(account: DeltaAccount) -> bool:
    """Whether it has come without a token in force, and in no other way."""
    return account.times(DeltaOutcome.REFUSED) == account.arrived and all(
        told.arrival.status == _UNAUTHORISED for told in account.told
    )


def _applied(accounts: Iterable[DeltaAccount]) -> Iterator[AppliedChange[DeltaAccount]]:
    """Those that were, and by which request is known."""
    for account in accounts:
        delta, first = account.delta, account.first
        if delta is not None and first.request and any(map(account.times, _TAKES_EFFECT)):
            change = (first.era, first.catalogue_ref, *delta[1:])
            yield AppliedChange(account, change, bool(account.acknowledged), first.was_held_up)


def _renamed(again: DeltaAccount, first: DeltaAccount) -> NearMiss:
    name, before = (shortened(each.delta_id, LONGEST_ID) for each in (again, first))
    found = f"applied again what delta {before} had done, whose sender was never told so"
    difference = Difference(f"delta {name}", "one deltaId for one change", found)
    return NearMiss(again.first.request, (difference,))


def _doubts(ledger: DeltaLedger, accounts: Iterable[DeltaAccount], dropped: int) -> Iterable[str]:
    """Why nobody can tell."""
    totals = ledger.totals
    fates = [each.fates() for each in accounts]
    waiting = sum(Fate.WAITING in each for each in fates)
    known_before = sum(_CAME_TO_SOMETHING.isdisjoint(each) for each in fates)
    if waiting:
        yield f"{waiting:,} deltas are not applied yet"
    if dropped:
        yield f"{dropped:,} older deltas are no longer kept, which would have to be looked at"
    if known_before:
        yield f"{known_before:,} deltas were applied before the ledger knew of them"
    if totals.without_id:
        yield f"{totals.without_id:,} deltas came without a deltaId, which nothing tells apart"
    if totals.not_looked_into:
        yield f"{totals.not_looked_into:,} requests were refused and not looked into"
    if not fates:
        yield "no delta has arrived"


def _faults(account: DeltaAccount, *, is_whole: bool) -> list[Fate]:
    """What speaks against a delta for sure; `is_whole` unless it may have come before."""
    fates = account.fates()
    is_over = is_whole and Fate.WAITING not in fates
    return [fate for fate in fates if fate in _FOR_GOOD or (is_over and fate in _IN_VAIN)]


def _near_miss(account: DeltaAccount, era: int) -> NearMiss:
    field = f"delta {shortened(account.delta_id, LONGEST_ID)}"
    before = "" if account.first.era == era else ", before a reset"
    faults = _faults(account, is_whole=True)
    found = ", ".join(_said(account, fate) for fate in faults) + before
    return NearMiss(_parting(account, faults), (Difference(field, "applied exactly once", found),))


def _said(account: DeltaAccount, fate: Fate) -> str:
    match fate:
        case Fate.APPLIED_AGAIN:
            times = sum(map(account.times, _TAKES_EFFECT))
            return f"applied {times:,} times" if times > 1 else "applied again"
        case Fate.CONFLICTING:
            bodies = len(account.bodies)
            if bodies == 1:
                return "taken in under another body than what was there"
            return f"taken in under {'at least ' if account.other_bodies else ''}{bodies} bodies"
    said = "failed" if fate is Fate.FAILED else "never applied"
    reason = next((told.arrival.reason for told in account.told if told.arrival.reason), "")
    again = "; not sent again with a token in force" if _was_turned_away(account) else ""
    return f"{said}: {reason}{again}" if reason else f"{said}{again}"


def _parting(account: DeltaAccount, faults: list[Fate]) -> int | None:
    """The request with which it went wrong, as far as that is kept; else the last that is."""
    if Fate.APPLIED_AGAIN in faults:
        effective = [told for told in account.told if told.outcome in _TAKES_EFFECT]
        if len(effective) > 1:
            return effective[1].arrival.request or None
    return next(reversed(_requests(account)), None)


def _requests(account: DeltaAccount) -> list[int]:
    return [told.arrival.request for told in account.told if told.arrival.request]
