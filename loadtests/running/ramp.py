"""The search for the highest rate that a server sustains."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

CLOSE_ENOUGH = 1.08
GROWTH = 2.0
HIGHEST = 1_000_000.0


class Probe(NamedTuple):
    """A rate that was tried, and why it is too high; empty where it is not.

    `starved` says that what made the load lacked a processor, so that it may not be the server's
    fault.
    """

    rate: float
    trouble: str
    starved: bool = False

    @property
    def held(self) -> bool:
        """Whether everything that is asked for was met at this rate."""
        return not self.trouble


def search(
    probe: Callable[[float], Probe], start: float, may_go_on: Callable[[], bool]
) -> list[Probe]:
    """Double the rate until it is too high, then halve the distance; every probe in its order.

    Where the first rate is too high already, lower ones are tried. A rate that is too high is tried
    only once.
    """
    made: list[Probe] = []
    good, bad, rate = 0.0, 0.0, start
    while rate <= HIGHEST and rate >= 1 and may_go_on():
        made.append(probe(rate))
        if made[-1].held:
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


def highest(probes: Sequence[Probe]) -> float:
    """The highest rate that held; 0 where none did."""
    return max((each.rate for each in probes if each.held), default=0.0)
