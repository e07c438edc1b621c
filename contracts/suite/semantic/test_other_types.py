"""Quantities that announce stock, or describe it, are not stock on hand."""

import pytest
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.contracts.suite.semantic.position import Position, Row
from fluent_oms_simulator.contracts.target.names import Names


@pytest.mark.parametrize("kind", ["EXPECTED", "IN_TRANSIT"])
def test_a_load_of_another_type_counts_for_nothing_and_retires_nothing(
    api: Api, names: Names, kind: str
) -> None:
    """Inventory catalogue workflow, 18 Feb 2025: only the row of that type is touched."""
    position = Position(api, names)
    position.count(10)
    position.change(3)
    position.reserve("F1", 2)
    position.count(100, type=kind)

    rows = [
        Row("LAST_ON_HAND", 10),
        Row("DELTA", 3),
        Row("RESERVED", -2),
        Row(kind, 100),
    ]
    position.shows(11, rows)


def test_a_second_load_of_another_type_replaces_the_first(api: Api, names: Names) -> None:
    position = Position(api, names)
    position.count(10)
    position.count(100, type="EXPECTED")
    position.count(40, type="EXPECTED")

    position.shows(10, [Row("LAST_ON_HAND", 10), Row("EXPECTED", 40)])


def test_a_count_leaves_what_is_expected(api: Api, names: Names) -> None:
    position = Position(api, names)
    position.count(100, type="EXPECTED")
    position.count(7)

    position.shows(7, [Row("LAST_ON_HAND", 7), Row("EXPECTED", 100)])


def test_fields_that_the_workflow_does_not_use_change_nothing(api: Api, names: Names) -> None:
    """correctedQty and reservedQty of a record (LoadInventoryPosition, 12 Aug 2025)."""
    position = Position(api, names)
    position.count(10, correctedQty=4, reservedQty=3)

    position.shows(10, [Row("LAST_ON_HAND", 10)])
