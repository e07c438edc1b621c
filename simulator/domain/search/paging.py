"""Pages of a list that goes on changing while it is read.

Every list is in ascending order of keys that its rows keep for good: the numbers of their creation.
A reader names the key it stopped at, so no change makes it skip or repeat a row, and a page costs
the same wherever it lies.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from ..faults import TooMuchToRead

Matching = Callable[[Sequence[int]], Sequence[int]]
"""Leaves those of some keys whose rows are looked for, in their order."""

_FIRST_BLOCK = 1_024
_LARGEST_BLOCK = 16_384


class ReadBudget:
    """How much one request may look at, in rows passed by.

    What takes as long as several rows counts as several.
    """

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._left = rows

    def spend(self, rows: int) -> None:
        """Pass by so many rows; raises TooMuchToRead, from then on for any number."""
        self._left -= rows
        if self._left < 0:
            raise TooMuchToRead(
                f"the request passes by more than {self._rows:,} rows (behaviour "
                "graphql.max_rows_read): narrow it by ref, product or location, ask for less "
                "inside of a list, or look for fewer values at a time"
            )


class Window(NamedTuple):
    """Which page of a list: so many rows, from its start or its end, between two keys."""

    size: int
    after: int | None = None
    before: int | None = None
    backward: bool = False
    budget: ReadBudget | None = None

    def pass_by(self, rows: int) -> None:
        """Look at so many rows; raises TooMuchToRead where that is bounded."""
        if self.budget is not None:
            self.budget.spend(rows)


class Section(NamedTuple):
    """A part of a list: the keys of its rows in ascending order, and which of them match.

    `base` is added to its keys to tell them from those of other sections.
    """

    keys: Sequence[int]
    matching: Matching | None = None
    base: int = 0


class Page(NamedTuple):
    """The keys of a page in ascending order, and whether rows lie before and behind it."""

    keys: list[int]
    has_previous: bool
    has_next: bool


def page(sections: Iterable[Section], window: Window) -> Page:
    """The page of a list that consists of these sections, which are in ascending order of base."""
    ordered = list(sections)
    bounds = [_bounds(section, window) for section in ordered]
    steps = list(zip(ordered, bounds, strict=True))
    found: list[int] = []
    for section, (low, high) in reversed(steps) if window.backward else steps:
        for block in blocks(section.keys, low, high, backward=window.backward):
            window.pass_by(len(block))
            keys = block if section.matching is None else section.matching(block)
            base, wanted = section.base, window.size + 1 - len(found)
            in_order = keys[::-1][:wanted] if window.backward else keys[:wanted]
            found += [base + key for key in in_order]
            if len(found) > window.size:
                break
        if len(found) > window.size:
            break
    more = len(found) > window.size
    del found[window.size :]
    if window.backward:
        found.reverse()
        behind = any(high < len(s.keys) for s, (_, high) in steps)
        return Page(found, more, window.before is not None and behind)
    ahead = any(low > 0 for _, (low, _) in steps)
    return Page(found, window.after is not None and ahead, more)


def _bounds(section: Section, window: Window) -> tuple[int, int]:
    """Where in a section the window begins and ends."""
    keys, base = section.keys, section.base
    low = 0 if window.after is None else bisect_right(keys, window.after - base)
    high = len(keys) if window.before is None else bisect_left(keys, window.before - base)
    return low, max(low, high)


def blocks(keys: Sequence[int], low: int, high: int, *, backward: bool) -> Iterator[Sequence[int]]:
    """The keys in blocks that grow, so that both a dense and a sparse match cost little."""
    size = _FIRST_BLOCK
    while low < high:
        if backward:
            cut = max(low, high - size)
            yield keys[cut:high]
            high = cut
        else:
            cut = min(high, low + size)
            yield keys[low:cut]
            low = cut
        size = min(size * 2, _LARGEST_BLOCK)
