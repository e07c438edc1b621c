"""The way in: what every request has to pass before the application sees it."""

import logging
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from ...api.access import FLUENTS_PATHS, OWN_PATHS
from ...errors import ApiError, api_error
from ...simulator import Simulator
from .arriving import NONE, Bodies, Body, Sender
from .deadlines import Deadlines
from .environ import environ_of
from .first_calls import SIGN_IN, FirstCalls
from .head import Head, head_of
from .plain_calls import PlainCall, PlainCalls
from .raw_answers import RawAnswer, call_wsgi, raw_refusal
from .threads import FOR_CALLS, FOR_OUR_OWN, FOR_WAITING, Threads

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

SECONDS_TO_SETTLE = 10.0
"""How long a stop waits for what was accepted to be applied."""
CLOSE = ("connection", "close")
WAIT_FOR_THE_WORKER = ("__admin/settle", "__admin/clock")
"""Own paths whose calls may wait long, which health must not do behind them."""
log = logging.getLogger(__name__)
_ONE_HOST = api_error(400, "HTTP/1.1 asks for one Host, no more and no less (RFC 9112, 3.2).")


class Door:
    """Takes requests from granian (RSGI), and answers each with what the application says."""

    def __init__(
        self,
        simulator: Simulator,
        application: "WSGIApplication",
        when_ready: Callable[[], object] = lambda: None,
    ) -> None:
        """`when_ready` is called as soon as somebody has been told that it is ready."""
        self._simulator = simulator
        self._access_tokens = simulator.access_tokens
        self._deadlines = Deadlines()
        self._bodies = Bodies(simulator.behaviour.http_max_body_bytes, self._deadlines)
        self._plain = PlainCalls(simulator)
        self._first = FirstCalls(simulator, when_ready)
        self._application = application
        self._calls = Threads(FOR_CALLS, "call")
        self._own_calls = Threads(FOR_OUR_OWN, "own call")
        self._waiting_calls = Threads(FOR_WAITING, "waiting call")
        self._in_hand = 0
        if simulator.examination is not None:
            simulator.examination.give_way_to(lambda: self.is_busy)

    def __rsgi_init__(self, loop: Any) -> None:
        """Begin, just before the first request."""
        for threads in (self._calls, self._own_calls, self._waiting_calls):
            threads.start(loop)

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
        for threads in (self._calls, self._own_calls, self._waiting_calls):
            threads.stop()
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
            head = head_of(scope.headers)
            if not head.has_one_host and scope.http_version == "1.1":
                answer = raw_refusal(_ONE_HOST)
                protocol.response_bytes(answer.status, [*answer.headers, CLOSE], answer.body)
                return
            values = head.values
            body = NONE
            if "content-length" in values or "transfer-encoding" in values:
                sender = self._sender(scope, values.get("authorization"))
                body = await self._bodies.read(protocol, values, sender)
            try:
                call = self._plain.find(scope, head, body)
                if call is not None and not call.is_long:
                    answer = self._plain.answer(call)
                else:
                    answer = await self._answered(call, scope, head, body)
            finally:
                self._bodies.let_go(body)
            headers = answer.headers if body.is_read else [*answer.headers, CLOSE]
            protocol.response_bytes(answer.status, headers, answer.body)
        finally:
            self._in_hand -= 1

    async def _answered(
        self, call: PlainCall | None, scope: Any, head: Head, body: Body
    ) -> RawAnswer:
        """An answer, made in another thread where that may take long."""
        if call is not None:
            return await self._calls.answer(partial(self._plain.answer, call))
        first = self._first.find(scope, head, body)
        if first is not None:
            return await self._own_calls.answer(first.answer) if first.is_long else first.answer()
        environ = environ_of(scope, body.content)
        threads = self._threads_for(scope.path)
        return await threads.answer(partial(call_wsgi, self._application, environ))

    def _threads_for(self, path: str) -> Threads:
        path = path.strip("/")
        if path.startswith(WAIT_FOR_THE_WORKER):
            return self._waiting_calls
        return self._own_calls if path.startswith(OWN_PATHS) else self._calls

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
