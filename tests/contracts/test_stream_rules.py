"""Rules about payloads that follow each other: realistic streams, and broken ones."""

from __future__ import annotations

import random

import pytest
from fluent_oms_simulator.contracts.all_rules import select
from fluent_oms_simulator.contracts.checking import Checker
from fluent_oms_simulator.contracts.rules.rule import Batch, Event, Observation

from .helpers.streaming import batch, event, found


class Shop:
    """Stock that is sold, returned and filled up again, as a seeded chance will have it."""

    def __init__(self, seed: int, level: int) -> None:
        self.chance = random.Random(seed)
        self.level = level
        self.stock = {f"SKU_{number}": self.chance.randrange(level) for number in range(40)}
        self.sent = 0

    def counts(self) -> Batch:
        """All that is there."""
        return batch(*((sku, "LOC_1", stock) for sku, stock in self.stock.items()))

    def trade(self) -> dict[str, int]:
        """A day: returns what changed; oversold stock goes below zero until it is filled up."""
        changes = {}
        for sku, stock in self.stock.items():
            sold = self.chance.choice((0, 0, 1, 1, 2, 3, -1))
            change = self.level - stock if stock <= 0 and self.chance.random() < 0.5 else -sold
            self.stock[sku] = stock + change
            if change:
                changes[sku] = change
        return changes

    def deltas(self, changes: dict[str, int]) -> Event:
        """Changes as an event."""
        self.sent += 1
        return event(*((f"{self.sent}-{sku}", sku, "LOC_1", qty) for sku, qty in changes.items()))


@pytest.mark.parametrize("level", [5, 60, 3000])
@pytest.mark.parametrize("seed", range(5))
def test_a_shop_that_does_all_right_is_left_alone(seed: int, level: int) -> None:
    shop = Shop(seed, level)
    stream: list[Observation] = [shop.counts()]
    for _ in range(60):
        stream += [shop.deltas(shop.trade()), shop.deltas(shop.trade()), shop.counts()]

    assert not found("FOMS-S", stream)


@pytest.mark.parametrize("seed", range(5))
def test_changes_sent_as_counts_are_found_out(seed: int) -> None:
    shop = Shop(seed, 30)
    stream: list[Observation] = [shop.counts()]
    stream += [batch(*((sku, "L", qty) for sku, qty in shop.trade().items())) for _ in range(30)]

    [*_, last] = found("FOMS-S001", stream)
    assert last.pointer.endswith("/qty")
    assert "changed their sign" in last.found


@pytest.mark.parametrize("seed", range(5))
def test_counts_sent_as_changes_are_found_out(seed: int) -> None:
    shop = Shop(seed, 300)
    stream = []
    for _ in range(30):
        shop.trade()
        stream.append(shop.deltas({sku: stock for sku, stock in shop.stock.items() if stock > 0}))

    assert found("FOMS-S002", stream)


def test_counts_sent_as_changes_in_a_batch_are_found_out_as_well() -> None:
    def turn(quantity: int) -> Batch:
        return batch(*((f"SKU_{n}", "LOC_1", quantity) for n in range(20)), kind="DELTA")

    assert not found("FOMS-S002", [turn(100), turn(99)])
    assert found("FOMS-S002", [turn(100), turn(99), turn(98)])


@pytest.mark.parametrize("seed", range(5))
def test_receipts_of_any_size_are_not_taken_for_counts(seed: int) -> None:
    chance = random.Random(seed)
    stream = [
        event(*((f"{turn}-{n}", f"SKU_{n}", "L", chance.randrange(20, 200)) for n in range(40)))
        for turn in range(50)
    ]

    assert not found("FOMS-S002", stream)


def test_nineteen_positions_prove_nothing() -> None:
    def turn(quantity: int, positions: int) -> Batch:
        return batch(*((f"SKU_{n}", "LOC_1", quantity) for n in range(positions)))

    quantities = [2, -1, 3, -2, 1]
    assert not found("FOMS-S001", [turn(quantity, 19) for quantity in quantities])
    assert found("FOMS-S001", [turn(quantity, 20) for quantity in quantities])


