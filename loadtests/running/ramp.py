"""The search for the highest rate that a server sustains."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import ROUND_DOWN, Decimal

from ..reporting.run_result import Step

CLOSE_ENOUGH = 1.08
GROWTH = 2.0
HIGHEST = 1_000_000.0


def search(
    probe: Callable[[float], Step], start: float, may_go_on: Callable[[], bool]
) -> list[Step]:
    """Double the rate until it is too high, then halve the distance; every step in its order.

    A first rate that does not hold is tried once more, as everything is new to a server at first;
    then lower ones are. Any other rate is tried only once.
    """
    made: list[Step] = []
    good, bad, rate = 0.0, 0.0, start
    while rate <= HIGHEST and rate >= 1 and may_go_on():
        made.append(probe(rate))
        if made[-1].met:
            good = rate
        elif len(made) == 1:
            continue
        else:
            bad = rate
        if good and bad and bad / good <= CLOSE_ENOUGH:
            break
        rate = _next(good, bad)
    return made


def _next(good: float, bad: float) -> float:
    if not bad:
        return good * GROWTH
    return _rounded_down((good + bad) / 2 if good else bad / GROWTH)


def _rounded_down(rate: float) -> float:
    """To three digits, so that what is shown of it is what was tried."""
    digits = 2 - math.floor(math.log10(rate))
    step = Decimal(1).scaleb(-digits)
    return float(Decimal(rate).quantize(step, ROUND_DOWN))


def best(steps: Sequence[Step]) -> Step | None:
    """The step with the highest rate that held; None where none did."""
    return max((each for each in steps if each.met), key=lambda each: each.rate, default=None)


def highest(steps: Sequence[Step]) -> float:
    """The highest rate that held, and no more than was sent then; 0 where none held."""
    held = best(steps)
    return 0.0 if held is None else min(held.rate, held.sent)


def limit_is_known(steps: Sequence[Step]) -> bool:
    """Whether a server broke at the next higher rate that was tried: else it may sustain more."""
    held = best(steps)
    above = [each for each in steps if each.rate > (held.rate if held else 0.0)]
    # of two tries at one rate the last decides
    return bool(above) and min(reversed(above), key=lambda each: each.rate).met is False
