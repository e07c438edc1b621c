"""How long quantities that events made are kept one by one.

A stream of deltas may run for days without a full load. Beyond a bound the oldest quantities give
way: retired ones are forgotten, active ones are folded into one sum for their position and type,
so that the stock on hand never changes by it. What is lost is the protection against a repeat of
a deltaId that old, and that is counted.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from .inventory import RESERVED, RETIRED_STATUSES, InventoryQuantity
from .refs import quantity_ref

if TYPE_CHECKING:
    from .catalogue import InventoryCatalogue

MOST_EVENT_QUANTITIES = 100_000

FOLDED = "FOLDED"
"""The last part of the ref of a sum of older quantities."""


class Retention:
    """Keeps the number of quantities made by events within a bound."""

    def __init__(self, catalogue: InventoryCatalogue) -> None:
        self._catalogue = catalogue
        self._oldest_first: deque[InventoryQuantity] = deque()
        self.dropped = 0

    def watch(self, quantity: InventoryQuantity) -> None:
        """Take note of a new quantity and make room for it."""
        self._oldest_first.append(quantity)
        # An active reservation must stay: a confirmation will ask for it. So it goes to the
        # back of the line, and two are looked at for each one that comes.
        for _ in range(2):
            if len(self._oldest_first) <= MOST_EVENT_QUANTITIES:
                return
            self._make_room(self._oldest_first.popleft())

    def _make_room(self, quantity: InventoryQuantity) -> None:
        if quantity.status in RETIRED_STATUSES and quantity.type == RESERVED:
            self._oldest_first.append(quantity)
            return
        catalogue = self._catalogue
        self.dropped += 1
        catalogue.forget(quantity)
        if quantity.status not in RETIRED_STATUSES:
            return
        ref = quantity_ref(catalogue.ref_of(quantity.position), quantity.type, FOLDED)
        sum_so_far = catalogue.quantity(ref)
        if sum_so_far is not None and sum_so_far.status not in RETIRED_STATUSES:
            catalogue.forget(sum_so_far)
            sum_so_far = None
        total = quantity.quantity + (sum_so_far.quantity if sum_so_far else 0)
        catalogue.fold(quantity, ref, total)
