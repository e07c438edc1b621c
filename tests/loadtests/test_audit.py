"""The audit finds what was lost or doubled, names who carried it, and says nothing else."""

from __future__ import annotations

import itertools

import pytest
from fluent_oms_simulator.loadtests.ledger.ledger import Ledger
from fluent_oms_simulator.loadtests.reporting.run_result import DiscrepancyKind
from fluent_oms_simulator.loadtests.traffic.shop import Shop
from fluent_oms_simulator.loadtests.traffic.steady import events_for_rate
from fluent_oms_simulator.loadtests.traffic.trade_events import Count, Sent

from ..conftest import MakeSimulator
from .helpers.audit_rig import (
    SHIRT,
    SHOES,
    SOCKS,
    Deltas,
    doubling,
    dropping,
    sale,
    sender,
    verdict,
)


def test_a_clean_run_with_retries_and_a_late_full_load_has_nothing_the_matter(
    make_simulator: MakeSimulator,
) -> None:
    shop = Shop(3, products=30, locations=4, coverage=0.5)
    with sender(make_simulator()) as senders:
        senders.load(*shop.opening)
        for event in itertools.islice(events_for_rate(shop, 100), 150):
            senders.event(*event.deltas, repeat_of=event.repeat_of)
        senders.load(*shop.counts())
        for event in itertools.islice(events_for_rate(shop, 100, "t"), 100):
            senders.event(*event.deltas, repeat_of=event.repeat_of)

        result = senders.audit()

    assert verdict(result) == (0, 0, 0), result.examples
    assert result.clean
    assert result.settled
    assert result.positions == len(shop)
    assert result.deltas > 250
    assert result.by_row > 0


def test_a_full_load_that_overlaps_deltas_leaves_them_open_but_is_no_mistake(
    make_simulator: MakeSimulator,
) -> None:
    shop = Shop(4, products=400, locations=5, coverage=0.9)
    with sender(make_simulator()) as senders:
        senders.load(*shop.opening)
        events = events_for_rate(shop, 100)
        wait = senders.start_load(*shop.opening)
        for event in itertools.islice(events, 60):
            senders.event(*event.deltas, repeat_of=event.repeat_of)
        wait()
        for event in itertools.islice(events, 60):
            senders.event(*event.deltas, repeat_of=event.repeat_of)

        result = senders.audit()

    assert verdict(result) == (0, 0, 0), result.examples
    assert result.open > 0


@pytest.mark.parametrize("counted_later", [False, True])
def test_a_lost_delta_is_found_and_the_request_that_carried_it_named(
    make_simulator: MakeSimulator, counted_later: bool
) -> None:
    with sender(make_simulator(), dropping("b")) as senders:
        senders.load(Count(SHIRT, 10), Count(SHOES, 10))
        senders.event(sale("a", SHIRT))
        senders.event(sale("b", SHIRT, -2), sale("c", SHOES, -3))
        if counted_later:
            senders.load(Count(SHIRT, 50), Count(SHOES, 60))

        result = senders.audit()

    assert verdict(result) == (1, 0, 0)
    (found,) = result.examples
    assert (found.kind, found.product_ref, found.location_ref) == (DiscrepancyKind.LOST, *SHIRT)
    assert (found.delta_id, found.request) == ("b", "event 2")
    assert (found.expected, found.found) == ("-2 once", "nothing")


@pytest.mark.parametrize("counted_later", [False, True])
def test_a_delta_that_was_applied_twice_is_found(
    make_simulator: MakeSimulator, counted_later: bool
) -> None:
    with sender(make_simulator(), doubling("b")) as senders:
        senders.load(Count(SHIRT, 10), Count(SHOES, 10))
        senders.event(sale("a", SHIRT, -4))
        senders.event(sale("b", SHIRT, -2), sale("c", SHOES, -3))
        if counted_later:
            senders.load(Count(SHIRT, 50), Count(SHOES, 60))

        result = senders.audit()

    assert verdict(result) == (0, 1, 0)
    (found,) = result.examples
    assert (found.kind, found.delta_id, found.request) == (DiscrepancyKind.DOUBLED, "b", "event 2")
    assert found.found == "-2 twice"


def test_an_amount_that_was_doubled_in_place_counts_as_doubled(
    make_simulator: MakeSimulator,
) -> None:
    def change(deltas: Deltas) -> list[Deltas]:
        return [[{**each, "qty": each["qty"] * 2} for each in deltas]]

    with sender(make_simulator(), change) as senders:
        senders.load(Count(SHIRT, 10))
        senders.event(sale("a", SHIRT, -2))

        result = senders.audit()

    assert verdict(result) == (0, 1, 0)
    assert result.examples[0].found == "-4"


