"""A position's date tells connectors what to read again: it moves with the stock, and only then.

Fluent docs: ForwardIfOnHandChanged, 8 Dec 2025.
"""

import time
from collections.abc import Callable

import pytest
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.contracts.suite.semantic.asking import Dates, dates
from fluent_oms_simulator.contracts.suite.semantic.position import Position
from fluent_oms_simulator.contracts.target.names import Names

MOVES: dict[str, Callable[[Position], object]] = {
    "a new count": lambda position: position.count(16),
    "a delta": lambda position: position.change(-1),
    "a reservation": lambda position: position.reserve("F2", 2),
    "a cancellation": lambda position: position.cancel("F1", 3),
}
STAYS: dict[str, Callable[[Position], object]] = {
    "a count that comes to the same stock": lambda position: position.count(15),
    "goods that are expected": lambda position: position.count(90, type="EXPECTED"),
    "deltas that cancel out": lambda position: position.change(4, -4),
    "a pick of what was reserved": lambda position: position.confirm("F1", sold=3),
}


def prepared(api: Api, names: Names) -> tuple[Position, Dates]:
    """10 counted, 5 come in, 3 reserved, and the dates before anything else happens."""
    position = Position(api, names)
    position.count(10)
    position.change(5)
    position.reserve("F1", 3)
    position.shows(12)
    before: Dates = dates(api, position.product, position.location)
    time.sleep(0.01)
    return position, before


@pytest.mark.parametrize("what", MOVES)
def test_what_moves_the_stock_dates_the_position(api: Api, names: Names, what: str) -> None:
    position, before = prepared(api, names)
    MOVES[what](position)

    def is_later() -> bool:
        return bool(dates(api, position.product, position.location).position > before.position)

    assert api.eventually(is_later, 0.05 if api.target.is_ours else None)


@pytest.mark.parametrize("what", STAYS)
def test_what_leaves_the_stock_leaves_the_date(api: Api, names: Names, what: str) -> None:
    position, before = prepared(api, names)
    STAYS[what](position)

    position.shows(12)
    assert dates(api, position.product, position.location).position == before.position
