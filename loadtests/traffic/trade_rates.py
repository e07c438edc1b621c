"""How many events trade brings in each five minutes of a shop's day: where, and of what kind."""

from __future__ import annotations

import random
from array import array
from collections.abc import Iterator
from enum import Enum, auto
from itertools import accumulate
from math import fsum
from typing import NamedTuple

from .shop import Shop

DAY = 86_400
SLOT = 300
"""Seconds in which no rate changes."""


class TradeKind(Enum):
    """What brings events about."""

    TRADE = auto()
    PROMOTION = auto()
    FLASH_SALE = auto()
    DELIVERY = auto()


class TradeRate(NamedTuple):
    """Events of one kind at one location: so many in a slot, on average."""

    events: float
    kind: TradeKind
    location: int


class Offers:
    """What is on promotion at each location, and the one product of the flash sale."""

    def __init__(self, shop: Shop, name: str) -> None:
        chance = random.Random(f"offers {shop.seed} {name}").random
        share = shop.shape.promotion_share
        promoted = {product for product in range(len(shop.product_refs)) if chance() < share}
        flash = int(chance() * len(shop.product_refs))
        self.promoted = [
            array("I", (one for one in shop.within(place) if shop.product_at[one] in promoted))
            for place in range(len(shop.locations))
        ]
        self.demand = [
            array("d", accumulate(shop.popularity[shop.product_at[one]] for one in here))
            for here in self.promoted
        ]
        self.flash = [
            next((one for one in shop.within(place) if shop.product_at[one] == flash), None)
            for place in range(len(shop.locations))
        ]
        self.flash_demand = shop.popularity[flash]


class TradeRates:
    """The rates of every slot of a day, for about so many deltas in the whole of the shop."""

    def __init__(self, shop: Shop, offers: Offers, deltas: int) -> None:
        self._shop, self._offers = shop, offers
        events = deltas / _lines_per_event(shop) / shop.partition[1]
        trade = fsum(self._open(slot, place) for slot, place in self._everywhere())
        deliveries = fsum(self._delivered(slot, place) for slot, place in self._everywhere())
        receipts = shop.shape.receipts
        self._trade = events * (1 - receipts) / trade if trade else 0.0
        self._deliveries = events * receipts / deliveries if deliveries else 0.0

    def of_slot(self, start: int) -> list[TradeRate]:
        """What goes on in the slot that begins at this second of the day."""
        rates: list[TradeRate] = []
        for place in range(len(self._shop.locations)):
            delivered = self._delivered(start, place) * self._deliveries
            if delivered:
                rates.append(TradeRate(delivered, TradeKind.DELIVERY, place))
            trade = self._open(start, place) * self._trade
            if trade:
                rates.append(TradeRate(trade, TradeKind.TRADE, place))
                rates += self._offered(start, place, trade)
        return rates

    def _offered(self, start: int, place: int, trade: float) -> Iterator[TradeRate]:
        """What offers bring on top of the trade that there is anyway."""
        shape, offers = self._shop.shape, self._offers
        demand = self._shop.demand[self._shop.starts[place + 1] - 1]
        hour = self._shop.local_hour(place, start)
        if offers.promoted[place] and shape.promotion_hours[0] <= hour < shape.promotion_hours[1]:
            more = offers.demand[place][-1] / demand * (shape.promotion_factor - 1)
            yield TradeRate(trade * more, TradeKind.PROMOTION, place)
        if offers.flash[place] is not None and self._is_flash(start):
            more = offers.flash_demand / demand * (shape.flash_factor - 1)
            yield TradeRate(trade * more, TradeKind.FLASH_SALE, place)

    def _is_flash(self, start: int) -> bool:
        begins = self._shop.shape.flash_at * 3600
        return begins <= start < begins + self._shop.shape.flash_minutes * 60

    def _everywhere(self) -> Iterator[tuple[int, int]]:
        for start in range(0, DAY, SLOT):
            for place in range(len(self._shop.locations)):
                yield start, place

    def _open(self, start: int, place: int) -> float:
        """How busy a location is: not at all while it is closed, most in the middle of its day."""
        shop, location = self._shop, self._shop.locations[place]
        done = (shop.local_hour(place, start) - location.opens) / (location.closes - location.opens)
        if not 0 <= done < 1 or not shop.within(place):
            return 0.0
        return location.weight * (0.3 + 4 * done * (1 - done))

    def _delivered(self, start: int, place: int) -> float:
        shop = self._shop
        first, last = shop.shape.receipts_at
        if not first <= shop.local_hour(place, start) < last or not shop.within(place):
            return 0.0
        return shop.locations[place].weight


def _lines_per_event(shop: Shop) -> float:
    shape = shop.shape
    sizes = shape.basket_sizes
    basket = fsum(lines * share for lines, share in enumerate(sizes, 1)) / fsum(sizes)
    single = (1 - shape.receipts) * (shape.returns + shape.corrections)
    baskets = 1 - shape.receipts - single
    return baskets * basket + single + shape.receipts * sum(shape.receipt_lines) / 2
