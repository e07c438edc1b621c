"""What the controls of a group do, and which of them apply.

CGMGMT is Fluent's page on managing control groups and controls (31 Oct 2024, 14 Feb 2025), CGLESSON
the lesson on them (20 Dec 2024), MASTER that on master buffers (8 May 2025), THRESH that on
threshold controls (28 Feb 2025).
"""

import time
from typing import Any

import pytest
from fluent_oms_simulator.domain.entities import Control
from fluent_oms_simulator.domain.virtual.controls import ControlRules

from .helpers.control_support import (
    CATALOGUE,
    LOCATION,
    LOCATION_CONTEXT,
    PRODUCT,
    PRODUCT_CONTEXT,
    buffer,
    control,
    rules,
    threshold,
)

AT_LOCATION = buffer([PRODUCT_CONTEXT, LOCATION_CONTEXT], -2, "at location")
OF_PRODUCT = buffer([PRODUCT_CONTEXT], -5, "of product")
OF_LOCATION = buffer([LOCATION_CONTEXT], -7, "of location")
CATEGORY_CONTEXT = {"type": "CATEGORY", "property": "ref", "value": "SHOES"}
OF_CATEGORY = buffer([CATEGORY_CONTEXT], -9, "of category")


@pytest.mark.parametrize(
    ("controls", "applies"),
    [
        ([AT_LOCATION, OF_PRODUCT, OF_LOCATION], -2),
        ([OF_LOCATION, OF_PRODUCT], -5),
        ([OF_CATEGORY, OF_LOCATION], -7),
        ([OF_CATEGORY], 0),
        ([], 0),
    ],
)
def test_only_the_first_eligible_buffer_applies(controls: list[Control], applies: int) -> None:
    """CGMGMT: without an order the nearest; that it is so is inferred. No stacking."""
    assert rules(*controls).buffer(PRODUCT, LOCATION) == applies


@pytest.mark.parametrize(
    ("at_location", "of_product", "of_location", "applies"),
    [
        (4, 2, None, -5),  # the documented priority is that of the order alone
        (4, 2, 1, -7),
        (2, 4, 1, -7),
        (2, 3, 4, -2),
        (2, 2, 2, -2),
        (3, 2, 2, -5),
        (None, 6, None, -5),
        (None, 6, 5, -7),
        (None, None, 6, -7),
    ],
)
def test_the_lowest_execution_order_applies_however_near_another_buffer_is(
    at_location: int | None, of_product: int | None, of_location: int | None, applies: int
) -> None:
    """CGMGMT, 14 Feb 2025: 1 is the highest priority, 6 the lowest; ties are inferred."""
    found = rules(
        buffer([PRODUCT_CONTEXT, LOCATION_CONTEXT], -2, "at", execution_order=at_location),
        buffer([PRODUCT_CONTEXT], -5, "product", execution_order=of_product),
        buffer([LOCATION_CONTEXT], -7, "location", execution_order=of_location),
    )

    assert found.buffer(PRODUCT, LOCATION) == applies


def test_an_exclusion_applies_whatever_its_execution_order() -> None:
    """CGMGMT, 14 Feb 2025: the order is not for exclusions."""
    values = {"context": [PRODUCT_CONTEXT]}
    last = control("x", "EXCLUSION", values=values, execution_order=6)

    assert rules(buffer([PRODUCT_CONTEXT], 5, "b", execution_order=1), last).excludes(PRODUCT)


def test_a_buffer_is_for_what_it_names() -> None:
    found = rules(AT_LOCATION)

    assert found.buffer(PRODUCT, "LOC_SYD") == 0
    assert found.buffer("D46", LOCATION) == 0
    assert found.buffer(PRODUCT) == 0


@pytest.mark.parametrize(
    ("first", "second", "applies"),
    [
        ({"execution_order": 2, "number": 1}, {"execution_order": 1, "number": 2}, -20),
        ({"execution_order": 1, "number": 2}, {"execution_order": 1, "number": 1}, -20),
        ({"execution_order": None, "number": 1}, {"execution_order": 9, "number": 2}, -20),
        ({"execution_order": None, "number": 1}, {"execution_order": None, "number": 2}, -10),
    ],
)
def test_among_equals_the_lower_execution_order_applies_and_then_the_older(
    first: dict[str, Any], second: dict[str, Any], applies: int
) -> None:
    found = rules(
        buffer([PRODUCT_CONTEXT], -10, "one", **first),
        buffer([PRODUCT_CONTEXT], -20, "other", **second),
    )

    assert found.buffer(PRODUCT, LOCATION) == applies


@pytest.mark.parametrize("orders", [(1, 2), (2, 1)])
def test_a_ref_and_a_context_say_the_same(orders: tuple[int, int]) -> None:
    ref = f"CG:QUANTITY_BUFFER:{PRODUCT}"
    in_ref = control(ref, "QUANTITY_BUFFER", values={"buffer": -1}, execution_order=orders[0])
    found = rules(in_ref, buffer([PRODUCT_CONTEXT], -2, "other", execution_order=orders[1]))

    assert found.buffer(PRODUCT, LOCATION) == (-1 if orders == (1, 2) else -2)


