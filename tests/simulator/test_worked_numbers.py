"""The numbered examples of the documentation, row by row; (d): derived from it by the formula.

REF-RS, REF-C and REF-D are Fluent's references on reserved and sold, corrected, and delta
quantities (10 Jan, 23 Apr and 23 Apr 2025); DELTAHOW is the how-to on deltas (28 Feb 2025).
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import pytest
from fluent_oms_simulator.clock import VirtualClock

from ..conftest import MakeSimulator
from ..support import Client, record

PRODUCT, LOCATION = "D45", "LOC_MEL"
POSITION = "D45:LOC_MEL:DEFAULT"

Step = Callable[[Client], object]


def load(quantity: int, *, preprocessing: str = "skip", **more: object) -> Step:
    records = [record(PRODUCT, LOCATION, quantity, **more)]
    return lambda client: client.load(records, preprocessing=preprocessing)


def delta(quantity: int, delta_id: str) -> Step:
    return lambda client: client.delta(PRODUCT, LOCATION, quantity, delta_id)


def reserve(quantity: int, fulfilment: str) -> Step:
    return lambda client: client.reserve(PRODUCT, LOCATION, quantity, fulfilment)


def confirm(fulfilment: str, *, sold: int, rejected: int = 0) -> Step:
    return lambda client: client.confirm(
        PRODUCT, LOCATION, fulfilment, sold=sold, rejected=rejected
    )


def cancel(quantity: int, fulfilment: str) -> Step:
    return lambda client: client.cancel(PRODUCT, LOCATION, quantity, fulfilment)


class Example(NamedTuple):
    """What was done before, what is done, and what the catalogue then holds."""

    number: str
    source: str
    before: Sequence[Step]
    held: int | None
    action: Sequence[Step]
    on_hand: int
    quantities: dict[str, tuple[int, str]]


A, I = "ACTIVE", "INACTIVE"  # noqa: E741 - as the tables of the documentation are read

COUNT_170 = [load(150), load(170)]
PICKED = [*COUNT_170, reserve(3, "F1"), confirm("F1", sold=3)]
FIVE_MORE = [*PICKED, reserve(5, "F2")]
RECOUNTED = [*FIVE_MORE, load(167)]
SHORT_PICK = [*RECOUNTED, confirm("F2", sold=1, rejected=4)]
MIXED = [load(162), delta(-10, "d1"), reserve(7, "F1"), reserve(2, "F2")]

EXAMPLES = [
    Example("1", "REF-RS", [], None, [load(150)], 150, {"LAST_ON_HAND": (150, A)}),
    Example("2", "REF-RS", [load(150)], 150, [load(170)], 170, {"LAST_ON_HAND": (170, A)}),
    Example(
        "3",
        "REF-RS",
        COUNT_170,
        170,
        [reserve(3, "F1")],
        167,
        {"LAST_ON_HAND": (170, A), "RESERVED:F1": (-3, A)},
    ),
    Example(
        "4",
        "REF-RS",
        [*COUNT_170, reserve(3, "F1")],
        167,
        [confirm("F1", sold=3)],
        167,
        {"LAST_ON_HAND": (170, A), "RESERVED:F1": (-3, I), "SALE:F1": (-3, A)},
    ),
    Example(
        "5",
        "REF-RS (d)",
        PICKED,
        167,
        [reserve(5, "F2")],
        162,
        {
            "LAST_ON_HAND": (170, A),
            "RESERVED:F1": (-3, I),
            "SALE:F1": (-3, A),
            "RESERVED:F2": (-5, A),
        },
    ),
    Example(
        "6",
        "REF-RS, REF-C (d)",
        FIVE_MORE,
        162,
        [load(167)],
        162,
        {
            "LAST_ON_HAND": (167, A),
            "RESERVED:F1": (-3, I),
            "SALE:F1": (-3, I),
            "RESERVED:F2": (-5, A),
        },
    ),
    Example(
        "7",
        "REF-C",
        RECOUNTED,
        162,
        [confirm("F2", sold=1, rejected=4)],
        162,
        {
            "LAST_ON_HAND": (167, A),
            "RESERVED:F1": (-3, I),
            "SALE:F1": (-3, I),
            "RESERVED:F2": (-5, I),
            "SALE:F2": (-1, A),
            "CORRECTION:F2": (-4, A),
        },
    ),
    Example(
        "8",
        "REF-C",
        SHORT_PICK,
        162,
        [load(162)],
        162,
        {
            "LAST_ON_HAND": (162, A),
            "RESERVED:F1": (-3, I),
            "SALE:F1": (-3, I),
            "RESERVED:F2": (-5, I),
            "SALE:F2": (-1, I),
            "CORRECTION:F2": (-4, I),
        },
    ),
    Example(
        "9",
        "REF-D",
        [],
        None,
        MIXED,
        143,
        {
            "LAST_ON_HAND": (162, A),
            "d1": (-10, A),
            "RESERVED:F1": (-7, A),
            "RESERVED:F2": (-2, A),
        },
    ),
    Example(
        "10",
        "REF-D (d)",
        MIXED,
        143,
        [load(153)],
        144,
        {
            "LAST_ON_HAND": (153, A),
            "d1": (-10, I),
            "RESERVED:F1": (-7, A),
            "RESERVED:F2": (-2, A),
        },
    ),
    Example(
        "11",
        "DELTAHOW (d)",
        [load(10)],
        10,
        [delta(-2, "d1")],
        8,
        {"LAST_ON_HAND": (10, A), "d1": (-2, A)},
    ),
    Example(
        "12",
        "formula (d): no floor at zero",
        [load(10), reserve(3, "F1")],
        7,
        [load(0)],
        -3,
        {"LAST_ON_HAND": (0, A), "RESERVED:F1": (-3, A)},
    ),
    Example(
        "13",
        "How pre-processing works (d): a transient quantity is active",
        [load(10), confirm("F1", sold=2)],
        8,
        [load(10, preprocessing="enabled")],
        10,
        {"LAST_ON_HAND": (10, A), "SALE:F1": (-2, I)},
    ),
    Example(
        "14",
        "How pre-processing works (d): dropped as unchanged",
        [load(10)],
        10,
        [load(10, preprocessing="enabled")],
        10,
        {"LAST_ON_HAND": (10, A)},
    ),
    Example(
        "15",
        "REF-D (d)",
        [load(10), delta(5, "d1")],
        15,
        [load(15)],
        15,
        {"LAST_ON_HAND": (15, A), "d1": (5, I)},
    ),
    Example(
        "16",
        "Course notes, SendEventToUpdateInventoryQuantity (d)",
        [load(10), reserve(4, "F1")],
        6,
        [cancel(4, "F1")],
        10,
        {"LAST_ON_HAND": (10, A), "RESERVED:F1": (-4, I)},
    ),
    Example(
        "17",
        "Course notes, SendEventToUpdateInventoryQuantity (d)",
        [load(10), reserve(4, "F1")],
        6,
        [confirm("F1", sold=1), cancel(3, "F1")],
        9,
        {"LAST_ON_HAND": (10, A), "RESERVED:F1": (-4, I), "SALE:F1": (-1, A)},
    ),
    Example(
        "18",
        "Inventory catalogue workflow, 18 Feb 2025 (d)",
        [load(10), delta(2, "d1")],
        12,
        [load(100, type="EXPECTED")],
        12,
        {"LAST_ON_HAND": (10, A), "d1": (2, A), "EXPECTED": (100, A)},
    ),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.number)
def test_the_documentation_s_numbers_come_out(client: Client, example: Example) -> None:
    for step in example.before:
        step(client)
    held = client.on_hand(PRODUCT, LOCATION) if example.before else None
    for step in example.action:
        step(client)

    assert held == example.held, example.source
    assert client.on_hand(PRODUCT, LOCATION) == example.on_hand, example.source
    assert client.quantities(PRODUCT, LOCATION) == example.quantities, example.source


def test_an_unchanged_record_is_dropped_and_leaves_the_position_s_date(
    make_simulator: MakeSimulator, clock: VirtualClock
) -> None:
    """Example 14, second half."""
    client = Client(make_simulator(clock=clock))
    job = client.job(preprocessing="enabled")
    client.load([record(PRODUCT, LOCATION, 10)], job=job)
    before = client.position(POSITION)
    clock.advance(60_000)
    again = client.load([record(PRODUCT, LOCATION, 10)], job=job)

    assert client.position(POSITION) == before
    (result,) = client.batch(again, job)["results"]
    assert result["responseCode"] == "200"
    assert "unchanged" in result["message"]


def test_the_second_count_updates_the_same_quantity_and_keeps_what_it_was(client: Client) -> None:
    """Example 2, second half."""
    first = client.load([record(PRODUCT, LOCATION, 150)], preprocessing="skip")
    second = client.load([record(PRODUCT, LOCATION, 170)], preprocessing="skip")
    (count,) = client.position(POSITION)["quantities"]

    assert [(state["quantity"], state["source"]) for state in count["history"]] == [
        (150, f"batch {first} /entities/0"),
        (170, f"batch {second} /entities/0"),
    ]
