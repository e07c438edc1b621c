"""What the connector has sent, as a test looks through it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, TypedDict, Unpack

from ..client.answers import json_or_none
from ..client.control_calls import ControlCalls
from ..client.listed_rows import listed_rows
from .operation_words import Operation, operations

__tracebackhide__ = True  # pytest shows the line of the test that has called

REQUESTS = "/__admin/requests"


class Wanted(TypedDict, total=False):
    """Which requests; what is left out does not matter."""

    operation: Operation
    path: str
    """What stands somewhere in the path."""
    status: int | str
    """A status, a class of them such as "4xx", or 0 for no whole reply."""
    product: str
    location: str
    delta_id: str
    client: str
    """The address, or the User-Agent."""
    since: datetime
    until: datetime
    text: str
    """What stands in the path, the body or the reply."""


@dataclass(frozen=True)
class SeenRequest:
    """A request that the simulator was sent, and how it was answered."""

    number: int
    at: datetime
    operation: str
    method: str
    path: str
    query: str
    status: int
    """0 where no whole reply went out."""
    outcome: Mapping[str, Any]
    """What came of it by then: the event or the batch with its status, why it was refused, which
    faults have struck it."""
    agent: str
    rules_broken: tuple[str, ...]
    """Of the contract, as far as the request was examined."""
    _calls: ControlCalls = field(repr=False, compare=False)

    @cached_property
    def body(self) -> str:
        """What was sent, without secrets."""
        return str(self._whole["sent"])

    @cached_property
    def reply(self) -> str:
        """What was answered, without tokens."""
        return str(self._whole["reply"])

    @property
    def json(self) -> Any:
        """The JSON that was sent; None where it is none."""
        return json_or_none(self.body)

    @cached_property
    def _whole(self) -> dict[str, Any]:
        return self._calls.document("GET", f"{REQUESTS}/{self.number}")


class SentRequests:
    """The requests of one world; those of the control API are not among them."""

    def __init__(self, calls: ControlCalls) -> None:
        self._calls = calls

    def query(self, **wanted: Unpack[Wanted]) -> list[SeenRequest]:
        """Those that are wanted, in the order of their replies."""
        found = list(self._newest_first(wanted))
        found.reverse()
        return found

    def count(self, **wanted: Unpack[Wanted]) -> int:
        """How many are wanted."""
        return sum(1 for _ in self._newest_first(wanted))

    def last(self, **wanted: Unpack[Wanted]) -> SeenRequest:
        """The last of them; raises AssertionError where there is none."""
        for found in self._newest_first(wanted):
            return found
        said = ", ".join(f"{name}={value!r}" for name, value in wanted.items())
        there = self.count()
        which = f"no request with {said}" if said else "no request"
        raise AssertionError(f"The simulator has seen {which}; of {there:,} in all.")

    def clear(self) -> None:
        """Forget what was sent so far; stock and events stay."""
        self._calls.call("DELETE", REQUESTS)

    def _newest_first(self, wanted: Wanted) -> Iterator[SeenRequest]:
        word = wanted.get("operation")
        filters = _filters(wanted)
        if word is not None:
            filters["operation"] = ",".join(operations(word))
        return map(self._seen, listed_rows(self._calls, REQUESTS, filters))

    def _seen(self, row: Mapping[str, Any]) -> SeenRequest:
        return SeenRequest(
            number=row["id"],
            at=datetime.fromisoformat(row["at"]),
            operation=row["operation"] or "",
            method=row["method"],
            path=row["path"],
            query=row["query"],
            status=row["status"],
            outcome=row["outcome"],
            agent=row["client"]["agent"],
            rules_broken=tuple(row["rulesBroken"]),
            _calls=self._calls,
        )


def _filters(wanted: Wanted) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in wanted.items():
        if name != "operation":
            shown = value.isoformat() if isinstance(value, datetime) else str(value)
            found["deltaId" if name == "delta_id" else name] = shown
    return found
