"""A day of a shop, from midnight to midnight: trade by the hour, deliveries, offers and loads."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from math import fsum

from .disorder import disordered
from .shop import Shop
from .trade import Trade
from .trade_events import DeltaEvent, FullLoad
from .trade_rates import DAY, SLOT, Offers, TradeKind, TradeRate, TradeRates


def day(shop: Shop, deltas: int, name: str = "d") -> Iterator[DeltaEvent | FullLoad]:
    """What is sent in a day, in the order in which it is sent; `due` is seconds since midnight.

    About `deltas` deltas for the whole shop, of which this part makes its share: baskets and
    returns while locations are open, deliveries in the hours for them, batches of counts that
    changed, and one nightly full load, whose counts are older than it is. What is sold on promotion
    and in the flash sale comes on top, and so do retries. Late events and retries of the last
    minutes come after midnight. Loads come at full five minutes. Days of one shop that follow each
    other need other names.
    """
    shape = shop.shape
    trade = Trade(shop, name)
    return disordered(
        _moments(shop, trade, deltas, name),
        trade,
        repeats=shape.repeats,
        within=shape.repeat_within,
        late=shape.late,
        by=shape.late_by,
    )


def nightly_load(
    shop: Shop, name: str = "nightly", at: float = 0.0, change_rate: float | None = None
) -> FullLoad:
    """A full load of all that the shop has, after a stocktake that changed a share of it.

    `change_rate` is that of the shop's shape when left out.
    """
    shop.stocktake(name, shop.shape.change_rate if change_rate is None else change_rate)
    return FullLoad(name, shop.counts(), at, at)


def _moments(shop: Shop, trade: Trade, deltas: int, name: str) -> Iterator[DeltaEvent | FullLoad]:
    shape = shop.shape
    offers = Offers(shop, name)
    trade_rates = TradeRates(shop, offers, deltas)
    snapshot_due = max(shape.full_load_at - shape.snapshot_age, 0.0)
    nightly: FullLoad | None = None
    next_changes = shape.changes_every
    changed = trade.changed = set[int]()
    carried = 0.0
    for start in range(0, DAY, SLOT):
        if start - SLOT < snapshot_due <= start:
            nightly = nightly_load(shop, f"nightly {name}", start)
        if nightly is not None and start >= shape.full_load_at:
            yield nightly._replace(due=float(start))
            nightly = None
        if start >= next_changes:
            next_changes += shape.changes_every
            yield from _changes(shop, trade, changed, start)
            changed.clear()
        rates = trade_rates.of_slot(start)
        carried += fsum(rate.events for rate in rates)
        times = sorted(round(start + SLOT * trade.chance(), 3) for _ in range(int(carried)))
        carried -= len(times)
        yield from _events(trade, offers, rates, times)


def _events(
    trade: Trade, offers: Offers, rates: list[TradeRate], times: list[float]
) -> Iterator[DeltaEvent]:
    weights = list(accumulate(rate.events for rate in rates))
    for due in times:
        _, kind, location = rates[trade.pick(weights)]
        if kind is TradeKind.DELIVERY:
            event = trade.receipt(location, due)
        elif kind is TradeKind.PROMOTION:
            number = offers.promoted[location][trade.pick(offers.demand[location])]
            event = trade.sale(location, due, number)
        elif kind is TradeKind.FLASH_SALE:
            event = trade.sale(location, due, offers.flash[location])
        else:
            event = trade.over_the_counter(location, due)
        if event is not None:
            yield event


def _changes(shop: Shop, trade: Trade, changed: set[int], start: int) -> Iterator[FullLoad]:
    """Counts of a share of what changed, in one load; none where nothing did."""
    share = shop.shape.changes_share
    numbers = [number for number in sorted(changed) if trade.chance() < share]
    if numbers:
        minutes = start // 60
        name = f"changes {minutes // 60:02d}:{minutes % 60:02d}"
        yield FullLoad(name, shop.counts(numbers), float(start), float(start))
