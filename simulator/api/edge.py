"""Between Flask and the operations: bodies in, replies and errors out."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import orjson
from flask import Response, request

from ..behaviour import Behaviour
from ..errors import ApiError, Fault, Reason, api_error, refused, shortened
from ..operations.replies import Reply
from ..stores.request import request_in
from ..text.encoding import parameter_fault
from .bodies import keep_refused, whole_body
from .placing import RECORD
from .refusal_bodies import JSON, refusal

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class RecordedResponse(Response):
    """A response that is recorded as it goes out.

    Here the environment is at hand; to ask Flask for it after each request would cost more than to
    record it. `reason` is why nothing came of the request, where that was its own fault.
    """

    reason: Reason | None = None

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer, as any WSGI application does."""
        record = environ.get(RECORD)
        if record is not None:
            pieces = self.response
            reply = pieces[0] if type(pieces) is list and pieces else b""
            status = self.status_code
            retry_after = self.headers.get("Retry-After") if status >= 400 else None
            record(request_in(environ), status, retry_after, reply, self.reason)
        return super().__call__(environ, start_response)


def json_body(behaviour: Behaviour, most: int | None = None) -> bytes:
    """The request's body, whole; raises ApiError (415) unless it is declared to be JSON.

    `most` is how many bytes it may have, where that differs from the other calls; beyond it
    TooLargeError is raised.
    """
    most = most or behaviour.http_max_body_bytes
    environ = request.environ
    # The plain header first: taking it apart costs as much as reading a small body.
    if (
        environ.get("CONTENT_TYPE") != JSON
        and request.mimetype != JSON
        and behaviour.http_content_type == "strict"
    ):
        keep_refused(environ, behaviour)
        found = shortened(request.content_type or "none")
        raise api_error(415, f"The Content-Type is {found}: expected {JSON}.")
    return whole_body(environ, behaviour, most)


def query() -> dict[str, str]:
    """The query string; of a repeated parameter the last value counts.

    Raises ApiError (400) for one that is not UTF-8.
    """
    if (found := parameter_fault(request.query_string)) is not None:
        name, fault = found
        where = f"{fault.found} at line {fault.line} column {fault.column}"
        raise refused([Fault(f"?{shortened(name)}", where, fault.expected)])
    return {name: values[-1] for name, values in request.args.lists()}


def respond(reply: Reply) -> Response:
    """An operation's reply as HTTP."""
    return _response(orjson.dumps(reply.body), reply.status, reply.headers, reply.reason)


def respond_error(error: ApiError) -> Response:
    """A refusal as HTTP."""
    content, reason = refusal(error)
    return _response(content, error.status, error.headers, reason)


def _response(
    content: bytes, status: int, headers: Mapping[str, str], reason: Reason | None
) -> Response:
    response = RecordedResponse(content, status, headers or None, content_type=JSON)
    response.reason = reason
    return response
