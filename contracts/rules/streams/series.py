"""Series that look like the other kind: changes sent as counts, counts sent as changes.

Each rule compares a position's number with the one before. It judges a window of comparisons, and
only once at least 20 positions took part in 40 of them, so that a handful of odd ones proves
nothing. After a finding it forgets all, and needs as much evidence again for the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any

from ..payload import DELTA, LAST_ON_HAND
from ..positions import (
    StreamRule,
    changed,
    changed_name,
    counted,
    counted_name,
    example_batch,
    example_event,
    has_type,
)
from ..rule import Batch, Event, Finding, Severity

MOST_POSITIONS = 10_000
"""The first positions that are seen stand for all: a sample, so that a large catalogue fits."""
LEAST_POSITIONS = 20
LEAST_COMPARISONS = 40
WINDOW = 1_000
"""After so many comparisons the tally starts anew, so that old habits hide no new fault."""


_PRODUCTS = tuple(f"SKU_{number}" for number in range(1, LEAST_POSITIONS + 1))


class Comparisons:
    """How many comparisons of a window looked wrong, and at how many positions any was made."""

    def __init__(self) -> None:
        self.comparisons = 0
        self.wrong = 0
        self._positions: set[int] = set()

    @property
    def positions(self) -> int:
        """How many positions took part."""
        return len(self._positions)

    def add(self, position: int, *, wrong: bool) -> None:
        """Count a comparison."""
        if self.comparisons >= WINDOW:
            self.clear()
        self.comparisons += 1
        self.wrong += wrong
        self._positions.add(position)

    def convicts(self, percent: int) -> bool:
        """Whether there is evidence enough, and this share of it looks wrong."""
        return (
            self.wrong * 100 >= percent * self.comparisons
            and self.comparisons >= LEAST_COMPARISONS
            and len(self._positions) >= LEAST_POSITIONS
        )

    def clear(self) -> None:
        """Start anew."""
        self.comparisons = self.wrong = 0
        self._positions.clear()


def example_counts(*quantities: int) -> tuple[Batch, ...]:
    """Batches in which 20 positions have one quantity after the other."""
    return tuple(
        Batch(
            example_batch(*((product, "LOC_1", quantity) for product in _PRODUCTS)), retailer_id="1"
        )
        for quantity in quantities
    )


def example_changes(*quantities: int) -> tuple[Event, ...]:
    """Events that change 20 positions by one quantity after the other."""
    return tuple(
        Event(
            example_event(
                *((f"{turn}-{product}", product, "LOC_1", quantity) for product in _PRODUCTS)
            )
        )
        for turn, quantity in enumerate(quantities)
    )


def leaves_sample(sample: Mapping[int, int], batch: Batch) -> bool:
    """Whether a batch is about none of the positions of a sample that is complete."""
    return len(sample) >= MOST_POSITIONS and sample.keys().isdisjoint(
        map(itemgetter(1), counted(batch))
    )


class CountsLikeChanges(StreamRule):
    """Counts that change their sign again and again.

    A count resembles the one before and hardly ever changes its sign: even a source that shows
    oversold stock as negative does so once in a long while. Changes are scattered around zero, and
    about half of those that follow each other at a position have opposite signs. The line is drawn
    at three in ten; were it one in twenty by chance, twelve of 40 would come up less than once in a
    million times. Remembers one number for each of 10,000 positions.
    """

    id = "FOMS-S001"
    title = "Counts (LAST_ON_HAND) look like changes"
    severity = Severity.ERROR
    reason = (
        "A count replaces the stock of its position and retires its deltas, so a change sent as a"
        " count of 2 or -1 leaves a stock of 2 or -1."
    )
    evidence = (
        "Fluent docs: reference behaviour with RESERVED and SALE, 22 Apr 2025 (a count replaces the"
        " one before). Inferred: what a series of changes looks like"
    )
    hint = "Send changes as INVENTORY_DELTA events, and batches with the full count."
    sees = (Batch,)
    good = example_counts(12, 11, 11)
    bad = example_counts(2, -1, 3)

    def __init__(self) -> None:
        self._before: dict[int, int] = {}
        self._tally = Comparisons()

    def see(self, observation: Batch) -> Iterable[Finding]:
        before_at, tally = self._before, self._tally
        if leaves_sample(before_at, observation):
            return
        for index, position, kind, quantity in counted(observation):
            if kind != LAST_ON_HAND:
                continue
            before = before_at.get(position)
            if before is None:
                if len(before_at) < MOST_POSITIONS:
                    before_at[position] = quantity
                continue
            before_at[position] = quantity
            flipped = before < 0 < quantity or quantity < 0 < before
            tally.add(position, wrong=flipped)
            if flipped and tally.convicts(30):
                yield self.finding(
                    f"/entities/{index}/qty",
                    f"{quantity} for {counted_name(observation, index)} after {before};"
                    f" {tally.wrong} of the last {tally.comparisons} counts of"
                    f" {tally.positions} positions changed their sign",
                    "the stock that is there, whatever was sent before",
                )
                before_at.clear()
                tally.clear()


class ChangesLikeCounts(StreamRule):
    """Deltas that are large, never negative, and nearly the same each time.

    Of two counts of a position the later is the earlier and a little; of two receipts it is not.
    A comparison looks wrong when both numbers are 20 or more and differ by at most 5 % (or 2).
    Equal numbers say nothing, for goods also arrive in lots. The line is drawn at 60 %, with at
    most one negative number in a hundred. A feed of nothing but very regular, very large receipts
    may be wronged. Remembers one number for each of 10,000 positions.
    """

    id = "FOMS-S002"
    title = "Changes (DELTA) look like counts"
    severity = Severity.ERROR
    reason = (
        "A delta is added to the stock that is there, so a count sent as a delta of 137 adds 137"
        " each time it is sent."
    )
    evidence = (
        "Fluent docs: inventory quantity types, 10 Jan 2025 (deltas are added up). Inferred: what a"
        " series of counts looks like"
    )
    hint = "Send counts as LAST_ON_HAND in a batch, or send what has changed since the last count."
    sees = (Event, Batch)
    good = example_changes(24, 24, -3, 48)
    bad = example_changes(137, 135, 134)

    def __init__(self) -> None:
        self._before: dict[int, int] = {}
        self._tally = Comparisons()
        self._numbers = self._negatives = 0

    def see(self, observation: Event | Batch) -> Iterable[Finding]:
        before_at, tally = self._before, self._tally
        for index, position, quantity in _changes(observation):
            if self._numbers >= 5 * WINDOW:
                self._numbers = self._negatives = 0
                tally.clear()
            self._numbers += 1
            self._negatives += quantity < 0
            before = before_at.get(position)
            if before is None:
                if len(before_at) < MOST_POSITIONS:
                    before_at[position] = quantity
                continue
            before_at[position] = quantity
            if before < 20 or quantity < 20 or before == quantity:
                continue
            near = abs(before - quantity) <= max(2, max(before, quantity) // 20)
            tally.add(position, wrong=near)
            if near and tally.convicts(60) and self._negatives * 100 <= self._numbers:
                place, name = _change_place(observation, index)
                yield self.finding(
                    place,
                    f"{quantity} for {name} after {before}; {tally.wrong} of the last"
                    f" {tally.comparisons} deltas at {tally.positions} positions are nearly the"
                    f" number before, and hardly any is negative",
                    "by how much the stock has changed",
                )
                before_at.clear()
                tally.clear()
                self._numbers = self._negatives = 0


def _changes(observation: Event | Batch) -> Iterator[tuple[int, int, int]]:
    """Index, position and quantity of each delta, in an event or in a batch."""
    if isinstance(observation, Event):
        for index, position, _, quantity in changed(observation):
            yield index, position, quantity
    elif has_type(observation, DELTA):
        for index, position, kind, quantity in counted(observation):
            if kind == DELTA:
                yield index, position, quantity


def _change_place(observation: Any, index: int) -> tuple[str, str]:
    if isinstance(observation, Event):
        return f"/attributes/deltas/{index}/qty", changed_name(observation, index)
    return f"/entities/{index}/qty", counted_name(observation, index)
