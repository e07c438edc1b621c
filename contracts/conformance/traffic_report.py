"""The conformance report: what the traffic has broken, and what that comes to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from fluent_oms_simulator.clock import timestamp
from fluent_oms_simulator.conformance.examiner import JobFacts, Told, UnknownRuleError, Wish
from fluent_oms_simulator.switches import STRICT, Profile
from fluent_oms_simulator.text.printable import unicode_text
from fluent_oms_simulator.text.redaction import Redaction

from ..all_rules import UnknownRule, rule, select
from ..reporting import as_json
from ..reporting.render import render
from ..reporting.run_report import (
    NO_CHOICE,
    Check,
    JudgedBy,
    Outcome,
    Place,
    Report,
    Reported,
    Verdict,
    judged_by,
)
from ..rules.rule import Severity
from .findings import Example, Resets, RuleFindings
from .rule_examiner import RuleExaminer

TITLE = "Conformance of the traffic"


class ReportingExaminer(RuleExaminer):
    """An examiner that a simulator can ask for what was found.

    `behaviours` are the switches that are set over its profile, which may be changed.
    """

    def __init__(
        self,
        job_facts: JobFacts,
        profile: Profile = STRICT,
        behaviours: Mapping[str, str] = MappingProxyType({}),
        redaction: Redaction | None = None,
    ) -> None:
        super().__init__(job_facts, profile, redaction)
        self._profile, self._behaviours = profile, behaviours

    def report(self, at: int, not_examined: int, wish: Wish) -> Told:
        """The report of what was found until now; raises UnknownRuleError."""
        try:
            report = TrafficReport(
                self,
                at,
                not_examined,
                wanted=wish.select,
                unwanted=wish.ignore,
                fail_on=Severity(wish.fail_on),
                by=judged_by(self._profile, dict(self._behaviours)),
            )
        except UnknownRule as fault:
            raise UnknownRuleError(str(fault)) from None
        return Told(report.text(wish.format), report.verdict)


class TrafficReport:
    """What one examiner has found by now, of the rules that were asked for."""

    def __init__(
        self,
        examiner: RuleExaminer,
        at: int,
        not_examined: int,
        *,
        wanted: Iterable[str] = (),
        unwanted: Iterable[str] = (),
        fail_on: Severity = Severity.ERROR,
        by: JudgedBy = NO_CHOICE,
    ) -> None:
        """Raises UnknownRule for a beginning that no rule's id has."""
        rules = [selected.id for selected in select(wanted, unwanted)]
        found = examiner.entries(at, rules)
        self._entries = {rule_id: found[rule_id] for rule_id in rules if rule_id in found}
        self._counts = {name: number for name, number in examiner.found.counts.items() if number}
        self._nothing_arrived = examiner.found.nothing_arrived
        self._resets = examiner.found.resets
        self._defects = examiner.defects.of(rules)
        self._not_examined = not_examined
        self._fail_on = fail_on
        self._judged_by = by

    @property
    def verdict(self) -> Outcome:
        """What it comes to: the word that every format and the exit code have."""
        if any(self._fails(entry) for entry in self._entries.values()):
            return Outcome.FAILED
        return Outcome.INCOMPLETE if self.sentence else Outcome.PASSED

    @property
    def sentence(self) -> str:
        """Why there is no verdict on the traffic; empty when there is one."""
        if self._not_examined:
            return (
                f"{_requests(self._not_examined)} not examined: they came faster than"
                " they could be looked at, and the oldest had to make room."
            )
        if self._defects:
            return "; ".join(self._defects)
        if not self._counts:
            return "Nothing was seen: no request has come in since the start."
        if self._nothing_arrived:
            return (
                "Nothing has arrived: every request was refused, so there is nothing to judge."
                " The replies say why."
            )
        return ""

    def report(self, *, names_requests: bool = True) -> Report:
        """The report, for any format.

        Tools that compare one run with the next, by places, need places without numbers and times:
        then the requests are named beside the hint.
        """
        notes = _reset_notes(self._resets)
        report = Report(TITLE, counts=self._counts, notes=notes, judged_by=self._judged_by)
        place = _named if names_requests else _path
        for entry in self._entries.values():
            first, last = entry.first, entry.last if entry.times > 1 else None
            hint = "" if names_requests else f"{_hint(first)} Seen in {_span(entry)}."
            report.findings.append(
                Reported(first.finding, place(first), hint, entry.times, last and place(last))
            )
        if self.sentence:
            name = "all traffic was examined"
            report.checks.append(Check(name, Verdict.ERROR, self.sentence))
        if self.verdict is Outcome.INCOMPLETE:
            report.cut_short = Outcome.INCOMPLETE
        return report

    def document(self) -> dict[str, Any]:
        """The report for programs, with more about each rule than the other formats have."""
        return {
            **as_json.as_document(self.report(), self._fail_on),
            "verdict": self.verdict.value,
            "notExamined": self._not_examined,
            "resets": _resets(self._resets),
            "rules": [_rule(entry) for entry in self._entries.values()],
        }

    def text(self, format: str) -> str:  # noqa: A002 - the word that the command line has for it
        """The report in one of the formats."""
        if format == "json":
            return json.dumps(self.document(), indent=2) + "\n"
        report = self.report(names_requests=format == "text")
        return render(report, format, fail_on=self._fail_on)

    def _fails(self, entry: RuleFindings) -> bool:
        severity = entry.first.finding.severity
        return severity is Severity.ERROR or self._fail_on is Severity.WARNING


