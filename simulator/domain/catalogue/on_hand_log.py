"""What the stock on hand of positions was before it became what it is: a bounded account.

It cannot be told from the history of quantities: which of them counted, and in which order they
changed within a millisecond, is not in there.
"""

from collections import deque
from collections.abc import Collection, Iterable
from copy import deepcopy
from typing import Any, NamedTuple, Self

from .. import bounds
from ..as_of import AsOf
from ..bounds import Tally
from .history import History, Written

COUNTS = -1
"""Stands for a position where an entry is of many: of counts that were set together."""


Noted = tuple[int, int, int, int, int]
"""A catalogue's number, a position, when, what it was before and after; for COUNTS instead of the
last two the entry of the history that is the first of them, and how many there are."""


class OnHandChange(NamedTuple):
    """A change of a position's stock on hand; None: it became what the next one found."""

    at: int
    before: int
    after: int | None


class UnseenChanges(NamedTuple):
    """What a late reader sees of the stock on hand of positions that has changed.

    By catalogue and position; `dated` is when it had become so, where that is known.
    """

    on_hand: dict[tuple[int, int], int]
    dated: dict[tuple[int, int], int]
    is_whole: bool


class OnHandPast(NamedTuple):
    """The changes of one position, oldest first, and whether they are all that there were."""

    changes: list[OnHandChange]
    is_whole: bool


class OnHandLog:
    """The latest changes of an account's stock on hand; the oldest are dropped first.

    Counts that are set together take one entry: what they replace is in the history.
    """

    def __init__(self, history: History) -> None:
        self._history = history
        self._entries: deque[Noted] = deque(maxlen=bounds.ON_HAND_CHANGES.limit)
        self._written = 0

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """For a snapshot: what an entry holds never changes, and is not copied."""
        copied = type(self)(deepcopy(self._history, memo))
        copied._entries.extend(self._entries)
        copied._written = self._written
        return copied

    @property
    def written(self) -> int:
        """How many there have been, kept or not."""
        return self._written

    def kept(self) -> list[Noted]:
        """Those that are kept, oldest first."""
        return list(self._entries)

    def recall(self, kept: Iterable[Noted], written: int) -> None:
        """Have these entries, of so many that there have been."""
        self._entries.extend(kept)
        self._written = written

    def note(self, catalogue: int, position: int, at: int, before: int, after: int) -> None:
        """Keep a change of a position, of a catalogue by its number."""
        self._written += 1
        self._entries.append((catalogue, position, at, before, after))

    def note_counts(self, catalogue: int, at: int, count: int) -> None:
        """Keep that the counts which are written into the history next, so many, have changed."""
        if count:
            self._written += 1
            self._entries.append((catalogue, COUNTS, at, self._history.written, count))

    def of(self, catalogue: int, positions: Collection[int]) -> dict[int, OnHandPast]:
        """What is known of these positions."""
        changes: dict[int, list[OnHandChange]] = {position: [] for position in positions}
        kept = self._history.kept()
        lost = self._history.written - len(kept)
        is_whole = len(self._entries) == self._written
        for number, position, at, before, after in self._entries:
            if number != catalogue:
                continue
            if position != COUNTS:
                if position in changes:
                    changes[position].append(OnHandChange(at, before, after))
                continue
            first, beyond = before - lost, before - lost + after
            is_whole = is_whole and first >= 0
            for counted, count in _counts(kept[max(0, first) : max(0, beyond)]):
                if counted in changes:
                    changes[counted].append(OnHandChange(at, count, None))
        return {position: OnHandPast(found, is_whole) for position, found in changes.items()}

    def unseen(self, as_of: AsOf) -> UnseenChanges:
        """What a late reader sees, who does not see the latest changes."""
        on_hand: dict[tuple[int, int], int] = {}
        dated: dict[tuple[int, int], int] = {}
        is_whole = self._written - len(self._entries) <= as_of.mark.changes
        is_unseen, place = True, self._written
        kept = self._history.kept()
        lost = self._history.written - len(kept)
        for number, position, at, before, count in reversed(self._entries):
            place -= 1
            is_unseen &= place >= as_of.mark.changes and as_of.is_unseen(at)
            if not is_unseen and len(dated) == len(on_hand):
                return UnseenChanges(on_hand, dated, True)
            changed = [(position, before)]
            if position == COUNTS:
                first = before - lost
                is_whole &= first >= 0 or not is_unseen
                changed = _counts(kept[max(0, first) : max(0, first + count)])
            for each, was in changed:
                if is_unseen:
                    on_hand[number, each] = was
                elif (number, each) in on_hand:
                    dated.setdefault((number, each), at)
        return UnseenChanges(on_hand, dated, is_whole or not is_unseen)

    def tally(self) -> Tally:
        """How many entries there are, and how many the bound has cost so far."""
        tally = Tally(bounds.ON_HAND_CHANGES)
        tally.held = len(self._entries)
        tally.lost = self._written - tally.held
        return tally


def _counts(written: list[Written]) -> list[tuple[int, int]]:
    return [(entry[1], entry[5]) for entry in written]
