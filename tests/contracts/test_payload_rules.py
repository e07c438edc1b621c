"""What the rules find in one batch or job, and what they leave alone."""

from typing import Any

import pytest
from fluent_oms_simulator.contracts.all_rules import select
from fluent_oms_simulator.contracts.checking import Checker
from fluent_oms_simulator.contracts.rules.rule import Batch, Event, Finding, Job, Observation

from ..support import batch, event, record

PAYLOAD_RULES = select(["FOMS-B", "FOMS-E", "FOMS-J"])


def check(observation: Observation) -> list[Finding]:
    findings: list[Finding] = Checker(PAYLOAD_RULES).check(observation)
    return findings


def found(observation: Observation) -> list[tuple[str, str]]:
    """Rule, without its prefix, and place of what is found."""
    return [
        (finding.rule_id.removeprefix("FOMS-"), finding.pointer) for finding in check(observation)
    ]


def one(**changes: Any) -> dict[str, Any]:
    """A sound record, changed."""
    return {**record("SKU_1", "LOC_1", 5), **changes}


BATCHES = {
    "a negative count": (batch(one(qty=-1)), [("B110", "/entities/0/qty")]),
    "a negative quantity in transit": (batch(one(qty=-1, type="IN_TRANSIT")), []),
    "a number as text": (batch(one(qty=" 1,000 ")), [("B120", "/entities/0/qty")]),
    "a number with a point": (batch(one(qty=12.0)), [("B120", "/entities/0/qty")]),
    "a fraction": (batch(one(qty=1.5)), [("B120", "/entities/0/qty")]),
    "a word for a number": (batch(one(qty="many")), [("B000", "/entities/0/qty")]),
    "true for a number": (batch(one(qty=True)), [("B000", "/entities/0/qty")]),
    "nothing for a number": (batch(one(qty=None)), [("B000", "/entities/0/qty")]),
    "too large a number": (batch(one(qty=2**31)), [("B000", "/entities/0/qty")]),
    "a record that is none": (
        batch() | {"entities": [7, one(qty=-1)]},
        [
            ("B000", "/entities/0"),
            ("B110", "/entities/1/qty"),
        ],
    ),
    "a count and a delta": (
        batch(one(), one(type="DELTA", qty=-1)),
        [("B060", "/entities/1/type")],
    ),
    "a delta before its count": (
        batch(one(type="DELTA", qty=-1), one(type="LAST_ON_HAND")),
        [("B060", "/entities/0/type")],
    ),
    "a count and a delta of another place": (
        batch(one(), one(type="DELTA", qty=-1, locationRef="LOC_2")),
        [],
    ),
    "two counts of one position": (batch(one(), one(qty=6)), [("B070", "/entities/1/qty")]),
    "a repeated record": (
        batch(one(), one(skuRef="SKU_2"), one(type="LAST_ON_HAND")),
        [("B080", "/entities/2")],
    ),
    "two parts of one position": (batch(one(ref="A"), one(ref="B", qty=6)), []),
    "two types of one position": (batch(one(), one(type="LAYBY", qty=6)), []),
    "the retailer as a number and as text": (
        batch(one(retailerId=1), one(skuRef="SKU_2", retailerId="1"), one(skuRef="SKU_3")),
        [],
    ),
    "two retailers": (
        batch(one(retailerId=1), one(skuRef="SKU_2", retailerId=2)),
        [("B020", "/entities/1/retailerId")],
    ),
    "a catalogue of the records' retailer": (
        batch(one(retailerId=2), catalogueRef="DEFAULT:2"),
        [],
    ),
    "a catalogue of another retailer": (
        batch(one(retailerId=2), catalogueRef="DEFAULT:1"),
        [("B030", "/catalogueRef")],
    ),
    "a catalogue with a name of its own": (
        batch(one(retailerId=2), catalogueRef="DEFAULT:OUTLET"),
        [],
    ),
    "a misspelt event": (batch(one(), event="inventoryChanged"), [("B040", "/event")]),
    "an event of its own": (batch(one(), event="StockCounted"), [("B050", "/event")]),
    "a misspelt type": (batch(one(type="ON_HAND")), [("B130", "/entities/0/type")]),
    "a type that the workflow may know": (batch(one(type="CONSIGNMENT")), []),
    "a status": (batch(one(status="AVAILABLE")), [("B140", "/entities/0/status")]),
    "a status with what nobody sees": (
        batch(one(status="ACTIVE\u00a0"), one(skuRef="B", status="\ufeffACTIVE")),
        [("B140", "/entities/0/status"), ("B140", "/entities/1/status")],
    ),
    "a reserved amount": (batch(one(reservedQty=2)), [("B150", "/entities/0/reservedQty")]),
    "an amount that is none": (
        batch(one(correctedQty=True, reservedQty=2**31)),
        [("B000", "/entities/0/correctedQty"), ("B000", "/entities/0/reservedQty")],
    ),
    "a status that is none": (batch(one(status="")), [("B000", "/entities/0/status")]),
    "the fields of a delta": (
        batch({"productRef": "SKU_1", "location_ref": "LOC_1", "quantity": 5}),
        [
            ("B210", "/entities/0/productRef"),
            ("B210", "/entities/0/location_ref"),
            ("B210", "/entities/0/quantity"),
        ],
    ),
    "a field name that a pointer has to escape": (
        batch({"sku/ref": "SKU_1", "locationRef": "LOC_1", "qty": 5}),
        [("B210", "/entities/0/sku~1ref")],
    ),
    "fields that are read by nobody": (batch(one(colour="red", productRef="STYLE_1")), []),
    "misspelt optional fields": (
        batch(one(Type="DELTA"), event_name="InventoryChanged"),
        [("B220", "/event_name"), ("B220", "/entities/0/Type")],
    ),
    "a misspelt field of the batch": (
        {"action": "UPSERT", "entity_type": "INVENTORY", "entities": [one()]},
        [("B210", "/entity_type")],
    ),
    "refs that are too long together": (
        batch(one(skuRef="S" * 60, locationRef="L" * 33)),
        [("B230", "/entities/0/skuRef")],
    ),
    "refs that are as long as can be": (batch(one(skuRef="S" * 60, locationRef="L" * 31)), []),
    "refs that are too long for their catalogue": (
        batch(one(skuRef="S" * 60, locationRef="L" * 31), catalogueRef="DEFAULTS:1"),
        [("B230", "/entities/0/skuRef")],
    ),
    "a ref that is too long by itself": (
        batch(one(skuRef="S" * 101)),
        [("B000", "/entities/0/skuRef")],
    ),
    "blanks around refs": (
        batch(one(), one(skuRef=" SKU_1", locationRef="LOC_1\u00a0")),
        [("B240", "/entities/1/skuRef"), ("B240", "/entities/1/locationRef")],
    ),
    "attributes as a list": (
        batch(one(attributes=[{"a": 1}])),
        [("B250", "/entities/0/attributes")],
    ),
    "dates": (
        batch(
            one(expectedOn="2026-03-23"),
            one(skuRef="SKU_2", attributes={"expiresOn": "soon", "expectedOn": None}),
            one(skuRef="SKU_3", attributes={"expectedOn": "2026-03-23T10:00:00.123+01:00"}),
        ),
        [("B260", "/entities/0/expectedOn"), ("B260", "/entities/1/attributes/expiresOn")],
    ),
    "null fields": (
        batch(one(type=None, status=None, ref=None, retailerId=None, attributes=None)),
        [],
    ),
    "no list of records": (batch() | {"entities": {"0": one()}}, [("B000", "/entities")]),
}


