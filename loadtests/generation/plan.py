"""What generated payloads consist of: loads and events, in the order in which they are sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..traffic.day import day, nightly_load
from ..traffic.payloads import DEFAULTS, PayloadSettings
from ..traffic.shop import Shop
from ..traffic.shop_parameters import DEFAULT_PARAMETERS, ShopParameters
from ..traffic.steady import events_for_rate
from ..traffic.trade_events import DeltaEvent, FullLoad

DAY, FULL_LOAD, DELTAS = "day", "full-load", "deltas"
PLANS = (DAY, FULL_LOAD, DELTAS)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to generate; `deltas` is how many, roughly, and of no effect on a full load.

    `rate` is how many deltas a second there are where nothing but deltas was asked for.
    """

    what: str
    seed: int
    products: int
    locations: int
    coverage: float
    deltas: int
    prefix: str = ""
    settings: PayloadSettings = DEFAULTS
    shape: ShopParameters = DEFAULT_PARAMETERS
    rate: float = 100.0

    def shop(self) -> Shop:
        """The shop that it happens in, as it opens."""
        return Shop(
            self.seed,
            self.products,
            self.locations,
            self.coverage,
            self.prefix,
            shape=self.shape,
        )

    def moments(self, shop: Shop) -> Iterator[DeltaEvent | FullLoad]:
        """The load of the opening counts, and then what was asked for."""
        yield FullLoad("opening", shop.opening, 0.0, 0.0)
        if self.what == FULL_LOAD:
            yield nightly_load(shop)
        elif self.what == DAY:
            yield from day(shop, self.deltas)
        else:
            yield from self._first(events_for_rate(shop, self.rate))

    def _first(self, events: Iterator[DeltaEvent]) -> Iterator[DeltaEvent]:
        made = 0
        while made < self.deltas:
            event = next(events)
            made += 0 if event.repeat_of else len(event.deltas)
            yield event
