"""What happens at the tills and in the stock rooms of a shop: one event at a time."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Container, Iterable, Sequence
from itertools import accumulate

from .shop import Shop
from .trade_events import Cause, Delta, DeltaEvent

MOST_PIECES = 6
TRIES = 4
"""How many products a customer looks at before a line of the basket is given up."""


class Trade:
    """Draws baskets, returns, deliveries and corrections, and keeps the shop's stock.

    `name` tells apart the streams of one shop: each draws its own numbers and has its own deltaIds.
    `chance` is the next of these numbers, at least 0 and less than 1. `changed` gathers positions
    whose stock moved, where somebody put a set there.
    """

    def __init__(self, shop: Shop, name: str) -> None:
        part, parts = shop.partition
        self._shop, self._shape = shop, shop.shape
        self.chance = random.Random(f"trade {shop.seed} {part} {parts} {name}").random
        self._ids = f"{shop.prefix}{shop.run}-{name}-{part:x}-"
        self._made = 0
        self.changed: set[int] | None = None
        self._sizes = list(accumulate(shop.shape.basket_sizes))

    def over_the_counter(self, location: int, due: float) -> DeltaEvent | None:
        """What an open location does most of the time: it sells, takes back, and now and then
        corrects."""
        kind, corrections = self.chance(), self._shape.corrections
        if kind < corrections:
            return self.correction(location, due)
        if kind < corrections + self._shape.returns:
            return self.give_back(location, due)
        return self.sale(location, due)

    def sale(self, location: int, due: float, first: int | None = None) -> DeltaEvent | None:
        """A basket, or None where nothing that was wanted is there.

        `first` is the position that the customer came for; without it there is no sale.
        """
        size = bisect_right(self._sizes, self.chance() * self._sizes[-1]) + 1
        basket: dict[int, int] = {}
        if first is not None:
            if not self._is_sold(first):
                return None
            basket[first] = -self._pieces()
        for _ in range(min(size, len(self._sizes)) - len(basket)):
            number = self._in_stock(location, basket)
            if number is not None:
                basket[number] = -self._pieces()
        return self._event(basket.items(), Cause.SALE, due)

    def give_back(self, location: int, due: float) -> DeltaEvent | None:
        """A piece or two that come back."""
        return self._event([(self._wanted(location), self._pieces())], Cause.RETURN, due)

    def receipt(self, location: int, due: float) -> DeltaEvent | None:
        """A delivery of what the location sells, each product once."""
        lines = self._between(self._shape.receipt_lines)
        numbers = {self._wanted(location) for _ in range(lines)}
        return self._event(
            [(number, self._between(self._shape.receipt_pieces)) for number in sorted(numbers)],
            Cause.RECEIPT,
            due,
        )

    def correction(self, location: int, due: float) -> DeltaEvent | None:
        """A stocktake that found a few pieces more or, rather, fewer."""
        found = 1 + int(self.chance() * 4)
        number = self._anywhere(location)
        if self.chance() < 0.7:
            found = -min(found, self._shop.stock[number])
        return self._event([(number, found)], Cause.CORRECTION, due)

    def pick(self, weights: Sequence[float]) -> int:
        """One of several, by weights that have been added up."""
        return min(bisect_right(weights, self.chance() * weights[-1]), len(weights) - 1)

    def _in_stock(self, location: int, taken: Container[int]) -> int | None:
        for _ in range(TRIES):
            number = self._wanted(location)
            if number not in taken and self._is_sold(number):
                return number
        return None

    def _is_sold(self, number: int) -> bool:
        return self._shop.stock[number] >= MOST_PIECES or self.chance() < self._shape.oversold

    def _wanted(self, location: int) -> int:
        """A position at the location, by how often products are wanted."""
        demand, starts = self._shop.demand, self._shop.starts
        start, end = starts[location], starts[location + 1]
        return min(bisect_right(demand, self.chance() * demand[end - 1], start, end), end - 1)

    def _anywhere(self, location: int) -> int:
        start, end = self._shop.starts[location], self._shop.starts[location + 1]
        return start + int(self.chance() * (end - start))

    def _pieces(self) -> int:
        pieces = 1
        while pieces < MOST_PIECES and self.chance() < self._shape.second_piece:
            pieces += 1
        return pieces

    def _between(self, bounds: tuple[int, int]) -> int:
        return bounds[0] + int(self.chance() * (bounds[1] - bounds[0] + 1))

    def _event(
        self, lines: Iterable[tuple[int, int]], cause: Cause, due: float
    ) -> DeltaEvent | None:
        deltas = []
        for number, quantity in lines:
            if quantity:
                self._shop.stock[number] += quantity
                if self.changed is not None:
                    self.changed.add(number)
                self._made += 1
                position = self._shop.position(number)
                deltas.append(Delta(f"{self._ids}{self._made:x}", position, quantity, cause, due))
        return DeltaEvent(tuple(deltas), due) if deltas else None
