"""Rules about the parameters of a query."""

from __future__ import annotations

from collections.abc import Iterable

from fluent_oms_simulator.errors import MOST_LISTED_NAMES
from fluent_oms_simulator.operations.event_query import PARAMETERS as OF_EVENTS
from fluent_oms_simulator.operations.parameters import expected_for

from ..payload import shown
from ..rule import Call, CallDetails, Finding, Rule, Severity

_PAGE = ("start", "count")
KNOWN: dict[str, tuple[str, ...]] = {
    "issueToken": (
        *("grant_type", "username", "password", "client_id", "client_secret"),
        *("refresh_token", "scope"),
    ),
    "createJob": (),
    "getJob": _PAGE,
    "createBatch": (),
    "getBatch": _PAGE,
    "getJobResults": (),
    "sendEvent": (),
    "sendEventAndWait": (),
    "findEvents": OF_EVENTS,
    "getEvent": (),
    "executeGraphql": (),
}
"""What each operation of the API's description takes in its query."""


def _asking(operation: str, *parameters: str) -> Call:
    return Call(operation, 200, 0.0, details=CallDetails(parameters=parameters))


class UnknownParameter(Rule):
    """A parameter that an operation does not take.

    One that is repeated is no fault.
    """

    id = "FOMS-O012"
    title = "A query holds a parameter that is not read"
    severity = Severity.WARNING
    reason = (
        "What is not known in a query is passed over without a word, so a search without its"
        " filter finds everything, and a page without its number is the first."
    )
    evidence = (
        "Fluent docs: using the Event API, 13 Dec 2023 (the filters); Inventory Batch Events,"
        " 4 July 2025. Inferred: that others are passed over"
    )
    hint = "Write the parameter as expected, with its context. where it has one."
    sees = (Call,)
    good = (
        Call(
            "findEvents",
            200,
            0.0,
            details=CallDetails(parameters=("context.entityRef", "from", "count")),
        ),
        Call("getBatch", 200, 1.0, details=CallDetails(parameters=("start", "count"))),
        Call("GET /api/v4.1/location", 404, 2.0, details=CallDetails(parameters=("agentNetwork",))),
    )
    bad = (_asking("findEvents", "entityRef", "count"),)

    def see(self, observation: Call) -> Iterable[Finding]:
        """The parameters that the operation does not take, each once; the first, of many."""
        known = KNOWN.get(observation.operation)
        if known is None:
            return
        unknown = [name for name in observation.details.parameters if name not in known]
        for name in unknown[:MOST_LISTED_NAMES]:
            yield self.finding("", f"{shown(name)} in the query", expected_for(name, known))
