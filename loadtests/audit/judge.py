"""Whether a position is as its senders know it, and if not, which delta is to blame."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

from ..ledger.expectation import Expectation, SentDelta
from ..reporting.run_result import Discrepancy, DiscrepancyKind
from ..traffic.trade_events import Position
from .server_positions import ServerPosition, ServerQuantity

IsKept = Callable[[SentDelta], bool]
"""Must this delta still have a quantity of its own, or may it be part of a sum by now?"""


def is_counted(expectation: Expectation) -> bool:
    """Whether some count of the position was surely applied, so that its stock is known."""
    return any(count.completed_at is not None for count in expectation.bases)


def needs_rows(expectation: Expectation, held: ServerPosition | None) -> bool:
    """Whether the stock on hand does not say enough.

    It says nothing of deltas that a count has retired, nor which of the open ones are there.
    """
    if held is None:
        return False
    if expectation.open or expectation.gone:
        return True
    if not is_counted(expectation):
        return bool(expectation.certain)
    return not _is_possible(expectation, held.on_hand)


def judge(
    expectation: Expectation, held: ServerPosition | None, is_kept: IsKept
) -> list[Discrepancy]:
    """What is the matter with a position: nothing, as a rule."""
    if held is None:
        return list(_missing_position(expectation))
    if held.rows is None:
        return []  # its stock on hand has said enough
    undecided: list[SentDelta] = []
    found = [
        *_by_row(expectation, held.rows, is_kept, undecided),
        *_strangers(expectation, held.rows),
    ]
    if not found and is_counted(expectation):
        found += _on_hand(expectation, held, held.rows, undecided)
    return found


def _is_possible(expectation: Expectation, on_hand: int) -> bool:
    possible = expectation.possible()
    return possible is None or on_hand in possible


def _missing_position(expectation: Expectation) -> Iterator[Discrepancy]:
    if is_counted(expectation):
        expected = f"{expectation.on_hand:,}"
        request = expectation.bases[0].request
        yield _about(
            expectation.position,
            DiscrepancyKind.WRONG,
            expected,
            "no such position",
            request=request,
        )
    for delta in (*expectation.certain, *expectation.open):
        if delta.acknowledged_at is not None:
            yield _about_delta(DiscrepancyKind.LOST, delta, "nothing", "the position is not there")


def _by_row(
    expectation: Expectation,
    rows: Sequence[ServerQuantity],
    is_kept: IsKept,
    undecided: list[SentDelta],
) -> Iterator[Discrepancy]:
    """Every acknowledged delta is there once, with its quantity; it counts, or a count came after.

    Deltas whose quantities may be part of a sum are put into `undecided`. The oldest become part of
    it first, so what was sent after one that has its own quantity must have one too.
    """
    by_ref = {row.ref: row for row in rows}
    folded = any(row.is_folded for row in rows)
    oldest = _oldest(expectation, by_ref)
    for deltas, counts in (
        (expectation.certain, True),
        (expectation.open, None),
        (expectation.gone, False),
    ):
        for delta in deltas:
            row = by_ref.get(delta.delta_id)
            if row is None:
                if (folded or not is_kept(delta)) and delta.sent_at <= oldest:
                    undecided.append(delta)
                elif delta.acknowledged_at is not None:
                    yield _about_delta(DiscrepancyKind.LOST, delta, "nothing", _answered(delta))
            elif row.quantity != delta.quantity:
                kind = (
                    DiscrepancyKind.DOUBLED
                    if _is_multiple(row.quantity, delta.quantity)
                    else DiscrepancyKind.WRONG
                )
                yield _about_delta(kind, delta, f"{row.quantity:+,}")
            elif counts is not None and row.counts != counts:
                late = "was sent after" if counts else "was applied before"
                yield _about_delta(
                    DiscrepancyKind.WRONG,
                    delta,
                    f"{row.quantity:+,} {row.status}",
                    f"it {late} the last count, and yet is {'not ' if counts else ''}counted",
                )


def _oldest(expectation: Expectation, by_ref: Mapping[str, ServerQuantity]) -> float:
    """When the first delta was acknowledged that still has a quantity of its own."""
    return min(
        (
            delta.acknowledged_at
            for delta in (*expectation.certain, *expectation.open, *expectation.gone)
            if delta.acknowledged_at is not None and delta.delta_id in by_ref
        ),
        default=math.inf,
    )


def _strangers(expectation: Expectation, rows: Sequence[ServerQuantity]) -> Iterator[Discrepancy]:
    """Quantities that no sender knows of, made since the first that one does know of.

    Retired ones from before are no concern of this run.
    """
    deltas = {
        delta.delta_id: delta
        for delta in (*expectation.certain, *expectation.open, *expectation.gone)
    }
    known = [row for row in rows if row.ref in deltas]
    since = min((row.created_on for row in known), default=None)
    for row in rows:
        recent = since is not None and row.created_on >= since
        if row.ref in deltas or row.is_folded:
            continue
        if not recent and not (row.counts and is_counted(expectation)):
            continue
        twin = _twin(row, [deltas[each.ref] for each in known])
        if twin is not None:
            text = f"{row.quantity:+,} twice"
            yield _about_delta(DiscrepancyKind.DOUBLED, twin, text, f"once more as {row.ref}")
        elif row.counts:
            yield _about(
                expectation.position,
                DiscrepancyKind.WRONG,
                "nothing",
                f"{row.quantity:+,}",
                explanation=f"nobody sent the delta {row.ref}",
            )


def _twin(row: ServerQuantity, known: Sequence[SentDelta]) -> SentDelta | None:
    """The delta of which a quantity seems to be a second one: best by its name."""
    alike = [delta for delta in known if delta.quantity == row.quantity]
    named = (delta for delta in alike if delta.delta_id in row.ref)
    return next(named, alike[0] if alike else None)


def _on_hand(
    expectation: Expectation,
    held: ServerPosition,
    rows: Sequence[ServerQuantity],
    undecided: Sequence[SentDelta],
) -> list[Discrepancy]:
    """Hold the stock on hand against the counts and the deltas that are known to count."""
    counted = {row.ref for row in rows if row.counts}
    certain = sum(delta.quantity for delta in expectation.certain)
    certain += sum(delta.quantity for delta in expectation.open if delta.delta_id in counted)
    numbers = {base.quantity + certain for base in expectation.bases}
    unknown = [delta for delta in expectation.open if delta in undecided]
    for delta in unknown:
        numbers |= {number + delta.quantity for number in numbers}
        if len(numbers) > 4096:
            return []
    if held.on_hand in numbers:
        return []
    for delta in undecided:
        if delta in unknown or delta in expectation.gone:
            continue
        if held.on_hand + delta.quantity in numbers:
            return [_about_delta(DiscrepancyKind.LOST, delta, "nothing", _answered(delta))]
        if held.on_hand - delta.quantity in numbers:
            return [_about_delta(DiscrepancyKind.DOUBLED, delta, f"{delta.quantity:+,} twice")]
    return [_wrong_on_hand(expectation, held, sorted(numbers))]


def _wrong_on_hand(
    expectation: Expectation, held: ServerPosition, numbers: Sequence[int]
) -> Discrepancy:
    expected = f"{numbers[0]:,}"
    if len(numbers) == 2:
        expected += f" or {numbers[1]:,}"
    elif len(numbers) > 2:
        expected = f"one of {len(numbers)} numbers from {numbers[0]:,} to {numbers[-1]:,}"
    last = max(expectation.certain, key=lambda delta: delta.sent_at, default=None)
    return _about(
        expectation.position,
        DiscrepancyKind.WRONG,
        expected,
        f"{held.on_hand:,}",
        request=last.request if last else expectation.bases[0].request,
        explanation="the stock on hand is not what was counted and sold since",
    )


def _is_multiple(found: int, sent: int) -> bool:
    return sent != 0 and found % sent == 0 and found // sent > 1


def _answered(delta: SentDelta) -> str:
    return "it was acknowledged" + (f" and sent {delta.repeats + 1} times" if delta.repeats else "")


def _about_delta(
    kind: DiscrepancyKind, delta: SentDelta, found: str, explanation: str = ""
) -> Discrepancy:
    return _about(
        delta.position,
        kind,
        f"{delta.quantity:+,} once",
        found,
        delta_id=delta.delta_id,
        request=delta.request,
        explanation=explanation,
    )


def _about(
    position: Position, kind: DiscrepancyKind, expected: str, found: str, **more: str
) -> Discrepancy:
    return Discrepancy(kind, *position, expected, found, **more)
