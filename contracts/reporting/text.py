"""A report for a person in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click
from fluent_oms_simulator.text.printable import LONGEST as KEPT
from fluent_oms_simulator.text.printable import printable, printable_lines

from ..rules.rule import Severity
from .run_report import Check, Outcome, Report, Reported, Verdict
from .summary import counted, cut_short, grouped, headline, hint_of, left_out, seen, verdict, where

SHOWN = 200
"""How many characters a person gets to see of a text from a payload; other formats keep more."""

MOST_CHECKS = 100
"""Up to how many checks are all named; of more, those that passed are only counted."""

_COLOURS = {
    Severity.ERROR: "red",
    Severity.WARNING: "yellow",
    Verdict.PASSED: "green",
    Verdict.FAILED: "red",
    Verdict.OBSERVED: "cyan",
    Verdict.SKIPPED: "yellow",
    Verdict.ERROR: "red",
}


def render(report: Report, colour: bool, fail_on: Severity) -> str:
    """The findings by source, the checks, how much was looked at, and the verdict."""
    pen = _Pen(colour)
    sections = [
        [printable(report.title)] if report.title else [],
        *(list(pen.group(group)) for group in grouped(report).values()),
        list(pen.checks(report.checks)),
        list(pen.closing(report, fail_on)),
    ]
    return "\n\n".join("\n".join(section) for section in sections if section) + "\n"


class _Pen:
    """Writes lines, in colour or plain."""

    def __init__(self, colour: bool) -> None:
        self._colour = colour

    def group(self, group: list[Reported]) -> Iterator[str]:
        """The findings of one source; a hint that holds for several is given with the first."""
        hints = set()
        for reported in group:
            yield from self._finding(reported)
            hint = hint_of(reported)
            if hint and (reported.finding.rule_id, hint) not in hints:
                hints.add((reported.finding.rule_id, hint))
                yield self._detail("do", hint)

    def _finding(self, reported: Reported) -> Iterator[str]:
        finding = reported.finding
        severity = self._paint(finding.severity, _COLOURS[finding.severity])
        place = self._paint(printable(where(reported.place)), bold=True)
        yield f"{place} {severity} {printable(finding.rule_id)} {printable(headline(reported))}"
        if finding.pointer:
            yield self._detail("at", finding.pointer, SHOWN)
        if finding.found:
            yield self._detail("found", finding.found, SHOWN)
        if finding.expected:
            yield self._detail("expected", finding.expected, SHOWN)
        if seen(reported):
            yield self._detail("seen", seen(reported))

    def checks(self, checks: Sequence[Check]) -> Iterator[str]:
        """Every check; of very many only those that did not pass."""
        shown = checks
        if len(checks) > MOST_CHECKS:
            shown = [check for check in checks if check.verdict is not Verdict.PASSED]
        for check in shown:
            yield from self._check(check)
        if len(shown) < len(checks):
            yield f"{len(checks) - len(shown):,} checks passed"

    def _check(self, check: Check) -> Iterator[str]:
        outcome = self._paint(f"{check.verdict:<8}", _COLOURS[check.verdict])
        took = f" ({check.seconds:.2f} s)" if check.seconds else ""
        message = f": {printable(check.message)}" if check.message else ""
        yield f"{outcome} {printable(check.name)}{took}{message}"
        for line in printable_lines(check.details):
            yield f"         {line}"

    def closing(self, report: Report, fail_on: Severity) -> Iterator[str]:
        """The notes, the numbers, the verdict."""
        yield from (printable(note) for note in report.remarks)
        if report.counts:
            yield f"looked at {counted(report)}"
        if report.left_out:
            yield left_out(report)
        if report.cut_short:
            yield cut_short(report)
        passed = report.outcome(fail_on) is Outcome.PASSED
        yield self._paint(verdict(report, fail_on), "green" if passed else "red", bold=True)

    def _detail(self, name: str, text: str, longest: int = KEPT) -> str:
        label = self._paint(f"  {name:<9}", dim=True)
        return label + printable(text, longest)

    def _paint(
        self, text: str, fg: str | None = None, *, bold: bool = False, dim: bool = False
    ) -> str:
        if not self._colour:
            return text
        return click.style(text, fg=fg, bold=bold or None, dim=dim or None)
