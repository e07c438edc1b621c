"""A report as Markdown: a table for the summary of a CI step, or a comment.

GitHub shows a mebibyte of it, hence only the first findings are told, the errors before the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fluent_oms_simulator.text.printable import printable

from ..rules.rule import Severity
from .run_report import Report, Reported
from .summary import counted, headline, hint_of, left_out, seen, unexplained, verdict, where

MOST_ROWS = 100
SHOWN = 200
"""How many characters of one text from a payload are shown."""

# What Markdown, or GitHub's of it, reads as more than text in the middle of a line.
_READ_AS_MORE = re.compile(r"[#$&*<>@\[\\\]_`|~]|:(?=//)|(?<=[Ww]{3})\.")
_BEGINS_A_BLOCK = re.compile(r"^([-+=]|[0-9](?=[0-9]*[.)]))")


def render(report: Report, fail_on: Severity) -> str:
    """The verdict, a table of what was found, the notes and how much was looked at."""
    return "".join(f"{line}\n" for line in _lines(report, fail_on))


def _lines(report: Report, fail_on: Severity) -> Iterator[str]:
    title = f"{_escaped(report.title)}: " if report.title else ""
    yield f"### {title}{_escaped(verdict(report, fail_on))}"
    yield ""
    rows = list(_rows(report))
    if rows:
        yield "| | where | what is wrong | what to do |"
        yield "|---|---|---|---|"
        yield from rows[:MOST_ROWS]
        yield ""
    if len(rows) > MOST_ROWS:
        yield f"{len(rows) - MOST_ROWS:,} more are not shown here."
        yield ""
    for line in (*report.remarks, left_out(report), _looked_at(report)):
        if line:
            yield _paragraph(line)
            yield ""


def _rows(report: Report) -> Iterator[str]:
    for check in unexplained(report):
        yield f"| {check.verdict} | {_quoted(check.name)} | {_escaped(check.message)} | |"
    for severity in Severity:
        for reported in report.findings:
            if reported.finding.severity is severity:
                yield _row(reported)


def _row(reported: Reported) -> str:
    finding = reported.finding
    place = _quoted(where(reported.place))
    if finding.pointer:
        place += f"<br>at {_quoted(finding.pointer)}"
    wrong = f"{_escaped(finding.rule_id)}: {_escaped(headline(reported))}"
    if finding.found:
        wrong += f"<br>found {_quoted(finding.found)}"
    if finding.expected:
        wrong += f"<br>expected {_escaped(finding.expected)}"
    if seen(reported):
        wrong += f"<br>seen {_escaped(seen(reported))}"
    return f"| {finding.severity} | {place} | {wrong} | {_escaped(hint_of(reported))} |"


def _looked_at(report: Report) -> str:
    return f"looked at {counted(report)}" if report.counts else ""


def _paragraph(text: str) -> str:
    """Text on a line of its own, which begins no list, rule or heading."""
    escaped = _escaped(text.strip())
    return _BEGINS_A_BLOCK.sub(lambda found: f"&#{ord(found[0])};", escaped)


def _quoted(text: str) -> str:
    """Text from outside, shown as it stands there."""
    return f"<code>{_escaped(text)}</code>"


def _escaped(text: str) -> str:
    """Text that stays text: on one line, with references for what would be read as more."""
    return _READ_AS_MORE.sub(lambda found: f"&#{ord(found[0])};", printable(text, SHOWN))
