"""Whatever JSON there is: the rules do not break, do not repeat themselves, and miss no refusal."""

from collections.abc import Iterator
from typing import Any

import pytest
from fluent_oms_simulator import Settings, build
from fluent_oms_simulator.contracts.all_rules import RULES, select
from fluent_oms_simulator.contracts.checking import Checker
from fluent_oms_simulator.contracts.rules.rule import Batch, Event, Finding, Job, Severity
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ..support import Client

PAYLOAD_RULES = select(["FOMS-B", "FOMS-E", "FOMS-J"])
SHAPES = {"FOMS-B000", "FOMS-E000", "FOMS-J000"}

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(
        ["", " ", "1", "-5", "DEFAULT:1", "DEFAULT:2", "DELTA", "LAST_ON_HAND", "/~0"]
    )
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=5,
)
small = st.integers(-3, 12)


def fields(
    sound: dict[str, st.SearchStrategy[Any]], *more: str
) -> st.SearchStrategy[dict[str, Any]]:
    """Mostly sound fields, of which some are missing, hold anything, or have another name."""
    usual = st.fixed_dictionaries({}, optional=sound)
    names = [*sound, *more]
    odd = st.dictionaries(st.sampled_from(names), json_values, max_size=2)
    return st.builds(
        lambda one, other, sane: {**one, **({} if sane else other)}, usual, odd, st.booleans()
    )


refs = st.sampled_from(["SKU_1", "SKU_2", "S" * 90, "S" * 101, " SKU_1"])
places = st.sampled_from(["LOC_1", "LOC_2", "L" * 20])
types = st.sampled_from(["LAST_ON_HAND", "DELTA", "SALE", "EXPECTED", "last_on_hand"])
amounts = small | st.sampled_from(["5", "-5", 5.0, 1.5, 2**31, 0])
retailers = st.sampled_from(["1", 1, 2, "2", 1.0])

names = st.sampled_from(["A", "B", "SKU_1:LOC_1:DEFAULT:LAST_ON_HAND", "SKU_2:LOC_1:DEFAULT:X"])
moments = st.sampled_from(["2026-03-23T00:00:00Z", "2999-03-23T00:00:00+14:00", "2026-03-23", "x"])
details = fields(
    {"expectedOn": moments, "expiresOn": moments, "parentRef": names, "segment1": names},
    "condition",
    "expectedon",
    "pallet",
)
records = fields(
    {
        "skuRef": refs,
        "locationRef": places,
        "qty": amounts,
        "type": types,
        "retailerId": retailers,
        "ref": names,
        "attributes": details,
    },
    "productRef", "quantity", "status", "correctedQty", "expectedOn", "expiry", "segment1",
    "sku/ref",
)  # fmt: skip
batches = fields(
    {
        "action": st.just("UPSERT"),
        "entityType": st.just("INVENTORY"),
        "entities": st.lists(records, min_size=1, max_size=4),
    },
    "event", "source", "conditions", "entity_type", "records",
)  # fmt: skip
delta_entries = fields(
    {
        "deltaId": st.sampled_from(["D1", "D2", "D3", ""]),
        "productRef": refs,
        "locationRef": places,
        "qty": amounts,
        "type": types,
    },
    "skuRef", "quantity", "id",
)  # fmt: skip
item_entries = fields(
    {
        "fulfilmentId": st.sampled_from(["1", 2]),
        "skuRef": refs,
        "locationRef": places,
        "reservedQty": amounts,
        "saleQty": amounts,
    },
    "reserveQty", "cancelQty", "productRef", "quantity",
)  # fmt: skip
attributes = fields(
    {
        "deltas": st.lists(delta_entries, min_size=1, max_size=4),
        "items": st.lists(item_entries, min_size=1, max_size=4),
    }
)
events = fields(
    {
        "name": st.sampled_from(["INVENTORY_DELTA", "UpdateInventoryQty", "InventoryChanged"]),
        "entityType": st.sampled_from(["INVENTORY_CATALOGUE"]),
        "entityRef": st.sampled_from(["DEFAULT:1", "DEFAULT:2"]),
        "entitySubtype": st.sampled_from(["DEFAULT", "BASE"]),
        "attributes": attributes,
    },
    "rootEntityRef", "rootEntityType", "scheduledOn", "meta",
)  # fmt: skip
# Which retailers there are is nothing that a payload tells.
owners = st.sampled_from([{}, {"retailerId": "1"}, {"retailerId": 2}, {"retailerId": None}])
settings_of_jobs = fields({"name": st.just("a")}, "meta", "metadata", "preprocessing")
jobs = st.builds(lambda job, owner: {**job, **owner}, settings_of_jobs, owners)


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    simulator = build(Settings(seed_data="none", retailers=("1", "2")))
    simulator.start()
    yield Client(simulator)
    simulator.close()


