"""A position of a test's own: what can be done to it, and what is then seen of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from fluent_oms_simulator.client.builders import delta, item, record
from fluent_oms_simulator.client.client_errors import LateError
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.contracts.target.names import Names

Document = dict[str, Any]
Observe = Callable[[str, str, str], None]
"""Takes a switch, the value that the server acts by, and what has shown it."""

COUNTED_TYPES = ("LAST_ON_HAND", "RESERVED", "SALE", "CORRECTION", "DELTA")
COUNTED_STATUSES = ("CREATED", "ACTIVE")
APPLIED = ("SUCCESS", "COMPLETE")


class Row(NamedTuple):
    """A quantity as the formula of stock on hand sees it; refs are the platform's own business."""

    type: str
    quantity: int
    counts: bool = True


class Position:
    """The stock of a fresh product at a fresh location, unless one of them is given."""

    def __init__(
        self, api: Api, names: Names, *, product: str | None = None, location: str | None = None
    ) -> None:
        self.product: str = product or names.product()
        self.location: str = location or names.location()
        self._api = api
        self._names = names
        self._fulfilments: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"{self.product} at {self.location}"

    def record(self, quantity: object, **more: object) -> Document:
        """A record of a batch about this position."""
        made: Document = record(self.product, self.location, quantity, **more)
        return made

    def entry(self, quantity: object, delta_id: str | None = None, **more: object) -> Document:
        """A delta of an event about this position, with a deltaId of its own unless given."""
        wanted = delta_id or self._names.delta_id()
        made: Document = delta(self.product, self.location, quantity, wanted, **more)
        return made

    def item(self, fulfilment: str, **amounts: object) -> Document:
        """An item of UpdateInventoryQty; the same word is the same fulfilment."""
        ref = self._fulfilments.setdefault(fulfilment, self._names.fulfilment())
        made: Document = item(self.product, self.location, ref, **amounts)
        return made

    def count(
        self, quantity: int, *, preprocessing: str | None = "skip", **more: object
    ) -> Document:
        """Load an absolute quantity; returns the batch once it is COMPLETE."""
        loaded: Document = self._api.load(
            [self.record(quantity, **more)], preprocessing=preprocessing
        )
        return loaded

    def change(self, *quantities: int) -> Document:
        """Send relative quantities in one event, each with a deltaId of its own."""
        return applied(self._api.deltas(*(self.entry(quantity) for quantity in quantities)))

    def reserve(self, fulfilment: str, quantity: int) -> Document:
        """Reserve stock for a fulfilment."""
        return self._update(fulfilment, reservedQty=-quantity)

    def confirm(self, fulfilment: str, *, sold: int = 0, rejected: int = 0) -> Document:
        """Confirm a pick: what was found, and what was not."""
        return self._update(fulfilment, saleQty=-sold, correctionQty=-rejected)

    def cancel(self, fulfilment: str, quantity: int) -> Document:
        """Cancel a fulfilment."""
        return self._update(fulfilment, cancelQty=quantity)

    def _update(self, fulfilment: str, **amounts: int) -> Document:
        return applied(self._api.updates(self.item(fulfilment, **amounts)))

    def look(self) -> Document | None:
        """The position as GraphQL shows it, with its quantities; None if there is none."""
        found: Document | None = self._api.position(self.product, self.location)
        return found

    def shows(self, on_hand: int | None, rows: Sequence[Row] | None = None) -> None:
        """Wait for this stock on hand, and these quantities in any order; fail with what is seen.

        At every look the stock on hand must be what the quantities add up to.
        """
        seen: Document | None = None

        def is_shown() -> bool:
            nonlocal seen
            seen = self.look()
            if seen is None:
                return on_hand is None
            return seen["onHand"] == on_hand and (rows is None or rows_of(seen) == sorted(rows))

        # Ours has applied what it calls applied; the platform may go on with position events.
        within = 0.05 if self._api.target.is_ours else None
        with suppress(LateError):
            self._api.eventually(is_shown, within)
        found = None if seen is None else seen["onHand"]
        assert found == on_hand, (
            f"the stock on hand of {self} is {found}, expected {on_hand}; its quantities: "
            f"{rows_of(seen) if seen else 'none'}"
        )
        if seen is not None:
            adds_up(seen)
            if rows is not None:
                assert rows_of(seen) == sorted(rows), f"the quantities of {self} are wrong"


def rows_of(position: Document) -> list[Row]:
    """The quantities of a position, in an order of their own."""
    return sorted(
        Row(quantity["type"], quantity["quantity"], quantity["status"] in COUNTED_STATUSES)
        for quantity in position["quantities"]
    )


def adds_up(position: Document) -> None:
    """The stock on hand is the sum of the quantities that count (Quantity types, 10 Jan 2025)."""
    total = sum(
        row.quantity for row in rows_of(position) if row.counts and row.type in COUNTED_TYPES
    )
    assert position["onHand"] == total, (
        f"{position['ref']} shows {position['onHand']} on hand, its quantities add up to {total}: "
        f"{rows_of(position)}"
    )


def applied(event: Document) -> Document:
    """The event, which must have been applied."""
    assert event["eventStatus"] in APPLIED, (
        f"the event {event['name']} ended as {event['eventStatus']}, expected it to be applied"
    )
    return event
