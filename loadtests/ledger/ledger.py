"""The truth that an audit holds a server to: everything that was sent, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import inf
from pathlib import Path
from typing import NamedTuple

from ..traffic.trade_events import Count, DeltaEvent, Position, Sent
from .expectation import Expectation, SentCount, SentDelta
from .ledger_file import read_lines, write_lines

REQUEST_TIMEOUT = 408
"""The one refusal after which the request may still have been applied."""


class _Load(NamedTuple):
    """A request that carried counts."""

    request: str
    sent_at: float
    completed_at: float | None


class _Counted(NamedTuple):
    quantity: int
    load: _Load


class Ledger:
    """Counts and deltas by position, in whatever order their answers come in.

    Senders see acknowledgements only, so it says what is certain, what is open and what is gone
    (`Expectation`). A request that was refused (4xx) is taken as not applied; one that had no
    answer, or failed (5xx), as perhaps applied. `settles_within` is how many seconds after its
    acknowledgement a delta may still not be applied, where nobody saw it: 0 where events and
    batches are applied in the order in which they were accepted.

    Counts that a later one surely replaced are forgotten. Merging ledgers is associative and
    commutative, so those of many senders may be merged in any order.
    """

    def __init__(self, settles_within: float = 0.0) -> None:
        self.settles_within = settles_within
        self._counts: dict[Position, tuple[_Counted, ...]] = {}
        self._deltas: dict[Position, dict[str, SentDelta]] = {}
        self._places: dict[str, Position] = {}

    def opened(self, counts: Iterable[Count], sent: Sent, completed_at: float | None) -> None:
        """Record a batch of opening counts: the same as any other batch of counts."""
        self.load(counts, sent, completed_at)

    def load(self, counts: Iterable[Count], sent: Sent, completed_at: float | None) -> None:
        """Record a batch of counts; `completed_at` is when its status first said COMPLETE.

        None where it never did, and then its counts may be applied or not.
        """
        if _is_refused(sent):
            return
        load = _Load(sent.request, sent.sent_at, completed_at)
        alone: dict[int, tuple[_Counted, ...]] = {}  # quantities recur: a third of the memory
        for position, quantity in counts:
            new = alone.get(quantity)
            if new is None:
                new = alone[quantity] = (_Counted(quantity, load),)
            self._count(position, new)

    def event(self, event: DeltaEvent, sent: Sent) -> None:
        """Record one attempt to send an event; a retry is recorded as another attempt."""
        if _is_refused(sent):
            return
        for delta in event.deltas:
            self._delta(
                SentDelta(
                    delta.delta_id,
                    delta.position,
                    delta.quantity,
                    sent.sent_at,
                    sent.acknowledged_at,
                    sent.request,
                )
            )

    def visible(self, delta_id: str, at: float) -> None:
        """Record that a read-back showed this delta at this time."""
        position = self._places.get(delta_id)
        if position is not None:
            delta = self._deltas[position][delta_id]
            delta.visible_at = _earlier(delta.visible_at, at)

    def merge(self, other: Ledger) -> None:
        """Take over what another sender recorded."""
        for position, kept in other._counts.items():
            for counted in kept:
                self._count(position, (counted,))
        for deltas in other._deltas.values():
            for delta in deltas.values():
                self._delta(delta)

    def positions(self) -> Iterator[Position]:
        """Every position that something was sent for."""
        yield from self._counts
        yield from (position for position in self._deltas if position not in self._counts)

    def deltas(self) -> Iterator[SentDelta]:
        """Every delta, of every position."""
        for deltas in self._deltas.values():
            yield from deltas.values()

    def find(self, delta_id: str) -> SentDelta | None:
        """The delta of this id."""
        position = self._places.get(delta_id)
        return None if position is None else self._deltas[position][delta_id]

    def expectation(self, position: Position) -> Expectation:
        """What the position must hold."""
        kept = self._counts.get(position, ())
        certain_after = max((_end(one.load) for one in kept), default=-inf)
        gone_before = _last_sent(kept)
        certain: list[SentDelta] = []
        open_: list[SentDelta] = []
        gone: list[SentDelta] = []
        for delta in self._deltas.get(position, {}).values():
            if self._applied_by(delta) < gone_before:
                gone.append(delta)
            elif delta.acknowledged_at is not None and delta.sent_at > certain_after:
                certain.append(delta)
            else:
                open_.append(delta)
        bases = tuple(
            SentCount(quantity, load.sent_at, load.completed_at, load.request)
            for quantity, load in kept
        )
        return Expectation(position, bases, tuple(certain), tuple(open_), tuple(gone))

    def save(self, path: Path) -> None:
        """Write it as JSON lines."""
        counts = (
            (position, SentCount(quantity, load.sent_at, load.completed_at, load.request))
            for position, kept in self._counts.items()
            for quantity, load in kept
        )
        write_lines(path, counts, self.deltas())

    @classmethod
    def read(cls, path: Path, settles_within: float = 0.0) -> Ledger:
        """The ledger that was saved to a file."""
        ledger = cls(settles_within)
        alone: dict[_Counted, tuple[_Counted, ...]] = {}
        for position, entry in read_lines(path):
            if isinstance(entry, SentDelta):
                ledger._delta(entry)
            else:
                load = _Load(entry.request, entry.sent_at, entry.completed_at)
                new = (_Counted(entry.quantity, load),)
                ledger._count(position, alone.setdefault(new[0], new))
        return ledger

    def _applied_by(self, delta: SentDelta) -> float:
        """By when it was surely applied."""
        if delta.visible_at is not None:
            return delta.visible_at
        return inf if delta.acknowledged_at is None else delta.acknowledged_at + self.settles_within

    def _count(self, position: Position, new: tuple[_Counted, ...]) -> None:
        """Take one more count in; forget those that ended before a completed one was sent."""
        kept = self._counts.setdefault(position, new)
        if kept is new:
            return
        load = new[0].load
        if load.completed_at is not None and all(_end(one.load) < load.sent_at for one in kept):
            self._counts[position] = new
            return
        candidates = {*kept, *new}
        replaced_before = _last_sent(candidates)
        self._counts[position] = tuple(
            sorted(
                (one for one in candidates if _end(one.load) >= replaced_before),
                key=_likeliest_first,
            )
        )

    def _delta(self, new: SentDelta) -> None:
        known = self._deltas.setdefault(new.position, {}).get(new.delta_id)
        if known is None:
            self._places[new.delta_id] = new.position
            self._deltas[new.position][new.delta_id] = SentDelta(
                new.delta_id,
                new.position,
                new.quantity,
                new.sent_at,
                new.acknowledged_at,
                new.request,
                new.visible_at,
                new.repeats,
            )
            return
        known.request = min((_request_order(known), _request_order(new)))[-1]
        known.sent_at = min(known.sent_at, new.sent_at)
        known.acknowledged_at = _earlier(known.acknowledged_at, new.acknowledged_at)
        known.visible_at = _earlier(known.visible_at, new.visible_at)
        known.repeats += new.repeats + 1


def _is_refused(sent: Sent) -> bool:
    status = sent.status
    return status is not None and 400 <= status < 500 and status != REQUEST_TIMEOUT


def _last_sent(counted: Iterable[_Counted]) -> float:
    """When the last of those that were surely applied was sent."""
    return max(
        (one.load.sent_at for one in counted if one.load.completed_at is not None), default=-inf
    )


def _end(load: _Load) -> float:
    return inf if load.completed_at is None else load.completed_at


def _likeliest_first(one: _Counted) -> tuple[bool, float, float, str, int]:
    load = one.load
    return load.completed_at is None, -_end(load), -load.sent_at, load.request, one.quantity


def _request_order(delta: SentDelta) -> tuple[float, float, str]:
    at = delta.acknowledged_at
    return (inf, delta.sent_at, delta.request) if at is None else (at, 0.0, delta.request)


def _earlier(one: float | None, other: float | None) -> float | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)
