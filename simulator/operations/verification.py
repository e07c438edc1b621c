"""POST /__admin/verify: what was expected, held against the requests that were seen."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import islice

from ..behaviour import Behaviour, told
from ..clock import Clock
from ..domain.account.ports import CatalogueStore
from ..domain.trouble.points import SIGN_IN
from ..domain.verification.sequences import Met, close_together, one_after_the_other
from ..domain.verification.verdicts import (
    Difference,
    Judged,
    Judgement,
    NearMiss,
    overall,
)
from ..errors import refused
from ..intake.operation_names import called
from ..intake.parsing import parse
from ..intake.requests import Requests
from ..intake.schemas import Schemas
from ..stores.delta_ledger import DeltaLedger
from ..stores.request_log import LoggedRequest, RequestLog
from ..switches import Profile
from ..text.redaction import Redaction
from .administration import AppliesWork
from .deltas_applied import deltas_applied_once
from .exchange_effects import batches_polled, tokens_renewed
from .expectations import Expectation, read_expectations
from .replies import Reply
from .request_differences import NearMisses
from .request_filter import RequestFilter
from .stock_expectations import judge_stock

MOST_LISTED_REQUESTS = 20
MOST_COMPARED = 200_000
"""Times that a request is held against one that was expected, to find the closest: the newest of
them where there are more, so that it takes a second or two."""
SECONDS_TO_SETTLE = 10.0
"""So long what is due is waited for, so that what came of the requests is there."""


class VerificationOperations:
    """Judges expectations."""

    def __init__(
        self,
        log: RequestLog,
        clock: Clock,
        schemas: Schemas,
        behaviour: Behaviour,
        store: CatalogueStore,
        worker: AppliesWork,
        settle: Callable[[float], bool],
        delayed: Callable[[], int],
        redaction: Redaction,
        ledger: DeltaLedger,
        acts_by: Callable[[], tuple[Profile, Mapping[str, str]]],
    ) -> None:
        self._log = log
        self._clock = clock
        self._requests = Requests(schemas, behaviour)
        self._store = store
        self._worker = worker
        self._settle = settle
        self._delayed = delayed
        self._redaction = redaction
        self._ledger = ledger
        self._acts_by = acts_by

    def verify(self, body: bytes) -> Reply:
        """POST /__admin/verify: a verdict on each expectation; raises ApiError (400)."""
        fields = self._requests.sound("verify", parse(body), body)
        expectations, faults = read_expectations(fields)
        if faults:
            raise refused(faults)
        waiting = self._waiting()
        seen = _Seen(self._log, self._redaction)
        judgements = [
            self._judge(each, seen, f"/expectations/{index}", waiting)
            for index, each in enumerate(expectations)
        ]
        judgements = _with_near_misses(expectations, judgements, seen)
        verdicts = [judgement.verdict for judgement in judgements]
        profile, switches = self._acts_by()
        return Reply(
            {
                "profile": profile,
                "judgedBy": told(profile, switches),
                "verdict": overall(verdicts),
                "counts": {each.value: verdicts.count(each) for each in Judged},
                "requests": {"kept": len(seen.entries), "dropped": seen.dropped},
                "results": [
                    _told(each.name, judgement)
                    for each, judgement in zip(expectations, judgements, strict=True)
                ],
            }
        )

    def _waiting(self) -> str:
        """What was accepted and is not applied yet, in words; empty where there is nothing."""
        is_done = self._settle(SECONDS_TO_SETTLE)
        in_line = self._worker.in_line
        if not is_done and (delayed := self._delayed()):
            return f"{delayed:,} requests that faults hold up may change it yet"
        if is_done and not in_line.is_any_kept:
            return ""
        events, batches = in_line.all_due
        return f"{events:,} events and {batches:,} batches that were accepted are not applied yet"

    def _judge(self, expected: Expectation, seen: "_Seen", place: str, waiting: str) -> Judgement:
        if expected.stock is not None:
            return judge_stock(expected.stock, self._store, place, waiting)
        if expected.about == "requests":
            return _count(expected, seen)
        if expected.about in ("inOrder", "together"):
            return _sequence(expected, seen)
        found = self._judge_effect(expected.effect, seen)
        if found.verdict is Judged.PASSED and self._delayed():
            return found._replace(verdict=Judged.UNKNOWN, reason=f"{found.reason}; {waiting}")
        return found

    def _judge_effect(self, effect: str, seen: "_Seen") -> Judgement:
        if effect == "everyBatchPolledToComplete":
            return batches_polled(seen.entries, self._log.struck, seen.dropped)
        if effect == "everyDeltaAppliedExactlyOnce":
            return deltas_applied_once(self._ledger, seen.has_signed_in)
        return tokens_renewed(seen.entries, seen.dropped, self._clock.now())


class _Seen:
    """The requests that are kept, in the order of their replies, and what is not kept any more."""

    def __init__(self, log: RequestLog, redaction: Redaction) -> None:
        self.redaction = redaction
        self.entries = list(log.newest_first())
        self.entries.reverse()
        self._known_from = self.entries[0].id if self.entries else log.last_id
        # Looked at afterwards: what was dropped meanwhile makes nothing sure that is not.
        self.dropped = log.dropped
        self._dropped_until = log.dropped_until

    def has_signed_in(self, after: int, until: int) -> bool:
        """Whether a token was issued between two requests, as far as that is known."""
        if after < self._known_from:
            return True
        place = bisect_right(self._sign_ins, after)
        return place < len(self._sign_ins) and self._sign_ins[place] < until

    @cached_property
    def _sign_ins(self) -> list[int]:
        """The numbers of the requests that a token was issued for."""
        return [
            each.id
            for each in self.entries
            if each.status == 200
            and called(each.request.method, each.request.path).operation == SIGN_IN
        ]

    def matches(self, wanted: RequestFilter, entry: LoggedRequest) -> bool:
        """Whether a request is wanted, by what is told of it."""
        return wanted.matches(entry, self.redaction)

    def may_match(self, wanted: RequestFilter, entry: LoggedRequest) -> bool:
        """Whether it might be, for what is not kept of it."""
        return wanted.may_match(entry, self.redaction)

    def dropped_for(self, wanted: RequestFilter) -> int:
        """How many of those that are no longer kept may have been wanted."""
        if wanted.since is not None and self._dropped_until < wanted.since:
            return 0
        return self.dropped


def _count(expected: Expectation, seen: _Seen) -> Judgement:
    [wanted] = expected.filters
    found: list[int] = []
    possible = seen.dropped_for(wanted)
    for entry in seen.entries:
        if seen.matches(wanted, entry):
            found.append(entry.id)
        else:
            possible += seen.may_match(wanted, entry)
    verdict = expected.wanted.judge(len(found), possible)
    reason = f"expected {expected.wanted.words}, found {len(found):,}"
    if verdict is Judged.UNKNOWN:
        reason += f"; {possible:,} others may have been such, and are no longer kept whole"
    return Judgement(verdict, reason, found)


def _sequence(expected: Expectation, seen: _Seen) -> Judgement:
    filters, within = expected.filters, expected.within
    met = []
    possible = max(seen.dropped_for(wanted) for wanted in filters)
    for entry in seen.entries:
        steps = sum(seen.matches(wanted, entry) << step for step, wanted in enumerate(filters))
        if steps:
            met.append(Met(entry.id, entry.at, steps))
        possible += any(
            not steps >> step & 1 and seen.may_match(wanted, entry)
            for step, wanted in enumerate(filters)
        )
    if expected.about == "inOrder":
        found = one_after_the_other(met, len(filters), within)
        how = "one after the other"
    else:
        assert within is not None
        found = close_together(met, len(filters), within)
        how = "each another request"
    enough = len(found.requests) == len(filters) == len(set(found.requests))
    is_met = enough and found.span is not None and (within is None or found.span <= within)
    if is_met:
        time = "" if within is None else f" within {found.span:,} ms"
        return Judgement(Judged.PASSED, f"all {len(filters)} were seen{time}", found.requests)
    reason = f"{len(set(found.requests))} of {len(filters)} were seen, {how}"
    near: list[NearMiss] = []
    if found.span is not None and within is not None and found.span > within:
        reason = f"expected within {within:,} ms, found {found.span:,} ms at best, {how}"
        difference = Difference("withinMilliseconds", f"at most {within}", str(found.span))
        near = [NearMiss(found.requests[-1], (difference,))]
    if possible:
        reason += f"; {possible:,} others may have been such, and are no longer kept whole"
        return Judgement(Judged.UNKNOWN, reason, found.requests)
    return Judgement(Judged.FAILED, reason, found.requests, near)


def _with_near_misses(
    expectations: Sequence[Expectation], judgements: Sequence[Judgement], seen: _Seen
) -> list[Judgement]:
    """The judgements, those of too few requests with what came closest."""
    lacking: list[tuple[int, RequestFilter]] = []
    for index, (expected, judgement) in enumerate(zip(expectations, judgements, strict=True)):
        if judgement.verdict is not Judged.FAILED or judgement.near_misses:
            continue
        if expected.about == "requests" and len(judgement.requests) < expected.wanted.least:
            lacking.append((index, expected.filters[0]))
        elif expected.about == "inOrder":
            lacking.append((index, expected.filters[len(judgement.requests)]))
        elif expected.about == "together":
            lacking += ((index, wanted) for wanted in expected.filters)
    completed = list(judgements)
    if not lacking:
        return completed
    misses = NearMisses([wanted for _, wanted in lacking], seen.redaction)
    for entry in islice(reversed(seen.entries), MOST_COMPARED // len(lacking)):
        misses.look_at(entry)
    for place, (index, wanted) in enumerate(lacking):
        near = [*completed[index].near_misses, *misses.of(place)]
        if expectations[index].about == "inOrder":
            near = _too_early(wanted, completed[index].requests, seen) + near
        completed[index] = completed[index]._replace(near_misses=near)
    return completed


def _too_early(wanted: RequestFilter, found: Sequence[int], seen: _Seen) -> list[NearMiss]:
    """The last request that would have been the next step, had it not come before the others."""
    last = found[-1] if found else 0
    early = next((each.id for each in reversed(seen.entries) if seen.matches(wanted, each)), None)
    if early is None:
        return []
    return [NearMiss(early, (Difference("order", f"after request {last}", f"request {early}"),))]


def _told(name: str, judgement: Judgement) -> dict[str, object]:
    requests = judgement.requests
    return {
        "name": name,
        "verdict": judgement.verdict,
        "reason": judgement.reason,
        "requests": requests[:MOST_LISTED_REQUESTS],
        "requestsTotal": len(requests),
        "nearMisses": [
            {
                "request": miss.request,
                "differences": [each._asdict() for each in miss.differences],
            }
            for miss in judgement.near_misses
        ],
    }
