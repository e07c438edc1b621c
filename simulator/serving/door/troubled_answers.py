"""Answers calls that fault rules may strike: those that wait hold no thread.

Everything that a fault does to a connection is done here.
"""

import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from typing import TYPE_CHECKING, Any

from ...api.call_steps import (
    FAULT_HEADER,
    Arrived,
    AskIfGone,
    Course,
    Pass,
    Perform,
    Performed,
    ReadBody,
    Send,
    Step,
    Until,
    Wait,
)
from ...api.made_up_answers import FinalAnswer, refused_with
from ...api.refusal_bodies import DEFECT
from ...api.troubled_application import LONGEST_UNTIL, cut, performed
from ...api.troubled_calls import course
from ...errors import api_error
from ...simulator import Simulator
from ...stores.armed_rule import ArmedRule, Strike
from ...worlds import Destination
from .arriving import NONE, Bodies, Body
from .deadlines import Arrival, Deadlines
from .environ import environ_of, placed
from .head import Head
from .pauses import Pauses
from .raw_answers import RawAnswer
from .resets import reset
from .threads import Threads

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

Place = Destination[Simulator]

FIRST_LOOK, LONGEST_PAUSE_OF_LOOKS = 0.001, 0.1
"""Seconds between two looks at whether something has been applied; each is twice the one before."""
LONGEST_HOLD = 600.0
"""Seconds in which a client has to give up."""
SECONDS_TO_GO_OUT = 0.05
SECONDS_TO_CLOSE = 5.0
SECONDS_OF_A_DROP = 0.05
CLOSE = ("connection", "close")

log = logging.getLogger(__name__)


class TroubledAnswers:
    """Leads calls among the fault rules of a simulator."""

    def __init__(
        self,
        application: "WSGIApplication",
        bodies: Bodies,
        deadlines: Deadlines,
        pauses: Pauses,
        threads: Threads,
        usual: Callable[[Place, Any, Head, Body], Awaitable[RawAnswer]],
        read: Callable[[Place, Any, Any, Head], Awaitable[Body]],
    ) -> None:
        """`usual` answers a call that nothing strikes, and `read` reads its body."""
        self.application = application
        self.bodies = bodies
        self.deadlines = deadlines
        self.pauses = pauses
        self.threads = threads
        self.usual = usual
        self.read = read

    async def answer(
        self, place: Place, scope: Any, protocol: Any, head: Head, arrived: Arrived
    ) -> None:
        """Answer a call, or let it go wrong."""
        call = _TroubledCall(self, place, scope, protocol, head)
        try:
            await call.play(course(place.simulator, arrived))
        except Exception as fault:
            log.error("a defect in %s %s", scope.method, scope.path, exc_info=fault)
            call.reply(refused_with(api_error(500, DEFECT)))
        finally:
            self.bodies.let_go(call.body)


def arrived_at(path: str, scope: Any, head: Head) -> Arrived:
    """The head of a request, as fault rules see it; its path may be below one of a world."""
    get = head.values.get
    return Arrived(
        scope.method,
        path.encode().decode("latin-1"),
        scope.query_string.encode().decode("latin-1"),
        scope.client.rpartition(":")[0],
        get("user-agent", ""),
        get("authorization"),
        get("content-encoding"),
        get(FAULT_HEADER),
    )


