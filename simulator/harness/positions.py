"""Stock as a test reads it: over the control API, so that no request of the test's is seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from ..client.control_calls import ControlCalls

__tracebackhide__ = True  # pytest shows the line of the test that has called

POSITIONS = "/__admin/positions"
A_PAGE = 5_000


@dataclass(frozen=True, slots=True)
class SeenChange:
    """A moment at which a quantity was set, and what has set it."""

    at: datetime
    source: str
    """Such as `event 0b6f… /attributes/deltas/0`."""
    quantity: int
    status: str


@dataclass(frozen=True, slots=True)
class SeenQuantity:
    """A quantity of a position."""

    ref: str
    type: str
    status: str
    quantity: int
    history: tuple[SeenChange, ...]


@dataclass(frozen=True, slots=True)
class SeenPosition:
    """A product at a location, with all its quantities and their histories."""

    product: str
    location: str
    ref: str
    catalogue: str
    status: str
    on_hand: int
    quantities: tuple[SeenQuantity, ...]


def place_of(key: object) -> tuple[str, str]:
    """The product and the location by which stock goes; raises TypeError for anything else."""
    match key:
        case (str(product), str(location)) if product and location:
            return product, location
    raise TypeError(f"found {key!r}, expected a product and a location such as ('SKU_1', 'LOC_1')")


def find_position(
    calls: ControlCalls, product: str, location: str, catalogue: str
) -> SeenPosition | None:
    """The position; None where there is none. Raises ValueError for a ref that is empty."""
    if not (product and location and catalogue):  # which would stand for any
        raise ValueError("a product, a location and a catalogue have to be named")
    asked = {"productRef": product, "locationRef": location, "catalogueRef": catalogue}
    rows = calls.document("GET", f"{POSITIONS}?{urlencode(asked)}")["results"]
    if not rows:
        return None
    row = rows[0]
    quantities = row["quantities"]
    while len(quantities) < row["quantitiesTotal"]:
        paged = {"catalogueRef": catalogue, "start": len(quantities), "count": A_PAGE}
        path = f"{POSITIONS}/{quote(row['ref'], safe='')}?{urlencode(paged)}"
        more = calls.document("GET", path)["quantities"]
        if not more:  # they were set aside meanwhile
            break
        quantities += more
    return SeenPosition(
        product=row["productRef"],
        location=row["locationRef"],
        ref=row["ref"],
        catalogue=row["catalogueRef"],
        status=row["status"],
        on_hand=row["onHand"],
        quantities=tuple(map(_quantity, quantities)),
    )


def _quantity(row: Mapping[str, Any]) -> SeenQuantity:
    return SeenQuantity(
        ref=row["ref"],
        type=row["type"],
        status=row["status"],
        quantity=row["quantity"],
        history=tuple(
            SeenChange(
                at=datetime.fromisoformat(each["at"]),
                source=str(each["source"]),
                quantity=each["quantity"],
                status=each["status"],
            )
            for each in row["history"]
        ),
    )
