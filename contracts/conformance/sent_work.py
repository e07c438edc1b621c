"""Brings what failed together with the request that had brought it, whichever is seen first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from fluent_oms_simulator.conformance.failed_work import FailedWork

from ..checking import Explained
from ..rules.bounded_memory import Recent
from ..rules.obligations.aftermath import FailedAfterwards, UnmatchedAfterwards
from ..rules.rule import Aftermath, Finding, Severity
from .findings import Request

MOST_REMEMBERED = 10_000
"""Events and batches whose failure can still be told."""
MOST_FAILED_BYTES = 4 * 1024 * 1024
"""Of what has failed before the request was seen that brought it; as a rule that comes at once."""


class SentWork(NamedTuple):
    """The request that brought an event or a batch, and what rules have found in it.

    `logged` is its id in the log of requests.
    """

    request: Request
    logged: int
    found: Sequence[Finding] = ()

    def explaining(self, pointer: str) -> frozenset[str]:
        """The rules that have found an error at a place in what was sent."""
        return frozenset(
            finding.rule_id
            for finding in self.found
            if finding.severity is Severity.ERROR
            and (finding.pointer == pointer or finding.pointer.startswith(f"{pointer}/"))
        )

    def explaining_no_match(self) -> frozenset[str]:
        """The rules that have found something in what the whole of it is for."""
        return frozenset(
            finding.rule_id
            for finding in self.found
            if finding.pointer in _WHAT_IT_IS_FOR or finding.severity is Severity.ERROR
        )


_WHAT_IT_IS_FOR = frozenset({"/event", "/catalogueRef"})


class WorkSeen:
    """What was taken lately, and what has failed of what was not seen yet."""

    def __init__(self) -> None:
        self._sent: Recent[tuple[str, str], SentWork] = Recent(MOST_REMEMBERED)
        self._failed: OrderedDict[tuple[str, str], FailedWork] = OrderedDict()
        self._failed_bytes = 0

    def sent(self, key: tuple[str, str], work: SentWork) -> FailedWork | None:
        """Take note of what was taken; returns what has failed of it already."""
        failed = self._failed.pop(key, None)
        if failed is None:
            self._sent.put(key, work)
        else:
            self._failed_bytes -= failed.held_bytes()
        return failed

    def failed(self, work: FailedWork) -> SentWork | None:
        """Take note of what failed; returns what had brought it, if that was seen."""
        sent = self._sent.pop(work.key)
        if sent is None:
            self._failed[work.key] = work
            self._failed_bytes += work.held_bytes()
            while self._failed_bytes > MOST_FAILED_BYTES:
                _, oldest = self._failed.popitem(last=False)
                self._failed_bytes -= oldest.held_bytes()
        return sent


def aftermath(sent: SentWork, work: FailedWork) -> tuple[list[Finding], list[Explained]]:
    """What is to be told of work that failed, and what rules have told of it already."""
    by_reasons: dict[frozenset[str], dict[str, str]] = {}
    for pointer, reason in work.failed.items():
        by_reasons.setdefault(sent.explaining(pointer), {})[pointer] = reason
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
