"""What goes wrong between a till and the server: retries, and deltas that come late."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from itertools import count
from typing import TypeVar

from .trade import Trade
from .trade_events import DeltaEvent, FullLoad

Moment = TypeVar("Moment", DeltaEvent, DeltaEvent | FullLoad)


def disordered(
    moments: Iterable[Moment],
    trade: Trade,
    *,
    repeats: float,
    within: float,
    late: float,
    by: float,
) -> Iterator[Moment]:
    """The moments in the order in which they are sent, with retries, and some events late.

    The `due` of an event that is late or repeated is when it is sent; its deltas keep the time at
    which they happened. Loads stay as they are. Holds those events only that are still to come.
    """
    waiting: list[tuple[float, int, DeltaEvent]] = []
    order = count()
    chance = trade.chance
    for moment in moments:
        while waiting and waiting[0][0] <= moment.due:
            yield heapq.heappop(waiting)[2]
        if isinstance(moment, FullLoad):
            yield moment
            continue
        sent = moment
        if chance() < late:
            delay = round(chance() * by, 3)
            sent = moment._replace(due=moment.due + delay, late=delay)
            heapq.heappush(waiting, (sent.due, next(order), sent))
        else:
            yield moment
        if chance() < repeats:
            again = sent._replace(due=sent.due + round(chance() * within, 3), repeat_of=1)
            heapq.heappush(waiting, (again.due, next(order), again))
    while waiting:
        yield heapq.heappop(waiting)[2]
