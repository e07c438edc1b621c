"""A report for programs, in the shape of the schema `report`."""

from __future__ import annotations

import json
from typing import Any

from fluent_oms_simulator.text.printable import LONGEST, unicode_text

from ..rules.rule import Severity
from .run_report import Check, Outcome, Place, Report, Reported
from .summary import headline, hint_of, how_many

VERSION = 1
"""Raised when something that readers may rely on goes or changes its meaning."""


def render(report: Report, fail_on: Severity) -> str:
    """The whole report as one JSON document, in ASCII."""
    return json.dumps(as_document(report, fail_on), indent=2) + "\n"


def as_document(report: Report, fail_on: Severity) -> dict[str, Any]:
    """The report as plain lists and dictionaries."""
    return {
        "version": VERSION,
        "title": _cut(report.title),
        "profile": report.judged_by.profile,
        "judgedBy": _cut(report.judged_by.words),
        "outcome": report.outcome(fail_on).value,
        "failed": report.outcome(fail_on) is not Outcome.PASSED,
        "errors": how_many(report, Severity.ERROR),
        "warnings": how_many(report, Severity.WARNING),
        "leftOut": report.left_out.total(),
        "counts": {unicode_text(what): number for what, number in report.counts.items()},
        "findings": [_finding(reported) for reported in report.findings],
        "checks": [_check(check) for check in report.checks],
        "notes": [_cut(note) for note in report.notes],
    }


def _finding(reported: Reported) -> dict[str, Any]:
    finding = reported.finding
    return {
        "rule": unicode_text(finding.rule_id),
        "severity": finding.severity.value,
        "title": headline(reported),
        "place": _place(reported.place),
        "pointer": unicode_text(finding.pointer),
        "found": _cut(finding.found),
        "expected": _cut(finding.expected),
        "hint": _cut(hint_of(reported)),
        "times": reported.times,
        "last": None if reported.last is None else _place(reported.last),
    }


def _place(place: Place) -> dict[str, Any]:
    return {"source": unicode_text(place.source), "line": place.line, "column": place.column}


def _check(check: Check) -> dict[str, Any]:
    return {
        "name": unicode_text(check.name),
        "verdict": check.verdict.value,
        "message": _cut(check.message),
        "details": _cut(check.details),
        "seconds": round(check.seconds, 6),
    }


def _cut(text: str) -> str:
    rest = len(text) - LONGEST
    if rest > 0:
        text = f"{text[:LONGEST]}... ({rest:,} characters more)"
    return unicode_text(text)
