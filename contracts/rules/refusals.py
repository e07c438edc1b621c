"""What a server has refused, whatever else is known of it: for what was in it, or where it went."""

from __future__ import annotations

from collections.abc import Iterable

from .model import Call, Finding, Rule, Severity

FOR_ANOTHER_REASON = frozenset({401, 408, 429})
"""Refusals (4xx) that are about who sent it or when: rules about tokens and retries know more."""


class RefusedRequest(Rule):
    """A request that was refused for its own sake, or an event that was told to have failed.

    The detail `refusal` says why. In a report an error that was found in the request, or in when
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
        Call("sendEventAndWait", 200, 2.0, details={"event_id": "1"}),
    )
    bad = (Call("sendEvent", 400, 0.0, details={"refusal": "The body is empty."}),)

    def see(self, observation: Call) -> Iterable[Finding]:
        """The refusal, with the server's own words."""
        refusal = observation.details.get("refusal")
        if refusal is not None:
            found = f"{observation.status}: {refusal}" if refusal else str(observation.status)
            yield self.finding("", found, "a request that the server takes")


class NoSuchCall(Rule):
    """A request to a path, or with a method, that is none of the calls of the API's description.

    The detail `nearest` is the call that may have been meant; empty when none is like it.
    """

    id = "FOMS-O013"
    title = "A request is none of the API's calls"
    severity = Severity.ERROR
    reason = "It is refused (404, 405) whatever is in it: nothing of it arrives."
    evidence = "Fluent docs: REST API error codes overview, 26 May 2025"
    hint = "Write the method and the path as expected: small letters, single slashes, no more."
    sees = (Call,)
    good = (
        Call("sendEvent", 200, 0.0),
        Call("getJob", 404, 1.0, details={"job_id": "7"}),
    )
    bad = (
        Call(
            "PUT /api/v4.1/event/async",
            405,
            0.0,
            details={"nearest": "POST /api/v4.1/event/async"},
        ),
    )

    def see(self, observation: Call) -> Iterable[Finding]:
        """The call, and the one it is most like."""
        nearest = observation.details.get("nearest")
        if nearest is not None:
            found = f"{observation.status}: {observation.operation}"
            yield self.finding("", found, nearest or "a call that the API's description has")
