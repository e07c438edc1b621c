"""What is to be said against the traffic: deltas, rules, batches that were not asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from ..client.answers import object_or_empty
from ..client.control_calls import ControlCalls
from .delta_stories import ADVICE, DeltaStories, answered, moment, unsure_of
from .sent_requests import SeenRequest, SentRequests

__tracebackhide__ = True  # pytest shows the line of the test that has called

VERIFY = "/__admin/verify"
CONFORMANCE = "/__admin/conformance"
ACCEPTED = 200
NOT_ONCE = ("appliedAgain", "conflicting", "failed", "neverApplied")
"""What the ledger says of deltas that were not applied exactly once."""
MOST_DELTAS = 10
MOST_LINES = 5


def exactly_once_note(calls: ControlCalls, catalogue: str) -> str:
    """Which deltas were not applied exactly once, each with its story; empty where all were."""
    result = verified(calls, [{"effect": "everyDeltaAppliedExactlyOnce"}])["results"][0]
    unsure = unsure_of(calls)
    repeats, is_sure = unsure.again, not (unsure.again or unsure.lost)
    if result["verdict"] == "passed" and is_sure:
        return ""
    stories = DeltaStories(calls)
    if result["verdict"] == "unknown" and is_sure:
        return f"Whether every delta was applied exactly once cannot be told: {result['reason']}."
    at_fault = [
        each
        for each in stories.deltas
        if each.delta_id in stories.retries
        or (each.delta_id not in stories.made_good and not set(NOT_ONCE).isdisjoint(each.fates))
    ]
    lines = ["Not every change was applied exactly once."]
    lines += (f"  {line}" for line in stories.told(at_fault[:MOST_DELTAS], catalogue))
    if len(at_fault) > MOST_DELTAS:
        lines.append(f"  {len(at_fault) - MOST_DELTAS:,} more deltas are not told here.")
    if not at_fault:  # they are no longer kept
        lines += (
            f"  Request {number} sends again, under new deltaIds, what may have been applied."
            for number in sorted(repeats)
        )
    if unsure.lost:
        lines += (f"  {line}" for line in stories.unread())
        last = ", ".join(map(str, sorted(unsure.lost)))
        lines.append(f"  No event came after request {last}, so what it was to bring is lost.")
    if not at_fault and is_sure:
        lines.append(f"  {result['reason']}.")
    if repeats or stories.retries:
        lines.append(f"  {ADVICE}")
    return "\n".join(lines)


def conformance_note(calls: ControlCalls, ignore: Sequence[str], fail_on: str) -> str:
    """Which rules the traffic has broken, where and how; empty where none was."""
    query = {"failOn": fail_on} | ({"ignore": ",".join(ignore)} if ignore else {})
    report = calls.document("GET", f"{CONFORMANCE}?{urlencode(query)}")
    if report["verdict"] == "passed":
        return ""
    findings = [
        each for each in report["findings"] if fail_on == "warning" or each["severity"] == "error"
    ]
    by_rule: dict[str, list[Mapping[str, Any]]] = {}
    for finding in findings:
        by_rule.setdefault(finding["rule"], []).append(finding)
    if not by_rule:
        why = " ".join(each["message"] for each in report["checks"] if each["verdict"] != "passed")
        return f"Whether the contract was kept to cannot be told: {why}"
    count = "1 rule" if len(by_rule) == 1 else f"{len(by_rule)} rules"
    lines = [f"The traffic breaks {count} of the contract."]
    return "\n".join(chain(lines, *(_rule(rule, found) for rule, found in by_rule.items())))


def _rule(rule: str, found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    yield f"{rule}: {found[0]['title']}."
    for finding in found[:MOST_LINES]:
        at = f" at {finding['pointer']}" if finding["pointer"] else ""
        yield (
            f"  {finding['place']['source']}:{at} found {finding['found']}, expected"
            f" {finding['expected']}."
        )
    times = sum(each.get("times", 1) for each in found) - min(len(found), MOST_LINES)
    if times > 0:
        yield f"  It was broken {times:,} more times."
    if found[0].get("hint"):
        yield f"  {found[0]['hint']}"


def polled_note(calls: ControlCalls) -> str:
    """Which batches nobody asked for until they were COMPLETE; empty where none is such."""
    result = verified(calls, [{"effect": "everyBatchPolledToComplete"}])["results"][0]
    if result["verdict"] == "passed":
        return ""
    if result["verdict"] == "unknown":
        return (
            f"Whether every batch was polled until it was COMPLETE cannot be told:"
            f" {result['reason']}."
        )
    requests = {each.number: each for each in SentRequests(calls).query()}
    lines = ["Not every batch was polled until it was COMPLETE."]
    for number in result["requests"]:
        request = requests.get(number)
        if request is None:
            lines.append(f"  The batch of request {number}.")
            continue
        made = request.outcome
        polls = [
            each
            for each in requests.values()
            if each.operation == "getBatch"
            and each.path.endswith(f"/job/{made.get('job')}/batch/{made.get('batch')}")
        ]
        last = polls[-1] if polls else None
        was_told = request.status == ACCEPTED and "id" in object_or_empty(request.reply)
        untold = "nobody knew its id, and the same was not sent again and asked for"
        asked = (
            ("nobody asked for it" if was_told else untold)
            if last is None
            else f"it was last asked for at {moment(last.at)} (request {last.number}),"
            f" {answered(last.status, last)}, and was {_status_told(last)} then"
        )
        lines.append(
            f"  Batch {made.get('batch')} of job {made.get('job')} was sent at"
            f" {moment(request.at)} in request {number}, {answered(request.status, request)};"
            f" {asked}; it is {made.get('status')} by now."
        )
    lines.append("  A batch that was accepted may still fail: ask for it until it is COMPLETE.")
    return "\n".join(lines)


def _status_told(poll: SeenRequest) -> str:
    reply = object_or_empty(poll.reply)
    return str(reply.get("status", "in no state that could be read"))


def verdict_note(told: Mapping[str, Any]) -> str:
    """Which expectations did not come about, and what came closest; empty where all did."""
    lines: list[str] = []
    for result in told["results"]:
        if result["verdict"] == "passed":
            continue
        is_unknown = result["verdict"] == "unknown"
        how = "cannot be told" if is_unknown else "has not come about"
        lines.append(f"{result['name']!r} {how}: {result['reason']}.")
        for miss in result["nearMisses"]:
            differences = ", ".join(
                f"{each['field']} is {each['found']}, expected {each['expected']}"
                for each in miss["differences"]
            )
            near = "" if miss["request"] is None else f"Closest is request {miss['request']}: "
            lines.append(f"  {near}{differences}.")
    return "\n".join(lines)


def verified(calls: ControlCalls, expectations: Sequence[Mapping[str, object]]) -> dict[str, Any]:
    """A verdict on each expectation."""
    return calls.document("POST", VERIFY, {"expectations": list(expectations)})
