"""Positions and quantities as the pages describe them, written from those and from no code.

IQTYPES is Fluent's page on the types of quantities (10 Jan 2025), R-CALC that on CalculateOnHand
(12 Aug 2025), REF the worked examples (22 and 23 Apr 2025), ICWF the workflow of the inventory
catalogue (18 Feb 2025), FUTURE that on future inventory (27 Mar 2026).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from .switches import Switches

Document = dict[str, Any]
Row = TypeVar("Row")

COUNTED = frozenset({"LAST_ON_HAND", "RESERVED", "SALE", "CORRECTION", "DELTA"})
"""IQTYPES: what the stock on hand is the sum of."""

FURTHER = frozenset({"SOFT_RESERVE", "RETURNED"})
RESERVING = frozenset({"RESERVED", "SOFT_RESERVE"})
TRANSIENT = frozenset({"SALE", "CORRECTION", "DELTA"})
"""REF, ICWF: what a new count retires."""

FIELDS = (
    "condition",
    "expectedOn",
    "expiresOn",
    "storageAreaRef",
    "associationType",
    "associationRef",
    "countryOfOrigin",
    "channel",
    "supplier",
    "manufacturer",
    "manufacturerBatchNumber",
    "segment1",
    "segment2",
    "segment3",
)


class RefusedError(Exception):
    """The model would not do it, and has changed nothing."""


def said(given: Document) -> Document:
    """What is said: no page has a way to take a value away, so a null says nothing."""
    return {name: value for name, value in given.items() if value is not None}


class Raised(NamedTuple):
    """An event that something has raised, as its row in the event log names it."""

    name: str
    entity_type: str
    ref: str = ""
    status: str = ""
    said: str = ""
    """What it says of a quantity, where that is told."""


@dataclass
class Quantity:
    """An inventory quantity."""

    ref: str
    position: str
    type: str
    quantity: int
    status: str = "ACTIVE"
    parent: str | None = None
    fields: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    created: int = 0
    updated: int = 0


@dataclass
class Position:
    """An inventory position."""

    ref: str
    product: str
    location: str
    status: str
    on_hand: int = 0
    is_due: bool = True
    """Whether its first calculation is still to come."""
    created: int = 0
    updated: int = 0


class Stock:
    """The positions and quantities of one catalogue."""

    def __init__(self, switches: Switches) -> None:
        self.switches = switches
        self.positions: dict[str, Position] = {}
        self.quantities: dict[str, Quantity] = {}
        self.thresholds: list[tuple[int, str]] | None = None
        """In the order in which they are tried; None where the catalogue names no group."""
        self.now = 0
        self.raised: list[Raised] = []
        """By what happens now."""
        self.notified: list[Position] = []
        """Of which the virtual catalogues hear now."""

    # -- what there is -------------------------------------------------------------------------

    def rows(self, position: str) -> Iterator[Quantity]:
        """The quantities of a position."""
        return (row for row in self.quantities.values() if row.position == position)

    def above(self, row: Quantity) -> Iterator[Quantity]:
        """The quantities that it stands under, the nearest first."""
        at = row.parent
        while at is not None:
            yield self.quantities[at]
            at = self.quantities[at].parent

    def counts(self, row: Quantity) -> bool:
        """Whether it is a part of the stock on hand (R-CALC: by type and status)."""
        only_active = self.switches["position.counted_statuses"] == "active"
        return row.status in ({"ACTIVE"} if only_active else {"ACTIVE", "CREATED"}) and (
            self.is_stock(row)
        )

    def is_stock(self, row: Quantity) -> bool:
        """Whether its type is one of stock on hand; what commits future goods is not (FUTURE)."""
        if not self.is_type_of_stock(row.type):
            return False
        if row.type not in RESERVING or self.switches["position.reserved_ahead"] == "counted":
            return True
        above = (each.type for each in self.above(row) if each.type not in RESERVING)
        return self.is_type_of_stock(next(above, "LAST_ON_HAND"))

    def is_type_of_stock(self, kind: str) -> bool:
        """Whether the formula names it."""
        counted = self.switches["position.further_types"] == "counted"
        return kind in COUNTED or (counted and kind in FURTHER)

    # -- what becomes of it --------------------------------------------------------------------

    def written(self, position: Position) -> None:
        """It is dated, and the virtual catalogues hear of it."""
        position.updated = self.now
        self.notified.append(position)

    def new_position(self, position: Position) -> Position:
        """A position, which raises CREATE (EVTEXEC, 29 Aug 2025)."""
        position.created = position.updated = self.now
        self.positions[position.ref] = position
        self.raised.append(Raised("CREATE", "INVENTORY_POSITION", position.ref, "SUCCESS"))
        return position

    def new_quantity(self, row: Quantity) -> Quantity:
        """A quantity, which raises CREATE too."""
        row.created = row.updated = self.now
        self.quantities[row.ref] = row
        self.raised.append(Raised("CREATE", "INVENTORY_QUANTITY", row.ref, "SUCCESS"))
        return row

    def may_stand_under(self, ref: str, position: str, parent: str) -> bool:
        row = self.quantities.get(parent)
        if row is None or row.position != position or parent == ref:
            return False
        return all(each.ref != ref for each in self.above(row))

    def calculate(self, position: Position) -> None:
        """CalculateOnHand, CheckOnHandChanged, UpdateOnHand with the status by thresholds."""
        total = sum(row.quantity for row in self.rows(position.ref) if self.counts(row))
        if total == position.on_hand and not position.is_due:
            return
        position.on_hand, position.is_due = total, False
        self.written(position)
        if position.status == "CREATED":
            position.status = self.switches["position.first_status"]
        if position.status == "INACTIVE" and self.switches["position.inactive"] == "stays":
            return
        if self.thresholds is not None:
            if not self.thresholds:
                position.status = "ACTIVE"
            for up_to, status in self.thresholds:
                if total <= up_to:
                    position.status = status
                    break


def known_in(table: Mapping[str, Row], ref: str) -> Row:
    """What has the ref; RefusedError where nothing has."""
    if ref not in table:
        raise RefusedError
    return table[ref]
