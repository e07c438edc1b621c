"""The search for the highest rate that a server sustains."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fluent_oms_simulator.loadtests.reporting.model import Step

CLOSE_ENOUGH = 1.08
GROWTH = 2.0
HIGHEST = 1_000_000.0


def search(
    probe: Callable[[float], Step], start: float, may_go_on: Callable[[], bool]
) -> list[Step]:
    """Double the rate until it is too high, then halve the distance; every step in its order.

    Where the first rate is too high already, lower ones are tried. A rate that is too high is tried
    only once.
    """
    made: list[Step] = []
    good, bad, rate = 0.0, 0.0, start
    while rate <= HIGHEST and rate >= 1 and may_go_on():
        made.append(probe(rate))
        if made[-1].met:
            good = rate
        else:
            bad = rate
        if good and bad and bad / good <= CLOSE_ENOUGH:
            break
        rate = _next(good, bad)
    return made


def _next(good: float, bad: float) -> float:
    if not bad:
        return good * GROWTH
    return (good + bad) / 2 if good else bad / GROWTH


def highest(steps: Sequence[Step]) -> float:
    """The highest rate that held; 0 where none did."""
    return max((each.rate for each in steps if each.met), default=0.0)


def limit_is_known(steps: Sequence[Step]) -> bool:
    """Whether a server broke at the next higher rate that was tried: else it may sustain more."""
    held = highest(steps)
    above = [each for each in steps if each.rate > held]
    return bool(above) and min(above, key=lambda each: each.rate).met is False
