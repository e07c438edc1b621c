"""A report as JUnit XML, which every build server reads: a test case for each check and each file.

A case ends in one way, so there are never more failures than cases: all that was found in a file is
in its one failure. The format knows no warnings: what does not make the run fail is in
`system-out`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import TypeVar

import junitparser
from fluent_oms_simulator.text.printable import printable, printable_lines
from junitparser.junitparser import FinalResult

from ..rules.rule import Severity
from .run_report import Check, Report, Reported, Verdict
from .summary import cut_short, grouped, headline, hint_of, left_out, seen, where

ResultT = TypeVar("ResultT", bound=FinalResult)


def render(report: Report, fail_on: Severity) -> str:
    """One suite named after the report."""
    suite = junitparser.TestSuite(printable(report.title))
    for what, number in report.counts.items():
        suite.add_property(printable(what), str(number))
    for remark in filter(None, [*report.remarks, left_out(report)]):
        suite.add_property("note", printable(remark))
    suite.add_testcases(list(_cases(report, fail_on)))
    document = junitparser.JUnitXml(printable(report.title))
    document.add_testsuite(suite)
    document.update_statistics()  # type: ignore[no-untyped-call]
    written = BytesIO()
    document.write(written, pretty=True)
    return written.getvalue().decode("utf-8")


def _cases(report: Report, fail_on: Severity) -> Iterator[junitparser.TestCase]:
    groups = grouped(report)
    for check in report.checks:
        yield _case(report, check, groups.pop(check.name, ()), fail_on)
    for source, group in groups.items():
        yield _case(report, Check(source, Verdict.PASSED), group, fail_on)
    if report.cut_short:
        yield _case(report, Check("the whole run", Verdict.ERROR, cut_short(report)), (), fail_on)
    elif not report.checks and not report.findings:
        yield _case(report, Check(report.title, Verdict.PASSED), (), fail_on)


def _case(
    report: Report, check: Check, group: Sequence[Reported], fail_on: Severity
) -> junitparser.TestCase:
    case = junitparser.TestCase(
        printable(check.name), classname=printable(report.title), time=check.seconds
    )
    failing = [reported for reported in group if _fails(reported, fail_on)]
    output = [line for r in group if not _fails(r, fail_on) for line in _lines(r)]
    found = [line for reported in failing for line in _lines(reported)]
    message = printable(check.message)
    told = printable_lines(check.details)
    if check.verdict is Verdict.ERROR:
        case.result = [_with_text(junitparser.Error(message, "error"), [*told, *found])]
    elif failing:
        output += [line for line in (message, *told) if line]
        case.result = [_with_text(_failure(failing), found)]
    elif check.verdict is Verdict.FAILED:
        case.result = [_with_text(junitparser.Failure(message, "failed"), told)]
    elif check.verdict is Verdict.SKIPPED:
        case.result = [_with_text(junitparser.Skipped(message), told)]
    else:
        output += [line for line in (message, *told) if line]
    if output:
        case.system_out = "\n".join(output)
    return case


def _fails(reported: Reported, fail_on: Severity) -> bool:
    return fail_on is Severity.WARNING or reported.finding.severity is Severity.ERROR


def _failure(failing: Sequence[Reported]) -> junitparser.Failure:
    """All that makes one file or request fail: its first finding, how many, and of which rules."""
    first = failing[0]
    message = f"{where(first.place)}: {headline(first)}"
    if len(failing) > 1:
        message = f"{len(failing):,} findings; the first at {message}"
    rules = dict.fromkeys(reported.finding.rule_id for reported in failing)
    return junitparser.Failure(printable(message), printable(", ".join(rules)))


def _with_text(result: ResultT, lines: Sequence[str]) -> ResultT:
    if lines:
        result.text = "\n".join(lines)
    return result


def _lines(reported: Reported) -> list[str]:
    finding = reported.finding
    first = f"{where(reported.place)} {finding.severity} {finding.rule_id} {headline(reported)}"
    details = {
        "at": finding.pointer,
        "found": finding.found,
        "expected": finding.expected,
        "seen": seen(reported),
        "do": hint_of(reported),
    }
    return [printable(first), *(f"  {n}: {printable(t)}" for n, t in details.items() if t)]
