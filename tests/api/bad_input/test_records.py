"""Bad records of a batch get a clear refusal, and leave nothing behind."""

import pytest

from ...conftest import MakeSimulator
from ...support import Client, batch, delta, deltas, record
from ..helpers.replies import assert_goes_on, assert_refused, footprint, refusals
from .helpers.payloads import ASYNC, BATCH, WHOLE, WRITTEN, batch_text, without


@pytest.mark.parametrize(("size", "found"), [(0, "found []"), (5001, "5,001"), (20_000, "20,000")])
def test_a_batch_with_too_few_or_too_many_records(stocked: Client, size: int, found: str) -> None:
    records = [record(f"P{line}", "L", 1) for line in range(size)]
    assert_refused(stocked, BATCH, batch(*records), "/entities", found, "1 to 5,000 records")


def test_a_batch_of_5000_records(client: Client) -> None:
    client.job()
    batch_id = client.load([record(f"P{line}", "L", line) for line in range(5000)], job="1")

    assert client.batch(batch_id)["total"] == "5000"
    assert client.on_hand("P4999", "L") == 4999


@pytest.mark.parametrize(
    ("qty", "found", "expected"),
    [
        ("1.5", "1.5", WHOLE),
        ("-1.5", "-1.5", WHOLE),
        ("1e-1", "1e-1", WHOLE),
        ("-1", "-1", "zero or more"),
        ("-2147483648", "-2147483648", "zero or more"),
        ('"5"', '"5"', WHOLE),
        ('""', '""', WHOLE),
        ('"five"', '"five"', WHOLE),
        ("2147483648", "2147483648", "at most 2,147,483,647"),
        ("9223372036854775808", "9223372036854775808", "at most 2,147,483,647"),
        ("18446744073709551616", "1", "at most 2,147,483,647"),
        ("-18446744073709551616", "-1", "whole number"),
        ("1" * 300, "1", "at most 2,147,483,647"),
        ("1.0", "1.0", WRITTEN),
        ("-0.0", "-0.0", WRITTEN),
        ("1e2", "1e2", WRITTEN),
        ("true", "true", WHOLE),
        ("false", "false", WHOLE),
        ("[5]", "[5]", WHOLE),
        ("{}", "{}", WHOLE),
    ],
)
def test_a_quantity_that_is_none(stocked: Client, qty: str, found: str, expected: str) -> None:
    assert_refused(stocked, BATCH, batch_text(qty), "/entities/0/qty", f"found {found}", expected)


@pytest.mark.parametrize(
    "qty", ["1e400", "-1e400", "1" * 400, "1" * 5000, "NaN", "Infinity", "-Infinity"]
)
def test_a_quantity_beyond_all_numbers(stocked: Client, qty: str) -> None:
    assert_refused(stocked, BATCH, batch_text(qty), "/entities/0/qty", "found", "finite")


@pytest.mark.parametrize("qty", ["nan", "inf", "+1", "0x10", "1_000", ".5", "5.", "05"])
def test_a_quantity_that_json_does_not_know(stocked: Client, qty: str) -> None:
    assert_refused(stocked, BATCH, batch_text(qty), "not valid JSON", "column")


@pytest.mark.parametrize("qty", ["0", "-0", "2147483647"])
def test_a_quantity_at_the_edge(client: Client, qty: str) -> None:
    client.job()

    assert client.post(BATCH, batch_text(qty)).status_code == 200
    client.settle()
    assert client.on_hand("A", "L") == int(qty)


@pytest.mark.parametrize("qty", ["-5", "0", "-2147483648"])
def test_other_types_than_a_count_may_be_negative(client: Client, qty: str) -> None:
    client.job()

    assert client.post(BATCH, batch_text(qty, ',"type":"EXPECTED"')).status_code == 200


@pytest.mark.parametrize("name", ["correctedQty", "reservedQty"])
@pytest.mark.parametrize("qty", ["1.5", '"0"', "true", "18446744073709551616"])
def test_a_lesser_quantity_that_is_none(stocked: Client, name: str, qty: str) -> None:
    body = batch_text("5", f',"{name}":{qty}')
    assert_refused(stocked, BATCH, body, f"/entities/0/{name}", "whole number")


@pytest.mark.parametrize(
    ("name", "longest"),
    [
        ("ref", 100),
        ("type", 50),
        ("status", 50),
        ("inventoryId", 100),
        ("uom", 255),
        ("lot", 255),
    ],
)
def test_a_text_of_a_record_that_is_too_long(stocked: Client, name: str, longest: int) -> None:
    fits = batch(record("A", "L", 10, **{name: "x" * longest}))
    assert stocked.post(BATCH, fits).status_code == 200
    stocked.settle()

    over = batch(record("A", "L", 10, **{name: "x" * (longest + 1)}))
    expected = f"at most {longest} characters (it has {longest + 1})"
    assert_refused(stocked, BATCH, over, f"/entities/0/{name}", expected)


