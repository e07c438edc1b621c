"""What a run of a connector is held against afterwards: what it sent, and what came of it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from fluent_oms_simulator.contracts.reporting.render import render
from fluent_oms_simulator.contracts.reporting.run_report import Check, Report, Verdict
from fluent_oms_simulator.contracts.rules.rule import Severity

from ..client.unsure_events import unsure_events
from ..console.refusal import Refusal
from ..console.report_folder import REPORT_FILES
from ..console.saying import say
from ..console.terminal import coloured
from .control_api import ControlApi
from .reconciling import reconciled
from .report import EXIT_CODES, UNDECIDED, ConformanceSource
from .settle import PATH as SETTLE
from .verify import verified

SECONDS_TO_SETTLE = 60
EXACTLY_ONCE, CONFORMANT, RECONCILED = "exactly-once", "conformant", "reconciled"
CHECKS = (EXACTLY_ONCE, CONFORMANT, RECONCILED)


class CheckOfRun(NamedTuple):
    """What one check comes to; `in_format` is its report in each format of report files."""

    text: str
    exit_code: int
    in_format: Callable[[str], str]


def settle(api: ControlApi) -> None:
    """Have all applied that was accepted; where something is left, that is told."""
    answer = api.document("POST", f"{SETTLE}?{urlencode({'wait': SECONDS_TO_SETTLE})}")
    if not answer["settled"]:
        say("fluent-sim run: not all that was accepted has been applied yet; it counts as missing.")


def held(name: str, api: ControlApi, expected: Path | None) -> CheckOfRun:
    """Hold the run against one of `CHECKS`; `expected` is the file of what `reconciled` expects."""
    if name == CONFORMANT:
        return _conformant(api)
    if name == EXACTLY_ONCE:
        return _reported(_exactly_once(api))
    if expected is None:
        raise api.refusal(f"{RECONCILED} needs a file of what is expected")
    with expected.open("rb") as file:
        return _reported(reconciled(api, file))


def _exactly_once(api: ControlApi) -> Report:
    """By the ledger, and by the rules of retries: under another deltaId it is another delta."""
    wanted = {"name": "every delta", "effect": "everyDeltaAppliedExactlyOnce"}
    report = verified(api, {"expectations": [wanted]}, "Deltas exactly once")
    try:
        unsure = unsure_events(api)
    except Refusal:  # its traffic is not held against the rules
        why = "not looked at, since the simulator does not hold its traffic against the rules"
        report.checks.append(Check("every change", Verdict.SKIPPED, why))
        return report
    told = [
        f"request {number} sends again, under new deltaIds, what may have been applied:"
        " give a change its deltaId before the first attempt, and send the same bytes again"
        for number in sorted(unsure.again)
    ]
    told += (
        f"request {number} was answered 401, and no event came after it: what it was to bring is"
        " lost"
        for number in sorted(unsure.lost)
    )
    if told:
        report.checks.append(Check("every change", Verdict.FAILED, "; ".join(told)))
    return report


def _conformant(api: ControlApi) -> CheckOfRun:
    query = {"failOn": Severity.ERROR.value}
    texts, verdict = ConformanceSource(api).reports(("text", *REPORT_FILES), query)
    return CheckOfRun(texts["text"], EXIT_CODES.get(verdict, UNDECIDED), texts.__getitem__)


def _reported(report: Report) -> CheckOfRun:
    def in_format(wanted: str, **how: Any) -> str:
        return render(report, wanted, **how)

    text = in_format("text", colour=coloured(sys.stderr))
    return CheckOfRun(text, report.outcome(Severity.ERROR).exit_code, in_format)