class _TroubledCall:
    """A call whose steps are made one after the other; between them no thread is held."""

    def __init__(
        self, at: TroubledAnswers, place: Place, scope: Any, protocol: Any, head: Head
    ) -> None:
        self._at = at
        self._place = place
        self._faults = place.simulator.faults
        self._scope = scope
        self._protocol = protocol
        self._head = head
        self._has_read = False
        self._is_gone = False
        self.body = NONE

    async def play(self, steps: Course) -> None:
        """Make the steps."""
        found: object = None
        with closing(steps):
            while True:
                try:
                    step = steps.send(found)
                except StopIteration:
                    return
                found = await self._make(step)

    def reply(self, answer: FinalAnswer) -> None:
        """Send an answer, if none has been sent."""
        self._protocol.response_bytes(answer.status, self._headers(answer), answer.body)

    async def _make(self, step: Step) -> object:
        match step:
            case Wait(seconds, armed):
                await self._wait(seconds, armed)
            case AskIfGone():
                return self._is_gone
            case Until(is_so):
                await self._wait_until(is_so)
            case ReadBody():
                await self._read()
                return self.body.content
            case Pass():
                raw = await self._at.usual(self._place, self._scope, self._head, self.body)
                return Performed(FinalAnswer(*raw))
            case Perform():
                return await self._perform(step)
            case Send(answer, strike):
                return await self._send(answer, strike)
        return None

    async def _read(self) -> None:
        if not self._has_read:
            self._has_read = True
            self.body = await self._at.read(self._place, self._scope, self._protocol, self._head)

    async def _wait(self, seconds: float, armed: ArmedRule) -> None:
        gone = self._protocol.client_disconnect()
        pause = self._at.pauses.begin(seconds)
        with self._faults.holding(armed, pause.end):
            await pause
        self._is_gone |= not gone.cancel()

    async def _wait_until(self, is_so: Callable[[], bool]) -> None:
        pauses = self._at.pauses
        until, seconds = time.monotonic() + LONGEST_UNTIL, FIRST_LOOK
        while not is_so() and time.monotonic() < until and not pauses.is_over:
            await pauses.begin(seconds)
            seconds = min(2 * seconds, LONGEST_PAUSE_OF_LOOKS)

    async def _perform(self, how: Perform) -> Performed:
        done: list[Performed] = []

        def perform() -> RawAnswer:
            environ = environ_of(self._scope, self.body.content)
            placed(environ, self._place)
            simulator, application = self._place.simulator, self._at.application
            done.append(performed(simulator, application, environ, how))
            return _raw(done[0].answer)

        raw = await self._at.threads.answer(perform)
        return done[0] if done else Performed(FinalAnswer(*raw))

    async def _send(self, answer: FinalAnswer | None, strike: Strike | None) -> bool:
        """Send it; whether it came whole, as far as that is known."""
        kind = None if strike is None else strike.rule.kind
        if strike is None or answer is None:
            if answer is not None:
                self.reply(answer)
            elif strike is not None and kind == "no_reply":
                await self._keep_waiting(strike)
            elif strike is not None:
                await self._reset(strike)
        elif kind == "cut_off":
            stream = self._protocol.response_stream(answer.status, self._headers(answer))
            stream.send_bytes(cut(answer.body, strike))
            # What granian was given has to go out before it finds that no more is to come.
            await self._wait(SECONDS_TO_GO_OUT, strike.armed)
        else:
            return await self._drip(answer, strike)
        return kind is None

    async def _keep_waiting(self, strike: Strike) -> None:
        """Until the client gives up, or the rule is removed, which ends the connection."""
        gone = Arrival(self._protocol.client_disconnect(), self._at.deadlines, LONGEST_HOLD)
        with self._faults.holding(strike.armed, gone.give_up):
            is_held = await gone
        if is_held is None:
            self._protocol.response_empty(500, [CLOSE])  # to nobody
        else:
            await self._reset(strike)

    async def _reset(self, strike: Strike) -> None:
        if reset(self._scope.client):
            gone = Arrival(self._protocol.client_disconnect(), self._at.deadlines, SECONDS_TO_CLOSE)
            await gone
            self._protocol.response_empty(500, [CLOSE])  # to nobody
            return
        why = f"The fault rule {strike.rule.id} ({strike.rule.kind}) cannot be made on this system."
        strike.firing.undone = why
        self.reply(refused_with(api_error(501, why)))

    async def _drip(self, answer: FinalAnswer, strike: Strike) -> bool:
        stream = self._protocol.response_stream(answer.status, self._headers(answer))
        rate = strike.rule.settings["bytesPerSecond"]
        drop = max(1, int(rate * SECONDS_OF_A_DROP))
        body = answer.body
        while body and not self._is_gone:
            piece = body if strike.armed.is_gone else body[:drop]
            try:
                stream.send_bytes(piece)
            except Exception:  # granian's own kinds; the client has gone
                return False
            body = body[len(piece) :]
            if body:
                await self._wait(drop / rate, strike.armed)
        return not self._is_gone

    def _headers(self, answer: FinalAnswer) -> list[tuple[str, str]]:
        wants_body = "content-length" in self._head.values or (
            "transfer-encoding" in self._head.values
        )
        is_left = wants_body and not (self._has_read and self.body.is_read)
        return [*answer.headers, CLOSE] if is_left else answer.headers


def _raw(answer: FinalAnswer) -> RawAnswer:
    return RawAnswer(answer.status, answer.headers, answer.body)
