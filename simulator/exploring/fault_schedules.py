"""Sets of faults, those of the most telling ones first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import comb

from .candidate_faults import CandidateFault, Candidates
from .disturbances import EXPIRY

Schedule = tuple[CandidateFault, ...]


def key_of(schedule: Schedule) -> str:
    """How a schedule is written; that of the undisturbed run is empty."""
    return " + ".join(fault.key for fault in schedule)


def schedules(found: Candidates, size: int) -> Iterator[Schedule]:
    """All schedules of so many faults, those of the most telling ones first."""
    if size == 1:
        for fault in found.faults:
            yield (fault,)
        return
    faults = [*found.faults, *found.after_expiry]
    alone = len(found.faults)
    for chosen in by_sum(len(faults), size):
        schedule = tuple(faults[index] for index in chosen)
        if chosen[-1] < alone or any(each.disturbance.name == EXPIRY for each in schedule):
            yield schedule


def how_many(found: Candidates, size: int) -> int:
    """How many of them there are."""
    faults, more = len(found.faults), len(found.after_expiry)
    if size == 1:
        return faults
    lasting = sum(fault.disturbance.name != EXPIRY for fault in found.faults)
    in_vain = comb(lasting + more, size) - comb(lasting, size)
    return comb(faults + more, size) - in_vain


def by_sum(count: int, size: int) -> Iterator[Sequence[int]]:
    """Ascending choices of `size` of the numbers below `count`, those with the least sum first."""
    if 0 < size <= count:
        least, most = size * (size - 1) // 2, size * (2 * count - size - 1) // 2
        for total in range(least, most + 1):
            yield from _with_sum(total, size, 0, count)


def _with_sum(total: int, size: int, least: int, count: int) -> Iterator[list[int]]:
    if size == 1:
        if least <= total < count:
            yield [total]
        return
    # The others are at least first + 1, first + 2, ..., and at most the last there are.
    others = size - 1
    lowest = max(least, total - others * (2 * count - others - 1) // 2)
    highest = (total - others * size // 2) // size
    for first in range(lowest, highest + 1):
        for rest in _with_sum(total - first, others, first + 1, count):
            yield [first, *rest]
