"""How long the quantities of an account that events made are kept one by one.

A stream of events may run for days without a full load. Beyond a bound the oldest quantities give
way: those that are retired, or of a type that is no stock on hand, are forgotten; active ones are
folded into one sum for their position, type and status. Beyond another bound the oldest sums are
added to their position's count. By none of this does the stock on hand change, now or after the
next count, which retires sums and quantities alike. What is lost is the protection against a repeat
of a deltaId that old, and that is counted.

Active reservations are not among them, nor is what else a count does not retire: a confirmation or
a cancellation will name them by their ref, which no sum could answer for. They have a bound of
their own, beyond which an event that would make another one fails. What other quantities are under
is counted with them, because those name it, and what is reserved of an order counts by it.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, Protocol, TypeVar

from .. import bounds
from ..bounds import Tally
from ..faults import RuleError
from ..inventory import InventoryQuantity


class KnowsParents(Protocol):
    """Knows which quantities others are under."""

    def is_parent(self, ref: str) -> bool:
        """Whether quantities are under the one with this ref."""


Holder = TypeVar("Holder", bound=KnowsParents)
"""Whose a quantity is: its catalogue, of which nothing else is known here."""

Due = tuple[Holder, InventoryQuantity]
"""A quantity that has to give way, and whose it is."""


class Retention(Generic[Holder]):
    """Says which quantities made by events give way, so that their number has a bound."""

    def __init__(self) -> None:
        self._oldest_first: deque[Due[Holder]] = deque()
        self._sums: deque[Due[Holder]] = deque()
        self._quantities = Tally(bounds.EVENT_QUANTITIES)
        self._folded = Tally(bounds.FOLDED_SUMS)
        self._reservations = Tally(bounds.RESERVATIONS)

    @property
    def oldest_at(self) -> int:
        """When the oldest quantity was made that is kept one by one; 0 where there is none."""
        return self._oldest_first[0][1].created_at if self._oldest_first else 0

    def tallies(self) -> list[Tally]:
        """How much is held of each kind."""
        self._quantities.held = len(self._oldest_first)
        self._folded.held = len(self._sums)
        return [self._quantities, self._folded, self._reservations]

    def lines(self) -> tuple[Sequence[Due[Holder]], Sequence[Due[Holder]]]:
        """The quantities that give way, and the sums, each with the oldest first."""
        return tuple(self._oldest_first), tuple(self._sums)

    def recall(
        self, quantities: Iterable[Due[Holder]], sums: Iterable[Due[Holder]], set_aside: int
    ) -> None:
        """Have these in line, and so many set aside."""
        self._oldest_first.extend(quantities)
        self._sums.extend(sums)
        self._reservations.held = set_aside

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

    def watch(self, holder: Holder, quantity: InventoryQuantity) -> Sequence[Due[Holder]]:
        """Take note of a new quantity; returns those that give way to it, the oldest first.

        They are to be forgotten, and folded into a sum where a count would retire them.
        """
        if quantity.lasts:
            self._set_aside(quantity)
            return ()
        line = self._oldest_first
        line.append((holder, quantity))
        if len(line) <= self._quantities.limit:
            return ()
        due = []
        while len(line) > self._quantities.limit:
            oldest = line.popleft()
            if _is_needed(*oldest):
                self._set_aside(oldest[1])
            else:
                self._quantities.lost += 1
                due.append(oldest)
        return due

    def reconsider(self, holder: Holder, quantity: InventoryQuantity) -> Sequence[Due[Holder]]:
        """Let a reservation that is no longer active grow old like all others; as `watch`."""
        if quantity.lasts:
            return ()
        quantity.is_set_aside = False
        self._reservations.held -= 1
        return self.watch(holder, quantity)

    def release(self, holder: Holder, quantity: InventoryQuantity) -> None:
        """Let a quantity that nothing is under any more grow old; none gives way to it yet.

        Else one might go that is just being changed.
        """
        if quantity.is_set_aside and not quantity.lasts:
            quantity.is_set_aside = False
            self._reservations.held -= 1
            self._oldest_first.append((holder, quantity))

    def watch_sum(self, holder: Holder, new_sum: InventoryQuantity) -> Iterator[Due[Holder]]:
        """Take note of a new sum; yields the one that gives way to it.

        It is to be added to its position's count where a count would retire it, and forgotten. One
        whose position has no count that could take it is taken back before the next is asked for:
        two are looked at for each that comes.
        """
        self._sums.append((holder, new_sum))
        for _ in range(2):
            if len(self._sums) <= self._folded.limit:
                return
            oldest = self._sums.popleft()
            if _is_needed(*oldest):
                self._set_aside(oldest[1])
            else:
                self._folded.lost += 1
                yield oldest

    def take_back(self, holder: Holder, oldest: InventoryQuantity) -> None:
        """Put a sum that could not give way at the back of the line."""
        self._folded.lost -= 1
        self._sums.append((holder, oldest))

    def _set_aside(self, quantity: InventoryQuantity) -> None:
        quantity.is_set_aside = True
        self._reservations.held += 1


def _is_needed(holder: KnowsParents, quantity: InventoryQuantity) -> bool:
    """Whether a quantity must not give way: a mutation may have made it last again."""
    return quantity.lasts or holder.is_parent(quantity.ref)
