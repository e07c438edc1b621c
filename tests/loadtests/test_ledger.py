"""The ledger against a plain model of a server that applies things at moments nobody sees."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import pytest
from fluent_oms_simulator.loadtests.ledger.expectation import Expectation
from fluent_oms_simulator.loadtests.ledger.ledger import Ledger
from fluent_oms_simulator.loadtests.traffic.trade_events import (
    Cause,
    Count,
    Delta,
    DeltaEvent,
    Position,
    Sent,
)
from hypothesis import given, settings
from hypothesis import strategies as st

HERE = Position("SKU_1", "LOC_1")
THERE = Position("SKU_1", "LOC_2")


@dataclass(frozen=True)
class Attempt:
    """A request for one position; `applied` is when the server did it, infinity if it never did."""

    position: Position
    quantity: int
    delta_id: str  # empty for a count
    sent: Sent
    applied: float
    completed: float | None

    def into(self, ledger: Ledger) -> None:
        if self.delta_id:
            delta = Delta(self.delta_id, self.position, self.quantity, Cause.SALE, 0)
            ledger.event(DeltaEvent((delta,), 0), self.sent)
        else:
            ledger.load([Count(self.position, self.quantity)], self.sent, self.completed)


@st.composite
def attempts(draw: st.DrawFn) -> Attempt:
    """Answered, unanswered or refused, and applied when that allows it."""
    position = draw(st.sampled_from([HERE, THERE]))
    number = draw(st.integers(0, 6))  # 0 is a count; a number that recurs is a retry
    quantity = 10 * draw(st.integers(1, 9)) if number == 0 else 2**number
    sent_at = draw(st.integers(0, 40))
    lasts = draw(st.integers(0, 12))
    fate = draw(
        st.sampled_from(["answered", "answered", "answered", "silent", "failed", "refused"])
    )
    answered = float(sent_at + lasts) if fate == "answered" else None
    applied: int | None = draw(st.integers(sent_at, sent_at + lasts))
    if fate == "refused" or (fate != "answered" and draw(st.booleans())):
        applied = None
    elif fate != "answered":
        applied = draw(st.integers(sent_at, 80))
    status = {"answered": 200, "silent": None, "failed": 503, "refused": 429}[fate]
    request = f"request {draw(st.integers(0, 10**9))}"
    return Attempt(
        position,
        quantity,
        f"{position.location_ref}-{number}" if number else "",
        Sent(request, float(sent_at), answered, status),
        inf if applied is None else float(applied),
        answered,
    )


def held(attempts: Sequence[Attempt], position: Position) -> int | None:
    """What a server holds that applied all this; None where it was never given a count."""
    base: int | None = None
    active, seen = 0, set()
    mine = [one for one in attempts if one.position == position and one.applied < inf]
    for one in sorted(mine, key=lambda one: one.applied):
        if not one.delta_id:
            base, active = one.quantity, 0
        elif one.delta_id not in seen:
            seen.add(one.delta_id)
            active += one.quantity
    return None if base is None else base + active


def ledger_of(attempts: Sequence[Attempt]) -> Ledger:
    ledger = Ledger()
    for attempt in attempts:
        attempt.into(ledger)
    return ledger


def shown(expectation: Expectation) -> tuple[object, ...]:
    """An expectation without the order in which things were recorded."""
    deltas = (expectation.certain, expectation.open, expectation.gone)
    return expectation.bases, *(sorted(map(repr, kind)) for kind in deltas)


def everything(ledger: Ledger) -> dict[Position, tuple[object, ...]]:
    return {position: shown(ledger.expectation(position)) for position in ledger.positions()}


@given(st.lists(attempts(), max_size=14))
@settings(max_examples=400, deadline=None)
def test_what_a_faithful_server_holds_is_always_among_what_is_possible(
    sent: list[Attempt],
) -> None:
    ledger = ledger_of(sent)
    for position in (HERE, THERE):
        truth = held(sent, position)
        expectation = ledger.expectation(position)

        if truth is not None:
            possible = expectation.possible()
            assert possible is not None
            assert truth in possible


@given(st.lists(attempts(), max_size=14))
@settings(max_examples=200, deadline=None)
def test_deltas_are_certain_open_or_gone_by_the_times_that_senders_saw(
    sent: list[Attempt],
) -> None:
    ledger = ledger_of(sent)
    for position in (HERE, THERE):
        mine = [one for one in sent if one.position == position and one.sent.status != 429]
        counts = [one for one in mine if not one.delta_id]
        ended = [inf if one.completed is None else one.completed for one in counts]
        last_sent = max((o.sent.sent_at for o in counts if o.completed is not None), default=-inf)
        expectation = ledger.expectation(position)

        assert len(expectation.bases) == len(
            {
                (one.quantity, one.sent, one.completed)
                for one, end in zip(counts, ended, strict=True)
                if end >= last_sent
            }
        )
        certain = {one.delta_id for one in expectation.certain}
        gone = {one.delta_id for one in expectation.gone}
        open_ = {one.delta_id for one in expectation.open}
        for delta_id in {one.delta_id for one in mine if one.delta_id}:
            tries = [one.sent for one in mine if one.delta_id == delta_id]
            acknowledged = min(
                inf if t.acknowledged_at is None else t.acknowledged_at for t in tries
            )
            is_after_all = min(t.sent_at for t in tries) > max(ended, default=-inf)

            assert (delta_id in gone) is (acknowledged < last_sent)
            assert (delta_id in certain) is (acknowledged < inf and is_after_all)
            assert (delta_id in open_) is (delta_id not in gone | certain)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5), st.integers(1, 99)), max_size=20))
def test_where_one_thing_follows_another_there_is_one_number_only(
    steps: list[tuple[bool, int, int]],
) -> None:
    ledger, base, active = Ledger(), 50, 0
    seen = set[int]()
    ledger.load([Count(HERE, 50)], Sent("opening", -1, -0.9, 200), -0.5)
    for at, (is_count, number, quantity) in enumerate(steps):
        sent = Sent(f"request {at}", at, at + 0.2, 200)
        if is_count:
            ledger.load([Count(HERE, quantity)], sent, at + 0.5)
            base, active = quantity, 0
        else:
            delta = Delta(f"id {number}", HERE, 2**number, Cause.RETURN, at)
            ledger.event(DeltaEvent((delta,), at), sent)
            active += 0 if number in seen else 2**number
            seen.add(number)
    expectation = ledger.expectation(HERE)

    assert expectation.is_exact
    assert expectation.on_hand == base + active
    assert expectation.possible() == frozenset({base + active})


@given(st.lists(attempts(), max_size=14), st.randoms(use_true_random=False), st.integers(1, 4))
@settings(max_examples=150, deadline=None)
def test_the_order_of_recording_and_of_merging_does_not_matter(
    sent: list[Attempt], chance: object, parts: int
) -> None:
    whole = everything(ledger_of(sent))
    shuffled = list(sent)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    ledgers = [ledger_of(shuffled[part::parts]) for part in range(parts)]

    left = Ledger()
    for ledger in ledgers:
        left.merge(ledger)
    right = Ledger()
    for ledger in reversed(ledgers):
        ledger.merge(right)
        right = ledger

    assert everything(left) == whole
    assert everything(right) == whole


@given(sent=st.lists(attempts(), max_size=14))
@settings(max_examples=50, deadline=None)
def test_a_ledger_is_read_as_it_was_saved(
    tmp_path_factory: pytest.TempPathFactory, sent: list[Attempt]
) -> None:
    path = tmp_path_factory.mktemp("ledger") / "ledger.ndjson"
    ledger = ledger_of(sent)
    for delta in list(ledger.deltas())[::2]:
        ledger.visible(delta.delta_id, 30.5)
    ledger.save(path)

    assert everything(Ledger.read(path)) == everything(ledger)