@pytest.mark.parametrize("name", ["skuRef", "locationRef"])
@pytest.mark.parametrize("length", [101, 10_000])
def test_a_ref_of_a_record_that_is_too_long(stocked: Client, name: str, length: int) -> None:
    document = batch(record("A", "L", 10) | {name: "x" * length})
    [(_, message)] = assert_refused(
        stocked, BATCH, document, f"/entities/0/{name}", "at most 100 characters"
    )
    assert len(message) < 300


@pytest.mark.parametrize("length", [100, 101])
def test_a_position_ref_may_have_100_characters(stocked: Client, length: int) -> None:
    product = "x" * (length - len(":L:DEFAULT"))
    if length == 100:
        stocked.load([record(product, "L", 5)], job="1")
        assert stocked.on_hand(product, "L") == 5
    else:
        assert_refused(
            stocked, BATCH, batch(record(product, "L", 5)), "/entities/0/skuRef", "101", "100"
        )
        assert_refused(
            stocked,
            ASYNC,
            deltas(delta(product, "L", 5, "d")),
            "/attributes/deltas/0/productRef",
            "101",
            "100",
        )


@pytest.mark.parametrize("name", ["skuRef", "locationRef", "qty"])
def test_a_record_that_lacks_something(stocked: Client, name: str) -> None:
    document = batch(record("B", "L", 5), without(record("A", "L", 5), name))
    where = f"/entities/1/{name} is missing"
    assert_refused(stocked, BATCH, document, f"'{name}' is required", where)


def test_every_fault_of_a_batch_is_listed(stocked: Client) -> None:
    document = batch(
        record("A", "L", -1),
        record("B", "L", 5),
        record("", "L", "5"),
        record("A", "L", 1.0, retailerId=2),
        action="DELETE",
    )

    listed = [message for _, message in refusals(stocked.post(BATCH, document))]

    pointers = [
        "/action",
        "/entities/0/qty",
        "/entities/2/skuRef",
        "/entities/2/qty",
        "/entities/3/qty",
        "/entities/3/retailerId",
    ]
    for pointer in pointers:
        assert sum(f"at {pointer} found" in message for message in listed) == 1, pointer
    assert len(listed) == len(pointers)


@pytest.mark.parametrize(("bad", "more"), [(99, None), (100, None), (101, "1"), (5000, "4,900")])
def test_the_list_of_faults_is_bounded(stocked: Client, bad: int, more: str | None) -> None:
    records = [record("A", "L", -1) for _ in range(bad)]
    before = footprint(stocked)

    listed = [message for _, message in refusals(stocked.post(BATCH, batch(*records)))]

    assert f"/entities/{min(bad, 100) - 1}/qty" in listed[min(bad, 100) - 1]
    if more is None:
        assert len(listed) == bad
    else:
        assert len(listed) == 101
        assert listed[-1] == f"... and {more} more faults; the first 100 are listed"
    assert_goes_on(stocked, before)


def test_one_bad_record_keeps_the_others_of_its_batch_out(stocked: Client) -> None:
    document = batch(record("A", "L", 1), record("NEW", "L", 5), record("A", "M", -1))

    assert_refused(stocked, BATCH, document, "/entities/2/qty")


@pytest.mark.parametrize("name", ["qty", "skuRef"])
def test_unknown_fields_can_be_refused(make_simulator: MakeSimulator, name: str) -> None:
    client = Client(make_simulator(schema_unknown_fields="refuse"))
    client.job()
    wrong = name + "X"

    assert_refused(client, BATCH, batch_text("5", f',"{wrong}":1'), f"/entities/0/{wrong}")


def test_refuse_record_applies_the_sound_ones(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(batch_invalid_record="refuse_record"))
    client.job()
    batch_id = client.load(
        [record("A", "L", 5), record("B", "L", -1), record("C", "L", 1.0), record("D", "L", 6)],
        job="1",
    )

    status = client.batch(batch_id)

    assert [row["responseCode"] for row in status["results"]] == ["200", "500", "500", "200"]
    assert "/entities/1/qty found -1" in status["results"][1]["message"]
    assert "entityId" not in status["results"][1]
    assert [position["productRef"] for position in client.positions()] == ["A", "D"]
    assert status["status"] == "COMPLETE"
