"""GET /__admin/requests: what callers have sent, how it was answered, and what came of it."""

from collections.abc import Mapping

import orjson

from ..clock import timestamp
from ..domain.account.ports import CatalogueStore
from ..domain.jobs import RecordVerdict
from ..errors import not_found, shortened
from ..intake.operation_names import Called, called
from ..stores.event_log import EventLog
from ..stores.jobs import JobStore
from ..stores.request_log import LoggedRequest, RequestLog
from ..text.redaction import Redaction
from .event_effects import EventEffects
from .replies import Reply
from .request_filter import RequestFilter
from .request_text import RequestText
from .start_and_count import HIGHEST, start_and_count, whole_number

CURSORS = ("after", "before")
"""Numbers of requests, between which those that are wanted lie."""
MARKS = ("rule", "fault")
"""What has come to light about a request: a rule that it has broken, a fault that has struck it."""
FILTERS = (
    *("operation", "path", "status", "product", "location", "deltaId", "client"),
    *("since", "until", "text"),
)
MOST_AT_ONCE = 1_000
LONGEST_ID = 15
ANY = "any"
TAKEN = 200
"""How Fluent answers whatever it takes in."""


class RequestOperations:
    """Tells of the requests that are still kept."""

    def __init__(
        self,
        log: RequestLog,
        events: EventLog,
        jobs: JobStore,
        redaction: Redaction,
        store: CatalogueStore,
    ) -> None:
        self._redaction = redaction
        self._log = log
        self._events = events
        self._jobs = jobs
        self._effects = EventEffects(store, lambda event: events.find(event.id) is event)

    def search(self, query: Mapping[str, str]) -> Reply:
        """GET /__admin/requests: the newest first, of those that the filters leave.

        With `after` and `before` only of those between the two numbers, which are not told.
        """
        wanted, rule, fault = RequestFilter.read(query), query.get("rule"), query.get("fault")
        start, count = start_and_count(query, MOST_AT_ONCE)
        after = whole_number(query, "after", 0, 0)
        before = whole_number(query, "before", HIGHEST, 0)
        newest = self._log.last_id
        found: list[dict[str, object]] = []
        has_more = False
        # What comes meanwhile is after the newest that is told.
        for entry in self._log.between(after, min(before, newest + 1)):
            if not (
                (rule is None or self._has_broken(entry.id, rule))
                and (fault is None or self._was_struck(entry.id, fault))
                and wanted.matches(entry, self._redaction)
            ):
                continue
            if start:
                start -= 1
            elif len(found) == count:
                has_more = True
                break
            else:
                found.append(self._summary(entry))
        return Reply(
            {
                "kept": len(self._log),
                "dropped": self._log.dropped,
                "newest": newest,
                "hasMore": has_more,
                "results": found,
            }
        )

    def find(self, number: str) -> Reply:
        """GET /__admin/requests/{id}: whole, but for secrets; raises ApiError (404)."""
        entry = self._entry(number)
        text = RequestText(entry, self._redaction)
        return Reply(
            self._summary(entry)
            | {
                "sent": text.sent,
                "reply": text.reply,
                "replyBytes": entry.reply_length,
            }
        )

    def as_curl(self, number: str, base_url: str) -> str:
        """The command that sends a request again; raises ApiError (404)."""
        return RequestText(self._entry(number), self._redaction).as_curl(base_url)

    def clear(self) -> Reply:
        """DELETE /__admin/requests: what was seen so far is no longer told."""
        self._log.clear()
        return Reply({"status": "forgotten"})

    def _has_broken(self, number: int, rule: str) -> bool:
        """Whether a request has broken a rule with this id, or beginning of one; "any" is any."""
        broken = self._log.broken_by(number)
        return bool(broken) if rule == ANY else any(each.startswith(rule) for each in broken)

    def _was_struck(self, number: int, fault: str) -> bool:
        """Whether a fault of this kind, or of this rule's id, has struck it; "any" is any."""
        struck = self._log.struck(number)
        return struck is not None and any(
            fault in (ANY, firing.kind, firing.rule) for firing in struck.firings
        )

    def _entry(self, number: str) -> LoggedRequest:
        is_number = number.isascii() and number.isdigit() and len(number) <= LONGEST_ID
        entry = self._log.find(int(number)) if is_number else None
        if entry is None:
            raise not_found(
                f"There is no request {shortened(number)!r}: the last one is {self._log.last_id}, "
                f"and {len(self._log)} are kept."
            )
        return entry

    def _summary(self, entry: LoggedRequest) -> dict[str, object]:
        request, text = entry.request, RequestText(entry, self._redaction)
        call = called(request.method, text.path)
        return {
            "id": entry.id,
            "at": timestamp(entry.at),
            "operation": call.operation,
            "method": request.method,
            "path": text.path,
            "query": text.query,
            "client": {"address": request.address, "agent": text.agent},
            "status": entry.status,
            "outcome": self._outcome(entry, call, text),
            "examined": entry.id <= self._log.examined,
            "rulesBroken": self._log.broken_by(entry.id),
        }

    def _outcome(self, entry: LoggedRequest, call: Called, text: RequestText) -> dict[str, object]:
        """What came of it, by now, and which faults have struck it."""
        struck = self._log.struck(entry.id)
        if struck is None:
            is_taken = entry.status == TAKEN or call.operation == "sendEventAndWait"
            made = made_by(entry.reply) if is_taken else None
            return self._what_it_made(entry, call, made, text)
        return {
            **self._what_it_made(entry, call, struck.made, text),
            "faults": [
                {"rule": firing.rule, "kind": firing.kind, "point": firing.point}
                for firing in struck.firings
            ],
        }

    def _what_it_made(
        self, entry: LoggedRequest, call: Called, made: str | None, text: RequestText
    ) -> dict[str, object]:
        reason = entry.reason
        told: dict[str, object] = {} if reason is None else {"refused": text.about(reason.message)}
        if made is None:
            return told
        if call.operation in ("sendEvent", "sendEventAndWait"):
            event = self._events.find(made)
            if event is None:
                return {"event": made, "status": "no longer kept"}
            return {
                "event": made,
                "name": text.about(event.name),
                "status": event.status,
                "reason": text.about(event.outcome),
                "effect": self._effects.told(event, text.about),
            }
        if call.operation == "createBatch" and call.job_id is not None:
            return {"job": call.job_id, "batch": made, **self._batch(call.job_id, made)}
        return {"job": made} if call.operation == "createJob" else {}

    def _batch(self, job_id: str, batch_id: str) -> dict[str, object]:
        job = self._jobs.find(job_id)
        batch = None if job is None else self._jobs.find_batch(job, batch_id)
        if batch is None:
            return {"status": "no longer kept"}
        counted = {
            verdict.name: batch.verdicts.count(verdict)
            for verdict in RecordVerdict
            if batch.verdicts.count(verdict)
        }
        return {"status": batch.status, "records": counted}


def made_by(reply: bytes) -> str | None:
    """The id of what a request has made, which its reply tells under one of these names."""
    try:
        document = orjson.loads(reply)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(document, dict):
        return None
    made = next((document[name] for name in ("id", "eventId") if name in document), None)
    return None if made is None else str(made)
