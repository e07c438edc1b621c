"""What a refused payload is told: where, what was found, what was expected."""

from typing import Any

import pytest
from fluent_oms_simulator.errors import Fault
from fluent_oms_simulator.intake.explanations import preview
from fluent_oms_simulator.intake.schemas import ROWS_AT_ONCE, Schemas

RECORD = {"skuRef": "SKU_1", "locationRef": "LOC_1", "qty": 5}
DELTA = {"productRef": "D45", "locationRef": "LOC_MEL", "qty": -10, "deltaId": "123AT"}
ITEM = {"fulfilmentId": "100", "skuRef": "SKU_1", "locationRef": "LOC_1", "reserveQty": "-5"}
EVENT = {"name": "E", "retailerId": "1", "entityType": "T", "entityRef": "DEFAULT:1"}
RETAILER = "a retailer id: text of 1 to 20 characters, or a whole number"
REFERENCE = "text of 1 to 100 characters"


def batch(*records: object, **changes: object) -> dict[str, object]:
    return {"action": "UPSERT", "entityType": "INVENTORY", "entities": list(records), **changes}


def without(document: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key != name}


@pytest.mark.parametrize("kind", ["job", "batch", "event", "inventory_delta"])
@pytest.mark.parametrize(
    ("document", "found"), [(None, "null"), ([], "[]"), ("x", '"x"'), (3, "3"), (True, "true")]
)
def test_a_document_that_is_no_object(kind: str, document: object, found: str) -> None:
    assert Schemas().faults(kind, document) == ([Fault("", found, "an object")], 1)


@pytest.mark.parametrize(
    ("kind", "document", "pointer", "found", "expected"),
    [
        ("job", {"name": 1, "retailerId": 1}, "/name", "1", "text of 1 to 255 characters"),
        ("job", {"name": "", "retailerId": 1}, "/name", '""', "text of 1 to 255 characters"),
        ("job", {"name": "x", "retailerId": 1.5}, "/retailerId", "1.5", RETAILER),
        ("job", {"name": "x", "retailerId": 1, "meta": None}, "/meta", "null", "an object"),
        (
            "job",
            {"name": "x", "retailerId": -1},
            "/retailerId",
            "-1",
            "a whole number, zero or more",
        ),
        ("batch", batch(RECORD, action="DELETE"), "/action", '"DELETE"', '"UPSERT"'),
        ("batch", batch(RECORD, entityType=None), "/entityType", "null", '"INVENTORY"'),
        ("batch", batch(RECORD, source=None), "/source", "null", REFERENCE),
        ("batch", batch(), "/entities", "[]", "1 to 5,000 records (it has 0)"),
        ("batch", batch(RECORD, entities="x"), "/entities", '"x"', "a list"),
        ("batch", batch(RECORD, 5), "/entities/1", "5", "an object"),
        (
            "batch",
            batch(RECORD, RECORD | {"qty": -1}),
            "/entities/1/qty",
            "-1",
            "a whole number, zero or more",
        ),
        (
            "batch",
            batch(RECORD | {"qty": -1, "type": "LAST_ON_HAND"}),
            "/entities/0/qty",
            "-1",
            "a whole number, zero or more",
        ),
        ("batch", batch(RECORD | {"qty": -1.5}), "/entities/0/qty", "-1.5", "a whole number"),
        ("batch", batch(RECORD | {"qty": "5"}), "/entities/0/qty", '"5"', "a whole number"),
        (
            "batch",
            batch(RECORD | {"qty": 2**31}),
            "/entities/0/qty",
            "2147483648",
            "a whole number, at most 2,147,483,647",
        ),
        (
            "batch",
            batch(RECORD | {"type": None}),
            "/entities/0/type",
            "null",
            "text of 1 to 50 characters",
        ),
        (
            "batch",
            batch(RECORD | {"ref": "a\nb"}),
            "/entities/0/ref",
            '"a\\nb"',
            "text without control characters",
        ),
        (
            "batch",
            batch(RECORD | {"ref": "é" * 140}),
            "/entities/0/ref",
            '"' + "é" * 78 + "…",
            "at most 100 characters (it has 140)",
        ),
        ("event", EVENT | {"entityRef": None}, "/entityRef", "null", REFERENCE),
        ("event", EVENT | {"attributes": []}, "/attributes", "[]", "an object or null"),
        (
            "inventory_delta",
            {"deltas": [DELTA | {"qty": 0}]},
            "/deltas/0/qty",
            "0",
            "a whole number other than zero",
        ),
        (
            "inventory_delta",
            {"deltas": [DELTA, DELTA | {"type": "LAST_ON_HAND"}]},
            "/deltas/1/type",
            '"LAST_ON_HAND"',
            'anything but "LAST_ON_HAND"',
        ),
        (
            "update_inventory_qty",
            {"items": [ITEM | {"saleQty": "1.0"}]},
            "/items/0/saleQty",
            '"1.0"',
            "a whole number, or text holding one",
        ),
    ],
)
def test_one_thing_wrong_is_one_fault(
    kind: str, document: object, pointer: str, found: str, expected: str
) -> None:
    assert not Schemas().is_valid(kind, document)
    assert Schemas().faults(kind, document) == ([Fault(pointer, found, expected)], 1)


