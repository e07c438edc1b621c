"""What the rules find about the fields that quantities have had since 2026, and what they leave.

Send enhanced inventory attributes, 23 Mar 2026; Future Inventory and Stock Segmentation, Data Model
and API Overview, 27 Mar 2026.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fluent_oms_simulator.contracts.all_rules import RULES, select
from fluent_oms_simulator.contracts.checking import Checker
from fluent_oms_simulator.contracts.rules.rule import Batch, Finding, Severity
from fluent_oms_simulator.domain.quantity_fields import IN_RECORDS
from hypothesis import given
from hypothesis import strategies as st

from ..conftest import MakeSimulator
from ..support import Client, batch, record

PAYLOAD_RULES = select(["FOMS-B"])
EARLY, LATE = "2026-03-23T00:00:00Z", "2026-09-01T12:00:00+02:00"
ONE, OTHER = "SKU_1:LOC_1:DEFAULT:LAST_ON_HAND", "SKU_2:LOC_1:DEFAULT:LAST_ON_HAND"


def check(document: dict[str, Any], at: float | None = None) -> list[Finding]:
    findings: list[Finding] = Checker(PAYLOAD_RULES).check(Batch(document, at=at))
    return findings


def found(document: dict[str, Any], at: float | None = None) -> list[tuple[str, str]]:
    """Rule and place of what is found, the place from the record on."""
    return [
        (one.rule_id.removeprefix("FOMS-"), one.pointer.removeprefix("/entities/"))
        for one in check(document, at)
    ]


def one(quantity: int = 5, sku: str = "SKU_1", **changes: Any) -> dict[str, Any]:
    """A record; arguments that are attributes of it are written in `having`."""
    return {**record(sku, "LOC_1", quantity), **changes}


def having(quantity: int = 5, /, *, sku: str = "SKU_1", **attributes: Any) -> dict[str, Any]:
    """A count with these attributes."""
    return one(quantity, sku, attributes=attributes)


def under(parent: str, ref: str, **changes: Any) -> dict[str, Any]:
    """A reservation under a quantity."""
    return one(
        -1, **{"type": "RESERVED", "ref": ref, "attributes": {"parentRef": parent}, **changes}
    )


def coming(**attributes: Any) -> dict[str, Any]:
    """Goods on order."""
    return one(type="ON_ORDER", attributes=attributes)


PARENTS = {
    "a parent that the batch brings": (batch(one(ref="SHELF"), under("SHELF", "R")), []),
    "a parent that an earlier batch has brought": (batch(under("SHELF", "R")), []),
    "the count of the position, by the ref that is made for it": (
        batch(one(), under(ONE, "R")),
        [],
    ),
    "the count of another position": (
        batch(one(), under(OTHER, "R")),
        [("B330", "1/attributes/parentRef")],
    ),
    "the count of another position, by its record": (
        batch(one(ref="SHELF", sku="SKU_2"), under("SHELF", "R")),
        [("B330", "1/attributes/parentRef")],
    ),
    "a count of a catalogue of another type": (
        batch(under("SKU_1:LOC_1:OUTLET:LAST_ON_HAND", "R"), catalogueRef="OUTLET:1"),
        [],
    ),
    "itself": (
        batch(one(ref="A", attributes={"parentRef": "A"})),
        [("B340", "0/attributes/parentRef")],
    ),
    "itself, by the ref that is made for it": (
        batch(having(parentRef=ONE)),
        [("B340", "0/attributes/parentRef")],
    ),
    "a ring of three": (
        batch(under("C", "A"), under("A", "B"), under("B", "C")),
        [("B340", "2/attributes/parentRef"), ("B350", "0/attributes/parentRef")],
    ),
    "a chain": (batch(one(ref="A"), under("A", "B"), under("B", "C")), []),
    "a parent after its child": (
        batch(under("A", "B"), one(ref="A")),
        [("B350", "0/attributes/parentRef")],
    ),
    "a parent that comes before and after its child": (
        batch(one(ref="A"), under("A", "B"), one(6, ref="A")),
        [("B070", "2/qty")],
    ),
    "a parent that is no text": (
        batch(having(parentRef=7)),
        [("B360", "0/attributes/parentRef")],
    ),
    "records that are none": (batch() | {"entities": [7, {"attributes": {"parentRef": "A"}}]}, [
        ("B000", "0"), ("B000", "1/skuRef"), ("B000", "1/locationRef"), ("B000", "1/qty"),
    ]),
}  # fmt: skip

DETAILS = {
    "every field as it is documented": (
        batch(
            one(
                type="IN_TRANSIT",
                ref="PO_9",
                attributes={
                    "condition": "NEW", "expectedOn": EARLY, "expiresOn": LATE,
                    "storageAreaRef": "A1", "associationType": "PURCHASE_ORDER",
                    "associationRef": "PO_9", "countryOfOrigin": "IT", "channel": "WEB",
                    "supplier": "S", "manufacturer": "M", "manufacturerBatchNumber": "L1",
                    "segment1": "EU", "segment2": "B2B", "segment3": "1", "parentRef": "ORDER",
                },
            )
        ),
        [],
    ),
    "attributes of one's own": (
        batch(having(colour="red", batch="7", country="IT", segment="EU", onOrder=5)),
        [],
    ),
    "a segment that is a number, and one that is null": (
        batch(having(segment1=7, segment2=None)),
        [("B360", "0/attributes/segment1")],
    ),
    "a condition that is a list": (
        batch(having(condition=["NEW"])),
        [("B360", "0/attributes/condition")],
    ),
    "names written otherwise": (
        batch(having(expectedon=EARLY, storageArea="A1", Segment_1="EU", parent="A", expiry=LATE)),
        [
            ("B370", "0/attributes/expectedon"),
            ("B370", "0/attributes/storageArea"),
            ("B370", "0/attributes/Segment_1"),
            ("B370", "0/attributes/parent"),
            ("B370", "0/attributes/expiry"),
        ],
    ),
    "another name beside the right one": (
        batch(having(storageArea="first floor", storageAreaRef="A1")),
        [],
    ),
    "fields beside the attributes": (
        batch(one(condition="NEW", segment_1="EU", channel=None)),
        [("B380", "0/condition"), ("B380", "0/segment_1")],
    ),
    "a field that stands among the attributes as well": (
        batch(one(supplier="S", attributes={"supplier": "S"})),
        [],
    ),
    "the fields of the vendor's client": (
        batch(one(type="EXPECTED", expectedOn=EARLY, expiry=LATE, lot="L1", uom="EA")),
        [],
    ),
    "a date of the vendor's client that is none": (
        batch(one(expiry="soon")),
        [("B260", "0/expiry")],
    ),
    "goods that expire before they come": (
        batch(coming(expectedOn=LATE, expiresOn=EARLY)),
        [("B390", "0/attributes/expiresOn")],
    ),
    "goods that expire as they come": (batch(coming(expectedOn=EARLY, expiresOn=EARLY)), []),
    "an hour earlier, and in another time zone": (
        batch(coming(expectedOn="2026-03-23T00:30:00Z", expiresOn="2026-03-23T01:00:00+01:00")),
        [("B390", "0/attributes/expiresOn")],
    ),
    "one date beside the attributes": (
        batch(one(type="ON_ORDER", expiry=EARLY, attributes={"expectedOn": LATE})),
        [("B390", "0/expiry")],
    ),
    "dates of which one cannot be read": (
        batch(coming(expectedOn=LATE, expiresOn="2026-03-23T10:00:00")),
        [("B000", "0/attributes/expiresOn")],
    ),
    "goods on order without a date": (
        batch(one(type="ON_ORDER"), one(type="IN_TRANSIT"), one(type="ON_ORDER", sku="SKU_2")),
        [("B400", "0/type"), ("B400", "1/type")],
    ),
    "goods on order that are no longer": (batch(one(0, type="ON_ORDER")), []),
    "types of one's own without a date": (batch(one(type="LAYBY"), one(type="RETURNED")), []),
    "a count that is expected": (
        batch(having(expectedOn="2999-01-01T00:00:00Z"), coming(expectedOn="2999-01-01T00:00:00Z")),
        [("B410", "0/attributes/expectedOn")],
    ),
    "types written otherwise": (
        batch(one(type="onOrder", attributes={"expectedOn": EARLY})),
        [("B130", "0/type")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("document", "expected"), PARENTS.values(), ids=PARENTS)
def test_a_batch_is_told_what_is_wrong_with_a_parent(
    document: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert found(document) == expected


@pytest.mark.parametrize(("document", "expected"), DETAILS.values(), ids=DETAILS)
def test_a_batch_is_told_each_fault_of_a_quantitys_fields_once(
    document: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert sorted(found(document)) == sorted(expected)


def test_a_sound_batch_of_2026_breaks_no_rule_at_all() -> None:
    """As the newest sample describes it: segmented counts, goods on order, goods under them."""
    document = batch(
        one(ref="EU", attributes={"countryOfOrigin": "IT", "expiresOn": LATE, "segment1": "EU"}),
        one(7, ref="US", attributes={"countryOfOrigin": "MX", "expiresOn": LATE, "segment1": "US"}),
        one(50, type="ON_ORDER", ref="PO_9", attributes={"expectedOn": LATE}),
        one(20, type="IN_TRANSIT", attributes={"parentRef": "PO_9", "expectedOn": EARLY}),
    )

    checker = Checker(RULES)
    assert [*checker.check(Batch(document)), *checker.finish(None)] == []


def test_a_count_is_in_the_future_of_the_moment_at_which_it_was_sent() -> None:
    sent = datetime(2026, 3, 22, tzinfo=UTC)

    document = batch(having(expectedOn=EARLY))
    assert found(document, sent.timestamp()) == [("B410", "0/attributes/expectedOn")]
    assert found(document, (sent + timedelta(days=2)).timestamp()) == []


def test_only_what_cannot_be_stored_is_an_error() -> None:
    severities = {
        kind.id.removeprefix("FOMS-"): kind.severity
        for kind in PAYLOAD_RULES
        if "FOMS-B330" <= kind.id <= "FOMS-B410"
    }

    errors = {name for name, severity in severities.items() if severity is Severity.ERROR}
    assert errors == {"B330", "B340", "B360"}
    assert len(severities) == 9


def test_a_long_chain_of_parents_is_no_fault() -> None:
    records = [one(ref="0"), *(under(str(n), str(n + 1)) for n in range(4_998))]

    assert found(batch(*records)) == []


def test_a_name_one_letter_off_is_told_and_names_of_ones_own_are_not() -> None:
    own = (
        "channels",
        "conditions",
        "segment4",
        "supplierRef",
        "associationName",
        "colour",
        "lotNo",
        "manufactured",
        "supplied",
        "segment",
        "segment12",
        "parentRefs",
    )
    off = {
        "asociationType": "associationType",
        "segmant1": "segment1",
        "suplier": "supplier",
        "chanel": "channel",
        "paretnRef": "parentRef",
        "expectedOm": "expectedOn",
        "parent_Reff": "parentRef",
    }

    assert found(batch(having(**dict.fromkeys(own, "x")))) == []
    for name, right in off.items():
        [finding] = check(batch(having(**{name: "x"})))
        assert (finding.rule_id, finding.pointer) == (
            "FOMS-B370",
            f"/entities/0/attributes/{name}",
        )
        assert right in finding.expected


EDITS = st.sampled_from(("another", "more", "less", "in turn"))


@given(st.sampled_from(sorted(IN_RECORDS)), EDITS, st.integers(0, 30), st.sampled_from("kqx"))
def test_every_letter_that_is_off_is_told(field: str, edit: str, at: int, letter: str) -> None:
    at %= len(field) - 1
    if edit == "in turn":
        off = f"{field[:at]}{field[at + 1]}{field[at]}{field[at + 2 :]}"
    else:
        start, end = at + (edit == "more"), at + (edit != "more")
        off = f"{field[:start]}{'' if edit == 'less' else letter}{field[end + (edit == 'more') :]}"

    [*told] = found(batch(having(**{off: "x"})))
    assert told == ([] if off == field else [("B370", f"0/attributes/{off}")])


def test_an_optional_field_of_a_record_and_of_a_batch_that_is_one_letter_off_is_told() -> None:
    document = batch(one(atributes={"a": 1}, retailorId=1, expiri=LATE), catalogeRef="DEFAULT:1")

    assert sorted(found(document)) == [
        ("B220", "/catalogeRef"),
        ("B220", "0/atributes"),
        ("B220", "0/expiri"),
        ("B220", "0/retailorId"),
    ]
    assert found(batch(one(stats=1, statuses=2, lots=1, styleRef="x"), sources=["x"])) == []


def test_the_form_of_graphql_is_told_to_be_name_and_value() -> None:
    [finding] = check(batch(having(segment1={"name": "segment1", "value": "EU"})))

    assert finding.rule_id == "FOMS-B360"
    assert "its value alone" in finding.expected


def test_one_field_with_two_values_is_told() -> None:
    twice = having(expectedOn=EARLY) | {"expectedOn": LATE, "type": "ON_ORDER"}

    assert found(batch(twice)) == [("B430", "0/attributes/expectedOn")]
    assert found(batch(having(expectedOn=EARLY) | {"expectedOn": EARLY, "type": "ON_ORDER"})) == []


def test_a_reservation_that_adds_is_told() -> None:
    assert found(batch(one(5, type="RESERVED"))) == [("B160", "0/qty")]
    assert found(batch(one(-5, type="RESERVED"), one(0, "SKU_2", type="RESERVED"))) == []


REFS_OF_TWO = {
    "two products": (one(ref="A"), one(sku="SKU_2", ref="A")),
    "two types": (one(ref="A"), one(ref="A", type="DAMAGED")),
    "a ref that is built for another type": (
        one(type="DAMAGED"),
        one(ref="SKU_1:LOC_1:DEFAULT:DAMAGED", type="LAYBY"),
    ),
}
BUILT_REFS = {
    "the count of another position": ((one(), one(sku="SKU_2", ref=ONE)), "1/ref"),
    "the count of a position that is not in the batch": ((one(ref=OTHER),), "0/ref"),
    "a ref that is built for a record after it": (
        (
            one(ref="SKU_2:LOC_1:DEFAULT:DAMAGED", type="DAMAGED"),
            one(sku="SKU_2", type="DAMAGED"),
        ),
        "1",
    ),
}


@pytest.mark.parametrize("records", REFS_OF_TWO.values(), ids=REFS_OF_TWO)
def test_one_ref_of_two_quantities_is_an_error_and_fails_on_the_server(
    records: tuple[dict[str, Any], ...], make_simulator: MakeSimulator
) -> None:
    client = Client(make_simulator())

    [finding] = check(batch(*records))
    job = client.job()
    client.load(list(records), job=job)
    answers = client.batch("1", job)["results"]

    assert (finding.rule_id, finding.pointer) == ("FOMS-B420", "/entities/1/ref")
    assert finding.severity is Severity.ERROR
    assert [answer["responseCode"] for answer in answers] == ["200", "500"]


@pytest.mark.parametrize(("records", "place"), BUILT_REFS.values(), ids=BUILT_REFS)
def test_a_ref_that_is_built_for_another_quantity_is_an_error_and_fails_on_the_server(
    records: tuple[dict[str, Any], ...], place: str, make_simulator: MakeSimulator
) -> None:
    client = Client(make_simulator())
    document = batch(*records)
    job = client.job()
    client.load(list(records), job=job)
    answers = client.batch("1", job)["results"]

    failed = [n for n, answer in enumerate(answers) if answer["responseCode"] == "500"]
    assert found(document) == [("B420", place)]
    assert failed == [int(place[0])]


def test_a_ref_that_is_built_for_the_record_itself_is_no_fault() -> None:
    own = "SKU_1:LOC_1:DEFAULT:DAMAGED"

    assert found(batch(one(ref=ONE), one(sku="SKU_2"))) == []
    assert found(batch(one(ref=own, type="DAMAGED"), one(type="LAYBY"))) == []


@pytest.mark.parametrize("records", list(REFS_OF_TWO.values())[:2], ids=list(REFS_OF_TWO)[:2])
def test_a_ref_of_an_earlier_batch_is_told_and_another_catalogues_is_not(
    records: tuple[dict[str, Any], ...],
) -> None:
    first, second = (batch(one_of) for one_of in records)
    checker = Checker(select(["FOMS-S011"]))

    assert checker.check(Batch(first)) == []
    assert checker.check(Batch(second | {"catalogueRef": "DEFAULT:2"})) == []
    assert [f.pointer for f in checker.check(Batch(second))] == ["/entities/0/ref"]
    assert checker.check(Batch(first)) == []


def test_a_parent_of_another_position_is_told_over_batches() -> None:
    order, shipment = one(ref="PO", type="DAMAGED"), under("PO", "SHIP", skuRef="SKU_2")
    checker = Checker(select(["FOMS-S012"]))

    assert checker.check(Batch(batch(order))) == []
    assert checker.check(Batch(batch(under("PO", "OTHER")))) == []
    [finding] = checker.check(Batch(batch(shipment)))
    assert finding.pointer == "/entities/0/attributes/parentRef"
    nothings: list[Any] = [[], {}, 5, None]
    for nowhere in nothings:
        assert checker.check(Batch(batch({**shipment, "skuRef": nowhere}))) == []


@pytest.mark.parametrize(
    ("parent", "rule"), [("{{x}}", "B270"), ("undefined", "B270"), ("null", "B280")]
)
def test_a_parent_that_was_never_filled_in_is_told(parent: str, rule: str) -> None:
    assert found(batch(under(parent, "R"))) == [(rule, "0/attributes/parentRef")]


def test_a_lot_with_two_numbers_is_told() -> None:
    assert found(batch(having(manufacturerBatchNumber="B") | {"lot": "A"})) == [
        ("B430", "0/attributes/manufacturerBatchNumber")
    ]


def test_one_record_twice_with_another_date_is_no_mere_repeat() -> None:
    rows = (coming(expectedOn=EARLY), coming(expectedOn=LATE))
    [finding] = check(batch(*rows))

    assert finding.rule_id == "FOMS-B080"
    assert "but for its other fields" in finding.found
