"""The inventory rules in their plainest form, to hold a server against."""

from __future__ import annotations

from dataclasses import dataclass, field

from fluent_oms_simulator.contracts.suite.semantic.position import COUNTED_TYPES, Row

RETIRED_BY_A_COUNT = ("DELTA", "SALE", "CORRECTION")


@dataclass
class Quantity:
    """A quantity, known by type and, except for loaded ones, by the name that a caller gave it."""

    type: str
    name: str
    amount: int
    counts: bool = True


@dataclass
class Model:
    """What one position should hold."""

    quantities: list[Quantity] = field(default_factory=list)

    @property
    def exists(self) -> bool:
        """Whether anything was ever loaded."""
        return bool(self.quantities)

    @property
    def on_hand(self) -> int:
        """The stock."""
        counting = (one for one in self.quantities if one.counts and one.type in COUNTED_TYPES)
        return sum(one.amount for one in counting)

    @property
    def rows(self) -> list[Row]:
        """The quantities as they should be seen."""
        return [Row(one.type, one.amount, one.counts) for one in self.quantities]

    def load(self, kind: str, amount: int) -> None:
        """A record of a batch."""
        if kind == "LAST_ON_HAND":
            for one in self.quantities:
                one.counts = one.counts and one.type not in RETIRED_BY_A_COUNT
        self._set(kind, "", amount)

    def change(self, delta_id: str, amount: int) -> None:
        """A delta that was not sent before."""
        self._set("DELTA", delta_id, amount)

    def reserve(self, fulfilment: str, amount: int) -> None:
        """A new fulfilment."""
        self._set("RESERVED", fulfilment, -amount)

    def confirm(self, fulfilment: str, sold: int, rejected: int) -> None:
        """A pick."""
        self.release(fulfilment)
        if sold:
            self._set("SALE", fulfilment, -sold)
        if rejected:
            self._set("CORRECTION", fulfilment, -rejected)

    def release(self, fulfilment: str) -> None:
        """The end of a fulfilment."""
        for one in self.quantities:
            if one.type == "RESERVED" and one.name == fulfilment:
                one.counts = False

    def _set(self, kind: str, name: str, amount: int) -> None:
        for one in self.quantities:
            if (one.type, one.name) == (kind, name):
                one.amount = amount
                return
        self.quantities.append(Quantity(kind, name, amount))