@pytest.mark.parametrize(
    ("kind", "document", "pointer", "expected"),
    [
        ("batch", {"action": "UPSERT", "entityType": "INVENTORY"}, "/entities", "a list"),
        ("batch", without(batch(RECORD), "action"), "/action", '"UPSERT"'),
        ("batch", batch(without(RECORD, "qty")), "/entities/0/qty", "a whole number"),
        ("event", without(EVENT, "name"), "/name", REFERENCE),
        (
            "event",
            without(EVENT, "entityRef"),
            "/entityRef",
            f"{REFERENCE} (or entityId in its place)",
        ),
        (
            "inventory_delta",
            {"deltas": [without(DELTA, "deltaId")]},
            "/deltas/0/deltaId",
            REFERENCE,
        ),
        (
            "update_inventory_qty",
            {"items": [without(ITEM, "reserveQty")]},
            "/items/0/reservedQty",
            "a whole number, or text holding one"
            " (or reserveQty, saleQty, correctionQty or cancelQty in its place)",
        ),
    ],
)
def test_a_missing_field(kind: str, document: object, pointer: str, expected: str) -> None:
    fault = Fault(pointer, "nothing", expected, missing=True)

    assert Schemas().faults(kind, document) == ([fault], 1)


@pytest.mark.parametrize(
    ("document", "found"),
    [(without(EVENT, "retailerId"), "nothing"), (EVENT | {"retailerId": None}, "null")],
)
def test_an_absent_retailer_has_the_documented_code(document: object, found: str) -> None:
    (fault,), _ = Schemas().faults("event", document)

    assert fault == Fault("/retailerId", found, RETAILER, "NotNull", missing=True)
    assert fault.message.startswith("'retailerId' is required")


@pytest.mark.parametrize("retailer", ["1", 1, "0", "x" * 20, 2**53 - 1])
def test_a_retailer_is_text_or_a_number(retailer: object) -> None:
    assert Schemas().is_valid("event", EVENT | {"retailerId": retailer})


@pytest.mark.parametrize("text", ["-5", "+5", "0", "2147483647", "0000000000", "-1234567890"])
def test_an_order_side_quantity_may_be_text(text: str) -> None:
    assert Schemas().is_valid("update_inventory_qty", {"items": [ITEM | {"reserveQty": text}]})


@pytest.mark.parametrize("text", ["", "5\n", "٣", "5.0", "--5", "5-", "1e2", "12345678901", "-"])
def test_an_order_side_quantity_may_not_be_any_text(text: str) -> None:
    assert not Schemas().is_valid("update_inventory_qty", {"items": [ITEM | {"reserveQty": text}]})


def test_other_types_may_be_negative() -> None:
    assert Schemas().is_valid("batch", batch(RECORD | {"qty": -1, "type": "IN_TRANSIT"}))


def test_faults_come_in_document_order() -> None:
    document = {
        "source": 1,
        "entities": [RECORD | {"qty": None, "skuRef": ""}, RECORD, without(RECORD, "qty")],
        "entityType": "X",
        "a/b~c": 1,
    }
    faults, total = Schemas(unknown_fields="refuse").faults("batch", document)

    assert total == 7
    assert [fault.pointer for fault in faults] == [
        "/action",
        "/source",
        "/entities/0/skuRef",
        "/entities/0/qty",
        "/entities/2/qty",
        "/entityType",
        "/a~1b~0c",
    ]


def test_many_faults_are_counted_and_the_first_are_listed() -> None:
    faults, total = Schemas().faults("batch", batch(*[{"qty": 1}] * 300, action=None), limit=100)

    assert total == 601
    assert [len(faults), faults[-1].pointer] == [100, "/entities/49/skuRef"]


