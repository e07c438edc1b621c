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

from ...api.bodies import brings_an_event
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
    """Answers a call at a simulator, of what its path names and its body; `is_long` if it may."""

    answer: Callable[..., Reply]
    is_long: bool


FIXED = {
    "/api/v4.1/event/async": Operation(
        lambda simulator, body: simulator.events.post_async(body), is_long=False
    ),
    "/api/v4.1/event/sync": Operation(
        lambda simulator, body: simulator.events.post_sync(body), is_long=True
    ),
    "/api/v4.1/job": Operation(
        lambda simulator, body: simulator.jobs.create_job(body), is_long=False
    ),
}
POSTED = [
    (
        re.compile(f"/api/v4.1/job/{ID}/batch"),
        Operation(lambda simulator, job, body: simulator.jobs.add_batch(job, body), is_long=False),
    )
]
READ = [
    (
        re.compile(f"/api/v4.1/event/{ID}"),
        Operation(lambda simulator, event: simulator.events.find(event), is_long=True),
    ),
    (
        re.compile(f"/api/v4.1/job/{ID}/batch/{ID}"),
        Operation(
            lambda simulator, job, batch: simulator.jobs.batch_status(job, batch, {}), is_long=True
        ),
    ),
    (
        re.compile(f"/api/v4.1/job/{ID}"),
        Operation(lambda simulator, job: simulator.jobs.job_status(job, {}), is_long=True),
    ),
]


class PlainCall(NamedTuple):
    """A request that can be answered here; `named` is what its path names."""

    simulator: Simulator
    operation: Operation
    named: tuple[str, ...]
    request: Request

    @property
    def is_long(self) -> bool:
        """Whether it needs a thread of its own."""
        return self.operation.is_long or len(self.request.sent) > MOST_AT_ONCE

    def answer(self) -> RawAnswer:
        """What the operation answers; the exchange is recorded."""
        simulator, operation, named, request = self
        # The stream in which the request came; it may be answered after a reset.
        record = simulator.traffic.recorder
        is_let_in = False
        try:
            simulator.access_tokens.verify(request.authorization)
            is_let_in = True
            if request.method == "POST":
                reply = operation.answer(simulator, *named, request.sent)
            else:
                reply = operation.answer(simulator, *named)
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
        if not (is_let_in or brings_an_event(request.method, request.path)):
            request = request._replace(sent=b"")
        record(request, status, retry_after, content, reason)
        length = ("Content-Length", str(len(content)))
        if headers:
            return RawAnswer(status, [*headers.items(), _CONTENT_TYPE, length], content)
        return RawAnswer(status, [_CONTENT_TYPE, length], content)


def plain_call(
    simulator: Simulator, path: str, scope: Any, head: Head, body: Body
) -> PlainCall | None:
    """The request as a plain call at a simulator; None where it is not one."""
    content = body.content
    if not head.is_plain or not isinstance(content, bytes):
        return None
    method, headers = scope.method, head.values
    named: tuple[str, ...] = ()
    if method == "POST":
        if headers.get("content-type") != JSON or body is NONE:
            return None
        operation = FIXED.get(path)
        if operation is None:
            operation, named = _named(POSTED, path)
    elif method == "GET" and body is NONE:
        operation, named = _named(READ, path)
    else:
        return None
    query = scope.query_string
    if operation is None or query or not WANT_A_DECISION.isdisjoint(headers):
        return None
    address = scope.client.rpartition(":")[0]
    authorization, agent = headers.get("authorization"), headers.get("user-agent", "")
    request = request_of(method, path, query, address, authorization, agent, content)
    return PlainCall(simulator, operation, named, request)


_CONTENT_TYPE = ("Content-Type", JSON)


def _named(
    forms: Iterable[tuple[re.Pattern[str], Operation]], path: str
) -> tuple[Operation | None, tuple[str, ...]]:
    for form, operation in forms:
        found = form.fullmatch(path)
        if found is not None:
            return operation, found.groups()
    return None, ()
