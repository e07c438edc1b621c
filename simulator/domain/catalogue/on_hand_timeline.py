"""How the stock on hand of a position came about: one step for each request that changed it.

Put together from what its quantities are and from the earlier states that the history has of them,
so that it costs nothing until somebody asks.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from ..inventory import (
    DELTA,
    LAST_ON_HAND,
    BatchSource,
    Counting,
    EventSource,
    InventoryQuantity,
    Source,
)
from .folding import FOLDED
from .history import HistoryEntry


class OnHandStep(NamedTuple):
    """A change of the stock on hand, and what it was after; `source` is None where not known."""

    at: int
    source: Source | None
    before: int
    after: int


class OnHandTimeline(NamedTuple):
    """The steps of a position, oldest first; what it was until `known_after` is not known.

    None: its whole history is.
    """

    steps: Sequence[OnHandStep]
    known_after: int | None

    def last_until(self, at: int) -> OnHandStep | None:
        """The last step until this moment; None where there was none yet."""
        return next((step for step in reversed(self.steps) if step.at <= at), None)


_Order = tuple[int, int, int, int]
"""A moment; how many quantities the catalogue had made; whether that one was made before; the place
among what was superseded."""


class _Change(NamedTuple):
    """What one state of one quantity added to the stock on hand when it came about."""

    order: _Order
    source: Source | None
    amount: int
    is_of_count: bool = False

    @property
    def request(self) -> object:
        """What the changes of one request at one moment have in common."""
        source = self.source
        if source is None:
            return self.order
        if isinstance(source, EventSource):
            return self.order[0], source.event_id
        return self.order[0], source.batch_number if isinstance(source, BatchSource) else source


class _State(NamedTuple):
    """One of a quantity; `ended` is when it was superseded, None while it lasts."""

    at: int
    source: Source
    amount: int
    ended: _Order | None


def timeline(
    on_hand: int,
    created_at: int,
    updated_at: int,
    quantities: Iterable[InventoryQuantity],
    earlier: Sequence[HistoryEntry],
    counting: Counting,
    lost_until: int | None,
    oldest_at: int,
) -> OnHandTimeline:
    """The timeline of a position that holds these quantities, and has held these earlier ones.

    `lost_until` is what the history has lost, `oldest_at` the time of the oldest quantity that is
    not yet a part of some sum.
    """
    by_ref = {each.ref: each for each in quantities}
    own = next((ref for ref, each in by_ref.items() if each.number == 0), None)
    unknown = [] if lost_until is None else [lost_until]
    states: dict[str | None, list[_State]] = {}
    for place, entry in enumerate(earlier):
        ref = own if entry.ref is None else entry.ref
        known = None if ref is None else by_ref.get(ref)
        if known is None:
            unknown.append(entry.until)  # it has been let go of, or is of another type by now
        kind = LAST_ON_HAND if entry.ref is None else DELTA if known is None else known.type
        amount = entry.quantity if counting.counts(ref or "", kind, entry.status) else 0
        ended = (entry.until, entry.made, 1, place)
        states.setdefault(ref, []).append(_State(entry.at, entry.cause, amount, ended))
    for ref, each in by_ref.items():
        if ref.endswith(f":{FOLDED}") or _is_folded(each.source):
            unknown.append(oldest_at)
        now = _State(each.updated_at, each.source, counting.amount(each), None)
        states.setdefault(ref, []).append(now)
    changes: list[_Change] = []
    retiring = {
        _batch(each.source) for each in by_ref.values() if each.number and not counting.amount(each)
    }
    made_it = any(each.created_at == created_at and each.number for each in by_ref.values())
    for ref, chain in states.items():
        known = None if ref is None else by_ref.get(ref)
        number = 0 if known is None else known.number
        began = created_at if known is None else known.created_at
        if not number and made_it and (chain[0].at != began or _batch(chain[0].source) in retiring):
            # Either the position was there before its first count, or that has been confirmed.
            began = chain[0].at
            unknown.append(began)
        changes += _changes(chain, (began, number, 0, 0), is_of_count=not number)
    steps = _steps(_together(sorted(changes, key=lambda change: change.order)))
    reached = steps[-1].after if steps else 0
    if reached != on_hand:  # a mutation has written it
        steps.append(OnHandStep(updated_at, None, reached, on_hand))
    return OnHandTimeline(steps, max(unknown, default=None))


def _is_folded(source: Source) -> bool:
    number = _batch(source)
    return number is not None and number < 0


def _batch(source: Source) -> int | None:
    return source.batch_number if isinstance(source, BatchSource) else None


def _changes(chain: Sequence[_State], began: _Order, *, is_of_count: bool) -> Iterable[_Change]:
    """What the states of one quantity, oldest first, changed one after the other.

    A state that was written once more, as by a count that confirms it, is dated by that: it began
    when the one before it ended, and by what is not kept.
    """
    before = 0
    order: _Order | None = began
    for state in chain:
        if order is None:
            return
        source = state.source if state.at == order[0] else None
        if state.amount != before or order is began:
            yield _Change(order, source, state.amount - before, is_of_count)
        before, order = state.amount, state.ended
    if order is not None and before:
        yield _Change(order, None, -before)  # it has been let go of, and had ended


def _together(changes: list[_Change]) -> list[_Change]:
    """The changes, those of one request at one moment together, where the last of them stands.

    So a first count stands with the deltas that it retired.
    """
    told = list(_with_sources(changes))
    last = {change.request: place for place, change in enumerate(told)}
    return sorted(told, key=lambda change: last[change.request])


def _with_sources(changes: list[_Change]) -> Iterable[_Change]:
    """The changes; of a count that was confirmed within its millisecond, with its own source.

    What a count retires comes right before it. Where that stands later, its source is that of a
    count which only confirmed it, and its own is not kept.
    """
    last_retired = {
        change.request: change.order
        for change in changes
        if not change.is_of_count and isinstance(change.source, BatchSource)
    }
    before: _Change | None = None
    for change in changes:
        if not change.is_of_count or not change.order[2]:
            yield change
        elif before is not None and _is_retired_by(before, change):
            yield change._replace(source=before.source)
        elif last_retired.get(change.request, change.order) > change.order:
            yield change._replace(source=None)
        else:
            yield change
        before = change


def _is_retired_by(before: _Change, count: _Change) -> bool:
    """Whether a change comes right before a count, as what it retires does."""
    return (
        isinstance(before.source, BatchSource)
        and not before.is_of_count
        and before.order[:3] == count.order[:3]
        and before.order[3] + 1 == count.order[3]
    )


def _steps(changes: Iterable[_Change]) -> list[OnHandStep]:
    found: list[OnHandStep] = []
    on_hand = 0
    for _, group in groupby(changes, key=lambda change: change.request):
        listed = list(group)
        after = on_hand + sum(change.amount for change in listed)
        if after != on_hand or not found:
            found.append(OnHandStep(listed[0].order[0], listed[-1].source, on_hand, after))
        on_hand = after
    return found