@pytest.mark.parametrize(
    ("tail", "product", "location"),
    [
        ("D45", "D45", None),
        ("D45:LOC_MEL", "D45", "LOC_MEL"),
        ("D:45", "D:45", None),
        ("D:45:LOC:MEL", "D:45", "LOC:MEL"),
    ],
)
def test_a_control_without_a_context_says_in_its_ref_what_it_is_for(
    tail: str, product: str, location: str | None
) -> None:
    """CGLESSON: `<group>:EXCLUSION:<product>`; MASTER: `<group>:MASTER_BUFFER:<product>`."""
    found = rules(
        control(f"CG:EXCLUSION:{tail}", "EXCLUSION"),
        control(f"CG:QUANTITY_BUFFER:{tail}", "QUANTITY_BUFFER", values={"buffer": -3}),
        control(f"CG:MASTER_BUFFER:{tail}", "MASTER_BUFFER", values={"buffer": -4}),
    )

    assert found.excludes(product, location)
    assert found.buffer(product, location) == -3
    assert found.master_buffer(product) == (-4 if location is None else 0)
    assert not found.excludes("other", location)
    assert found.ignored == []


def test_the_context_goes_before_the_ref() -> None:
    values = {"context": [PRODUCT_CONTEXT], "buffer": -1}
    found = rules(control("CG:QUANTITY_BUFFER:D46", "QUANTITY_BUFFER", values=values))

    assert found.buffer("D45", LOCATION) == -1
    assert found.buffer("D46", LOCATION) == 0


def test_an_exclusion_may_be_for_a_product_a_location_or_both() -> None:
    by_product = rules(control("x", "EXCLUSION", values={"context": [PRODUCT_CONTEXT]}))
    by_location = rules(control("x", "EXCLUSION", values={"context": [LOCATION_CONTEXT]}))
    both = [PRODUCT_CONTEXT, LOCATION_CONTEXT]
    by_both = rules(control("x", "EXCLUSION", values={"context": both}))

    def verdicts(found: ControlRules) -> list[bool]:
        places = [(PRODUCT, LOCATION), (PRODUCT, "LOC_SYD"), ("D46", LOCATION), (PRODUCT, None)]
        return [found.excludes(*place) for place in places]

    assert verdicts(by_product) == [True, True, False, True]
    assert verdicts(by_location) == [True, False, True, False]
    assert verdicts(by_both) == [True, False, False, False]


@pytest.mark.parametrize("status", ["CREATED", "INACTIVE"])
def test_controls_and_groups_apply_only_while_they_are_active(status: str) -> None:
    waiting = buffer([PRODUCT_CONTEXT], -2, "waiting", status=status)

    assert rules(waiting).buffer(PRODUCT, LOCATION) == 0
    assert rules(waiting).ignored[0].ref == "waiting"
    assert rules(OF_PRODUCT, status=status).buffer(PRODUCT, LOCATION) == 0
    assert status in rules(OF_PRODUCT, status=status).ignored[0].reason


THRESHOLDS = [
    threshold(5, "AT_RISK", 2),
    threshold(0, "OUT_OF_STOCK", 1),
    threshold(None, "ACTIVE", 3),
]


@pytest.mark.parametrize(
    ("quantity", "status"),
    [(-1, "OUT_OF_STOCK"), (0, "OUT_OF_STOCK"), (1, "AT_RISK"), (5, "AT_RISK"), (6, "ACTIVE")],
)
def test_the_first_threshold_that_a_quantity_does_not_exceed_gives_the_status(
    quantity: int, status: str
) -> None:
    """THRESH: at or below the threshold, tried in execution order."""
    assert rules(*THRESHOLDS).status_for(quantity, CATALOGUE) == status


def test_above_all_thresholds_there_is_no_status() -> None:
    assert rules(*THRESHOLDS[:2]).status_for(6, CATALOGUE) is None


def test_a_threshold_for_a_catalogue_is_for_no_other() -> None:
    context = [{"type": "CATALOGUE", "property": "ref", "value": CATALOGUE}]
    found = rules(threshold(0, "OUT_OF_STOCK", 1, context=context))

    assert found.status_for(0, CATALOGUE) == "OUT_OF_STOCK"
    assert found.status_for(0, "DEFAULT:1") is None


def test_a_change_of_a_control_dates_what_it_is_for() -> None:
    found = rules(
        buffer([PRODUCT_CONTEXT], -1, "one", updated_at=500),
        buffer([PRODUCT_CONTEXT], -1, "two", updated_at=900, status="INACTIVE"),
        buffer([PRODUCT_CONTEXT], -1, "three", created_at=950, updated_at=950, status="CREATED"),
        buffer([LOCATION_CONTEXT], -1, "four", updated_at=700),
    )

    assert found.changed_at(PRODUCT, "LOC_SYD") == 900
    assert found.changed_at("D46", LOCATION) == 700
    assert found.changed_at("D46", "LOC_SYD") == 0
    assert found.last_changed_at == 900


def test_a_product_has_another_version_of_its_controls_once_one_of_them_has_changed() -> None:
    before, same, after = (
        rules(buffer([PRODUCT_CONTEXT], -1, "one", updated_at=at)) for at in (700, 700, 800)
    )

    assert before.version_for(PRODUCT) == same.version_for(PRODUCT)
    assert before.version_for(PRODUCT) != after.version_for(PRODUCT)
    assert before.version_for("D46") is after.version_for("D46") is None


def test_ten_thousand_controls_are_looked_up_not_searched() -> None:
    many = rules(
        *(
            control(f"CG:QUANTITY_BUFFER:SKU{n}", "QUANTITY_BUFFER", values={"buffer": -n})
            for n in range(1, 10_001)
        )
    )
    started = time.process_time()
    found = [many.buffer(f"SKU{n}", LOCATION) for n in range(1, 10_001)]

    assert found == [-n for n in range(1, 10_001)]
    assert time.process_time() - started < 2
