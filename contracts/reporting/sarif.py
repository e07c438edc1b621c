"""A report as SARIF 2.1.0, which code scanning of GitHub, GitLab and Azure reads."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from fluent_oms_simulator.release import DISTRIBUTION, version
from fluent_oms_simulator.text.printable import printable, printable_lines, unicode_text

from ..rules.rule import Finding, Severity
from .run_report import Check, Place, Report, Reported, Verdict
from .summary import cut_short, hint_of, more_left_out, rule_texts, sentence, unexplained

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT = "fluentSimFinding/v1"
CHECK = "FOMS-CHECK"
"""The rule that a check breaks which failed as a whole."""
MORE = "FOMS-MORE"
"""What stands for the findings that a bound has cost."""
MOST_RESULTS = 24_900
"""GitHub refuses a run of more than 25,000 results (code scanning, limits of SARIF uploads)."""


def render(report: Report, fail_on: Severity) -> str:  # noqa: ARG001 - each result has its level
    """One run, in ASCII."""
    return json.dumps(as_document(report), indent=2) + "\n"


def as_document(report: Report) -> dict[str, Any]:
    """The log as plain lists and dictionaries."""
    failed = unexplained(report)[:MOST_RESULTS]
    findings = _most_severe(report.findings, MOST_RESULTS - len(failed))
    not_told = report.left_out.total() + len(report.findings) - len(findings)
    firsts: dict[str, Reported] = {}
    for reported in findings:
        firsts.setdefault(reported.finding.rule_id, reported)
    rules = [_rule(rule_id, first) for rule_id, first in firsts.items()]
    indices = {rule_id: index for index, rule_id in enumerate(firsts)}
    results = [
        _result(reported, indices[reported.finding.rule_id], fingerprint)
        for reported, fingerprint in zip(findings, _fingerprints(findings), strict=True)
    ]
    if failed:
        rules.append(_CHECK_RULE)
        results += [_check_result(check, len(rules) - 1) for check in failed]
    if not_told:
        rules.append(_MORE_RULE)
        results.append(_more_result(report, not_told, len(rules) - 1))
    driver = {"name": DISTRIBUTION, "version": version(), "rules": rules}
    run = {
        "tool": {"driver": driver},
        "invocations": [_invocation(report, not_told)],
        "columnKind": "unicodeCodePoints",
        "results": results,
        "properties": {
            "title": printable(report.title),
            "counts": {unicode_text(what): number for what, number in report.counts.items()},
        },
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _most_severe(findings: Sequence[Reported], most: int) -> Sequence[Reported]:
    """As many findings as there is room for, the errors first to stay; in their order."""
    if len(findings) <= most:
        return findings
    ranks = {severity: rank for rank, severity in enumerate(Severity)}
    by_rank = sorted(
        range(len(findings)), key=lambda index: ranks[findings[index].finding.severity]
    )
    return [findings[index] for index in sorted(by_rank[:most])]


def _name(title: str) -> str:
    """A title as one word for machines: `A LAST_ON_HAND is negative` as LastOnHandIsNegative."""
    words = []
    for word in re.findall(r"\w+", title.replace("'", "")):
        parts = [part for part in word.split("_") if part]
        if len(parts) > 1 and word.isupper():
            parts = [part.lower() for part in parts]
        if word.lower() not in ("a", "an"):
            words += parts
    return "".join(word[0].upper() + word[1:] for word in words)


def _rule(rule_id: str, first: Reported) -> dict[str, Any]:
    """What is known of a rule: by the pack, or else by its first finding."""
    texts = rule_texts(rule_id)
    title = texts.title or printable(first.title) or f"The rule {printable(rule_id)}"
    hint = texts.hint or printable(first.hint) or "See what was found, and what was expected."
    return {
        "id": unicode_text(rule_id),
        "name": _name(title) or "Rule",
        "shortDescription": {"text": title},
        "fullDescription": {"text": texts.reason or title},
        "help": {"text": f"{hint}\n\nEvidence: {texts.evidence}" if texts.evidence else hint},
        "defaultConfiguration": {"level": first.finding.severity.value},
    }


_CHECK_RULE = {
    "id": CHECK,
    "name": "CheckFailed",
    "shortDescription": {"text": "A check failed"},
    "fullDescription": {
        "text": "Something that was checked as a whole, such as a contract or a file, is not as it"
        " should be, or could not be checked."
    },
    "help": {"text": "Read the message: it says what was checked, and what it came to."},
    "defaultConfiguration": {"level": "error"},
}

_MORE_RULE = {
    "id": MORE,
    "name": "MoreFindings",
    "shortDescription": {"text": "There are more findings than this report holds"},
    "fullDescription": {
        "text": "A report is bounded, by the option --max-findings and by what code scanning takes:"
        " what is beyond the bound was counted only."
    },
    "help": {"text": "Mend what is told and run it again, or split the files over several runs."},
    "defaultConfiguration": {"level": "note"},
}


def _more_result(report: Report, not_told: int, rule_index: int) -> dict[str, Any]:
    """The note that findings are missing, where the last of those that are told is."""
    place = report.findings[-1].place._replace(line=1, column=None) if report.findings else None
    return {
        "ruleId": MORE,
        "ruleIndex": rule_index,
        "level": "note",
        "message": _message(more_left_out(not_told)),
        "locations": [] if place is None else _locations(place, ""),
        "partialFingerprints": {FINGERPRINT: _digest([MORE])},
    }


def _result(reported: Reported, rule_index: int, fingerprint: str) -> dict[str, Any]:
    finding = reported.finding
    hint = printable(hint_of(reported))
    message = f"{sentence(reported)}\n{hint}" if hint else sentence(reported)
    result: dict[str, Any] = {
        "ruleId": unicode_text(finding.rule_id),
        "ruleIndex": rule_index,
        "level": finding.severity.value,
        "message": _message(message),
        "locations": _locations(reported.place, finding.pointer),
        "partialFingerprints": {FINGERPRINT: fingerprint},
    }
    if reported.times > 1:
        result["occurrenceCount"] = reported.times
        if reported.last is not None:
            last = _locations(reported.last, "")
            result["relatedLocations"] = [
                {"id": 1, "message": {"text": "The last time it was seen."}, **location}
                for location in last
            ]
    return result


def _check_result(check: Check, rule_index: int) -> dict[str, Any]:
    lines = [printable(check.name), printable(check.message), *printable_lines(check.details)]
    return {
        "ruleId": CHECK,
        "ruleIndex": rule_index,
        "level": "error",
        "message": _message("\n".join(line for line in lines if line)),
        "locations": [{"logicalLocations": [{"fullyQualifiedName": unicode_text(check.name)}]}],
        "partialFingerprints": {FINGERPRINT: _digest([CHECK, check.name])},
    }


def _invocation(report: Report, not_told: int) -> dict[str, Any]:
    notifications = [{"level": "note", "message": _message(printable(n))} for n in report.remarks]
    if not_told:
        told = more_left_out(not_told)
        notifications.append({"level": "warning", "message": _message(told)})
    if report.cut_short:
        notifications.append({"level": "error", "message": _message(cut_short(report))})
    ran = not report.cut_short and all(
        check.verdict is not Verdict.ERROR for check in report.checks
    )
    return {"executionSuccessful": ran, "toolExecutionNotifications": notifications}


def _message(text: str) -> dict[str, str]:
    """Plain text; what would be read as a placeholder or as a link is not one of ours."""
    text = re.sub(r"\{(\d+)\}", r"{{\1}}", text)
    return {"text": re.sub(r"\[(?=[^\]]*\]\()", r"\\[", text)}


def _locations(place: Place, pointer: str) -> list[dict[str, Any]]:
    location: dict[str, Any] = {}
    if place.source:
        physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(place.source)}}
        if place.line is not None and place.line > 0:
            physical["region"] = {"startLine": place.line}
            if place.column is not None and place.column > 0:
                physical["region"]["startColumn"] = place.column
        location["physicalLocation"] = physical
    if pointer:
        location["logicalLocations"] = [{"fullyQualifiedName": unicode_text(pointer)}]
    return [location] if location else []


def _uri(source: str) -> str:
    """Relative to the working directory where it is below it; forward slashes on every platform."""
    path = PurePath(source)
    if path.is_absolute():
        try:
            path = path.relative_to(os.getcwd())
        except (OSError, ValueError):
            absolute = path.as_posix().lstrip("/")
            return f"file:///{_quoted(absolute)}"
    return _quoted(path.as_posix())


def _quoted(path: str) -> str:
    try:
        raw = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raw = path.encode("utf-8", "backslashreplace")
    return quote(raw)


def _fingerprints(findings: Sequence[Reported]) -> Iterable[str]:
    """One for each finding; it stays when lines or list items are added above it.

    Hence it is made of what was found, and of the pointer without its numbers; equal ones are
    told apart by their order.
    """
    before: Counter[str] = Counter()
    for reported in findings:
        digest = _digest(_lasting(reported.finding, reported.place))
        yield f"{digest}:{before[digest] + 1}"
        before[digest] += 1


def _lasting(finding: Finding, place: Place) -> list[str]:
    names = re.sub(r"/\d+(?=/|$)", "/*", finding.pointer)
    return [finding.rule_id, place.source, names, finding.found]


def _digest(parts: Iterable[str]) -> str:
    joined = "\0".join(parts).encode("utf-8", "surrogatepass")
    return sha256(joined).hexdigest()[:32]