def test_swapped_amounts_are_wrong_at_both_positions(make_simulator: MakeSimulator) -> None:
    def change(deltas: Deltas) -> list[Deltas]:
        first, second = deltas
        return [[{**first, "qty": second["qty"]}, {**second, "qty": first["qty"]}]]

    with sender(make_simulator(), change) as senders:
        senders.load(Count(SHIRT, 10), Count(SHOES, 10))
        senders.event(sale("a", SHIRT, -2), sale("b", SHOES, -3))

        result = senders.audit()

    assert verdict(result) == (0, 0, 2)
    assert {(each.expected, each.found) for each in result.examples} == {
        ("-2 once", "-3"),
        ("-3 once", "-2"),
    }


def test_a_delta_at_another_position_is_lost_at_its_own(make_simulator: MakeSimulator) -> None:
    def change(deltas: Deltas) -> list[Deltas]:
        return [[{**each, "productRef": SHOES.product_ref} for each in deltas]]

    with sender(make_simulator(), change) as senders:
        senders.load(Count(SHIRT, 10), Count(SHOES, 10))
        senders.event(sale("a", SHIRT, -2))

        result = senders.audit()

    assert verdict(result) == (1, 0, 1)


def test_a_count_that_was_not_applied_as_it_was_sent_is_wrong(
    make_simulator: MakeSimulator,
) -> None:
    with sender(make_simulator()) as senders:
        senders.load(Count(SHIRT, 10), Count(SHOES, 5), name="job 1 batch 1")
        senders.ledger.load([Count(SHIRT, 11)], Sent("job 1 batch 2", 4e9, 4e9, 200), 4e9)

        result = senders.audit()

    assert verdict(result) == (0, 0, 1)
    (found,) = result.examples
    assert (found.expected, found.found, found.request) == ("11", "10", "job 1 batch 2")


def test_a_position_that_is_not_there_is_wrong_and_its_deltas_lost(
    make_simulator: MakeSimulator,
) -> None:
    with sender(make_simulator()) as senders:
        senders.load(Count(SHIRT, 10))
        senders.ledger.load([Count(SOCKS, 5)], Sent("batch", 1.0, 2.0, 200), 3.0)
        senders.event(sale("a", SOCKS))

        result = senders.audit()

    assert verdict(result) == (1, 0, 1)
    assert {each.found for each in result.examples} == {"no such position", "nothing"}


def test_an_event_without_an_answer_may_count_or_not(make_simulator: MakeSimulator) -> None:
    for change in (None, dropping("a")):
        with sender(make_simulator(), change) as senders:
            senders.load(Count(SHIRT, 10))
            senders.event(sale("a", SHIRT, -2), answered=False)

            result = senders.audit()

        assert verdict(result) == (0, 0, 0)
        assert (result.open, result.deltas) == (1, 0)


def test_an_event_without_an_answer_must_not_count_twice(make_simulator: MakeSimulator) -> None:
    with sender(make_simulator(), doubling("a")) as senders:
        senders.load(Count(SHIRT, 10))
        senders.event(sale("a", SHIRT, -2), answered=False)

        result = senders.audit()

    assert verdict(result) == (0, 1, 0)


def test_a_retry_that_the_server_counts_again_is_found(make_simulator: MakeSimulator) -> None:
    with sender(make_simulator(delta_duplicate="accumulate")) as senders:
        senders.load(Count(SHIRT, 10))
        senders.event(sale("a", SHIRT, -2))
        senders.event(sale("a", SHIRT, -2), repeat_of=1)

        result = senders.audit()

    assert verdict(result) == (0, 1, 0)
    assert result.examples[0].found == "-4"


def test_a_delta_where_nothing_was_ever_counted_is_looked_for_all_the_same(
    make_simulator: MakeSimulator,
) -> None:
    with sender(make_simulator(), dropping("b")) as senders:
        senders.load(Count(SHIRT, 10))
        senders.ledger = Ledger()
        senders.event(sale("a", SHIRT))
        senders.event(sale("b", SHIRT))

        result = senders.audit()

    assert verdict(result) == (1, 0, 0)
    assert result.examples[0].delta_id == "b"


def test_a_retired_delta_that_a_retry_brings_back_is_wrong(make_simulator: MakeSimulator) -> None:
    with sender(make_simulator(delta_duplicate="accumulate")) as senders:
        senders.load(Count(SHIRT, 10))
        senders.event(sale("a", SHIRT, -2))
        senders.load(Count(SHIRT, 8))
        senders.event(sale("a", SHIRT, -2), repeat_of=1)

        result = senders.audit()

    assert verdict(result) == (0, 0, 1)
    (found,) = result.examples
    assert (found.delta_id, found.found) == ("a", "-2 ACTIVE")
    assert "before the last count" in found.explanation
