"""What a server has refused for what was in it, whatever else is known of it."""

from __future__ import annotations

from collections.abc import Iterable

from .model import Call, Finding, Rule, Severity

FOR_THE_PAYLOAD = frozenset({400, 413, 415, 422})
"""The statuses that are about what was sent, and not about who sent it, where to, or when."""


class RefusedRequest(Rule):
    """A request that was refused for its own sake.

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
        Call("sendEventAndWait", 400, 2.0, details={"event_id": "1"}),
    )
    bad = (Call("sendEvent", 400, 0.0, details={"refusal": "The body is empty."}),)

    def see(self, observation: Call) -> Iterable[Finding]:
        """The refusal, with the server's own words."""
        refusal = observation.details.get("refusal")
        if refusal is not None:
            found = f"{observation.status}: {refusal}" if refusal else str(observation.status)
            yield self.finding("", found, "a request that the server takes")