def test_a_list_far_too_long_is_refused_without_a_look_at_its_rows() -> None:
    schemas = Schemas()
    # Whoever looked at one of these rows would stumble: no JSON has such a value.
    assert not schemas.is_valid("batch", batch(*[object()] * 5_001))

    document = batch(*[{}] * 200_000, action="X")
    assert not schemas.is_valid("batch", document)
    faults, total = schemas.faults("batch", document)
    assert [fault.pointer for fault in faults] == ["/action", "/entities"]
    assert faults[1].expected == "1 to 5,000 records (it has 200,000)"
    assert total == 2


def test_counting_stops_where_nobody_reads_on() -> None:
    row = {"skuRef": 1, "locationRef": 1, "qty": "", "type": 1, "ref": 1, "status": 1}
    _, total = Schemas().faults("batch", batch(*[row] * 5000))

    assert 20_000 <= total < 20_010


@pytest.mark.parametrize("place", [0, ROWS_AT_ONCE - 1, ROWS_AT_ONCE, 2 * ROWS_AT_ONCE, -1])
@pytest.mark.parametrize(
    ("kind", "rows", "row"),
    [
        ("batch", "entities", RECORD),
        ("inventory_delta", "deltas", DELTA),
        ("update_inventory_qty", "items", ITEM),
    ],
)
def test_a_fault_is_seen_wherever_it_stands_in_a_long_list(
    kind: str, rows: str, row: dict[str, Any], place: int
) -> None:
    schemas, size = Schemas(unknown_fields="refuse"), 2 * ROWS_AT_ONCE + 2
    envelope = batch() if kind == "batch" else {}
    sound: dict[str, Any] = {**envelope, rows: [row] * size}
    assert schemas.is_valid(kind, sound)

    for fault in (without(row, "skuRef" if kind != "inventory_delta" else "qty"), row | {"x": 1}):
        listed = [row] * size
        listed[place] = fault
        assert not schemas.is_valid(kind, {**sound, rows: listed})
        assert schemas.faults(kind, {**sound, rows: listed})[1] == 1
    assert not schemas.is_valid(kind, {**sound, "x": 1})


def test_an_envelope_and_its_rows_are_judged_apart() -> None:
    schemas = Schemas()

    assert schemas.is_valid("batch_envelope", batch({"qty": "x"}))
    assert not schemas.is_valid("batch_envelope", batch())
    assert schemas.is_valid("batch_row", RECORD)
    assert schemas.faults("batch_row", without(RECORD, "qty"))[1] == 1


def test_unknown_fields_are_refused_on_request() -> None:
    document = batch(RECORD | {"colour": "red", "attributes": {"anything": [1]}})

    assert Schemas().is_valid("batch", document)
    (fault,), total = Schemas(unknown_fields="refuse").faults("batch", document)
    assert (fault.pointer, fault.found, total) == ("/entities/0/colour", '"red"', 1)
    assert fault.expected.startswith("no field but skuRef, locationRef, qty, ")


@pytest.mark.parametrize(
    ("qty", "valid"), [("5", True), ("0", True), ("-5", False), ("x", False), (5, True)]
)
def test_text_quantities_are_accepted_on_request(qty: object, valid: bool) -> None:
    schemas = Schemas(string_numbers="accept")

    assert schemas.is_valid("batch", batch(RECORD | {"qty": qty})) is valid
    assert len(schemas.faults("batch", batch(RECORD | {"qty": qty}))[0]) == (not valid)


@pytest.mark.parametrize(("qty", "valid"), [("-5", True), ("0", False), ("-00", False), (0, False)])
def test_a_text_delta_is_not_zero_either(qty: object, valid: bool) -> None:
    document = {"deltas": [DELTA | {"qty": qty}]}

    assert Schemas(string_numbers="accept").is_valid("inventory_delta", document) is valid


def test_a_delta_id_may_be_left_out_on_request() -> None:
    document = {"deltas": [without(DELTA, "deltaId")]}

    assert Schemas(missing_delta_id="generate").is_valid("inventory_delta", document)


def test_a_preview_of_a_huge_or_deep_value_is_short_and_cheap() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]

    assert preview(deep) == "[" * 79 + "…"
    assert preview({"a": list(range(1000))}).startswith('{"a": [0, 1, 2')
    assert len(preview("x" * 1000)) == 80
    assert preview("é\n") == '"é\\n"'
    while deep:  # Taken apart by hand: its own end would overrun the stack.
        deep = deep.pop()
