"""Leads the calls of a WSGI application among fault rules, for hosts that have no door before it.

What needs the connection itself cannot be made there: the call is answered with 501, which says so,
and so does the log of what was struck.
"""

import threading
import time
from collections.abc import Iterable
from contextlib import closing, nullcontext
from typing import TYPE_CHECKING

from ..conformance.traffic import Recorder
from ..errors import ApiError, Reason, api_error
from ..simulator import Simulator
from ..stores.armed_rule import Strike
from ..stores.request import Request
from ..stores.set_aside import KeptAside
from .bodies import ARRIVED, arrived_body
from .call_steps import (
    ENVIRON_FAULT_HEADER,
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
from .made_up_answers import FinalAnswer, refused_with
from .placing import AS_OF, MISPLACED, PLACED, RECORDER
from .troubled_calls import course
from .wsgi_calls import answer_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

IS_THROUGH = "fluent_oms_simulator.is_through"
"""In the environment of a request that the door has led among the rules already."""
SECONDS_BETWEEN_LOOKS = 0.002
LONGEST_UNTIL = 60.0
"""Seconds that a reply waits for what it tells of to be applied."""


def is_among_faults(environ: "WSGIEnvironment") -> bool:
    """Whether a fault rule may strike the request, which has been put in place."""
    simulator: Simulator = environ[PLACED]
    if not (simulator.faults.is_armed or ENVIRON_FAULT_HEADER in environ):
        return False
    return not (IS_THROUGH in environ or MISPLACED in environ) and arrived_in(environ).can_be_struck


def answer_among_faults(
    application: "WSGIApplication", environ: "WSGIEnvironment", start_response: "StartResponse"
) -> Iterable[bytes]:
    """Answer, as any WSGI application does, or let the call go wrong."""
    simulator: Simulator = environ[PLACED]
    steps = course(simulator, arrived_in(environ))
    answer = _HostedCall(application, simulator, environ).play(steps)
    start_response(f"{answer.status} {answer.phrase}", answer.headers)
    return [answer.body]


class _HostedCall:
    """A call whose steps are made in the thread that the host has for it."""

    def __init__(
        self, application: "WSGIApplication", simulator: Simulator, environ: "WSGIEnvironment"
    ) -> None:
        self._application = application
        self._simulator = simulator
        self._environ = environ

    def play(self, steps: Course) -> FinalAnswer:
        """Make the steps; the answer that goes out."""
        answer: FinalAnswer | None = None
        found: object = None
        with closing(steps):
            while (step := _next(steps, found)) is not None:
                if isinstance(step, Send):
                    found, answer = None, _as_hosted(*step)
                else:
                    found = self._make(step)
        assert answer is not None
        return answer

    def _make(self, step: Step) -> object:
        match step:
            case Wait(seconds, armed):
                is_over = threading.Event()
                with self._simulator.faults.holding(armed, is_over.set):
                    is_over.wait(seconds)
            case AskIfGone():
                return False
            case Until(is_so):
                until = time.monotonic() + LONGEST_UNTIL
                while not is_so() and time.monotonic() < until:
                    time.sleep(SECONDS_BETWEEN_LOOKS)
            case ReadBody():
                return self._body()
            case Pass():
                self._environ[IS_THROUGH] = True
                return Performed(answer_of(self._application, self._environ))
            case Perform():
                return performed(self._simulator, self._application, self._environ, step)
        return None

    def _body(self) -> bytes | Exception:
        try:
            found: bytes | Exception = arrived_body(
                self._environ, self._simulator.behaviour.http_max_body_bytes
            )
        except ApiError as error:
            found = error
        self._environ[ARRIVED] = found
        return found


def _next(steps: Course, found: object) -> Step | None:
    try:
        return steps.send(found)
    except StopIteration:
        return None


def arrived_in(environ: "WSGIEnvironment") -> Arrived:
    """The head of a request."""
    get = environ.get
    return Arrived(
        environ["REQUEST_METHOD"],
        get("PATH_INFO", ""),
        get("QUERY_STRING", ""),
        get("REMOTE_ADDR", ""),
        get("HTTP_USER_AGENT", ""),
        get("HTTP_AUTHORIZATION"),
        get("HTTP_CONTENT_ENCODING"),
        get(ENVIRON_FAULT_HEADER),
    )


def performed(
    simulator: Simulator,
    application: "WSGIApplication",
    environ: "WSGIEnvironment",
    how: Perform,
) -> Performed:
    """How an application answers; what was to be recorded is kept, to be recorded when it goes."""
    recorded: list[tuple[Request, Reason | None]] = []
    environ[RECORDER] = _keep_in(recorded)
    environ[IS_THROUGH] = True
    if how.as_of is not None:
        environ[AS_OF] = how.as_of
    kept: KeptAside | None = None
    try:
        with simulator.worker.aside.of_this_thread() if how.keeps_work else nullcontext() as kept:
            answer = answer_of(application, environ)
    except BaseException:
        if kept is not None:
            kept.put_in_line()
        raise
    request, reason = recorded[0] if recorded else (None, None)
    return Performed(answer._replace(reason=reason), request, kept)


def _keep_in(recorded: list[tuple[Request, Reason | None]]) -> Recorder:
    def keep(
        request: Request,
        _status: int,
        _retry_after: str | None,
        _reply: bytes,
        reason: Reason | None,
    ) -> None:
        recorded.append((request, reason))

    return keep


def _as_hosted(answer: FinalAnswer | None, strike: Strike | None) -> FinalAnswer:
    if strike is None and answer is not None:
        return answer
    assert strike is not None
    if strike.rule.kind == "cut_off" and answer is not None:
        return answer._replace(body=cut(answer.body, strike))
    why = (
        f"The fault rule {strike.rule.id} ({strike.rule.kind}) needs the connection, which this"
        " host of the simulator does not have: `fluent-sim serve` does."
    )
    strike.firing.undone = why
    return refused_with(api_error(501, why))


def cut(body: bytes, strike: Strike) -> bytes:
    """The part of a body that comes, which is never all of it."""
    return body[: max(0, min(int(len(body) * strike.rule.settings["share"]), len(body) - 1))]
