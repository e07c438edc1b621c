"""What a position must hold, as far as its senders can know."""

from __future__ import annotations

from dataclasses import dataclass

from ..traffic.trade_events import Position


@dataclass(slots=True)
class SentDelta:
    """A delta and what became of it, all its attempts taken together.

    `sent_at` is when the first attempt was sent that may have been applied, `acknowledged_at` when
    the first good answer came (None: never), `visible_at` when it was first seen in a read-back
    (None: nobody saw it, or nobody looked). `repeats` counts the attempts after the first;
    `request` names the request that was acknowledged first, or else the one that was sent first.
    """

    delta_id: str
    position: Position
    quantity: int
    sent_at: float
    acknowledged_at: float | None
    request: str
    visible_at: float | None = None
    repeats: int = 0


@dataclass(frozen=True, slots=True)
class SentCount:
    """A count of a position; `completed_at` is None where it is not known to be applied."""

    quantity: int
    sent_at: float
    completed_at: float | None
    request: str


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a position holds: one of `bases`, all of `certain`, and some of `open`.

    `bases` are the counts that may be the last one, the likeliest first: more than one where counts
    overlapped in time or where the last was never completed; none where nothing was counted, and
    then the position may hold anything. `certain` deltas were sent after the last count and
    acknowledged, so each counts exactly once. `open` deltas overlapped with a count or were never
    acknowledged, so each counts once or not at all. `gone` deltas are retired by a later count.
    """

    position: Position
    bases: tuple[SentCount, ...]
    certain: tuple[SentDelta, ...]
    open: tuple[SentDelta, ...]
    gone: tuple[SentDelta, ...]

    @property
    def base(self) -> int | None:
        """The quantity of the likeliest last count; None where nothing was counted."""
        return self.bases[0].quantity if self.bases else None

    @property
    def is_exact(self) -> bool:
        """Whether there is only one number that the position can hold."""
        return len(self.bases) == 1 and not self.open

    @property
    def on_hand(self) -> int:
        """The likeliest number: the base and what is certain."""
        return (self.base or 0) + sum(delta.quantity for delta in self.certain)

    def possible(self, most: int = 4096) -> frozenset[int] | None:
        """Every number that the position can hold; None where these are more than `most`."""
        certain = sum(delta.quantity for delta in self.certain)
        numbers = {count.quantity + certain for count in self.bases} or {certain}
        for delta in self.open:
            numbers |= {number + delta.quantity for number in numbers}
            if len(numbers) > most:
                return None
        return frozenset(numbers)
