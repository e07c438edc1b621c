"""A report as a page for people, in one file: `templates/report.html` is how it looks."""

from __future__ import annotations

from pathlib import Path

from fluent_oms_simulator.look.report_pages import ReportPages
from fluent_oms_simulator.text.printable import printable_lines

from ..rules.rule import Severity
from . import summary
from .run_report import Outcome, Report, Verdict

MOST_ROWS = 2_000
"""More than a person reads; the others are in the report for programs."""

_PAGES = ReportPages(
    Path(__file__).with_name("templates"),
    (
        printable_lines,
        summary.headline,
        summary.hint_of,
        summary.rule_texts,
        summary.seen,
        summary.where,
    ),
)
_FIRST = {Verdict.FAILED: 0, Verdict.ERROR: 1, Verdict.SKIPPED: 2, Verdict.OBSERVED: 3}


def render(report: Report, fail_on: Severity) -> str:
    """The verdict, what was found, the errors first, each check, and how much was looked at."""
    found = sorted(report.findings, key=lambda each: list(Severity).index(each.finding.severity))
    checks = sorted(report.checks, key=lambda each: _FIRST.get(each.verdict, len(_FIRST)))
    return _PAGES.drawn(
        "report.html",
        report=report,
        verdict=summary.verdict(report, fail_on),
        style=_style(report.outcome(fail_on)),
        found=found[:MOST_ROWS],
        found_beyond=len(found[MOST_ROWS:]),
        checks=checks[:MOST_ROWS],
        checks_beyond=len(checks[MOST_ROWS:]),
        looked_at=[
            summary.several(number, what).split(" ", 1) for what, number in report.counts.items()
        ],
        cut_short=summary.cut_short(report),
        left_out=summary.left_out(report),
    )


def _style(outcome: Outcome) -> str:
    return {Outcome.PASSED: "good", Outcome.FAILED: "bad"}.get(outcome, "open")
