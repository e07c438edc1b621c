"""What can be promised of a position as of a date.

FUTURE is Fluent's page on the data model of future inventory (27 Mar 2026) with its release (13 Apr
2026): on hand, what is expected by then, and what is reserved of both; (d): derived from it.
"""

from typing import Any

import pytest
from fluent_oms_simulator.behaviour import Behaviour
from fluent_oms_simulator.domain.inventory import (
    ACTIVE,
    CREATED,
    ON_HAND_TYPES,
    Counting,
    InventoryQuantity,
    MutationSource,
    QuantityDetails,
)
from fluent_oms_simulator.domain.virtual.promise import Promise, promise
from hypothesis import given
from hypothesis import strategies as st

DAY = 86_400_000


def row(ref: str, kind: str, amount: int, status: str = ACTIVE, **days: Any) -> InventoryQuantity:
    """A quantity; `expected` and `expires` are days from 1970, `parent` is a ref."""
    details = QuantityDetails(
        expected_on=days["expected"] * DAY if "expected" in days else None,
        expires_on=days["expires"] * DAY if "expires" in days else None,
        parent_ref=days.get("parent"),
    )
    made = InventoryQuantity(ref, 0, kind, amount, status, 0, 0, MutationSource("a test"))
    made.details = details if days else None
    return made


def counting(rows: list[InventoryQuantity], *, apart: bool = True) -> Counting:
    """What counts: reservations of what is only expected stand apart, or do not."""
    types = {each.ref: each.type for each in rows}
    ahead = {
        each.ref
        for each in rows
        if each.type == "RESERVED"
        and each.details is not None
        and types.get(each.details.parent_ref or "", "RESERVED") not in ON_HAND_TYPES
    }
    return Counting(apart=ahead if apart else set())


def on_hand(rows: list[InventoryQuantity], *, apart: bool = True) -> int:
    return sum(map(counting(rows, apart=apart).amount, rows))


def promised(
    rows: list[InventoryQuantity], day: int, *, apart: bool = True, **switches: Any
) -> Promise:
    counts = counting(rows, apart=apart)
    stock = sum(map(counts.amount, rows))
    return promise(stock, rows, day * DAY, counts, Behaviour(**switches))


COUNT = row("COUNT", "LAST_ON_HAND", 10)
ORDER = row("PO1", "ON_ORDER", 50, expected=20)
SHIPPED = row("SHIP1", "IN_TRANSIT", 7, expected=10)
OF_STOCK = row("R1", "RESERVED", -3, parent="COUNT")
OF_ORDER = row("R2", "RESERVED", -20, parent="PO1")
MILK = row("MILK", "LAST_ON_HAND", 6, expires=15)
OF_MILK = row("R3", "RESERVED", -2, parent="MILK")


@pytest.mark.parametrize(
    ("source", "rows", "by_day"),
    [
        ("FUTURE: on hand alone", [COUNT, OF_STOCK], {5: 7, 30: 7}),
        ("FUTURE: what is expected by then", [COUNT, ORDER, SHIPPED], {9: 10, 10: 17, 20: 67}),
        ("FUTURE: less what is reserved of it", [COUNT, ORDER, OF_ORDER], {19: 10, 20: 40}),
        ("FUTURE: of both (d)", [COUNT, OF_STOCK, ORDER, OF_ORDER], {19: 7, 20: 37}),
        ("expiry, inferred", [COUNT, MILK], {14: 16, 15: 10}),
        ("expiry of what is reserved, inferred", [COUNT, MILK, OF_MILK], {14: 14, 15: 10}),
        (
            "future stock that expires, inferred",
            [COUNT, row("F", "EXPECTED", 5, expected=10, expires=12)],
            {9: 10, 11: 15, 12: 10},
        ),
        (
            "what has no date is not promised (d)",
            [COUNT, row("F", "EXPECTED", 5)],
            {30: 10},
        ),
        (
            "ACTIVE rows only (d)",
            [COUNT, row("F", "EXPECTED", 5, CREATED, expected=1), OF_STOCK],
            {30: 7},
        ),
        (
            "a shipment under its order: each counts from its own date (switch promise.parts)",
            [
                COUNT,
                ORDER,
                row("SHIP2", "IN_TRANSIT", 4, expected=12, parent="PO1"),
                row("R4", "RESERVED", -1, parent="SHIP2"),
            ],
            {11: 10, 12: 13, 20: 63},
        ),
        (
            "a sale under an order is of the stock on hand, and so is what is reserved of it (d)",
            [
                COUNT,
                ORDER,
                row("S1", "SALE", -4, parent="PO1"),
                row("R7", "RESERVED", -1, parent="S1"),
            ],
            {19: 5, 20: 55},
        ),
        (
            "a cancelled reservation (d)",
            [COUNT, ORDER, row("R5", "RESERVED", -4, "INACTIVE", parent="PO1")],
            {19: 10, 20: 60},
        ),
        (
            "a type that a guide has and no formula counts",
            [COUNT, ORDER, row("S", "SOFT_RESERVE", -4, parent="PO1")],
            {19: 10, 20: 60},
        ),
    ],
)
def test_what_can_be_promised_as_of_a_day(
    source: str, rows: list[InventoryQuantity], by_day: dict[int, int]
) -> None:
    """The same where reservations of what is only expected lessen the stock on hand."""
    for apart in (True, False):
        found = {day: promised(rows, day, apart=apart).quantity for day in by_day}
        assert found == by_day, source


