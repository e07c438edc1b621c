"""One report, in any of the formats in which it is wanted; imports what that format needs."""

from __future__ import annotations

from ..rules.rule import Severity
from . import text
from .run_report import Report

FORMATS = ("text", "json", "junit", "sarif", "github", "markdown", "html")


def render(
    report: Report,
    format: str,  # noqa: A002 - the word that the command line has for it
    *,
    colour: bool = False,
    fail_on: Severity = Severity.ERROR,
) -> str:
    """The report in this format, one of `FORMATS`; it ends with a line end.

    `colour` is for `text` alone. `fail_on` is the severity that makes a run fail: it decides the
    verdict, and which findings are failures in JUnit XML, which knows no warnings.
    """
    match format:
        case "text":
            return text.render(report, colour, fail_on)
        case "json":
            from .as_json import render as rendered
        case "junit":
            from .junit import render as rendered
        case "sarif":
            from .sarif import render as rendered
        case "github":
            from .github import render as rendered
        case "markdown":
            from .markdown import render as rendered
        case "html":
            from .html import render as rendered
        case _:
            raise ValueError(f"no report format {format!r}: one of {', '.join(FORMATS)}")
    return rendered(report, fail_on)
