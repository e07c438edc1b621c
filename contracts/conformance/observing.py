"""What an exchange shows: the payload that was sent, and the call."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any, NamedTuple
from urllib.parse import parse_qs, quote

import orjson
from fluent_oms_simulator.conformance.examiner import JobFacts
from fluent_oms_simulator.conformance.failed_work import BATCH, EVENT
from fluent_oms_simulator.conformance.traffic import Exchange
from fluent_oms_simulator.intake.operation_names import OPERATIONS, Called, called, nearest
from fluent_oms_simulator.intake.parsing import NotJsonError, read_json

from ..rules.obligations.refusals import FOR_ANOTHER_REASON
from ..rules.obligations.resent_events import delta_prints
from ..rules.rule import Batch, Call, CallDetails, Event, Finding, Job, Severity

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
_WITHOUT_A_TOKEN = 401
"""Which is refused unread: what it brings is judged once it comes with one."""


class Observed(NamedTuple):
    """What was made out of an exchange; `unreadable` is why there is no payload."""

    exchange: Exchange
    call: Call
    payload: Payload | None = None
    unreadable: Finding | None = None
    was_taken: bool = False

    @property
    def work(self) -> tuple[str, str] | None:
        """The event or the batch that it has brought, and that is still to be applied."""
        if not 0 < self.exchange.status < 300:
            return None
        details = self.call.details
        if self.call.operation == "createBatch" and details.batch_id is not None:
            return BATCH, details.batch_id
        if self.call.operation in _SENDS_EVENT and details.event_id is not None:
            return EVENT, details.event_id
        return None


class Observer:
    """Makes observations of exchanges."""

    def __init__(self, job_facts: JobFacts) -> None:
        self._job_facts = job_facts

    def observe(self, exchange: Exchange, *, knows_jobs: bool = True) -> Observed:
        """The call, and the payload if one was read.

        Without `knows_jobs` the jobs that there are now are others than those that it was about.
        """
        asked = called(exchange.method, exchange.path)
        operation, job_id = asked.operation, asked.job_id
        reply = _reply(exchange.reply)
        taken = 0 < exchange.status < 300 or "eventId" in reply
        payload: Payload | None = None
        unreadable: Finding | None = None
        facts = self._job_facts(job_id, exchange.at) if job_id is not None and knows_jobs else None
        retailer_id, status = (None, None) if facts is None else facts
        is_read = operation in _SENDS and exchange.status != _WITHOUT_A_TOKEN
        if is_read and isinstance(exchange.sent, bytes) and exchange.sent:
            try:
                document: Any = orjson.loads(exchange.sent) if taken else read_json(exchange.sent)
            except NotJsonError as refusal:
                unreadable = _unreadable(_SENDS[operation], refusal)
            else:
                at = exchange.at / 1000
                if operation == "createBatch":
                    payload = Batch(document, job_id, retailer_id, at)
                elif operation == "createJob":
                    payload = Job(document, at)
                else:
                    payload = Event(document, at)
        call = Call(
            operation,
            exchange.status or None,  # no reply has come
            exchange.at / 1000,
            f"{exchange.address} {exchange.agent}",
            f"{hash(exchange.sent):x}" if isinstance(exchange.sent, bytes) else "",
            _details(asked, exchange, reply, status, payload),
        )
        return Observed(exchange, call, payload, unreadable, taken)


def _details(
    asked: Called,
    exchange: Exchange,
    reply: Mapping[str, object],
    job_status: str | None,
    payload: Payload | None,
) -> CallDetails:
    operation, sent = asked.operation, exchange.sent
    made = _made(operation, reply)
    is_about_its_job = (operation == "createBatch") == (exchange.status >= 400)
    start, parameters = _query(exchange.query)
    form = sent if isinstance(sent, Mapping) else {}
    refresh_token = form.get("refresh_token") if form.get("grant_type") == "refresh_token" else ""
    bearer = None if isinstance(sent, Mapping) else exchange.authorization
    return CallDetails(
        job_id=made or asked.job_id if operation == "createJob" else asked.job_id,
        batch_id=made or asked.batch_id if operation == "createBatch" else asked.batch_id,
        event_id=made or asked.event_id if operation in _SENDS_EVENT else asked.event_id,
        job_status=job_status if is_about_its_job else None,
        start=start,
        parameters=parameters,
        token=None if bearer is None else f"{hash(bearer):x}",
        refresh_token=f"{hash(refresh_token):x}" if refresh_token else None,
        expires_in=_seconds(reply.get("expires_in")) if operation == "issueToken" else None,
        retry_after=_seconds(exchange.retry_after),
        refusal=_refusal(operation, exchange),
        nearest=_nearest(operation, exchange),
        deltas=delta_prints(payload.document) if isinstance(payload, Event) else None,
    )


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


def _made(operation: str, reply: Mapping[str, object]) -> str | None:
    """The id of what the call has made."""
    made = reply.get("eventId" if operation == "sendEventAndWait" else "id")
    return None if made is None else str(made)[:LONGEST_ID]


def _seconds(told: object) -> float | None:
    """What a reply tells in seconds; None when it is no finite number above zero."""
    try:
        seconds = float(str(told))
    except ValueError:
        return None
    return seconds if isfinite(seconds) and seconds > 0 else None


def _query(query: str) -> tuple[str, tuple[str, ...]]:
    """The first row that is asked for, and the names of the parameters."""
    if not query:
        return "0", ()
    given = parse_qs(query, keep_blank_values=True)
    start = given["start"][-1][:LONGEST_ID] if "start" in given else ""
    return start or "0", tuple(quote(name[:LONGEST_ID]) for name in list(given)[:MOST_PARAMETERS])


def _nearest(operation: str, exchange: Exchange) -> str | None:
    """The call that was meant; a probe for health, or a browser that looks around, means none."""
    is_call = operation in _DESCRIBED or exchange.status not in _NO_SUCH_CALL
    if is_call or exchange.method == "OPTIONS":
        return None
    meant = nearest(exchange.method, exchange.path)
    return meant if meant or exchange.method not in _READS else None


def _refusal(operation: str, exchange: Exchange) -> str | None:
    """Why a call was refused; wrong credentials are about the caller, and rules about tokens'."""
    if operation not in _DESCRIBED or not _came_to_nothing(operation, exchange):
        return None
    reason = exchange.reason
    if reason is None:
        return ""
    return None if reason.code == _WRONG_CREDENTIALS else reason.message


def _unreadable(rule_id: str, refusal: NotJsonError) -> Finding:
    """The first fault; the reply to the caller tells more of them."""
    fault = refusal.faults[0]
    found = fault.found
    if fault.character is not None:
        found += f" at character {fault.character + 1:,}"
    expected = f"one JSON document: {fault.expected}"
    return Finding(rule_id, Severity.ERROR, fault.pointer, found, expected)
