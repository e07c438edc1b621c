"""What came of each delta, as the simulator's ledger has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypedDict, Unpack

from ..client.control_calls import ControlCalls
from ..client.listed_rows import listed_rows

__tracebackhide__ = True  # pytest shows the line of the test that has called

LEDGER = "/__admin/ledger"

FateName = Literal[
    "applied",
    "appliedAgain",
    "repeatSuppressed",
    "conflicting",
    "retired",
    "failed",
    "neverApplied",
    "waiting",
]


class WantedDeltas(TypedDict, total=False):
    """Which deltas; what is left out does not matter."""

    delta_id: str
    product: str
    location: str
    fate: FateName


@dataclass(frozen=True, slots=True)
class SeenArrival:
    """One time that a delta has come."""

    request: int | None
    """The number of the request that brought it; None where none did."""
    at: datetime
    status: int | None
    """How it was answered; None where no whole reply went out."""
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class SeenDelta:
    """A delta, by its id: how often it came, and what it did to the stock."""

    delta_id: str
    product: str | None
    location: str | None
    quantity: int | None
    """What it says, the first time."""
    fates: tuple[str, ...]
    amount: int
    """What it has added to the stock."""
    arrived: int
    acknowledged: int
    arrivals: tuple[SeenArrival, ...]
    """The first of them."""
    bodies: int
    """How many different ones came under this id."""
    retired_by: str | None
    """The count that has taken it out of the stock since."""
    before_reset: bool

    @property
    def change(self) -> tuple[str | None, str | None, int | None]:
        """What it says, whatever its id is."""
        return self.product, self.location, self.quantity


class DeltaFates:
    """The ledger of one world."""

    def __init__(self, calls: ControlCalls) -> None:
        self._calls = calls

    def query(self, **wanted: Unpack[WantedDeltas]) -> list[SeenDelta]:
        """The deltas that are wanted, in the order in which they first arrived."""
        found = list(self._newest_first(wanted))
        found.reverse()
        return found

    def find(self, delta_id: str) -> SeenDelta:
        """The delta of this id; raises AssertionError where none has arrived."""
        for found in self._newest_first({"delta_id": delta_id}):
            return found
        raise AssertionError(f"No delta {delta_id} has arrived.")

    @property
    def totals(self) -> Mapping[str, Any]:
        """How many deltas and records arrived, and what came of them."""
        totals: Mapping[str, Any] = self._calls.document("GET", f"{LEDGER}?count=1")["totals"]
        return totals

    def _newest_first(self, wanted: WantedDeltas) -> Iterator[SeenDelta]:
        filters = {"deltaId" if name == "delta_id" else name: it for name, it in wanted.items()}
        return map(_seen, listed_rows(self._calls, LEDGER, filters))


def _seen(row: Mapping[str, Any]) -> SeenDelta:
    bodies, retired = row["bodies"], row["retiredBy"]
    return SeenDelta(
        delta_id=row["deltaId"],
        product=row["productRef"],
        location=row["locationRef"],
        quantity=bodies[0]["qty"] if bodies else None,
        fates=tuple(row["fates"]),
        amount=row["amount"],
        arrived=row["arrived"],
        acknowledged=row["acknowledged"],
        arrivals=tuple(
            SeenArrival(
                request=told["request"],
                at=datetime.fromisoformat(told["at"]),
                status=told["status"],
                outcome=told["outcome"],
                reason=told.get("reason", ""),
            )
            for told in row["told"]
        ),
        bodies=len(bodies) + row["furtherBodies"],
        retired_by=None if retired is None else retired["source"],
        before_reset=row["beforeReset"],
    )
