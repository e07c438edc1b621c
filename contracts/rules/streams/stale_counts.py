"""Counts that were taken before the deltas that were sent before them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..payload import LAST_ON_HAND
from ..positions import StreamRule, changed, counted, counted_name
from ..rule import Batch, Event, Finding, Severity
from .series import MOST_POSITIONS, Comparisons, example_changes, example_counts, leaves_sample


class CountsWithoutChanges(StreamRule):
    """Counts that say what was said before the deltas.

    Where a position's deltas since its last count do not cancel out, the next count should differ
    from the last. That it is the same at one position is chance; at half of 20 positions or more it
    is a source that has not seen the deltas. Remembers two numbers for each of 10,000 positions.
    """

    id = "FOMS-S009"
    title = "Counts do not know of the deltas sent before them"
    severity = Severity.WARNING
    reason = (
        "A count retires the deltas of its position. Taken before them, it puts the stock back to"
        " where it was, and what they said is lost."
    )
    evidence = (
        "Fluent docs: reference behaviour with DELTA, 22 Apr 2025 (a count retires deltas)."
        " Inferred: which counts were taken before the deltas"
    )
    hint = (
        "Take the count and send it before later deltas, hold deltas back while a count is on its"
        " way, or let the source of the counts know what the deltas know."
    )
    sees = (Batch, Event)
    good = (
        *example_counts(50),
        *example_changes(-5, -3),
        *example_counts(42),
    )
    bad = (
        *example_counts(50),
        *example_changes(-5, -3),
        *example_counts(50),
        *example_changes(-2),
        *example_counts(50),
    )

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}
        self._changes: dict[int, int] = {}
        self._tally = Comparisons()

    def see(self, observation: Batch | Event) -> Iterable[Finding]:
        if isinstance(observation, Event):
            counts, changes = self._counts, self._changes
            for _, position, _, quantity in changed(observation):
                if position in counts:
                    changes[position] = changes.get(position, 0) + quantity
            return ()
        return self._see_counts(observation)

    def _see_counts(self, batch: Batch) -> Iterator[Finding]:
        counts, changes, tally = self._counts, self._changes, self._tally
        if leaves_sample(counts, batch):
            return
        for index, position, kind, quantity in counted(batch):
            if kind != LAST_ON_HAND:
                continue
            before = counts.get(position)
            if before is None:
                if len(counts) < MOST_POSITIONS:
                    counts[position] = quantity
                continue
            counts[position] = quantity
            change = changes.pop(position, 0)
            if not change:
                continue
            same = before == quantity
            tally.add(position, wrong=same)
            if same and tally.convicts(50):
                yield self.finding(
                    f"/entities/{index}/qty",
                    f"{quantity} for {counted_name(batch, index)}, as before deltas of {change:+};"
                    f" so are {tally.wrong} of the last {tally.comparisons} counts"
                    f" that deltas came before",
                    "a count that knows of the deltas sent before it",
                )
                counts.clear()
                changes.clear()
                tally.clear()
