"""What a control says in its values, and that nonsense has no effect but is listed."""

import pytest
from fluent_oms_simulator.domain.entities import Control
from hypothesis import given
from hypothesis import strategies as st

from .helpers.control_support import (
    CATALOGUE,
    LOCATION,
    LOCATION_CONTEXT,
    PRODUCT,
    PRODUCT_CONTEXT,
    control,
    rules,
)


@pytest.mark.parametrize(
    ("values", "amount"),
    [
        ({"buffer": -2}, -2),
        ({"quantity": 3}, 3),
        ({"value": -2.0}, -2),
        ({"buffer": -2, "priority": 4}, -2),
        ({"SAFETY_STOCK": -6, "note": "keep"}, -6),
        ({"buffer": True, "value": 5}, 5),
    ],
)
def test_the_amount_of_a_buffer_is_its_one_whole_number(
    values: dict[str, object], amount: int
) -> None:
    named = {"context": [PRODUCT_CONTEXT], **values}
    found = rules(control("b", "QUANTITY_BUFFER", values=named))

    assert found.buffer(PRODUCT, LOCATION) == amount
    assert found.ignored == []


CONTEXT = {"context": [PRODUCT_CONTEXT]}
NONSENSE = [
    control("b", "QUANTITY_BUFFER", values=CONTEXT),
    control("b", "QUANTITY_BUFFER", values={**CONTEXT, "buffer": "-2"}),
    control("b", "QUANTITY_BUFFER", values={**CONTEXT, "buffer": -2.5}),
    control("b", "QUANTITY_BUFFER", values={**CONTEXT, "buffer": True}),
    control("b", "QUANTITY_BUFFER", values={**CONTEXT, "buffer": float("nan")}),
    control("b", "QUANTITY_BUFFER", values={**CONTEXT, "buffer": 2**40}),
    control("b", "QUANTITY_BUFFER", values={**CONTEXT, "buffer": -1, "value": -2}),
    control("b", "QUANTITY_BUFFER", values={"buffer": -1}),
    control("D45", "QUANTITY_BUFFER", values={"buffer": -1}),
    control("CG:QUANTITY_BUFFER:", "QUANTITY_BUFFER", values={"buffer": -1}),
    control("CG:QUANTITY_BUFFER:D45", "QUANTITY_BUFFER", values={"context": "D45", "buffer": -1}),
    control("b", "QUANTITY_BUFFER", values={"context": [], "buffer": -1}),
    control("b", "QUANTITY_BUFFER", values={"context": [["D45"]], "buffer": -1}),
    control("b", "EXCLUSION", values={"context": [{**PRODUCT_CONTEXT, "value": 45}]}),
    control("b", "EXCLUSION", values={"context": [{**PRODUCT_CONTEXT, "property": "gtin"}]}),
    control("b", "EXCLUSION", values={"context": [PRODUCT_CONTEXT, {"type": "CHANNEL"}]}),
    control("b", "MASTER_BUFFER", values={"context": [LOCATION_CONTEXT], "buffer": -1}),
    control("b", "PERCENTAGE_BUFFER", values={**CONTEXT, "buffer": -1}),
    control("b", "BULK_THRESHOLD", values={"threshold": 100}),
    control("b", "BULK_THRESHOLD", values={"threshold": "100", "status": "AT_RISK"}),
    control("b", "BULK_THRESHOLD", values={**CONTEXT, "threshold": 100, "status": "AT_RISK"}),
]


@pytest.mark.parametrize("nonsense", NONSENSE, ids=lambda control: str(control.values))
def test_a_control_that_makes_no_sense_has_no_effect_and_is_listed(nonsense: Control) -> None:
    found = rules(nonsense)

    assert found.buffer(PRODUCT, LOCATION) == 0
    assert found.master_buffer(PRODUCT) == 0
    assert not found.excludes(PRODUCT, LOCATION)
    assert found.status_for(5, CATALOGUE) is None
    assert [ignored.ref for ignored in found.ignored] == [nonsense.ref]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "property", "value", "x"]),
            inner | st.sampled_from(["PRODUCT", "LOCATION", "ref"]),
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(
    st.sampled_from(["EXCLUSION", "QUANTITY_BUFFER", "MASTER_BUFFER", "BULK_THRESHOLD", "", "X"]),
    st.dictionaries(
        st.sampled_from(["context", "buffer", "quantity", "value", "threshold", "status"]),
        json_values,
    ),
    st.none() | st.integers(),
)
def test_no_values_whatever_make_the_rules_fail(
    kind: str, values: dict[str, object], order: int | None
) -> None:
    found = rules(control("CG:X:Y", kind, values=values, execution_order=order))

    assert abs(found.buffer(PRODUCT, LOCATION)) < 2**31
    assert abs(found.master_buffer(PRODUCT)) < 2**31
    assert found.excludes(PRODUCT, LOCATION) in (True, False)
    assert found.status_for(0, CATALOGUE) is None or kind == "BULK_THRESHOLD"
