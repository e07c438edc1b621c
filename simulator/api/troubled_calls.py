"""A call among fault rules, step by step, from its head to its reply."""

from collections.abc import Generator, Iterable
from typing import Any

from ..domain.events import EventStatus
from ..domain.jobs import BatchStatus
from ..domain.trouble.fault_kinds import Does
from ..domain.trouble.points import SIGN_IN, Point
from ..errors import ApiError
from ..intake.operation_names import called
from ..operations.requests_seen import made_by
from ..simulator import Simulator
from ..stores.armed_faults import Meeting
from ..stores.armed_rule import Strike
from ..stores.request import request_of
from ..stores.request_log import Struck
from .call_steps import (
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
from .encodings import check_encoding, unpacked
from .made_up_answers import FinalAnswer, made_up, refused_with
from .platform_trouble import disturb, keeps_the_work

NO_REPLY = 0
"""The status of a request to which no reply has come, or none that was whole."""
EXAMINED = (401, 429)
"""Refusals that a rule of use is about, whoever has made them up."""


def course(simulator: Simulator, arrived: Arrived) -> Course:
    """The steps of a call that rules may strike."""
    yield from _Call(simulator, arrived).steps()


class _Call:
    """One call on its way."""

    def __init__(self, simulator: Simulator, arrived: Arrived) -> None:
        self._simulator = simulator
        self._arrived = arrived
        # The stream in which the request came; it may be answered after a reset.
        self._record = simulator.traffic.recorder
        self._struck: list[Strike] = []
        self._made: str | None = None
        self._is_recorded = True
        self._late: Strike | None = None
        self._is_gone = False
        method, path, query, address, agent, authorization, *_ = arrived
        self._request = request_of(method, path, query, address, authorization, agent)

    def steps(self) -> Course:
        """All of them."""
        try:
            yield from self._steps()
        finally:
            self._simulator.faults.delayed.discard(id(self))

    def _steps(self) -> Course:
        simulator, arrived = self._simulator, self._arrived
        try:
            asked = arrived.asked
            single = () if asked is None else simulator.fault_setting.of_header(asked)
        except ApiError as error:
            yield ReadBody()
            yield from self._sends(refused_with(error))
            return
        faults = simulator.faults
        head = simulator.sightings.of_head(
            *arrived[:2], arrived.address, arrived.agent, arrived.authorization
        )
        met = faults.meet(head, single)
        if (yield from self._is_ended_at(Point.CONNECT, met)):
            return
        body = yield ReadBody()
        if not isinstance(body, bytes):  # it did not arrive whole, and is refused
            yield from self._performed()
            return
        body = self._unpacked(body)
        met = faults.meet(simulator.sightings.whole(*arrived[:6], body), single)
        if not met.may_be_struck and not self._struck:
            yield from self._performed()
            return
        if met.seen.operation != SIGN_IN:
            self._request = self._request._replace(sent=body)
        yield from self._through(met)

    def _through(self, met: Meeting) -> Course:
        """From the token on."""
        spoils: list[Strike] = []
        if (yield from self._is_ended_at(Point.AUTHENTICATE, met, spoils)):
            return
        if met.seen.operation != SIGN_IN:
            try:
                self._simulator.access_tokens.verify(self._arrived.authorization)
            except ApiError:
                yield from self._performed()
                return
        for point in (Point.BEFORE_ACCEPT, Point.POLL, Point.READ_BACK):
            if (yield from self._is_ended_at(point, met, spoils)):
                return
        keeps = any(map(met.may_be_struck_at, (Point.WHILE_APPLYING, Point.AFTER_ACCEPT)))
        as_of = None if self._late is None else self._late.as_of
        done: Performed = yield Perform(keeps_work=keeps, as_of=as_of)
        self._note(done)
        if self._late is not None and as_of is not None:
            self._late.firing.undone = as_of.untold
        try:
            is_taken = done.answer.status < 300 and not spoils
            if is_taken and (yield from self._is_ended_after(done, met)):
                return
            yield from self._sends(done.answer, spoils[0] if spoils else None)
        finally:
            if done.kept is not None:
                done.kept.put_in_line()

    def _is_ended_after(self, done: Performed, met: Meeting) -> Generator[Step, Any, bool]:
        """Strike the reply of what was accepted, and then of what has been applied."""
        self._made = made_by(done.answer.body)
        if done.kept is not None and done.kept.pieces:
            # What keeps the work for later comes last: the others are to find it.
            strikes = sorted(met.strikes_at(Point.WHILE_APPLYING), key=keeps_the_work)
            for strike in strikes:
                self._struck.append(strike)
                disturb(self._simulator, strike, done.kept)
        if (yield from self._is_ended_at(Point.AFTER_ACCEPT, met, answer=done.answer)):
            return True
        if done.kept is not None:
            done.kept.put_in_line()
        strikes = list(met.strikes_at(Point.AFTER_COMMIT))
        if strikes:
            yield Until(self._need_not_wait)
        return (yield from self._play(strikes, met, answer=done.answer))

    def _is_ended_at(
        self,
        point: Point,
        met: Meeting,
        spoils: list[Strike] | None = None,
        answer: FinalAnswer | None = None,
    ) -> Generator[Step, Any, bool]:
        return (yield from self._play(met.strikes_at(point), met, spoils, answer))

    def _play(
        self,
        strikes: Iterable[Strike],
        met: Meeting,
        spoils: list[Strike] | None = None,
        answer: FinalAnswer | None = None,
    ) -> Generator[Step, Any, bool]:
        """Make these faults; whether the call has been answered, or will not be.

        What spoils a reply that is not made yet is put among the `spoils`.
        """
        for strike in strikes:
            self._struck.append(strike)
            match strike.rule.does.does:
                case Does.DELAYS:
                    self._simulator.faults.delayed.add(id(self))
                    yield Wait(strike.delay, strike.armed)
                    self._is_gone = yield AskIfGone()
                case Does.ANSWERS:
                    if strike.firing.point is Point.CONNECT:
                        yield from self._read(met)  # or the reply might not be seen
                    yield from self._sends(made_up(strike, met.seen.operation), is_made_up=True)
                    return True
                case Does.BREAKS:
                    if strike.firing.point is Point.CONNECT:
                        yield from self._read(met)  # what is lost with it is to be known
                    yield from self._sends(answer, strike)
                    return True
                case Does.DISTURBS:
                    self._close_job(strike)
                case Does.LOOKS_BACK:
                    self._late = strike
                case Does.SPOILS if answer is None:
                    assert spoils is not None
                    spoils.append(strike)
                case Does.SPOILS:
                    yield from self._sends(answer, strike)
                    return True
        return False

    def _read(self, met: Meeting) -> Course:
        """Read what is sent, for the record; a sign-in's is none of it."""
        body = yield ReadBody()
        if isinstance(body, bytes) and met.seen.operation != SIGN_IN:
            self._request = self._request._replace(sent=self._unpacked(body))

    def _unpacked(self, body: bytes) -> bytes:
        """The body as its sender meant it; one that cannot be unpacked is refused later on."""
        if not self._arrived.encoding:
            return body
        behaviour = self._simulator.behaviour
        try:
            encoding = check_encoding(self._arrived.encoding, behaviour.http_content_encoding)
            return unpacked(body, encoding, behaviour.http_max_body_bytes) if encoding else body
        except ApiError:
            return body

    @property
    def _is_kept_for_later(self) -> bool:
        return any(strike.rule.kind in ("late", "hold_batch") for strike in self._struck)

    @property
    def _has_closed_its_job(self) -> bool:
        return any(strike.rule.kind == "close_job" for strike in self._struck)

    def _close_job(self, strike: Strike) -> None:
        call = called(self._request.method, self._request.path)
        job = None if call.job_id is None else self._simulator.job_store.find(call.job_id)
        if job is not None:
            self._simulator.faults.close_early(strike.armed, job)

    def _performed(self) -> Course:
        """Have it answered, as if there were no rules for it."""
        if not self._struck:
            passed: Performed = yield Pass()
            self._note_poll()
            yield Send(passed.answer)
            return
        done: Performed = yield Perform()
        self._note(done)
        yield from self._sends(done.answer)

    def _note(self, done: Performed) -> None:
        """Take over what was to be recorded; nothing is of what a browser asks beforehand."""
        self._note_poll()
        self._is_recorded = done.request is not None
        self._request = done.request or self._request

    def _note_poll(self) -> None:
        """A batch that is held for so many polls has been asked for once more."""
        call = called(self._request.method, self._request.path)
        if call.operation == "getBatch" and (call.batch_id or "").isdecimal():
            self._simulator.worker.aside.polled(int(str(call.batch_id)))

    def _sends(
        self, answer: FinalAnswer | None, strike: Strike | None = None, *, is_made_up: bool = False
    ) -> Course:
        """Send it, and record the exchange as the client sees it; of one that drips, afterwards."""
        kind = None if strike is None else strike.rule.kind
        if kind == "double_reply" and answer is not None:
            answer, strike = answer.with_body(2 * answer.body), None
        breaks = strike is not None and strike.rule.does.does is Does.BREAKS
        is_whole = not (breaks or kind == "cut_off" or self._is_gone)
        send = Send(None if breaks else answer, strike)
        if kind == "drip":
            self._simulator.faults.delayed.add(id(self))
            came: bool | None = False
            try:
                came = yield send
            finally:  # also where the call is given up
                self._note_sent(answer, is_made_up=is_made_up, is_whole=is_whole and came is True)
            return
        self._note_sent(answer, is_made_up=is_made_up, is_whole=is_whole)
        yield send

    def _note_sent(self, answer: FinalAnswer | None, *, is_made_up: bool, is_whole: bool) -> None:
        """Record the exchange; of a reply that has not come whole there is no status."""
        self._simulator.faults.delayed.discard(id(self))
        status = NO_REPLY if answer is None or not is_whole else answer.status
        struck = None
        if self._struck:
            struck = Struck(tuple(each.firing for each in self._struck), self._made)
        if not (self._is_recorded or struck):
            return
        self._record(
            self._request,
            status,
            None if answer is None or not is_whole else answer.retry_after,
            b"" if answer is None else answer.body,
            None if answer is None else answer.reason,
            struck,
            is_examined=not (
                (is_made_up or self._has_closed_its_job)
                and 400 <= status < 500
                and status not in EXAMINED
            ),
        )

    def _need_not_wait(self) -> bool:
        """Whether what the call has made is applied, or waits for what may never come.

        For the fault or the settling that keeps it, as whoever is to let go of it may be the very
        caller that waits for this reply, or for what is due on a clock that stands still.
        """
        worker, clock = self._simulator.worker, self._simulator.clock
        if self._is_kept_for_later or worker.holds_back or self._is_applied():
            return True
        comes_of_itself = worker.next_due_at is not None and not clock.course.is_frozen
        return not (comes_of_itself or worker.is_busy)

    def _is_applied(self) -> bool:
        """Whether what the call has made has been applied, if it has made anything."""
        made, simulator = self._made, self._simulator
        if made is None:
            return True
        event = simulator.event_log.find(made)
        if event is not None:
            return event.status is not EventStatus.PENDING
        call = called(self._request.method, self._request.path)
        job = None if call.job_id is None else simulator.job_store.find(call.job_id)
        batch = None if job is None else simulator.job_store.find_batch(job, made)
        return batch is None or batch.status is BatchStatus.COMPLETE