def check_all(observation: Batch | Event | Job) -> list[Finding]:
    findings: list[Finding] = Checker(RULES).check(observation)
    shape = {finding.pointer for finding in findings if finding.rule_id in SHAPES}
    others = {finding.pointer for finding in findings if finding.rule_id not in SHAPES}
    assert shape & others == set()
    assert len(set(findings)) == len(findings)
    assert all(finding.found and finding.expected for finding in findings)
    assert [f for f in findings if not leads_somewhere(observation.document, f.pointer)] == []
    return findings


def leads_somewhere(document: object, pointer: str) -> bool:
    """Whether a pointer leads to a value, or to a field that is missing from an object."""
    value: Any = document
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    for depth, step in enumerate(steps, start=1):
        if isinstance(value, list):
            if not step.isdigit() or int(step) >= len(value):
                return False
            value = value[int(step)]
        elif isinstance(value, dict) and step in value:
            value = value[step]
        else:
            # attributes that are null or missing are explained by what they should have held
            missing_attributes = pointer.startswith("/attributes/") and value in (None, document)
            return missing_attributes or (isinstance(value, dict) and depth == len(steps))
    return True


@settings(max_examples=80, deadline=None)
@given(
    st.builds(Batch, batches, retailer_id=st.sampled_from([None, "1"]))
    | st.builds(Event, events)
    | st.builds(Job, jobs)
)
def test_what_is_nearly_a_payload_is_explained_without_repetition(
    observation: Batch | Event | Job,
) -> None:
    check_all(observation)


@settings(max_examples=80, deadline=None)
@given(json_values, st.sampled_from([Batch, Event, Job]))
def test_any_json_is_explained_without_repetition(document: Any, kind: type[Any]) -> None:
    check_all(kind(document))
    check_all(kind({"entities": document, "attributes": document, "name": "INVENTORY_DELTA"}))
    check_all(kind({"entities": [document], "attributes": {"deltas": [document]}}))
    check_all(kind({"name": "UpdateInventoryQty", "attributes": {"items": [document]}}))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.sampled_from(["LOC_1", "LOC_2"]), st.integers(0, 10**6)),
        min_size=1,
        unique_by=lambda row: row[:2],
    ),
    st.sampled_from(["1", 1]),
)
def test_sound_counts_are_free_of_findings(
    rows: list[tuple[int, str, int]], retailer: object
) -> None:
    records = [
        {"skuRef": f"SKU_{n}", "locationRef": place, "qty": qty, "retailerId": retailer}
        for n, place, qty in rows
    ]
    document = {"action": "UPSERT", "entityType": "INVENTORY", "entities": records}

    assert Checker(PAYLOAD_RULES).check(Batch(document, retailer_id="1")) == []


@pytest.mark.parametrize("amount", [2**31, 5.5, "many"])
def test_of_a_value_that_is_refused_nobody_is_warned(amount: object) -> None:
    item = {"fulfilmentId": "1", "skuRef": "A", "locationRef": "L", "reservedQty": amount}
    attributes = {"items": [item], "deltas": [{}]}

    found = check_all(Event({"name": "UpdateInventoryQty", "attributes": attributes}))

    told = [finding for finding in found if finding.pointer.endswith("/reservedQty")]
    assert [finding.severity for finding in told] == [Severity.ERROR]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(batches, events.map(lambda event: {"retailerId": "1", **event}), jobs)
def test_what_the_simulator_refuses_has_an_error(
    client: Client, batch: Any, event: Any, job: Any
) -> None:
    job_id = client.job()
    for observation, path in (
        (Batch(batch, retailer_id="1"), f"/api/v4.1/job/{job_id}/batch"),
        (Event(event), "/api/v4.1/event/async"),
        (Job(job), "/api/v4.1/job"),
    ):
        reply = client.post(path, observation.document)
        errors = [f for f in check_all(observation) if f.severity is Severity.ERROR]
        assert errors or reply.status_code == 200, (reply.text, observation)
