"""A retailer's products and locations, drawn from a seed: what is where, and how much of it."""

from __future__ import annotations

import random
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import overload

from .shop_parameters import DEFAULT_PARAMETERS, ShopParameters
from .trade_events import Count, Position

LONGEST_PREFIX = 40
"""So that the ref of a position stays within 100 characters."""


@dataclass(frozen=True, slots=True)
class Location:
    """A place that sells; hours are local time, `weight` is how much it trades beside others."""

    ref: str
    weight: float
    hours_ahead: float
    opens: float
    closes: float


class Counts(Sequence[Count]):
    """What was counted of some positions: numbers in arrays, and a `Count` when asked for one."""

    def __init__(self, shop: Shop, numbers: Sequence[int], quantities: Sequence[int]) -> None:
        self._shop, self._numbers, self._quantities = shop, numbers, quantities

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, index: int) -> Count: ...
    @overload
    def __getitem__(self, index: slice) -> Counts: ...
    def __getitem__(self, index: int | slice) -> Count | Counts:
        if isinstance(index, slice):
            return Counts(self._shop, self._numbers[index], self._quantities[index])
        return Count(self._shop.position(self._numbers[index]), self._quantities[index])

    def __iter__(self) -> Iterator[Count]:
        position = self._shop.position
        for number, quantity in zip(self._numbers, self._quantities, strict=True):
            yield Count(position(number), quantity)


class Shop:
    """Products at locations, with popularity, opening stock and stock as the shop knows it.

    The same arguments give the same shop on every machine. `partition` is (index, of): part
    `index` of `of`; every position belongs to exactly one part, and the parts of a shop know the
    same products and locations. `prefix` begins every product ref, so that what is written is told
    from what was there. `run` begins every deltaId: a server that has seen a deltaId does not
    count it again, so a second run against one server needs another word. It is drawn from the
    seed when left out.

    Positions have numbers from 0, location by location; a position takes 24 bytes.
    """

    def __init__(
        self,
        seed: int,
        products: int,
        locations: int,
        coverage: float = 0.3,
        prefix: str = "",
        partition: tuple[int, int] = (0, 1),
        shape: ShopParameters = DEFAULT_PARAMETERS,
        run: str = "",
    ) -> None:
        part, parts = partition
        if products < 1 or locations < 1:
            raise ValueError("A shop needs at least one product and one location.")
        if not 0 < coverage <= 1:
            raise ValueError("The coverage is a share, more than 0 and at most 1.")
        if not 0 <= part < parts:
            raise ValueError(f"There is no part {part} of {parts}; they are counted from 0.")
        if len(prefix) > LONGEST_PREFIX or not prefix.isprintable() or set(prefix) & set(" :"):
            raise ValueError(
                f"A prefix has at most {LONGEST_PREFIX} characters, and no blank or colon."
            )
        self.seed, self.prefix, self.partition, self.shape = seed, prefix, partition, shape
        chance = random.Random(f"shop {seed}")
        self.run = run or f"{int(chance.random() * 16**8):08x}"
        self.product_refs = [f"{prefix}SKU{number:06d}" for number in range(products)]
        self.popularity = _popularity(chance, products, shape.zipf_exponent)
        self.locations = _locations(chance, locations, shape)
        self._place(chance, coverage, part, parts)

    def __len__(self) -> int:
        return len(self.product_at)

    @property
    def positions(self) -> Sequence[Position]:
        """Every position of this part, by number."""
        return [self.position(number) for number in range(len(self))]

    @property
    def opening(self) -> Counts:
        """The counts that the server has to be loaded with before anything is sold."""
        return Counts(self, range(len(self)), self._opening)

    def counts(self, numbers: Sequence[int] | None = None) -> Counts:
        """What the shop has now of these positions, or of all; never below zero, as counts are."""
        chosen = range(len(self)) if numbers is None else numbers
        return Counts(self, chosen, array("i", (max(self.stock[one], 0) for one in chosen)))

    def stocktake(self, name: str, change_rate: float) -> None:
        """Find other stock than was known at this share of positions, by a few pieces each."""
        draw = random.Random(f"stocktake {self.seed} {self.partition} {name}").random
        for number, held in enumerate(self.stock):
            if draw() < change_rate:
                found = 1 + int(draw() * 5)
                self.stock[number] = (
                    held - found if held >= found and draw() < 0.6 else held + found
                )

    def position(self, number: int) -> Position:
        """The position of this number."""
        location = bisect_right(self.starts, number) - 1
        return Position(self.product_refs[self.product_at[number]], self.locations[location].ref)

    def local_hour(self, location: int, at: float) -> float:
        """The hour on the clock of a location at this second of the day."""
        return (at / 3600 + self.locations[location].hours_ahead) % 24

    def within(self, location: int) -> range:
        """The numbers of the positions at a location."""
        return range(self.starts[location], self.starts[location + 1])

    def _place(self, chance: random.Random, coverage: float, part: int, parts: int) -> None:
        """Decide which product is where, and how much of it: more of what sells more.

        Each product has a home, so that none is nowhere. `demand` adds popularity up within each
        location, so that a search in it finds what is bought.
        """
        places = len(self.locations)
        elsewhere = max(coverage * places - 1, 0) / (places - 1) if places > 1 else 0
        middling = sorted(self.popularity)[len(self.popularity) // 2]
        typical = [self.shape.opening_stock * (one / middling) ** 0.5 for one in self.popularity]
        self.product_at, self._opening, self.demand = array("I"), array("i"), array("d")
        self.starts = [0]
        before = 0
        for place in range(places):
            covered = [
                product
                for product in range(len(self.product_refs))
                if chance.random() < elsewhere or product % places == place
            ]
            pieces = [int(typical[product] * (0.5 + chance.random())) + 1 for product in covered]
            owned = range((part - before) % parts, len(covered), parts)
            before += len(covered)
            self.product_at.extend(covered[at] for at in owned)
            self._opening.extend(pieces[at] for at in owned)
            self.demand.extend(accumulate(self.popularity[covered[at]] for at in owned))
            self.starts.append(len(self.product_at))
        if not self.product_at:
            raise ValueError(
                f"Part {part} of {parts} has no position: ask for fewer parts or more products."
            )
        self.stock = array("i", self._opening)


def _popularity(chance: random.Random, products: int, exponent: float) -> array[float]:
    """How often each product is wanted: a power law over ranks that are dealt out at random."""
    dealt = sorted(range(products), key=lambda _: chance.random())
    popularity = array("d", bytes(8 * products))
    for rank, product in enumerate(dealt, 1):
        popularity[product] = rank**-exponent
    return popularity


def _locations(chance: random.Random, locations: int, shape: ShopParameters) -> list[Location]:
    def between(bounds: tuple[float, float]) -> float:
        return round((bounds[0] + chance.random() * (bounds[1] - bounds[0])) * 4) / 4

    return [
        Location(
            f"LOC{number:04d}",
            number**-shape.location_exponent,
            shape.hours_ahead[int(chance.random() * len(shape.hours_ahead))],
            between(shape.opens),
            between(shape.closes),
        )
        for number in range(1, locations + 1)
    ]
