"""A run as SARIF 2.1.0, for those who gather every report in that format.

A load run speaks of no file: its results have logical locations only, an objective or a position.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, NamedTuple

from fluent_oms_simulator.release import DISTRIBUTION, version
from fluent_oms_simulator.text.printable import printable

from .run_result import AuditResult, RunResult
from .verdict import Ending, Verdict
from .wording import audit_verdict, headline, objective_found, objective_text, rate_sent

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_FINGERPRINT = "fluentSimLoad/v1"
_MISSED = "FOMS-LOAD-OBJECTIVE"
_AUDIT = "FOMS-LOAD-AUDIT"
_OPEN = "FOMS-LOAD-UNDECIDED"
_RULES = {
    _MISSED: (
        "ObjectiveMissed",
        "An objective is missed",
        "error",
        "Look at the page of the run: when it was slow, and what was under way then.",
    ),
    _AUDIT: (
        "StockNotAsSent",
        "What the server holds is not what was sent",
        "error",
        "Look for the request that is named: its delta is lost or doubled, or a position is wrong.",
    ),
    _OPEN: (
        "NotFoundOut",
        "Something could not be found out",
        "warning",
        "Run it again with more --workers or --users, from another machine, or for longer.",
    ),
}


class _Finding(NamedTuple):
    rule: str
    level: str
    place: str
    text: str


def sarif_report(result: RunResult) -> str:
    """One run, in ASCII; nothing is in it where all is as it should be."""
    rules = list(_RULES)
    run = {
        "tool": {
            "driver": {
                "name": DISTRIBUTION,
                "version": version(),
                "rules": [_rule(each) for each in rules],
            }
        },
        "invocations": [_invocation(result)],
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, rules.index(each.rule)) for each in _findings(result)],
        "properties": {"verdict": result.verdict.value, "scenario": printable(result.scenario)},
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _findings(result: RunResult) -> Iterator[_Finding]:
    run = f"load {result.scenario}"
    if result.ending is not Ending.COMPLETE:
        yield _Finding(_OPEN, "warning", run, headline(result))
    for each in result.objectives:
        if not each.met:
            rule, level = (_OPEN, "warning") if each.met is None else (_MISSED, "error")
            text = f"{objective_text(each)}: found {objective_found(each)}"
            yield _Finding(rule, level, f"{run}/{each.text}", text)
    if result.audit is not None and not result.audit.clean:
        yield from _of_audit(run, result.audit)


def _of_audit(run: str, audit: AuditResult) -> Iterator[_Finding]:
    """All of it in a sentence, then the first few deltas and positions one by one."""
    rule, level = (_AUDIT, "error") if audit.condemns else (_OPEN, "warning")
    yield _Finding(rule, level, f"{run}/audit", f"audit: {audit_verdict(audit)}")
    for each in audit.examples:
        blamed = "".join(f", {word}" for word in (each.delta_id, each.request) if word)
        text = (
            f"{each.kind}: {each.product_ref} at {each.location_ref}: expected {each.expected},"
            f" found {each.found}{blamed}"
        )
        yield _Finding(rule, level, f"{each.product_ref}/{each.location_ref}", text)


def _rule(rule: str) -> dict[str, Any]:
    name, title, level, hint = _RULES[rule]
    return {
        "id": rule,
        "name": name,
        "shortDescription": {"text": title},
        "fullDescription": {"text": title},
        "help": {"text": hint},
        "defaultConfiguration": {"level": level},
    }


def _result(finding: _Finding, rule_index: int) -> dict[str, Any]:
    place = printable(finding.place)
    lasting = "\0".join((finding.rule, place)).encode("utf-8", "surrogatepass")
    return {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "level": finding.level,
        "message": _message(finding.text),
        "locations": [{"logicalLocations": [{"fullyQualifiedName": place}]}],
        "partialFingerprints": {_FINGERPRINT: sha256(lasting).hexdigest()[:32]},
    }


def _invocation(result: RunResult) -> dict[str, Any]:
    told = [*result.notes, headline(result)]
    if result.rate is not None:
        told.insert(0, f"{rate_sent(result.rate)}.")
    return {
        "executionSuccessful": result.verdict in (Verdict.MET, Verdict.MISSED),
        "toolExecutionNotifications": [
            {"level": "note", "message": _message(each)} for each in told
        ],
    }


def _message(text: str) -> dict[str, str]:
    """Plain text: what would be read as a placeholder or a link is not one of ours."""
    text = re.sub(r"\{(\d+)\}", r"{{\1}}", printable(text))
    return {"text": re.sub(r"\[(?=[^\]]*\]\()", r"\\[", text)}
