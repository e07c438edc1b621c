"""The way in: what every request has to pass before the application sees it."""

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from ...api.access import FLUENTS_PATHS, OWN_PATHS
from ...api.bodies import brings_an_event
from ...api.call_steps import FAULT_HEADER
from ...errors import ApiError
from ...simulator import Simulator
from ...worlds import BELOW, NAMED, Destination
from .addressing import ANYTHING, about_the_server, fault_in
from .arriving import NONE, Bodies, Body, Sender
from .deadlines import Deadlines
from .environ import environ_of, placed
from .first_calls import SIGN_IN, first_call
from .head import Head, head_of
from .pauses import Pauses
from .plain_calls import PlainCall, plain_call
from .raw_answers import RawAnswer, call_wsgi, raw_refusal
from .threads import FOR_CALLS, FOR_OUR_OWN, FOR_WAITING, Threads
from .troubled_answers import TroubledAnswers, arrived_at

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

SECONDS_TO_SETTLE = 10.0
"""How long a stop waits for what was accepted to be applied."""
CLOSE = ("connection", "close")
WAIT_FOR_THE_WORKER = ("__admin/settle", "__admin/clock", "__admin/snapshots", "__admin/verify")
"""Own paths whose calls may wait long, which health must not do behind them."""
SNAPSHOTS, FILE = "/__admin/snapshots/", "/file"
"""What the path to the file of a snapshot begins and ends with."""
log = logging.getLogger(__name__)


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
        self._worlds = simulator.worlds
        self._nowhere = Destination(simulator, "", BELOW)
        """The place of a request that names what there is not."""
        self._deadlines = Deadlines()
        self._bodies = Bodies(simulator.behaviour.http_max_body_bytes, self._deadlines)
        self._when_ready = when_ready
        self._application = application
        self._calls = Threads(FOR_CALLS, "call")
        self._own_calls = Threads(FOR_OUR_OWN, "own call")
        self._waiting_calls = Threads(FOR_WAITING, "waiting call")
        self._pauses = Pauses()
        self._troubled = TroubledAnswers(
            application,
            self._bodies,
            self._deadlines,
            self._pauses,
            self._calls,
            self._usual,
            self._body,
        )
        self._in_hand = 0
        self._have_it_give_way(simulator)
        if self._worlds is not None:
            self._worlds.when_made = self._have_it_give_way

    def __rsgi_init__(self, loop: Any) -> None:
        """Begin, just before the first request."""
        for threads in (self._calls, self._own_calls, self._waiting_calls):
            threads.start(loop)
        self._pauses.start(loop)

    def __rsgi_del__(self, loop: Any) -> None:
        """End, after the last request."""
        self.finish()

    @property
    def is_busy(self) -> bool:
        """Whether a request is in hand: its body is awaited, or its answer made."""
        return self._in_hand > 0

    def give_up(self, *, all_of_them: bool = False) -> None:
        """Give up the bodies that have been waited for too long, or all, and idle worlds."""
        if all_of_them:
            self._pauses.end_all()
        self._deadlines.give_up(all_of_them=all_of_them)
        if self._worlds:
            self._worlds.drop_idle()

    def finish(self) -> None:
        """See to it that what was acknowledged is applied."""
        for threads in (self._calls, self._own_calls, self._waiting_calls):
            threads.stop()
        whole = self._simulator if self._worlds is None else self._worlds
        whole.let_go()
        if not whole.settle(SECONDS_TO_SETTLE):
            events, batches = self._simulator.worker.in_line.waiting
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
            fault = fault_in(scope, head)
            if fault is not None:
                answer = raw_refusal(fault)
                protocol.response_bytes(answer.status, [*answer.headers, CLOSE], answer.body)
                return
            place = self._place(scope.path, head.values)
            if place.simulator.faults.is_armed or FAULT_HEADER in head.values:
                arrived = arrived_at(place.path, scope, head)
                if arrived.can_be_struck and place is not self._nowhere:
                    await self._troubled.answer(place, scope, protocol, head, arrived)
                    return
            body = await self._body(place, scope, protocol, head)
            try:
                answer = await self._usual(place, scope, head, body)
            finally:
                self._bodies.let_go(body)
            headers = answer.headers if body.is_read else [*answer.headers, CLOSE]
            protocol.response_bytes(answer.status, headers, answer.body)
        finally:
            self._in_hand -= 1

    async def _body(
        self, place: Destination[Simulator], scope: Any, protocol: Any, head: Head
    ) -> Body:
        values = head.values
        if "content-length" not in values and "transfer-encoding" not in values:
            return NONE
        sender = _sender(place, scope.method, values.get("authorization"))
        return await self._bodies.read(protocol, values, sender)

    async def _usual(
        self, place: Destination[Simulator], scope: Any, head: Head, body: Body
    ) -> RawAnswer:
        """The answer to a call that no fault strikes."""
        call = plain_call(place.simulator, place.path, scope, head, body)
        if call is not None and not call.is_long:
            return call.answer()
        return await self._answered(call, place, scope, head, body)

    async def _answered(
        self,
        call: PlainCall | None,
        place: Destination[Simulator],
        scope: Any,
        head: Head,
        body: Body,
    ) -> RawAnswer:
        """An answer, made in another thread where that may take long."""
        if call is not None:
            return await self._calls.answer(call.answer)
        if scope.path == ANYTHING:
            return about_the_server(body.content)
        simulator, _, path = place
        first = first_call(simulator, path, scope, head, body, self._when_ready)
        if first is not None:
            return await self._own_calls.answer(first.answer) if first.is_long else first.answer()
        environ = environ_of(scope, body.content)
        if place is not self._nowhere:
            placed(environ, place)
        threads = self._threads_for(path)
        return await threads.answer(partial(call_wsgi, self._application, environ))

    def _threads_for(self, path: str) -> Threads:
        path = path.strip("/")
        if path.startswith(WAIT_FOR_THE_WORKER):
            return self._waiting_calls
        return self._own_calls if path.startswith(OWN_PATHS) else self._calls

    def _place(self, path: str, headers: Mapping[str, str]) -> Destination[Simulator]:
        """Where a request goes; one that names what there is not is refused by the application."""
        worlds = self._worlds
        if worlds is None or not (worlds or NAMED in headers or path.startswith(BELOW)):
            return Destination(self._simulator, "", path)
        try:
            return worlds.place(path, headers.get(NAMED), headers.get("authorization"))
        except ApiError:
            return self._nowhere

    def _have_it_give_way(self, simulator: Simulator) -> None:
        if simulator.examination is not None:
            simulator.examination.give_way_to(lambda: self.is_busy)


def _sender(place: Destination[Simulator], method: str, authorization: str | None) -> Sender:
    path = place.path
    if path == SIGN_IN and method == "POST":
        return Sender.SIGNING_IN
    if not path.lstrip("/").startswith(FLUENTS_PATHS):
        brings_a_file = method == "PUT" and path.startswith(SNAPSHOTS) and path.endswith(FILE)
        return Sender.LOADING if brings_a_file else Sender.VISITOR
    try:
        place.simulator.access_tokens.verify(authorization)
    except ApiError:
        return Sender.TURNED_AWAY if brings_an_event(method, path) else Sender.STRANGER
    return Sender.CALLER
