"""A report as the workflow commands by which GitHub marks lines of a pull request.

GitHub shows the first ten errors and the first ten warnings of a step, hence the errors come first.
"""

from __future__ import annotations

from collections.abc import Iterator

from fluent_oms_simulator.text.printable import printable, printable_lines

from ..rules.rule import Severity
from .run_report import Place, Report, Reported
from .summary import (
    counted,
    cut_short,
    headline,
    hint_of,
    left_out,
    seen,
    sentence,
    unexplained,
    verdict,
)


def render(report: Report, fail_on: Severity) -> str:
    """A command for each finding and each failed check, and one for the verdict."""
    return "".join(f"{command}\n" for command in _commands(report, fail_on))


def _commands(report: Report, fail_on: Severity) -> Iterator[str]:
    for check in unexplained(report):
        message = "\n".join([printable(check.message), *printable_lines(check.details)])
        yield _command("error", None, f"{check.verdict}: {check.name}", message.strip())
    for severity in Severity:
        for reported in report.findings:
            if reported.finding.severity is severity:
                yield _annotation(reported)
    if report.left_out:
        yield _command("warning", None, report.title, left_out(report))
    if report.cut_short:
        yield _command("error", None, report.title, cut_short(report))
    closing = [*(printable(note) for note in report.remarks), counted(report)]
    closing.append(verdict(report, fail_on))
    yield _command("notice", None, report.title, "\n".join(line for line in closing if line))


def _annotation(reported: Reported) -> str:
    finding = reported.finding
    lines = [
        sentence(reported),
        f"at {printable(finding.pointer)}" if finding.pointer else "",
        f"seen {printable(seen(reported))}" if seen(reported) else "",
        printable(hint_of(reported)),
    ]
    return _command(
        finding.severity.value,
        reported.place,
        f"{finding.rule_id} {headline(reported)}",
        "\n".join(line for line in lines if line),
    )


def _command(name: str, place: Place | None, title: str, message: str) -> str:
    properties: dict[str, str] = {}
    if place is not None:
        properties["file"] = place.source
        if place.line is not None:
            properties["line"] = str(place.line)
            if place.column is not None:
                properties["col"] = str(place.column)
    properties["title"] = title
    written = ",".join(f"{key}={_property(value)}" for key, value in properties.items() if value)
    return f"::{name} {written}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(printable(text)).replace(":", "%3A").replace(",", "%2C")
