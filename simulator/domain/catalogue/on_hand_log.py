"""What the stock on hand of positions was before it became what it is: a bounded account.

It cannot be told from the history of quantities: which of them counted, and in which order they
changed within a millisecond, is not in there.
"""

from collections import deque
from collections.abc import Collection, Iterable
from copy import deepcopy
from itertools import chain
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
        kept, entries = self._history.kept(), reversed(self._entries)
        is_whole, place = True, self._written
        seen: Iterable[Noted] = ()
        for entry in entries:
            place -= 1
            if place < as_of.mark.changes or not as_of.is_unseen(entry[2]):
                seen = chain((entry,), entries)
                break
            changed, is_all = self._changed(entry, kept)
            on_hand.update(changed)
            is_whole &= is_all
        else:
            is_whole &= place <= as_of.mark.changes
        return UnseenChanges(on_hand, self._dated(on_hand, seen, kept), is_whole)

    def _dated(
        self,
        positions: Collection[tuple[int, int]],
        newest_first: Iterable[Noted],
        kept: list[Written],
    ) -> dict[tuple[int, int], int]:
        """When positions have changed last among these, as far as they have."""
        missing, dated = set(positions), dict[tuple[int, int], int]()
        for entry in newest_first:
            if not missing:
                break
            if entry[1] == COUNTS:
                found = missing.intersection(key for key, _ in self._changed(entry, kept)[0])
            elif entry[:2] in missing:
                found = {entry[:2]}
            else:
                continue
            dated.update(dict.fromkeys(found, entry[2]))
            missing -= found
        return dated

    def _changed(
        self, entry: Noted, kept: list[Written]
    ) -> tuple[list[tuple[tuple[int, int], int]], bool]:
        """The positions that an entry is about with what they had, and whether these are all."""
        number, position, _, before, count = entry
        if position != COUNTS:
            return [((number, position), before)], True
        first = before - (self._history.written - len(kept))
        counted = _counts(kept[max(0, first) : max(0, first + count)])
        return [((number, each), was) for each, was in counted], first >= 0

    def tally(self) -> Tally:
        """How many entries there are, and how many the bound has cost so far."""
        tally = Tally(bounds.ON_HAND_CHANGES)
        tally.held = len(self._entries)
        tally.lost = self._written - tally.held
        return tally


def _counts(written: list[Written]) -> list[tuple[int, int]]:
    return [(entry[1], entry[5]) for entry in written]
