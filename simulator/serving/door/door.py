"""The way in: what every request has to pass before the application sees it."""

import logging
from functools import partial
from typing import TYPE_CHECKING, Any

from ...api.access import FLUENTS_PATHS
from ...errors import ApiError, api_error
from ...simulator import Simulator
from .arriving import NONE, Bodies, Body, Sender
from .deadlines import Deadlines
from .environ import environ_of
from .plain_calls import PlainCalls
from .raw_answers import RawAnswer, call_wsgi, raw_refusal
from .threads import Threads

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

SIGN_IN = "/oauth/token"
SECONDS_TO_SETTLE = 10.0
"""How long a stop waits for what was accepted to be applied."""
CLOSE = ("connection", "close")
log = logging.getLogger(__name__)
_ONE_HOST = api_error(400, "HTTP/1.1 asks for one Host, no more and no less (RFC 9112, 3.2).")


class Door:
    """Takes requests from granian (RSGI), and answers each with what the application says."""

    def __init__(self, simulator: Simulator, application: "WSGIApplication") -> None:
        self._simulator = simulator
        self._access_tokens = simulator.access_tokens
        self._deadlines = Deadlines()
        self._bodies = Bodies(simulator.behaviour.http_max_body_bytes, self._deadlines)
        self._plain = PlainCalls(simulator)
        self._application = application
        self._threads = Threads()
        self._in_hand = 0
        if simulator.examination is not None:
            simulator.examination.give_way_to(lambda: self.is_busy)

    def __rsgi_init__(self, loop: Any) -> None:
        """Begin, just before the first request."""
        self._threads.start(loop)

    def __rsgi_del__(self, loop: Any) -> None:
        """End, after the last request."""
        self.finish()

    @property
    def is_busy(self) -> bool:
        """Whether a request is in hand: its body is awaited, or its answer made."""
        return self._in_hand > 0

    def give_up(self, *, all_of_them: bool = False) -> None:
        """Give up the bodies that have been waited for too long, or all."""
        self._deadlines.give_up(all_of_them=all_of_them)

    def finish(self) -> None:
        """See to it that what was acknowledged is applied."""
        self._threads.stop()
        if not self._simulator.settle(SECONDS_TO_SETTLE):
            events, batches = self._simulator.worker.waiting
            log.warning(
                "it ends with %d events and %d batches that were accepted and not yet applied",
                events,
                batches,
            )
        self._simulator.close()

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        self._in_hand += 1
        try:
            await self._answer(scope, protocol)
        finally:
            self._in_hand -= 1

    async def _answer(self, scope: Any, protocol: Any) -> None:
        headers = scope.headers
        if len(headers.get_all("host")) != 1 and scope.http_version == "1.1":
            answer = raw_refusal(_ONE_HOST)
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
        try:
            answer = await self._answered(scope, body)
        finally:
            self._bodies.let_go(body)
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
