"""GET /__admin/requests: what callers have sent, how it was answered, and what came of it."""

from collections.abc import Mapping

import orjson

from ..clock import timestamp
from ..domain.jobs import RecordVerdict
from ..errors import not_found, shortened
from ..intake.operation_names import Called, called
from ..stores.event_log import EventLog
from ..stores.jobs import JobStore
from ..stores.request_log import LoggedRequest, RequestLog
from .replies import Reply
from .request_filter import RequestFilter
from .request_text import as_curl, body_text, reply_text, shown_path, shown_query
from .start_and_count import start_and_count

FILTERS = (
    *("operation", "path", "status", "product", "location", "deltaId", "client"),
    *("since", "until", "text"),
)
MOST_AT_ONCE = 1_000
LONGEST_ID = 15
TAKEN = 200
"""How Fluent answers whatever it takes in."""


class RequestOperations:
    """Tells of the requests that are still kept."""

    def __init__(self, log: RequestLog, events: EventLog, jobs: JobStore) -> None:
        self._log = log
        self._events = events
        self._jobs = jobs

    def search(self, query: Mapping[str, str]) -> Reply:
        """GET /__admin/requests: the newest first, of those that the filters leave."""
        wanted = RequestFilter.read(query)
        start, count = start_and_count(query, MOST_AT_ONCE)
        found: list[dict[str, object]] = []
        has_more = False
        for entry in self._log.newest_first():
            if not wanted.matches(entry):
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
                "hasMore": has_more,
                "results": found,
            }
        )

    def find(self, number: str) -> Reply:
        """GET /__admin/requests/{id}: whole, but for secrets; raises ApiError (404)."""
        entry = self._entry(number)
        return Reply(
            self._summary(entry)
            | {
                "sent": body_text(entry.request),
                "reply": reply_text(entry),
                "replyBytes": entry.reply_length,
            }
        )

    def as_curl(self, number: str, base_url: str) -> str:
        """The command that sends a request again; raises ApiError (404)."""
        return as_curl(self._entry(number).request, base_url)

    def clear(self) -> Reply:
        """DELETE /__admin/requests: what was seen so far is no longer told."""
        self._log.clear()
        return Reply({"status": "forgotten"})

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
        request = entry.request
        call = called(request.method, request.path)
        return {
            "id": entry.id,
            "at": timestamp(entry.at),
            "operation": call.operation,
            "method": request.method,
            "path": shown_path(request.path),
            "query": shown_query(request.query),
            "client": {"address": request.address, "agent": request.agent},
            "status": entry.status,
            "outcome": self._outcome(entry, call),
            "examined": entry.id <= self._log.examined,
            "rulesBroken": self._log.broken_by(entry.id),
        }

    def _outcome(self, entry: LoggedRequest, call: Called) -> dict[str, object]:
        """What came of it, by now."""
        told: dict[str, object] = {} if entry.reason is None else {"refused": entry.reason.message}
        made = made_by(entry)
        if made is None or (entry.status != TAKEN and call.operation != "sendEventAndWait"):
            return told
        if call.operation in ("sendEvent", "sendEventAndWait"):
            event = self._events.find(made)
            if event is None:
                return {"event": made, "status": "no longer kept"}
            return {"event": made, "status": event.status, "reason": event.outcome}
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


def made_by(entry: LoggedRequest) -> str | None:
    """The id of what a request has made, which its reply tells under one of these names."""
    try:
        document = orjson.loads(entry.reply)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(document, dict):
        return None
    made = next((document[name] for name in ("id", "eventId") if name in document), None)
    return None if made is None else str(made)