def _reset_notes(resets: Resets | None) -> list[str]:
    if resets is None:
        return []
    first, last = timestamp(resets.first), timestamp(resets.last)
    when = f"at {first}" if resets.times == 1 else f"the first at {first}, the last at {last}"
    many = "a reset" if resets.times == 1 else f"{resets.times:,} resets"
    return [
        f"Looked over {many} of the simulator, {when}: what was found before stays, and each reset"
        " begins a new stream."
    ]


def _resets(resets: Resets | None) -> dict[str, Any]:
    if resets is None:
        return {"times": 0, "first": None, "last": None}
    return {
        "times": resets.times,
        "first": timestamp(resets.first),
        "last": timestamp(resets.last),
    }


def _named(example: Example) -> Place:
    return Place(example.name)


def _path(example: Example) -> Place:
    return Place(f"{example.request.method} {example.request.path}")


def _hint(example: Example) -> str:
    return rule(example.finding.rule_id).hint


def _span(entry: RuleFindings) -> str:
    first, last = entry.first.name, entry.last.name
    return first if first == last else f"{first}, and last in {last}"


def _requests(number: int) -> str:
    return "1 request was" if number == 1 else f"{number:,} requests were"


def _rule(entry: RuleFindings) -> dict[str, Any]:
    return {
        "rule": entry.first.finding.rule_id,
        "times": entry.times,
        "first": _request(entry.first),
        "last": _request(entry.last),
        "examples": [_example(example) for example in entry.examples],
    }


def _example(example: Example) -> dict[str, Any]:
    return {
        "request": _request(example),
        "pointer": unicode_text(example.finding.pointer),
        "found": unicode_text(example.finding.found),
        "expected": unicode_text(example.finding.expected),
    }


def _request(example: Example) -> dict[str, Any]:
    request = example.request
    ids = {
        "jobId": request.job_id,
        "batchId": request.batch_id,
        "eventId": request.event_id,
    }
    return {
        "number": request.number,
        "id": request.logged,
        "at": timestamp(request.at),
        "method": unicode_text(request.method),
        "path": unicode_text(request.path),
        "status": request.status,
        "atEnd": example.at_end,
        **{name: unicode_text(value) for name, value in ids.items() if value is not None},
    }