def test_old_habits_hide_no_new_fault() -> None:
    def turn(quantity: int) -> Batch:
        return batch(*((f"SKU_{n}", "LOC_1", quantity) for n in range(20)))

    stream = [turn(9) for _ in range(500)] + [turn(quantity) for quantity in [-1, 2] * 40]

    assert found("FOMS-S001", stream)


@pytest.mark.parametrize("seed", range(5))
def test_counts_that_never_heard_of_the_deltas_are_found_out(seed: int) -> None:
    shop = Shop(seed, 100)
    stale = shop.counts()
    stream: list[Observation] = [stale]
    for _ in range(4):
        stream += [shop.deltas(shop.trade()), stale]

    assert found("FOMS-S009", stream)


def test_a_count_that_is_the_same_because_nothing_changed_is_fine() -> None:
    rows = [(f"SKU_{n}", "LOC_1", 7) for n in range(40)]
    back_and_forth = [
        event((f"{n}a", sku, "LOC_1", -1), (f"{n}b", sku, "LOC_1", 1))
        for n, (sku, _, _) in enumerate(rows)
    ]

    assert not found("FOMS-S009", [batch(*rows), *back_and_forth, batch(*rows), batch(*rows)])


def test_a_position_comes_twice_in_a_job_over_its_batches() -> None:
    first = batch(("A", "L", 1), ("B", "L", 1), job="1")
    second = batch(("C", "L", 1), ("B", "L", 2), ("A", "L", 2), job="1")

    [finding] = found("FOMS-S003", [first, second])
    assert finding.pointer == "/entities/1"
    assert finding.found == "B at L (and 1 more positions) once more in job 1"


@pytest.mark.parametrize(
    "other",
    [
        batch(("A", "L", 2), job="2"),
        batch(("A", "L", 2), kind="IN_TRANSIT", job="1"),
        batch(("A", "M", 2), job="1"),
        batch(("A", "L", 2)),
        batch(("A", "L", 2), job="1")._replace(retailer_id="2"),
    ],
    ids=["another job", "another type", "another place", "no job known", "another retailer"],
)
def test_what_only_resembles_a_position_is_not_it(other: Batch) -> None:
    assert not found("FOMS-S003", [batch(("A", "L", 1), job="1"), other])


@pytest.mark.parametrize(
    ("every", "records", "findings"), [(1.0, 1, 3), (1.0, 5, 3), (1.0, 6, 0), (7.0, 1, 0)]
)
def test_many_small_batches_a_minute_are_too_many(
    every: float, records: int, findings: int
) -> None:
    rows = [(f"SKU_{n}", "L", n) for n in range(records)]

    assert len(found("FOMS-S007", (batch(*rows, at=every * n) for n in range(30)))) == findings
    assert not found("FOMS-S007", (batch(*rows) for _ in range(30)))


def test_deltas_by_batch_and_by_event_meet_in_either_order() -> None:
    by_event = event(("A1", "S", "L", -1), ("A2", "T", "L", -1))
    by_batch = batch(("X", "L", 1), ("T", "L", -1), kind="DELTA")

    [finding] = found("FOMS-S008", [by_event, by_batch])
    assert finding.pointer == "/entities/1"
    [finding] = found("FOMS-S008", [by_batch, by_event])
    assert finding.pointer == "/attributes/deltas/1"
    assert not found("FOMS-S008", [by_event, batch(("T", "L", 3))])


def test_a_stream_rule_leaves_the_schema_its_say() -> None:
    stream = [batch(*((f"SKU_{n}", "L", qty) for n in range(20))) for qty in (2, -1, 3, -1)]
    checker = Checker(select(["FOMS-B000", "FOMS-S001"]))

    told = [finding for sent in stream for finding in checker.check(sent)]

    assert sum(finding.rule_id == "FOMS-B000" for finding in told) == 40
