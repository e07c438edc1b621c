"""What the stock on hand of a position has been, and whether that is what was expected."""

from collections.abc import Sequence
from typing import NamedTuple

from .verdicts import Judged


class Level(NamedTuple):
    """A stock on hand, and since when; `is_sure` unless nobody may have seen it."""

    at: int
    on_hand: int
    is_sure: bool = True


class Levels(NamedTuple):
    """All that are known, oldest first, the last one is now's; `is_whole` if there were no others.

    `is_settled`: nothing waits that may change it yet.
    """

    levels: Sequence[Level]
    is_whole: bool
    is_settled: bool

    @property
    def now(self) -> Level:
        """The last."""
        return self.levels[-1]

    def ends_at(self, on_hand: int) -> Judged:
        """Whether it is so much in the end."""
        if not self.is_settled:
            return Judged.UNKNOWN
        return Judged.PASSED if self.now.on_hand == on_hand else Judged.FAILED

    def reached(self, on_hand: int) -> Judged:
        """Whether it has been exactly so much at some time."""
        found = [level for level in self.levels if level.on_hand == on_hand]
        if any(level.is_sure for level in found):
            return Judged.PASSED
        return Judged.FAILED if self._tells_all and not found else Judged.UNKNOWN

    def never_below(self, on_hand: int) -> Judged:
        """Whether it has never been less."""
        found = [level for level in self.levels if level.on_hand < on_hand]
        if any(level.is_sure for level in found):
            return Judged.FAILED
        return Judged.PASSED if self._tells_all and not found else Judged.UNKNOWN

    def lowest(self) -> Level:
        """The first of the lowest."""
        return min(self.levels, key=lambda level: level.on_hand)

    def closest(self, on_hand: int) -> Level:
        """The first of those that came closest."""
        return min(self.levels, key=lambda level: abs(level.on_hand - on_hand))

    @property
    def _tells_all(self) -> bool:
        return self.is_whole and self.is_settled


def levels_of(
    changes: Sequence[tuple[int, int, int | None]],
    now: int,
    created_at: int,
    *,
    is_whole: bool,
    is_settled: bool,
) -> Levels:
    """The levels that changes tell of: each when it was, from what, and to what.

    None stands for what the next one found, or for `now`. Where one does not begin with what the
    one before has left, there were others in between.
    """
    found: list[Level] = []
    for index, (at, before, after) in enumerate(changes):
        if not found:
            # With its first quantity a position comes to be: nobody has seen it without.
            found.append(Level(created_at, before, is_sure=bool(before) or at > created_at))
        elif found[-1].on_hand != before:
            is_whole = False
            found.append(Level(found[-1].at, before))
        left = after
        if left is None:
            left = changes[index + 1][1] if index + 1 < len(changes) else now
        found.append(Level(at, left))
    if not found or found[-1].on_hand != now:
        is_whole = is_whole and not found
        found.append(Level(found[-1].at if found else created_at, now))
    return Levels(found, is_whole, is_settled)
