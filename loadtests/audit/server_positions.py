"""What a server holds of a position, as it was read back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

DELTA = "DELTA"
# Fluent docs: Inventory quantity types, 10 Jan 2025; CREATED as in rule CalculateOnHand's sample.
_COUNTING = frozenset({"ACTIVE", "CREATED"})


class ServerQuantity(NamedTuple):
    """A quantity of a position; the ref of one that a delta made is its deltaId."""

    ref: str
    quantity: int
    status: str
    created_on: str

    @property
    def counts(self) -> bool:
        """Is it part of the stock on hand?"""
        return self.status in _COUNTING

    @property
    def is_folded(self) -> bool:
        """Is it the sum of older quantities, as the simulator keeps them?"""
        return self.ref.endswith(f":{DELTA}:FOLDED")


@dataclass(frozen=True, slots=True)
class ServerPosition:
    """A position on the server; `rows` are its delta quantities, None where they were not read."""

    ref: str
    on_hand: int
    rows: tuple[ServerQuantity, ...] | None = None
