"""Answers plain calls of the busiest operations straight, without Flask around them.

A call is plain where nothing about it wants a decision of the edge: its path as the documentation
writes it, no query, JSON declared as JSON, not packed, and not sent by a page in a browser. All
other calls, and all other operations, go to Flask, which defines every answer: a test holds both
ways to the same one, byte for byte.
"""

import logging
import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import orjson

from ...api.refusal_bodies import DEFECT, JSON, refusal
from ...conformance.traffic import SENT
from ...errors import ApiError, api_error
from ...operations.replies import Reply
from ...simulator import Simulator
from .raw_answers import RawAnswer

WANT_A_DECISION = ("content-encoding", "origin", "sec-fetch-site")
"""Headers."""

MOST_AT_ONCE = 16 * 1024
"""Bytes of a body that is looked at without a thread of its own: a delta waits for no large one."""

ID = "([0-9A-Za-z-]+)"
"""What an id looks like in a path."""

log = logging.getLogger(__name__)


class Operation(NamedTuple):
    """What answers a call, of what its path names and its body; and whether it may take long."""

    answer: Callable[..., Reply]
    is_long: bool


class PlainCall(NamedTuple):
    """A request that can be answered here."""

    operation: Operation
    named: tuple[str, ...]
    method: str
    path: str
    address: str
    authorization: str | None
    agent: str | None
    body: bytes

    @property
    def is_long(self) -> bool:
        """Whether it needs a thread of its own."""
        return self.operation.is_long or len(self.body) > MOST_AT_ONCE


class PlainCalls:
    """Knows which calls are plain, and answers them."""

    def __init__(self, simulator: Simulator) -> None:
        self._access_tokens = simulator.access_tokens
        self._traffic = simulator.traffic
        events, jobs = simulator.events, simulator.jobs
        self._fixed = {
            "/api/v4.1/event/async": Operation(events.post_async, is_long=False),
            "/api/v4.1/event/sync": Operation(events.post_sync, is_long=True),
            "/api/v4.1/job": Operation(jobs.create_job, is_long=False),
        }
        self._posted = [
            (re.compile(f"/api/v4.1/job/{ID}/batch"), Operation(jobs.add_batch, is_long=False))
        ]
        self._read = [
            (re.compile(f"/api/v4.1/event/{ID}"), Operation(events.find, is_long=True)),
            (
                re.compile(f"/api/v4.1/job/{ID}/batch/{ID}"),
                Operation(lambda job, batch: jobs.batch_status(job, batch, {}), is_long=True),
            ),
            (
                re.compile(f"/api/v4.1/job/{ID}"),
                Operation(lambda job: jobs.job_status(job, {}), is_long=True),
            ),
        ]

    def find(self, scope: Any, body: bytes | None) -> PlainCall | None:
        """The request as a plain call; None where it is not one. `body` is None without one."""
        path, method = scope.path, scope.method
        headers = scope.headers
        named: tuple[str, ...] = ()
        if method == "POST":
            if headers.get_all("content-type") != _JSON or body is None:
                return None
            operation = self._fixed.get(path)
            if operation is None:
                operation, named = _named(self._posted, path)
        elif method == "GET" and body is None:
            operation, named = _named(self._read, path)
        else:
            return None
        if operation is None or scope.query_string:
            return None
        authorization = headers.get_all("authorization")
        if len(authorization) > 1 or any(name in headers for name in WANT_A_DECISION):
            return None
        return PlainCall(
            operation,
            named,
            method,
            path,
            scope.client.rpartition(":")[0],
            authorization[0] if authorization else None,
            headers.get("user-agent"),
            body or b"",
        )

    def answer(self, call: PlainCall) -> RawAnswer:
        """What the operation answers; the exchange is recorded."""
        # The stream in which the request came; it may be answered after a reset.
        record = None if self._traffic is None else self._traffic.recorder
        sent = b""
        try:
            self._access_tokens.verify(call.authorization)
            if call.method == "POST":
                sent = call.body
                reply = call.operation.answer(*call.named, sent)
            else:
                reply = call.operation.answer(*call.named)
            status, headers, reason = reply.status, reply.headers, reply.reason
            content = orjson.dumps(reply.body)
        except ApiError as error:
            status, headers = error.status, error.headers
            content, reason = refusal(error)
        except Exception as fault:
            log.error("a defect in %s %s", call.method, call.path, exc_info=fault)
            status, headers = 500, {}
            content, reason = refusal(api_error(500, DEFECT))
        if record is not None:
            retry_after = headers.get("Retry-After") if status >= 400 else None
            record(_environ(call, sent), status, retry_after, content, reason)
        length = ("Content-Length", str(len(content)))
        if headers:
            return RawAnswer(status, [*headers.items(), _CONTENT_TYPE, length], content)
        return RawAnswer(status, [_CONTENT_TYPE, length], content)


_JSON = [JSON]
_CONTENT_TYPE = ("Content-Type", JSON)


def _named(
    forms: Iterable[tuple[re.Pattern[str], Operation]], path: str
) -> tuple[Operation | None, tuple[str, ...]]:
    for form, operation in forms:
        found = form.fullmatch(path)
        if found is not None:
            return operation, found.groups()
    return None, ()


def _environ(call: PlainCall, sent: bytes) -> dict[str, Any]:
    """As much of a WSGI environment as is recorded."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": call.method,
        "PATH_INFO": call.path,
        "QUERY_STRING": "",
        "REMOTE_ADDR": call.address,
        SENT: sent,
    }
    if call.authorization is not None:
        environ["HTTP_AUTHORIZATION"] = call.authorization
    if call.agent is not None:
        environ["HTTP_USER_AGENT"] = call.agent
    return environ
