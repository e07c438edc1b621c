"""One report, in any of the formats in which it is wanted."""

from __future__ import annotations

from importlib import import_module

from ..rules.rule import Severity
from . import text
from .run_report import Report

_MODULES = {
    "json": ".as_json",
    "junit": ".junit",
    "sarif": ".sarif",
    "github": ".github",
    "markdown": ".markdown",
}

FORMATS = ("text", *_MODULES)


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
    if format == "text":
        return text.render(report, colour, fail_on)
    if format not in _MODULES:
        raise ValueError(f"no report format {format!r}: one of {', '.join(FORMATS)}")
    rendered: str = import_module(_MODULES[format], __package__).render(report, fail_on)
    return rendered
