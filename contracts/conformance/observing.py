"""What an exchange shows: the payload that was sent, and the call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qs, quote

import orjson
from fluent_oms_simulator.conformance.examiner import JobFacts
from fluent_oms_simulator.conformance.traffic import Exchange
from fluent_oms_simulator.intake.parsing import NotJsonError, read_json

from ..rules.refusals import FOR_ANOTHER_REASON
from ..rules.resent_events import delta_details
from ..rules.rule import Batch, Call, Event, Finding, Job, Severity
from .operation_names import OPERATIONS, called, nearest

LONGEST_ID = 100
MOST_PARAMETERS = 40

Payload = Batch | Event | Job

_SENDS_EVENT = ("sendEvent", "sendEventAndWait")
_SENDS = {
    "createJob": "FOMS-J000",
    "createBatch": "FOMS-B000",
    "sendEvent": "FOMS-E000",
    "sendEventAndWait": "FOMS-E000",
}
"""The operations that take a payload, and the rule that has the last word on its shape."""

_DESCRIBED = frozenset(OPERATIONS.values())
_NO_SUCH_CALL = frozenset({404, 405})
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_WRONG_CREDENTIALS = "invalid_grant"


class Seen(NamedTuple):
    """What was made out of an exchange; `unreadable` is why there is no payload."""

    exchange: Exchange
    call: Call
    payload: Payload | None = None
    unreadable: Finding | None = None
    was_taken: bool = False


class Observer:
    """Makes observations of exchanges."""

    def __init__(self, job_facts: JobFacts) -> None:
        self._job_facts = job_facts

    def observe(self, exchange: Exchange, *, knows_jobs: bool = True) -> Seen:
        """The call, and the payload if one was read.

        Without `knows_jobs` the jobs that there are now are others than those that it was about.
        """
        operation, details = called(exchange.method, exchange.path)
        reply = _reply(exchange.reply)
        taken = exchange.status < 300 or "eventId" in reply
        payload: Payload | None = None
        unreadable: Finding | None = None
        retailer_id: str | None = None
        if "job_id" in details and knows_jobs:
            retailer_id = self._look_at_job(operation, details, exchange)
        if operation in _SENDS and isinstance(exchange.sent, bytes) and exchange.sent:
            try:
                document: Any = orjson.loads(exchange.sent) if taken else read_json(exchange.sent)
            except NotJsonError as refusal:
                unreadable = _unreadable(_SENDS[operation], refusal)
            else:
                at = exchange.at / 1000
                if operation == "createBatch":
                    payload = Batch(document, details["job_id"], retailer_id, at)
                elif operation == "createJob":
                    payload = Job(document, at)
                else:
                    payload = Event(document, at)
                    details |= delta_details(document)
        _add_reply(operation, details, reply)
        _add_request(details, exchange)
        if operation not in _DESCRIBED:
            if exchange.status in _NO_SUCH_CALL:
                _add_nearest(details, exchange)
        elif _came_to_nothing(operation, exchange):
            _add_refusal(details, exchange)
        call = Call(
            operation,
            exchange.status,
            exchange.at / 1000,
            f"{exchange.address} {exchange.agent}",
            f"{hash(exchange.sent):x}" if isinstance(exchange.sent, bytes) else "",
            details,
        )
        return Seen(exchange, call, payload, unreadable, taken)

    def _look_at_job(
        self, operation: str, details: dict[str, str], exchange: Exchange
    ) -> str | None:
        facts = self._job_facts(details["job_id"], exchange.at)
        if facts is None:
            return None
        retailer_id, status = facts
        if (operation == "createBatch") == (exchange.status >= 400):
            details["job_status"] = status
        return retailer_id


def _came_to_nothing(operation: str, exchange: Exchange) -> bool:
    """Whether the call was refused, or failed, for its own sake."""
    status = exchange.status
    if operation == "executeGraphql" and status < 300:
        return exchange.reason is not None
    if status == 404 and exchange.method in _READS:
        return False  # asking whether there is such a job, batch or event is no fault
    return 400 <= status < 500 and status not in FOR_ANOTHER_REASON


def _reply(raw: bytes) -> Mapping[str, object]:
    try:
        reply = orjson.loads(raw) if raw else {}
    except orjson.JSONDecodeError:
        return {}
    return reply if isinstance(reply, dict) else {}


def _add_reply(operation: str, details: dict[str, str], reply: Mapping[str, object]) -> None:
    made = reply.get("eventId") if operation == "sendEventAndWait" else reply.get("id")
    if operation == "createJob" and made is not None:
        details["job_id"] = str(made)[:LONGEST_ID]
    elif operation == "createBatch" and made is not None:
        details["batch_id"] = str(made)[:LONGEST_ID]
    elif operation in _SENDS_EVENT and made is not None:
        details["event_id"] = str(made)[:LONGEST_ID]
    elif operation == "issueToken" and "expires_in" in reply:
        details["expires_in"] = str(reply["expires_in"])


def _add_request(details: dict[str, str], exchange: Exchange) -> None:
    if isinstance(exchange.sent, Mapping):
        grant_type = exchange.sent.get("grant_type")
        if grant_type:
            details["grant_type"] = grant_type[:LONGEST_ID]
        refresh_token = exchange.sent.get("refresh_token")
        if grant_type == "refresh_token" and refresh_token:
            details["refresh_token"] = f"{hash(refresh_token):x}"
    elif exchange.authorization is not None:
        details["token"] = f"{hash(exchange.authorization):x}"
    if exchange.retry_after is not None:
        details["retry_after"] = exchange.retry_after
    if exchange.query:
        given = parse_qs(exchange.query, keep_blank_values=True)
        if "start" in given:
            details["start"] = given["start"][-1][:LONGEST_ID] or "0"
        names = [quote(name[:LONGEST_ID]) for name in list(given)[:MOST_PARAMETERS]]
        details["parameters"] = " ".join(names)


def _add_nearest(details: dict[str, str], exchange: Exchange) -> None:
    """The call that was meant; a probe for health, or a browser that looks around, means none."""
    if exchange.method == "OPTIONS":
        return
    meant = nearest(exchange.method, exchange.path)
    if meant or exchange.method not in _READS:
        details["nearest"] = meant


def _add_refusal(details: dict[str, str], exchange: Exchange) -> None:
    """Why a call was refused; wrong credentials are about the caller, and rules about tokens'."""
    reason = exchange.reason
    if reason is None:
        details["refusal"] = ""
    elif reason.code != _WRONG_CREDENTIALS:
        details["refusal"] = reason.message


def _unreadable(rule_id: str, refusal: NotJsonError) -> Finding:
    """The first fault; the reply to the caller tells more of them."""
    fault = refusal.faults[0]
    found = fault.found
    if fault.character is not None:
        found += f" at character {fault.character + 1:,}"
    expected = f"one JSON document: {fault.expected}"
    return Finding(rule_id, Severity.ERROR, fault.pointer, found, expected)
