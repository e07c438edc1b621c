"""The ledger, case by case: what a delta or a count is worth by when it was sent and answered."""

import pytest
from fluent_oms_simulator.loadtests.ledger.ledger import Ledger
from fluent_oms_simulator.loadtests.traffic.trade_events import (
    Cause,
    Count,
    Delta,
    DeltaEvent,
    Position,
    Sent,
)

HERE = Position("SKU_1", "LOC_1")


def recorded(*requests: tuple[str, float, float | None, int | None]) -> Ledger:
    """A count of 100 sent at 10 and completed at 20, and attempts at one delta of -3."""
    ledger = Ledger()
    ledger.load([Count(HERE, 100)], Sent("batch", 10, 12, 200), 20)
    for request in requests:
        ledger.event(DeltaEvent((Delta("d", HERE, -3, Cause.SALE, 0),), 0), Sent(*request))
    return ledger


def possible(ledger: Ledger) -> set[int] | None:
    """What the position may hold; None when that is anything."""
    found = ledger.expectation(HERE).possible()
    return None if found is None else set(found)


@pytest.mark.parametrize(
    ("sent_at", "answered", "status", "expected"),
    [
        (21.0, 22.0, 202, {97}),
        (5.0, 6.0, 202, {100}),
        (15.0, 16.0, 202, {97, 100}),
        (5.0, 11.0, 202, {97, 100}),
        (19.0, 25.0, 202, {97, 100}),
        (20.0, 25.0, 202, {97, 100}),
        (5.0, 10.0, 202, {97, 100}),
        (21.0, None, None, {97, 100}),
        (5.0, None, 503, {97, 100}),
        (21.0, None, 408, {97, 100}),
        (21.0, None, 400, {100}),
        (21.0, None, 429, {100}),
    ],
)
def test_a_delta_counts_as_its_times_and_its_answer_allow(
    sent_at: float, answered: float | None, status: int | None, expected: set[int]
) -> None:
    ledger = recorded(("event", sent_at, answered, status))

    assert possible(ledger) == expected


def test_a_retry_counts_once_and_the_answered_request_is_named() -> None:
    ledger = recorded(("first", 21, None, None), ("again", 30, 31, 202), ("more", 40, 41, 202))
    [delta] = ledger.expectation(HERE).certain

    assert ledger.expectation(HERE).on_hand == 97
    assert (delta.request, delta.repeats, delta.sent_at) == ("again", 2, 21)


def test_a_retry_after_a_count_does_not_bring_back_what_the_count_retired() -> None:
    ledger = recorded(("first", 5, 6, 202), ("again", 30, 31, 202))

    assert possible(ledger) == {100}


def test_a_refused_attempt_says_nothing_about_when_the_delta_was_applied() -> None:
    ledger = recorded(("refused", 5, None, 503), ("again", 30, 31, 202))
    refused = recorded(("refused", 5, None, 429), ("again", 30, 31, 202))

    assert possible(ledger) == {97, 100}
    assert possible(refused) == {97}


def test_what_was_seen_before_a_count_is_retired_by_it_though_nobody_answered() -> None:
    ledger = recorded(("event", 5, None, None))
    ledger.visible("d", 9)

    assert possible(ledger) == {100}


def test_a_delta_that_may_still_be_under_way_when_a_count_is_sent_is_open() -> None:
    ledger = Ledger(settles_within=5)
    ledger.merge(recorded(("event", 5, 6, 202)))

    assert possible(ledger) == {97, 100}


def test_seeing_a_delta_that_was_never_sent_changes_nothing() -> None:
    ledger = recorded()
    ledger.visible("unknown", 1)

    assert ledger.find("unknown") is None
    assert list(ledger.deltas()) == []


def test_a_count_that_never_completed_may_be_there_or_not() -> None:
    ledger = recorded()
    ledger.load([Count(HERE, 7)], Sent("lost batch", 30, None, None), None)
    expectation = ledger.expectation(HERE)

    assert set(expectation.possible() or ()) == {7, 100}
    assert (expectation.base, expectation.is_exact) == (100, False)


def test_a_later_count_ends_the_doubt_about_an_earlier_one_that_completed() -> None:
    ledger = recorded()
    ledger.load([Count(HERE, 7)], Sent("other", 15, 16, 200), 25)
    both = possible(ledger)
    ledger.load([Count(HERE, 8)], Sent("last", 30, 31, 200), 32)

    assert both == {7, 100}
    assert possible(ledger) == {8}


def test_too_many_open_deltas_make_no_number_meaningful() -> None:
    ledger = recorded()
    deltas = tuple(Delta(f"d{n}", HERE, 2**n, Cause.RETURN, 0) for n in range(13))
    ledger.event(DeltaEvent(deltas, 0), Sent("event", 15, 16, 202))

    assert possible(ledger) is None
    assert len(ledger.expectation(HERE).possible(most=2**13) or ()) == 2**13


def test_a_position_that_was_never_counted_has_no_base() -> None:
    ledger = Ledger()
    ledger.event(DeltaEvent((Delta("d", HERE, -3, Cause.SALE, 0),), 0), Sent("event", 1, 2, 202))

    assert ledger.expectation(HERE).base is None
    assert list(ledger.positions()) == [HERE]


def test_a_ledger_that_is_merged_is_left_as_it_was() -> None:
    one = recorded(("first", 21, None, None))
    before = repr(one.expectation(HERE))
    total = Ledger()
    total.merge(one)
    total.event(DeltaEvent((Delta("d", HERE, -3, Cause.SALE, 0),), 0), Sent("again", 30, 31, 202))

    assert repr(one.expectation(HERE)) == before


def test_what_any_of_the_merged_ledgers_saw_was_seen() -> None:
    one, other = recorded(("event", 5, None, None)), recorded(("event", 5, None, None))
    one.visible("d", 12)
    other.visible("d", 9)
    one.merge(other)

    assert possible(one) == {100}
