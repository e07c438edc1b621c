"""Rules about deltaIds, and about streams of whatever JSON."""

from __future__ import annotations

import random

import pytest
from fluent_oms_simulator.contracts.rules.rule import Batch, Event, Observation
from hypothesis import given, settings
from hypothesis import strategies as st

from .helpers.streaming import event, found, ids


def test_a_delta_id_is_for_one_change_only() -> None:
    first = event(("A1", "S", "L", -2))

    assert not found("FOMS-S004", [first, first])
    [other_quantity] = found("FOMS-S004", [first, event(("A1", "S", "L", -3))])
    [other_place] = found("FOMS-S004", [first, event(("B1", "S", "L", 1), ("A1", "S", "M", -2))])
    assert "a change of -2" in other_quantity.found
    assert other_place.pointer == "/attributes/deltas/1/deltaId"
    assert "another position" in other_place.found


def test_catalogues_have_delta_ids_of_their_own() -> None:
    first = event(("A1", "S", "L", -2))
    other = event(("A1", "S", "L", -3))

    assert not found("FOMS-S004", [first, Event({**other.document, "retailerId": "2"})])
    assert not found("FOMS-S004", [first, Event({**other.document, "entityRef": "DEFAULT:2"})])
    assert found("FOMS-S004", [first, Event({**other.document, "entityRef": "DEFAULT:1"})])


@pytest.mark.parametrize(
    ("delta_id", "unique"),
    [
        ("SKU_1:LOC_1", False),
        ("DELTA-LOC_1-SKU_1", False),
        ("SKU_1|LOC_1|20260201", False),
        ("2026-02-01_SKU_1_LOC_1", False),
        ("2026-02-01", False),
        ("2026/02/01", False),
        ("20260201", True),
        ("SKU_1:LOC_1:17", True),
        ("SKU_1:LOC_1:2026-02-01:2", True),
        ("SKU_1:LOC_1:20260201T101500", True),
        ("SKU_1:SALE_77", True),
        ("3f0c1c7e-2026-4101-9b7e-0d2a1f9c8e11", True),
    ],
)
def test_a_delta_id_of_position_and_date_is_not_unique(delta_id: str, unique: bool) -> None:
    assert bool(found("FOMS-S005", ids(delta_id))) is not unique


def test_short_numeric_refs_turn_up_in_a_counter_by_chance() -> None:
    assert not found("FOMS-S005", [event(("120001", "12", "01", -1))])


@pytest.mark.parametrize(
    ("numbers", "restarts"),
    [
        ([*range(1, 31), 1, 2, 3], 1),
        ([*range(30), 0, 1, 2, 3, 4], 1),
        ([*range(1, 31), 1, 1, 2, 2, 3], 1),
        ([*range(1, 31), *range(1, 31), *range(1, 31)], 2),
        ([*range(1, 31), 1, 31, 2, 32, 3, 33], 0),
        ([*range(1, 31), 28, 29, 30, 31], 0),
        ([*range(1, 16), *range(1, 16)], 0),
        ([random.Random(number).randrange(10**6) for number in range(500)], 0),
    ],
)
@pytest.mark.parametrize("shape", ["{}", "POS-{:06}", "till 4/{}"])
def test_a_counter_that_begins_again_is_found_once(
    numbers: list[int], restarts: int, shape: str
) -> None:
    assert len(found("FOMS-S006", ids(*map(shape.format, numbers)))) == restarts


def test_each_till_counts_for_itself() -> None:
    stream = [f"TILL{till}-{number}" for till in range(5) for number in range(1, 31)]

    assert not found("FOMS-S006", ids(*stream))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)
TEXTS = st.sampled_from(
    ["", "SKU_1", "LOC_1", "DELTA", "LAST_ON_HAND", "2026-02-01", "\ud800", "7"]
)
FIELDS = TEXTS | st.sampled_from([0, 1, -1, 50, 10**5000, True]) | JSON
RECORDS = JSON | st.dictionaries(
    st.sampled_from(["skuRef", "locationRef", "qty", "type", "ref", "retailerId"]), FIELDS
)
DELTAS = JSON | st.dictionaries(
    st.sampled_from(["deltaId", "productRef", "locationRef", "qty", "type"]), FIELDS
)
BATCHES = st.builds(
    Batch,
    st.fixed_dictionaries(
        {"entities": st.lists(RECORDS) | JSON},
        optional={"catalogueRef": FIELDS, "retailerId": FIELDS},
    ),
    st.none() | TEXTS,
    st.none() | TEXTS,
    st.none() | st.floats(),
)
EVENTS = st.builds(
    Event,
    st.fixed_dictionaries(
        {
            "name": st.just("INVENTORY_DELTA") | JSON,
            "attributes": st.fixed_dictionaries({"deltas": st.lists(DELTAS) | JSON}) | JSON,
        },
        optional={"entityRef": FIELDS, "retailerId": FIELDS},
    ),
)


@pytest.mark.slow
@settings(deadline=None)
@given(st.lists(BATCHES | EVENTS, max_size=30))
def test_no_payload_upsets_a_rule(stream: list[Observation]) -> None:
    for finding in found("FOMS-S", stream):
        assert finding.pointer.startswith(("/entities", "/attributes/deltas"))
