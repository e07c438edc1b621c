"""The way in: what every request has to pass before the application sees it."""

from functools import partial
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from ...api.access import FLUENTS_PATHS
from ...errors import ApiError, api_error
from ...simulator import Simulator
from .arriving import NONE, Bodies, Body, Sender
from .deadlines import Deadlines
from .environ import environ_of
from .plain_calls import PlainCalls
from .raw_answers import RawAnswer, call_wsgi, refusal
from .threads import Threads

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

SIGN_IN = "/oauth/token"
SECONDS_TO_SETTLE = 5.0
"""How long a stop waits for what was accepted to be applied."""
CLOSE = ("connection", "close")
_ONE_HOST = api_error(400, "HTTP/1.1 asks for one Host, no more and no less (RFC 9112, 3.2).")


class Door:
    """Takes requests from granian (RSGI), and answers each with what the application says."""

    def __init__(
        self, simulator: Simulator, application: "WSGIApplication", stopping: Connection
    ) -> None:
        self._simulator = simulator
        self._access_tokens = simulator.access_tokens
        self._deadlines = Deadlines(stopping)
        self._bodies = Bodies(simulator.behaviour.http_max_body_bytes, self._deadlines)
        self._plain = PlainCalls(simulator)
        self._application = application
        self._threads = Threads()

    def __rsgi_init__(self, loop: Any) -> None:
        """Begin, just before the first request."""
        self._threads.start(loop)
        self._deadlines.start()

    def __rsgi_del__(self, loop: Any) -> None:
        """End, after the last request: what was acknowledged is applied."""
        self._simulator.settle(SECONDS_TO_SETTLE)
        self._simulator.close()

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """RawAnswer one request."""
        headers = scope.headers
        if len(headers.get_all("host")) != 1 and scope.http_version == "1.1":
            answer = refusal(_ONE_HOST)
            protocol.response_bytes(answer.status, [*answer.headers, CLOSE], answer.body)
            return
        length, codings = headers.get("content-length"), headers.get_all("transfer-encoding")
        body = NONE
        if length is not None or codings:
            body = await self._bodies.read(
                protocol,
                length,
                ",".join(codings) if codings else None,
                "expect" in headers,
                self._sender(scope, headers.get("authorization")),
            )
        answer = await self._answered(scope, body)
        headers = answer.headers
        if not body.is_read:
            headers = [*headers, CLOSE]
        protocol.response_bytes(answer.status, headers, answer.body)

    async def _answered(self, scope: Any, body: Body) -> RawAnswer:
        content = body.content
        if not isinstance(content, Exception):
            call = self._plain.find(scope, None if body is NONE else content)
            if call is not None:
                if call.is_long:
                    return await self._threads.answer(partial(self._plain.answer, call))
                return self._plain.answer(call)
        environ = environ_of(scope, content)
        return await self._threads.answer(partial(call_wsgi, self._application, environ))

    def _sender(self, scope: Any, authorization: str | None) -> Sender:
        path = scope.path
        if path == SIGN_IN and scope.method == "POST":
            return Sender.SIGNING_IN
        if not path.lstrip("/").startswith(FLUENTS_PATHS):
            return Sender.VISITOR
        try:
            self._access_tokens.verify(authorization)
        except ApiError:
            return Sender.STRANGER
        return Sender.CALLER
