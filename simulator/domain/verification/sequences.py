"""Requests that should come one after the other, or within a time of each other."""

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple


class Met(NamedTuple):
    """A request that is one of those expected: by its id, its time, and the steps that it may be.

    `steps` has a bit for each step, the lowest for the first.
    """

    id: int
    at: int
    steps: int


class Found(NamedTuple):
    """The requests of a sequence, one for each step in order, as far as there are.

    `span`: the shortest time, in milliseconds, in which all steps were seen; None if they were not.
    """

    requests: tuple[int, ...]
    span: int | None = None


def one_after_the_other(met: Sequence[Met], steps: int, within: int | None = None) -> Found:
    """A request for each step, each later than the one before, from first to last within a time.

    `met` are in the order of their replies; others may come between. Where there is no such
    sequence, as much of one as there is.
    """
    # For each number of steps the sequence that has begun last: its first moment, and its ids.
    latest: list[tuple[int, tuple[int, ...]] | None] = [None] * steps
    longest: tuple[int, ...] = ()
    shortest: Found | None = None
    for request in met:
        for step in range(steps - 1, -1, -1):  # backwards: a request stands for one step only
            if not request.steps >> step & 1:
                continue
            before = latest[step - 1] if step else (request.at, ())
            if before is None:
                continue
            ids = (*before[1], request.id)
            latest[step] = before[0], ids
            if len(ids) > len(longest):
                longest = ids
            if step == steps - 1:
                span = abs(request.at - before[0])
                if shortest is None or shortest.span is None or span < shortest.span:
                    shortest = Found(ids, span)
                if within is None or span <= within:
                    return Found(ids, span)
    return shortest or Found(longest)


def close_together(met: Sequence[Met], steps: int, within: int) -> Found:
    """A request for each step, each another one, in any order, all within a time.

    Where there are none, those that were closest, though one may stand there for two steps.
    """
    recent: list[deque[Met]] = [deque(maxlen=steps) for _ in range(steps)]
    closest = Found(())
    last: list[Met | None] = [None] * steps
    for request in sorted(met, key=lambda each: each.at):
        for step in range(steps):
            if request.steps >> step & 1:
                recent[step].append(request)
                last[step] = request
        seen = [each for each in last if each is not None]
        if len(seen) < steps:
            if len(seen) > len(closest.requests):
                closest = Found(tuple(each.id for each in seen))
            continue
        span = request.at - min(each.at for each in seen)
        if closest.span is None or span < closest.span:
            closest = Found(tuple(each.id for each in seen), span)
        for each in recent:
            while each and request.at - each[0].at > within:
                each.popleft()
        if all(recent) and (chosen := _one_for_each(recent)) is not None:
            span = max(each.at for each in chosen) - min(each.at for each in chosen)
            return Found(tuple(each.id for each in chosen), span)
    return closest


def _one_for_each(candidates: Sequence[Sequence[Met]]) -> list[Met] | None:
    """A different one for each step; None where there are not enough (augmenting paths)."""
    taken: dict[int, int] = {}
    chosen: dict[int, Met] = {}

    def choose(step: int, tried: set[int]) -> bool:
        for candidate in candidates[step]:
            if candidate.id in tried:
                continue
            tried.add(candidate.id)
            holder = taken.get(candidate.id)
            if holder is None or choose(holder, tried):
                taken[candidate.id], chosen[step] = step, candidate
                return True
        return False

    if all(choose(step, set()) for step in range(len(candidates))):
        return [chosen[step] for step in range(len(candidates))]
    return None
