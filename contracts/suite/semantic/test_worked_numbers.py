"""The numbers that the documentation works out, step by step.

(d): not printed there, but follows from it by the formula of stock on hand.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import pytest
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.contracts.suite.semantic.position import Position, Row
from fluent_oms_simulator.contracts.target.names import Names

Step = Callable[[Position], object]


def count(quantity: int, **more: str) -> Step:
    """A batch of one record."""
    return lambda position: position.count(quantity, **more)


def change(quantity: int) -> Step:
    """An event of one delta."""
    return lambda position: position.change(quantity)


def reserve(fulfilment: str, quantity: int) -> Step:
    """A new fulfilment."""
    return lambda position: position.reserve(fulfilment, quantity)


def confirm(fulfilment: str, sold: int, rejected: int = 0) -> Step:
    """A pick."""
    return lambda position: position.confirm(fulfilment, sold=sold, rejected=rejected)


def cancel(fulfilment: str, quantity: int) -> Step:
    """A fulfilment that is given up."""
    return lambda position: position.cancel(fulfilment, quantity)


def held(quantity: int) -> Row:
    """A reservation in force."""
    return Row("RESERVED", -quantity)


def released(quantity: int) -> Row:
    """A reservation that is over."""
    return Row("RESERVED", -quantity, False)


class Example(NamedTuple):
    """What is done, and the stock on hand and quantities that it comes to."""

    name: str
    steps: Sequence[Step]
    on_hand: int
    rows: Sequence[Row]


def loh(quantity: int) -> Row:
    """The count."""
    return Row("LAST_ON_HAND", quantity)


SALE_3, OLD_SALE_3 = Row("SALE", -3), Row("SALE", -3, False)
TWO_COUNTS = (count(150), count(170))
ORDERED = (*TWO_COUNTS, reserve("F1", 3))
PICKED = (*ORDERED, confirm("F1", 3))
ORDERED_AGAIN = (*PICKED, reserve("F2", 5))
COUNTED = (*ORDERED_AGAIN, count(167))
SHORT_PICKED = (*COUNTED, confirm("F2", 1, 4))
MIXED = (count(162), change(-10), reserve("F1", 7), reserve("F2", 2))

REFERENCE = [
    Example("reserved and sold: a first count", [count(150)], 150, [loh(150)]),
    Example("reserved and sold: the next count", TWO_COUNTS, 170, [loh(170)]),
    Example("reserved and sold: an order of 3", ORDERED, 167, [loh(170), held(3)]),
    Example("reserved and sold: 3 picked", PICKED, 167, [loh(170), released(3), SALE_3]),
    Example(
        "reserved and sold: an order of 5 (d)",
        ORDERED_AGAIN,
        162,
        [loh(170), released(3), SALE_3, held(5)],
    ),
    Example(
        "reserved and sold: a count after the pick (d)",
        COUNTED,
        162,
        [loh(167), released(3), OLD_SALE_3, held(5)],
    ),
    Example(
        "corrected: 1 picked, 4 rejected",
        SHORT_PICKED,
        162,
        [
            loh(167),
            released(3),
            OLD_SALE_3,
            released(5),
            Row("SALE", -1),
            Row("CORRECTION", -4),
        ],
    ),
    Example(
        "corrected: a count after the correction",
        (*SHORT_PICKED, count(162)),
        162,
        [
            loh(162),
            released(3),
            OLD_SALE_3,
            released(5),
            Row("SALE", -1, False),
            Row("CORRECTION", -4, False),
        ],
    ),
    Example(
        "delta: -10 beside 7 and 2 held",
        MIXED,
        143,
        [loh(162), Row("DELTA", -10), held(7), held(2)],
    ),
    Example(
        "delta: a count after the delta (d)",
        (*MIXED, count(153)),
        144,
        [loh(153), Row("DELTA", -10, False), held(7), held(2)],
    ),
]

DERIVED = [
    Example("two sold in a shop (d)", [count(10), change(-2)], 8, [loh(10), Row("DELTA", -2)]),
    Example(
        "set to zero while 3 are held (d)",
        [count(10), reserve("F1", 3), count(0)],
        -3,
        [loh(0), held(3)],
    ),
    Example(
        "the same count clears a sale, also with pre-processing (d)",
        [count(10), confirm("F1", 2), count(10, preprocessing="enabled")],
        10,
        [loh(10), Row("SALE", -2, False)],
    ),
    Example(
        "the same count with nothing to clear (d)",
        [count(10), count(10, preprocessing="enabled")],
        10,
        [loh(10)],
    ),
    Example(
        "a count that agrees with count and delta (d)",
        [count(10), change(5), count(15)],
        15,
        [loh(15), Row("DELTA", 5, False)],
    ),
    Example(
        "a cancelled fulfilment (d)",
        [count(10), reserve("F1", 4), cancel("F1", 4)],
        10,
        [loh(10), released(4)],
    ),
    Example(
        "1 of 4 picked, the rest cancelled (d)",
        [count(10), reserve("F1", 4), confirm("F1", 1), cancel("F1", 3)],
        9,
        [loh(10), released(4), Row("SALE", -1)],
    ),
    Example(
        "100 expected (d)",
        [count(10), change(2), count(100, type="EXPECTED")],
        12,
        [loh(10), Row("DELTA", 2), Row("EXPECTED", 100)],
    ),
]


@pytest.mark.parametrize("example", REFERENCE + DERIVED, ids=lambda example: example.name)
def test_the_documented_numbers_come_out(api: Api, names: Names, example: Example) -> None:
    position = Position(api, names)
    for step in example.steps:
        step(position)

    position.shows(example.on_hand, example.rows)
