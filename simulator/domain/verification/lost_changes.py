"""Changes that were refused for their token, and that nobody sent again with one in force."""

from collections.abc import Callable, Hashable, Iterable
from heapq import heappop, heappush
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class SentChange(NamedTuple, Generic[T]):
    """A change under an id of its own; `change` is the same for equal ones, None for no other.

    `first` and `last` are the numbers of the requests that have brought it, 0 where not known.
    """

    what: T
    change: Hashable
    first: int
    last: int
    was_turned_away_first: bool
    """Whether the first of these was refused for its token."""
    never_came_in: bool
    """Whether all of them were: then nobody has taken it in, and it may come under another id."""


def lost_changes(
    changes: Iterable[SentChange[T]], has_signed_in: Callable[[int, int], bool]
) -> list[T]:
    """Those that never came in, neither under their own id nor under another one later.

    They are in the order in which they came first. One that came later stands for one before it,
    unless that was sent again after it: whoever does so has not given it another id. If the later
    one was turned away, too, it does so only where somebody has signed in meanwhile: a retry comes
    with another token, and what comes with the same one is another change.
    """
    missed: dict[Hashable, list[tuple[int, int]]] = {}
    lost: dict[int, SentChange[T]] = {}
    for place, change in enumerate(changes):
        before = missed.setdefault(change.change, [])
        if before and _stands_for(change, before[0][0], has_signed_in):
            del lost[heappop(before)[1]]
        if change.never_came_in:
            lost[place] = change
            if change.change is not None:
                heappush(before, (change.last, place))
    return [each.what for each in lost.values()]


def _stands_for(
    change: SentChange[T], last_missed: int, has_signed_in: Callable[[int, int], bool]
) -> bool:
    """Whether it may be what was missed, `last_missed` with the request of that number."""
    if change.was_turned_away_first:
        return has_signed_in(last_missed, change.first)
    return not change.first or last_missed < change.first
