"""Rules about trying again: how soon, and how often."""

from __future__ import annotations

from collections.abc import Iterable

from ..bounded_memory import Recent
from ..rule import Call, CallDetails, Finding, Rule, Severity
from .calling import MOST_CALLERS, MOST_FAILURES, RETRY_EVIDENCE, failed

LONGEST_WAIT = 86_400.0
UNREAD = 0.25
"""Seconds in which other calls are still on their way while a caller reads that it should wait."""
HASTE = 1.0
HASTY_RETRIES = 3
HASTY_POLLS = 20
POLLED_FOR = 15.0
_POLLS = ("getJob", "getBatch", "getJobResults", "getEvent")


class RetryAfterIgnored(Rule):
    """A call before the time that a 429 or 503 has named.

    After a 429 that is any call of the caller, after a 503 any of the operation. Calls within the
    first quarter of a second were on their way already, unless they are the refused one again. Told
    once until the time has passed. Remembers 1,000 refusals.
    """

    id = "FOMS-O006"
    title = "Retry-After is ignored"
    severity = Severity.WARNING
    reason = "A call that comes too early is refused again, and may prolong the wait for all calls."
    evidence = (
        "Inferred: HTTP semantics (RFC 9110, 10.2.3); Fluent documents no rate limit and no such"
        " header. Of the simulator's replies only the refusals of one that is behind carry it"
    )
    hint = "Wait as many seconds as Retry-After says before the next call, in all threads."
    sees = (Call,)
    good = (
        Call("sendEvent", 429, 0.0, details=CallDetails(retry_after=5.0)),
        Call("sendEvent", 200, 5.1),
    )
    bad = (
        Call("sendEvent", 429, 0.0, details=CallDetails(retry_after=5.0)),
        Call("sendEvent", 200, 1.0),
    )

    def __init__(self) -> None:
        # since when and until when to wait, whether it was told, and the refused call
        self._waits: Recent[int, tuple[float, float, bool, int]] = Recent(MOST_CALLERS)

    def see(self, observation: Call) -> Iterable[Finding]:
        at = observation.at
        call = hash((observation.operation, observation.body))
        caller = hash(observation.caller)
        operation = hash((observation.caller, observation.operation))
        for key in (caller, operation):
            wait = self._waits.get(key)
            if wait is None:
                continue
            since, until, told, refused = wait
            if at >= until - 0.05:
                self._waits.pop(key)
            elif not told and (at - since > UNREAD or call == refused):
                self._waits.put(key, (since, until, True, refused))
                yield self.finding(
                    "",
                    f"a call {at - since:.3g} s after a reply that said to wait"
                    f" {until - since:.3g} s",
                    "no call before that time",
                )
        seconds = observation.details.retry_after
        if seconds is None or observation.status not in (429, 503):
            return
        key = caller if observation.status == 429 else operation
        until = at + min(seconds, LONGEST_WAIT)
        since, before, told, _ = self._waits.get(key) or (at, until, False, call)
        self._waits.put(key, (since, max(before, until), told, call))


class RetryWithoutBackOff(Rule):
    """Three retries of a failed call, each within a second and not later than the one before.

    The same body to the same operation, after a 5xx or no answer. A pause that is half as long
    again as the last one is a back-off. Remembers the last 1,000 failed calls.
    """

    id = "FOMS-O007"
    title = "Failed calls are retried without back-off"
    severity = Severity.WARNING
    reason = (
        "What fails is often overloaded; retries that follow at once add to the load, and are all"
        " used up before it recovers."
    )
    evidence = f"{RETRY_EVIDENCE}. Inferred: how soon is too soon"
    hint = "Double the pause with each retry, beginning at a second, and add some chance to it."
    sees = (Call,)
    good = tuple(Call("sendEvent", 503, at, body="a") for at in (0.0, 1.0, 3.0, 7.0, 15.0))
    bad = tuple(Call("sendEvent", 503, at, body="a") for at in (0.0, 0.1, 0.2, 0.3))

    def __init__(self) -> None:
        # when it was sent last, the pause before, and hasty retries in a row
        self._failures: Recent[int, tuple[float, float, int]] = Recent(MOST_FAILURES)

    def see(self, observation: Call) -> Iterable[Finding]:
        details, at = observation.details, observation.at
        about = (details.job_id, details.batch_id, details.event_id)
        key = hash((observation.caller, observation.operation, observation.body, about))
        before = self._failures.get(key)
        pause, row = HASTE, 0
        if before is not None:
            last, last_pause, row = before
            pause = at - last
            row = row + 1 if pause < HASTE and pause < 1.5 * last_pause else 0
            if row == HASTY_RETRIES:
                yield self.finding(
                    "",
                    f"{row} retries, the last after {max(pause, 0):.2g} s",
                    "pauses of a second or more that grow",
                )
        if failed(observation):
            self._failures.put(key, (at, max(pause, 0.001), row))
        elif before is not None:
            self._failures.pop(key)


class PolledTooFast(Rule):
    """The same question at least 20 times and for 15 seconds, each time within a second.

    The later pages of a result are no polls. Remembers the last 1,000 questions.
    """

    id = "FOMS-O009"
    title = "A status is asked for faster than once a second"
    severity = Severity.WARNING
    reason = (
        "A batch takes its time whatever is asked; the questions only use up what calls may be."
    )
    evidence = "Inferred: no page names a rate; the vendor's samples ask every 5 seconds"
    hint = "Wait some seconds between questions, and longer the longer it takes."
    sees = (Call,)
    good = tuple(
        Call("getBatch", 200, 5.0 * number, details=CallDetails(job_id="1", batch_id="7"))
        for number in range(30)
    )
    bad = tuple(
        Call("getBatch", 200, 0.5 * number, details=CallDetails(job_id="1", batch_id="7"))
        for number in range(40)
    )

    def __init__(self) -> None:
        # since when, the last time, and how often in a row; 0 when it was told
        self._polls: Recent[int, tuple[float, float, int]] = Recent(MOST_FAILURES)

    def see(self, observation: Call) -> Iterable[Finding]:
        details, at = observation.details, observation.at
        if observation.operation not in _POLLS or details.start != "0":
            return
        about = (details.job_id, details.batch_id, details.event_id)
        key = hash((observation.caller, observation.operation, about))
        since, last, row = self._polls.get(key) or (at, at, 1)
        if at - last >= HASTE:
            since, row = at, 1
        elif row:
            row += 1
        if row >= HASTY_POLLS and at - since >= POLLED_FOR:
            yield self.finding(
                "",
                f"{observation.operation} {row} times in {at - since:.3g} s",
                "a second or more between two questions",
            )
            row = 0
        self._polls.put(key, (since, at, row))
