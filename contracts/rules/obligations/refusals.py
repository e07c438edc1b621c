"""What a server has refused, whatever else is known of it: for what was in it, or where it went."""

from __future__ import annotations

from collections.abc import Iterable

from ..bounded_memory import Recent
from ..rule import Call, CallDetails, Finding, Rule, Severity
from .calling import MOST_CALLERS, accepted, failed

FOR_ANOTHER_REASON = frozenset({401, 408, 429})
"""Refusals (4xx) that are about who sent it or when: rules about tokens and retries know more."""


class RefusedRequest(Rule):
    """A request that was refused for its own sake, or an event that was told to have failed.

    In a report an error that was found in the request, or in when
    it was sent, is told in place of this one.
    """

    id = "FOMS-O011"
    title = "A request was refused for what is in it"
    severity = Severity.ERROR
    reason = "What is refused has no effect, and sending it again is refused again."
    evidence = "Fluent docs: REST API error codes overview, 26 May 2025"
    hint = "Read the reply, which says what was expected; send what it asks for."
    sees = (Call,)
    good = (
        Call("sendEvent", 200, 0.0),
        Call("sendEvent", 401, 1.0),
        Call("sendEventAndWait", 200, 2.0, details=CallDetails(event_id="1")),
    )
    bad = (Call("sendEvent", 400, 0.0, details=CallDetails(refusal="The body is empty.")),)

    def see(self, observation: Call) -> Iterable[Finding]:
        """The refusal, with the server's own words."""
        refusal = observation.details.refusal
        if refusal is not None:
            found = f"{observation.status}: {refusal}" if refusal else str(observation.status)
            yield self.finding("", found, "a request that the server takes")


class NoSuchCall(Rule):
    """A request to a path, or with a method, that is none of the calls of the API's description."""

    id = "FOMS-O013"
    title = "A request is none of the API's calls"
    severity = Severity.ERROR
    reason = "It is refused (404, 405) whatever is in it: nothing of it arrives."
    evidence = "Fluent docs: REST API error codes overview, 26 May 2025"
    hint = "Write the method and the path as expected: small letters, single slashes, no more."
    sees = (Call,)
    good = (
        Call("sendEvent", 200, 0.0),
        Call("getJob", 404, 1.0, details=CallDetails(job_id="7")),
    )
    bad = (
        Call(
            "PUT /api/v4.1/event/async",
            405,
            0.0,
            details=CallDetails(nearest="POST /api/v4.1/event/async"),
        ),
    )

    def see(self, observation: Call) -> Iterable[Finding]:
        """The call, and the one it is most like."""
        nearest = observation.details.nearest
        if nearest is not None:
            found = f"{observation.status}: {observation.operation}"
            yield self.finding("", found, nearest or "a call that the API's description has")


class NeverArrived(Rule):
    """Calls that were refused for who sent them or when, or failed, and nothing like them after.

    A later call of the same operation by the same caller counts for all of them, as what was in the
    refused ones is not always known. Remembers 1,000 operations of callers.
    """

    id = "FOMS-O014"
    title = "A refused call never arrives"
    severity = Severity.ERROR
    reason = (
        "A call without a valid token, or that the server has no time for, has no effect. Unless it"
        " is sent again, what it was to bring is lost."
    )
    evidence = "Fluent docs: REST API error codes overview, 26 May 2025"
    hint = "After a 401 get a new token, after a 429 or a 5xx wait; then send the call once more."
    sees = (Call,)
    good = (
        Call("sendEvent", 401, 0.0),
        Call("issueToken", 200, 1.0),
        Call("sendEvent", 200, 2.0),
        Call("issueToken", 400, 3.0),
        Call("issueToken", 200, 4.0),
        Call("HEAD /api/v4.1/event", 401, 5.0),
    )
    bad = (Call("sendEvent", 401, 0.0), Call("sendEvent", 200, 1.0, caller="another"))

    def __init__(self) -> None:
        self._refused: Recent[tuple[str, str], int | None] = Recent(MOST_CALLERS)

    def see(self, observation: Call) -> Iterable[Finding]:
        """Nothing yet: it may still arrive."""
        if observation.operation.startswith(_LOOKS_AROUND):
            return ()
        key = (observation.caller, observation.operation)
        if _may_arrive_yet(observation):
            self._refused.put(key, observation.status)
        elif observation.operation != "issueToken" or accepted(observation):
            self._refused.pop(key)
        return ()

    def finish(self, at: float | None) -> Iterable[Finding]:  # noqa: ARG002 - whenever it was
        """What has not arrived by the end."""
        for key in list(self._refused):  # to look at one moves it
            operation, status = key[1], self._refused.get(key)
            found = f"{operation} came to nothing ({status or 'no answer'}), and no more came after"
            yield self.finding("", found, "the call once more, until the server takes it")


_LOOKS_AROUND = ("GET /", "HEAD /", "OPTIONS /")
"""How what is none of the API's calls begins where it was to bring nothing: a probe, a browser."""


def _may_arrive_yet(call: Call) -> bool:
    """Whether the same call is good at another time, or with other credentials."""
    if call.operation == "issueToken" and call.details.refusal is None:
        return not accepted(call)
    return failed(call) or call.status in FOR_ANOTHER_REASON
