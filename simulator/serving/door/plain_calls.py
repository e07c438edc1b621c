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
from ...errors import ApiError, api_error
from ...operations.replies import Reply
from ...simulator import Simulator
from ...stores.request import Request, request_of
from .arriving import NONE, Body
from .head import Head
from .raw_answers import RawAnswer

WANT_A_DECISION = frozenset({"content-encoding", "origin", "sec-fetch-site"})
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
    """A request that can be answered here; `named` is what its path names."""

    operation: Operation
    named: tuple[str, ...]
    request: Request

    @property
    def is_long(self) -> bool:
        """Whether it needs a thread of its own."""
        return self.operation.is_long or len(self.request.sent) > MOST_AT_ONCE


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

    def find(self, scope: Any, head: Head, body: Body) -> PlainCall | None:
        """The request as a plain call; None where it is not one."""
        content = body.content
        if not head.is_plain or not isinstance(content, bytes):
            return None
        path, method, headers = scope.path, scope.method, head.values
        named: tuple[str, ...] = ()
        if method == "POST":
            if headers.get("content-type") != JSON or body is NONE:
                return None
            operation = self._fixed.get(path)
            if operation is None:
                operation, named = _named(self._posted, path)
        elif method == "GET" and body is NONE:
            operation, named = _named(self._read, path)
        else:
            return None
        query = scope.query_string
        if operation is None or query or not WANT_A_DECISION.isdisjoint(headers):
            return None
        address = scope.client.rpartition(":")[0]
        authorization, agent = headers.get("authorization"), headers.get("user-agent", "")
        request = request_of(method, path, query, address, authorization, agent, content)
        return PlainCall(operation, named, request)

    def answer(self, call: PlainCall) -> RawAnswer:
        """What the operation answers; the exchange is recorded."""
        # The stream in which the request came; it may be answered after a reset.
        record = self._traffic.recorder
        operation, named, request = call
        is_let_in = False
        try:
            self._access_tokens.verify(request.authorization)
            is_let_in = True
            if request.method == "POST":
                reply = operation.answer(*named, request.sent)
            else:
                reply = operation.answer(*named)
            status, headers, reason = reply.status, reply.headers, reply.reason
            content = orjson.dumps(reply.body)
        except ApiError as error:
            status, headers = error.status, error.headers
            content, reason = refusal(error)
        except Exception as fault:
            log.error("a defect in %s %s", request.method, request.path, exc_info=fault)
            status, headers = 500, {}
            content, reason = refusal(api_error(500, DEFECT))
        retry_after = headers.get("Retry-After") if status >= 400 else None
        sent = request if is_let_in else request._replace(sent=b"")
        record(sent, status, retry_after, content, reason)
        length = ("Content-Length", str(len(content)))
        if headers:
            return RawAnswer(status, [*headers.items(), _CONTENT_TYPE, length], content)
        return RawAnswer(status, [_CONTENT_TYPE, length], content)


_CONTENT_TYPE = ("Content-Type", JSON)


def _named(
    forms: Iterable[tuple[re.Pattern[str], Operation]], path: str
) -> tuple[Operation | None, tuple[str, ...]]:
    for form, operation in forms:
        found = form.fullmatch(path)
        if found is not None:
            return operation, found.groups()
    return None, ()
