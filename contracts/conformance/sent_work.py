"""Brings what failed together with the request that had brought it, whichever is seen first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from sys import getsizeof
from typing import Generic, NamedTuple, Protocol, TypeVar

from fluent_oms_simulator.conformance.failed_work import FailedWork
from fluent_oms_simulator.domain import bounds
from fluent_oms_simulator.domain.bounds import Bound, Tally

from ..checking import Explained
from ..rules.obligations.aftermath import FailedAfterwards, UnmatchedAfterwards
from ..rules.rule import Aftermath, Finding, Severity
from .findings import Request

_REQUEST_BYTES = 1_500
"""About what is held of a request, and of the few rules that have found something in it."""
_WHAT_IT_IS_FOR = frozenset({"/event", "/catalogueRef"})


class SentWork(NamedTuple):
    """The request that brought an event or a batch, and which rules have found what in it.

    `logged` is its id in the log of requests, `errors` the rules that have found an error by its
    place, and `warned_of_aim` those that warn of what the whole of it is for.
    """

    request: Request
    logged: int
    errors: Mapping[str, frozenset[str]]
    warned_of_aim: frozenset[str]

    @classmethod
    def of(cls, request: Request, logged: int, found: Iterable[Finding]) -> SentWork:
        """What is worth keeping of what was found, should it fail."""
        errors: dict[str, frozenset[str]] = {}
        shared: dict[frozenset[str], frozenset[str]] = {}  # a set takes more than a place
        warned_of_aim: frozenset[str] = frozenset()
        for finding in found:
            if finding.severity is Severity.ERROR:
                told = errors.get(finding.pointer, frozenset()) | {finding.rule_id}
                errors[finding.pointer] = shared.setdefault(told, told)
            elif finding.pointer in _WHAT_IT_IS_FOR:
                warned_of_aim |= {finding.rule_id}
        return cls(request, logged, errors, warned_of_aim)

    def explaining(self) -> Mapping[str, frozenset[str]]:
        """The rules that have found an error at a place in what was sent, or within it."""
        within: dict[str, frozenset[str]] = {}
        for place, rules in self.errors.items():
            for above in _with_all_above(place):
                within[above] = within.get(above, frozenset()) | rules
        return within

    def explaining_no_match(self) -> frozenset[str]:
        """The rules that have found something in what the whole of it is for."""
        return self.warned_of_aim.union(*self.errors.values())

    def held_bytes(self) -> int:
        """About how much memory it takes."""
        return _REQUEST_BYTES + getsizeof(self.errors) + sum(map(getsizeof, self.errors))


def _with_all_above(pointer: str) -> Iterator[str]:
    """A JSON pointer, and those of all that it is within."""
    while pointer:
        yield pointer
        pointer = pointer.rpartition("/")[0]
    yield ""


class _Held(Protocol):
    def held_bytes(self) -> int: ...


H = TypeVar("H", bound=_Held)


class _Remembered(Generic[H]):
    """What is held by key, within a bound of bytes: the oldest makes room."""

    def __init__(self, bound: Bound) -> None:
        self.tally = Tally(bound)
        self._by_key: OrderedDict[tuple[str, str], H] = OrderedDict()

    def put(self, key: tuple[str, str], held: H) -> None:
        self.pop(key)
        self._by_key[key] = held
        self.tally.held += held.held_bytes()
        while self.tally.is_over:
            _, oldest = self._by_key.popitem(last=False)
            self.tally.held -= oldest.held_bytes()
            self.tally.lost += 1

    def pop(self, key: tuple[str, str]) -> H | None:
        held = self._by_key.pop(key, None)
        if held is not None:
            self.tally.held -= held.held_bytes()
        return held


class WorkSeen:
    """What was taken lately, and what has failed of what was not seen yet."""

    def __init__(self) -> None:
        self._sent: _Remembered[SentWork] = _Remembered(bounds.SENT_WORK)
        self._failed: _Remembered[FailedWork] = _Remembered(bounds.FAILED_WORK)

    def sent(self, key: tuple[str, str], work: SentWork) -> FailedWork | None:
        """Take note of what was taken; returns what has failed of it already."""
        failed = self._failed.pop(key)
        if failed is None:
            self._sent.put(key, work)
        return failed

    def failed(self, work: FailedWork) -> SentWork | None:
        """Take note of what failed; returns what had brought it, if that was seen."""
        sent = self._sent.pop(work.key)
        if sent is None:
            self._failed.put(work.key, work)
        return sent

    def tallies(self) -> list[Tally]:
        """How much is held of both."""
        return [self._sent.tally, self._failed.tally]


def aftermath(sent: SentWork, work: FailedWork) -> tuple[list[Finding], list[Explained]]:
    """What is to be told of work that failed, and what rules have told of it already."""
    by_reasons: dict[frozenset[str], dict[str, str]] = {}
    explaining = sent.explaining()
    for pointer, reason in work.failed.items():
        by_reasons.setdefault(explaining.get(pointer, frozenset()), {})[pointer] = reason
    findings: list[Finding] = []
    explained: list[Explained] = []
    for reasons, failed in by_reasons.items():
        told = FailedAfterwards().see(Aftermath(failed))
        _sort(told, reasons, findings, explained)
    told = UnmatchedAfterwards().see(Aftermath(unmatched=work.unmatched))
    _sort(told, sent.explaining_no_match(), findings, explained)
    return findings, explained


def _sort(
    told: Iterable[Finding],
    reasons: frozenset[str],
    findings: list[Finding],
    explained: list[Explained],
) -> None:
    if reasons:
        explained += (Explained(each, reasons) for each in told)
    else:
        findings += told
