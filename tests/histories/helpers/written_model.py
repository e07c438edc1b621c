"""Virtual positions that mutations create and write (GraphQL schema docs).

What is written stands until the workflow writes the quantity again: when a position behind it is
written (NotifyVirtualCatalogues, 18 Feb 2025), a control of it
(ProduceVirtualPositionEventsForControlUpdate, 12 Aug 2025), or what is computed is another number.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from .stock_model import Document, RefusedError, Stock
from .virtual_model import Available, Control, Shop


@dataclass
class Written:
    """What mutations have said of a virtual position."""

    created: Available | None = None
    quantity: int | None = None
    over: int | None = None
    """What was computed when the quantity was written."""
    behind: set[tuple[str, str]] = field(default_factory=set)
    """From which positions it was computed last."""
    status: str | None = None
    type: str | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
    segments: list[Document] = field(default_factory=list)


class WrittenShop(Shop):
    """Virtual catalogues whose positions callers write, too."""

    def __init__(self, stock: Stock, networks: dict[str, list[str]]) -> None:
        super().__init__(stock, networks)
        self.written: dict[tuple[str, str], Written] = {}
        self.changed: list[tuple[str, Control]] = []
        """Controls that change now, by their group."""

    def create(self, given: Document) -> None:
        """createVirtualPosition: CREATED, until an update says otherwise."""
        where = given["catalogue"]["ref"], given["ref"]
        if self.find(*where) is not None:
            raise RefusedError
        check_segments(given)
        made = Available(
            *where,
            given.get("productRef"),
            given.get("groupRef"),
            given["quantity"],
            "CREATED",
            given["type"],
        )
        self.written[where] = Written(made, type=given["type"])
        self._write(self.written[where], given)

    def update(self, given: Document) -> None:
        """updateVirtualPosition."""
        where = given["catalogue"]["ref"], given["ref"]
        found = self.find(*where)
        if found is None:
            raise RefusedError
        computed = self._computed(*where)
        product = given.get("productRef", found.product)
        if computed is not None and product != computed.product:
            raise RefusedError
        check_segments(given)
        row = self.written.setdefault(where, Written())
        if row.created is not None:
            row.created = replace(row.created, product=product)
        if "quantity" in given:
            row.quantity, row.over = given["quantity"], computed.quantity if computed else None
        row.status, row.type = given.get("status", row.status), given.get("type", row.type)
        self._write(row, given)

    def status_by_group(self, catalogue: str, group: str, status: str) -> int:
        """updateVirtualPositionsStatusByGroup; returns how many those are."""
        found = [one for one in self.shown() if (one.catalogue, one.group) == (catalogue, group)]
        for one in found:
            self.written.setdefault((one.catalogue, one.ref), Written()).status = status
        return len(found)

    def _write(self, row: Written, given: Document) -> None:
        row.attributes |= {each["name"]: each["value"] for each in given.get("attributes", ())}
        if given.get("segments") is not None:
            row.segments = given["segments"]

    def _computed(self, catalogue: str, ref: str) -> Available | None:
        found = self.positions(self.catalogues[catalogue])
        return next((one for one in found if one.ref == ref), None)

    def find(self, catalogue: str, ref: str) -> Available | None:
        """A virtual position as it shows."""
        return next((o for o in self.shown() if (o.catalogue, o.ref) == (catalogue, ref)), None)

    def settle(self) -> None:
        """Let go of the quantities in whose place the workflow has written others."""
        heard = {(one.product, one.location) for one in self.stock.notified}
        for where, row in self.written.items():
            computed, catalogue = self._computed(*where), self.catalogues[where[0]]
            now = self.behind(catalogue, computed) if computed else set()
            behind, row.behind = now | row.behind, now
            if computed is None or row.quantity is None:
                continue
            controlled = any(
                control.is_for(*place)
                for group, control in self.changed
                for place in behind
                if group == catalogue.group
            )
            if computed.quantity != row.over or heard & behind or controlled:
                row.quantity = None
        self.changed.clear()

    def shown(self) -> Iterator[Available]:
        """All virtual positions: what is computed, and what was written over and beside it."""
        beside = dict(self.written)
        for one in self.available():
            row = beside.pop((one.catalogue, one.ref), Written())
            yield replace(
                one,
                quantity=one.quantity if row.quantity is None else row.quantity,
                status=row.status or one.status,
                type=row.type or one.type,
            )
        for row in beside.values():
            if row.created is not None:
                quantity = row.created.quantity if row.quantity is None else row.quantity
                yield replace(
                    row.created,
                    quantity=quantity,
                    status=row.status or row.created.status,
                    type=row.type or row.created.type,
                )


def check_segments(given: Document) -> None:
    """No two of a position are the same."""
    named = [(each["type"], each["value"]) for each in given.get("segments") or ()]
    if len(set(named)) < len(named):
        raise RefusedError
