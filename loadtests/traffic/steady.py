"""An endless stream of delta events at one rate: trade without a clock on the wall."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from .disorder import disordered
from .shop import Shop
from .trade import Trade
from .trade_events import DeltaEvent

MOST_DELAY = 5.0
"""Retries and late deltas of a steady stream follow within this, for a run may be short."""


def events_for_rate(shop: Shop, rate: float, name: str = "s") -> Iterator[DeltaEvent]:
    """Events with `rate` deltas a second, evenly spaced, from 0 on and without an end.

    Baskets, returns, deliveries and corrections come in their shares, at locations by weight and
    whatever the hour; what is sold out is delivered. Retries come on top of the rate. Streams of
    one shop with other names have other deltaIds.
    """
    if rate <= 0:
        raise ValueError("The rate is in deltas a second, and more than 0.")
    shape = shop.shape
    trade = Trade(shop, name)
    return disordered(
        _evenly(shop, trade, rate),
        trade,
        repeats=shape.repeats,
        within=min(shape.repeat_within, MOST_DELAY),
        late=shape.late,
        by=min(shape.late_by, MOST_DELAY),
    )


def _evenly(shop: Shop, trade: Trade, rate: float) -> Iterator[DeltaEvent]:
    weights = list(
        accumulate(
            place.weight if shop.within(number) else 0.0
            for number, place in enumerate(shop.locations)
        )
    )
    receipts = shop.shape.receipts
    sent = 0
    while True:
        location, due = trade.pick(weights), round(sent / rate, 6)
        event = (
            None if trade.chance() < receipts else trade.over_the_counter(location, due)
        ) or trade.receipt(location, due)
        if event is not None:
            sent += len(event.deltas)
            yield event