@pytest.mark.parametrize(("document", "expected"), BATCHES.values(), ids=BATCHES)
def test_a_batch_is_told_each_fault_once(
    document: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert found(Batch(document)) == expected


JOBS = {
    "a sound job": ({"name": "a", "retailerId": 1}, []),
    "metadata": ({"name": "a", "retailerId": 1, "metadata": {}}, [("J010", "/metadata")]),
    "a misspelt setting": (
        {"name": "a", "retailerId": 1, "meta": {"preProcesing": "skip"}},
        [("J010", "/meta/preProcesing")],
    ),
    "a setting of one's own": ({"name": "a", "retailerId": 1, "meta": {"process": "x"}}, []),
    "both": ({"name": "a", "retailerId": 1, "metadata": {}, "meta": {}}, []),
    "off": (
        {"name": "a", "retailerId": 1, "meta": {"preprocessing": "SKIP"}},
        [("J020", "/meta/preprocessing")],
    ),
    "no name": ({"retailerId": 1}, [("J000", "/name")]),
}


@pytest.mark.parametrize(("document", "expected"), JOBS.values(), ids=JOBS)
def test_a_job_is_told_each_fault_once(
    document: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert found(Job(document)) == expected


def test_a_batch_is_measured_by_its_jobs_retailer_where_that_is_known() -> None:
    document = batch(one(retailerId=2), one(skuRef="SKU_2", retailerId=2))

    assert found(Batch(document)) == []
    (finding,) = check(Batch(document, retailer_id="1"))
    assert finding.pointer == "/entities/0/retailerId"
    assert finding.found == "2, in 2 records"
    assert finding.expected == "the job's retailer, 1"


def test_a_batch_over_the_limit_is_told_of_its_size_and_of_nothing_of_the_schema() -> None:
    document = batch(*(one(skuRef=f"SKU_{n}") for n in range(5001)))

    (finding,) = check(Batch(document))

    assert (finding.rule_id, finding.pointer) == ("FOMS-B010", "/entities")
    assert (finding.found, finding.expected) == ("5,001 records", "at most 5,000")


def test_every_record_at_fault_is_told_and_not_a_first_few() -> None:
    document = batch(*(one(skuRef=f"SKU_{n}", qty=None) for n in range(500)))

    assert found(Batch(document)) == [("B000", f"/entities/{n}/qty") for n in range(500)]


def test_a_document_that_is_no_object_is_a_fault_of_its_schema_only() -> None:
    document: Any
    for document, kind in (([], Batch), ("x", Event), (None, Job)):
        assert [place for _, place in found(kind(document))] == [""]


def test_a_checker_without_the_rules_of_shape_looks_at_no_schema() -> None:
    checker = Checker(select(["FOMS-B110"]))

    assert [f.pointer for f in checker.check(Batch({"entities": [{"qty": -1}]}))] == [
        "/entities/0/qty"
    ]


@pytest.mark.parametrize(
    ("observation", "expected"),
    [
        (Batch(batch({"skuRef": "S"})), ["/entities/0/locationRef", "/entities/0/qty"]),
        (Batch(batch(one(type=None))), []),
        (Event(event("UpdateInventoryQty", {})), ["/attributes/items"]),
        (Event(event("UpdateInventoryQty", {"items": []})), ["/attributes/items"]),
        (Job({"name": "a", "retailerId": None}), ["/retailerId"]),
    ],
)
def test_payloads_and_their_parts_are_held_against_their_schema(
    observation: Observation, expected: list[str]
) -> None:
    shapes = Checker(select(["FOMS-B000", "FOMS-E000", "FOMS-J000"]))

    assert [finding.pointer for finding in shapes.check(observation)] == expected
