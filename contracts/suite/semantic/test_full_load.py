"""A count of the physical stock supersedes what was noted since the last one, but no promise."""

from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.contracts.suite.semantic.examples import (
    AMOUNTS,
    CHANGES,
    COUNTS,
    MANY,
)
from fluent_oms_simulator.contracts.suite.semantic.position import Position, Row
from fluent_oms_simulator.contracts.target.names import Names
from hypothesis import given, settings


@settings(MANY)
@given(counted=COUNTS, change=CHANGES, recounted=COUNTS)
def test_a_count_retires_deltas(
    api: Api, names: Names, counted: int, change: int, recounted: int
) -> None:
    position = Position(api, names)
    position.count(counted)
    position.change(change)
    position.shows(counted + change)
    position.count(recounted)

    position.shows(recounted, [Row("LAST_ON_HAND", recounted), Row("DELTA", change, False)])


@settings(MANY)
@given(counted=COUNTS, sold=AMOUNTS, rejected=AMOUNTS, recounted=COUNTS)
def test_a_count_retires_sales_and_corrections(
    api: Api, names: Names, counted: int, sold: int, rejected: int, recounted: int
) -> None:
    position = Position(api, names)
    position.count(counted)
    position.confirm("F1", sold=sold, rejected=rejected)
    position.shows(counted - sold - rejected)
    position.count(recounted)

    rows = [
        Row("LAST_ON_HAND", recounted),
        Row("SALE", -sold, False),
        Row("CORRECTION", -rejected, False),
    ]
    position.shows(recounted, rows)


@settings(MANY)
@given(counted=COUNTS, held=AMOUNTS, more=AMOUNTS, recounted=COUNTS)
def test_reservations_survive_a_count(
    api: Api, names: Names, counted: int, held: int, more: int, recounted: int
) -> None:
    position = Position(api, names)
    position.count(counted)
    position.reserve("F1", held)
    position.reserve("F2", more)
    position.shows(counted - held - more)
    position.count(recounted)

    rows = [Row("LAST_ON_HAND", recounted), Row("RESERVED", -held), Row("RESERVED", -more)]
    position.shows(recounted - held - more, rows)


def test_a_count_leaves_the_positions_that_it_does_not_name_alone(api: Api, names: Names) -> None:
    named = Position(api, names)
    other = Position(api, names, product=named.product)
    api.load([named.record(10), other.record(10)], preprocessing="skip")
    named.change(1)
    other.change(2)
    named.count(30)

    named.shows(30, [Row("LAST_ON_HAND", 30), Row("DELTA", 1, False)])
    other.shows(12, [Row("LAST_ON_HAND", 10), Row("DELTA", 2)])


def test_a_delta_after_a_count_adds_to_the_new_count(api: Api, names: Names) -> None:
    position = Position(api, names)
    position.count(10)
    position.change(4)
    position.count(50)
    position.change(-8)

    rows = [Row("LAST_ON_HAND", 50), Row("DELTA", 4, False), Row("DELTA", -8)]
    position.shows(42, rows)
