"""How long the quantities of an account that events made are kept one by one.

A stream of events may run for days without a full load. Beyond a bound the oldest quantities give
way: those that are retired, or of a type that is no stock on hand, are forgotten; active ones are
folded into one sum for their position, type and status. Beyond another bound the oldest sums are
added to their position's count. By none of this does the stock on hand change, now or after the
next count, which retires sums and quantities alike. What is lost is the protection against a repeat
of a deltaId that old, and that is counted.

Active reservations are not among them, nor is what else a count does not retire: a confirmation or
a cancellation will name them by their ref, which no sum could answer for. They have a bound of
their own, beyond which an event that would make another one fails.
"""

from collections import deque
from typing import Protocol

from . import bounds
from .bounds import Tally
from .inventory import InventoryQuantity, RuleError

FOLDED = "FOLDED"
"""The last part of the ref of a sum of older quantities."""


class Holder(Protocol):
    """The catalogue of a quantity."""

    def forget(self, quantity: InventoryQuantity) -> None:
        """Remove it for good."""

    def fold(self, oldest: InventoryQuantity) -> InventoryQuantity | None:
        """Let a sum stand for it as well; returns the sum if it is a new one."""

    def add_to_count(self, folded: InventoryQuantity) -> bool:
        """Let its position's own count stand for it as well; False when that cannot be."""


class Retention:
    """Keeps the number of quantities made by events within a bound."""

    def __init__(self) -> None:
        self._oldest_first: deque[tuple[Holder, InventoryQuantity]] = deque()
        self._sums: deque[tuple[Holder, InventoryQuantity]] = deque()
        self._quantities = Tally(bounds.EVENT_QUANTITIES)
        self._folded = Tally(bounds.FOLDED_SUMS)
        self._reservations = Tally(bounds.RESERVATIONS)

    def tallies(self) -> list[Tally]:
        """How much is held of each kind."""
        self._quantities.held = len(self._oldest_first)
        self._folded.held = len(self._sums)
        return [self._quantities, self._folded, self._reservations]

    def check_room(self, new_reservations: int) -> None:
        """Raise RuleError when so many reservations more would be too many."""
        tally = self._reservations
        if tally.has_room(new_reservations):
            return
        tally.lost += new_reservations
        raise RuleError(
            f"{tally.held:,} reservations are active, and at most {tally.limit:,} are kept: "
            "confirm or cancel some of them first. None of the event's entries was applied"
        )

    def watch(self, holder: Holder, quantity: InventoryQuantity) -> None:
        """Take note of a new quantity and make room for it."""
        if quantity.lasts:
            self._set_aside(quantity)
            return
        line = self._oldest_first
        line.append((holder, quantity))
        while len(line) > self._quantities.limit:
            self._make_room(*line.popleft())

    def reconsider(self, holder: Holder, quantity: InventoryQuantity) -> None:
        """Let a reservation that is no longer active grow old like all others."""
        if not quantity.lasts:
            quantity.is_set_aside = False
            self._reservations.held -= 1
            self.watch(holder, quantity)

    def _set_aside(self, quantity: InventoryQuantity) -> None:
        quantity.is_set_aside = True
        self._reservations.held += 1

    def _make_room(self, holder: Holder, quantity: InventoryQuantity) -> None:
        if quantity.lasts:  # it was retired for a while
            self._set_aside(quantity)
            return
        self._quantities.lost += 1
        holder.forget(quantity)
        if not quantity.is_transient:
            return
        new_sum = holder.fold(quantity)
        if new_sum is not None:
            self._sums.append((holder, new_sum))
            if len(self._sums) > self._folded.limit:
                self._let_a_sum_go()

    def _let_a_sum_go(self) -> None:
        # A sum whose position has no count that could take it goes to the back of the line, and two
        # are looked at for each that comes.
        for _ in range(2):
            holder, oldest = self._sums.popleft()
            if oldest.lasts:  # a mutation gave it a type that a count does not retire
                self._set_aside(oldest)
            elif not oldest.is_transient or holder.add_to_count(oldest):
                holder.forget(oldest)
                self._folded.lost += 1
            else:
                self._sums.append((holder, oldest))
            if len(self._sums) <= self._folded.limit:
                return