@pytest.mark.parametrize(("apart", "quantity"), [(True, 10), (False, 6)])
def test_what_was_reserved_of_an_order_that_is_no_longer_active_is_in_the_stock_or_apart(
    apart: bool, quantity: int
) -> None:
    """It is as the stock on hand has it, until the reservation is put under the stock."""
    received = row("PO2", "ON_ORDER", 9, "INACTIVE", expected=20)
    rows = [COUNT, received, row("R6", "RESERVED", -4, parent="PO2")]

    assert promised(rows, 30, apart=apart).quantity == quantity


def test_what_a_switch_counts_as_stock_on_hand_is_not_expected_beside_it() -> None:
    returned = row("BACK", "RETURNED", 4, expected=20)
    counts = Counting(further_types=frozenset({"RETURNED"}))

    found = promise(14, [COUNT, returned], 30 * DAY, counts, Behaviour())
    assert found == Promise(30 * DAY, 14, 0, 0)


def test_a_promise_tells_its_parts() -> None:
    found = promised([COUNT, OF_STOCK, ORDER, OF_ORDER, MILK], 20)

    assert found == Promise(20 * DAY, 7, 50, -20)
    assert found.quantity == 37


@pytest.mark.parametrize(("value", "quantity"), [("dated", 17), ("named", 10)])
def test_which_types_are_future_stock_is_a_switch(value: str, quantity: int) -> None:
    rows = [COUNT, row("PO", "PURCHASE_ORDER", 7, expected=1)]

    assert promised(rows, 1, promise_future_types=value).quantity == quantity


@pytest.mark.parametrize(
    ("source", "value", "by_day"),
    [
        ("each row for itself", "beside", {11: 10, 12: 50, 15: 55, 20: 105, 25: 110}),
        ("an order is what its shipments are parts of", "within", {12: 45, 15: 50, 20: 55, 25: 60}),
    ],
)
def test_whether_a_shipment_is_a_part_of_its_order_is_a_switch(
    source: str, value: str, by_day: dict[int, int]
) -> None:
    """An order of 50, of it 40 shipped, of those 5 in a box that comes later, and another 5."""
    rows = [
        COUNT,
        ORDER,
        row("SHIP2", "IN_TRANSIT", 40, expected=12, parent="PO1"),
        row("BOX", "IN_TRANSIT", 5, expected=15, parent="SHIP2"),
        row("SHIP3", "IN_TRANSIT", 5, expected=25, parent="PO1"),
        row("SHIP4", "IN_TRANSIT", 9, CREATED, expected=1, parent="PO1"),
    ]

    found = {day: promised(rows, day, promise_parts=value).quantity for day in by_day}
    assert found == by_day, source


def test_what_is_left_of_an_order_is_never_below_0_and_its_reservations_stay_with_it() -> None:
    more = row("SHIP2", "IN_TRANSIT", 60, expected=12, parent="PO1")
    rows = [COUNT, ORDER, OF_ORDER, more]

    assert promised(rows, 20, promise_parts="within") == Promise(20 * DAY, 10, 60, -20)


def test_a_sale_between_two_future_rows_parts_them() -> None:
    rows = [
        ORDER,
        row("S1", "SALE", 0, parent="PO1"),
        row("SHIP2", "IN_TRANSIT", 4, expected=12, parent="S1"),
    ]

    assert promised(rows, 20, promise_parts="within").expected == 54


def test_a_stock_on_hand_that_a_mutation_wrote_stands_for_all_that_counts() -> None:
    rows = [COUNT, MILK, ORDER, OF_ORDER]

    assert promise(100, rows, 20 * DAY, counting(rows), Behaviour()).quantity == 100 + 50 - 20


@pytest.mark.parametrize("parents", [("A", "B"), ("B", "A"), ("B", "NONE")])
def test_parents_that_lead_nowhere_end_somewhere(parents: tuple[str, str]) -> None:
    rows = [row("A", "RESERVED", -1, parent=parents[0]), row("B", "SALE", -2, parent=parents[1])]

    assert promised(rows, 1).quantity == -3


refs = st.sampled_from("ABCDEFG")
days = st.integers(0, 9)
kinds = st.sampled_from(["LAST_ON_HAND", "RESERVED", "ON_ORDER", "IN_TRANSIT"])
rows_of_a_position = st.lists(
    st.builds(
        lambda ref, kind, amount, more: row(ref, kind, amount, **more),
        refs,
        kinds,
        st.integers(-9, 9),
        st.fixed_dictionaries({}, optional={"expected": days, "expires": days, "parent": refs}),
    ),
    unique_by=lambda made: made.ref,
)


@given(rows_of_a_position)
def test_before_all_dates_there_is_what_is_not_reserved_of_the_future(
    rows: list[InventoryQuantity],
) -> None:
    found = promised(rows, -1)

    assert (found.expected, found.reserved) == (0, 0)
    assert found.quantity <= on_hand(rows) + 9 * len(rows)
    if all(each.details is None or each.details.expected_on is None for each in rows):
        assert found.quantity == on_hand(rows)


@given(rows_of_a_position, days)
def test_in_whatever_order_quantities_were_made_the_promise_is_the_same(
    rows: list[InventoryQuantity], day: int
) -> None:
    """Of quantities that are not under themselves, which none can be that was checked."""
    rows = [
        each for each in rows if each.details is None or (each.details.parent_ref or "") < each.ref
    ]

    assert promised(rows, day) == promised(rows[::-1], day)
