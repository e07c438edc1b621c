"""Bad deltas of an event get a clear refusal, and leave nothing behind."""

import pytest

from ...support import Client, delta, deltas
from ..helpers.replies import assert_refused, refusals
from .helpers.payloads import ASYNC, SYNC, WHOLE, WRITTEN, delta_text, without


@pytest.mark.parametrize("path", [ASYNC, SYNC])
@pytest.mark.parametrize(
    ("qty", "found", "expected"),
    [
        ("0", "0", "other than zero"),
        ("-0", "0", "other than zero"),
        ("1.5", "1.5", WHOLE),
        ("-0.5", "-0.5", WHOLE),
        ("1.0", "1.0", WRITTEN),
        ("-1e1", "-1e1", WRITTEN),
        ('"-5"', '"-5"', WHOLE),
        ("2147483648", "2147483648", "at most 2,147,483,647"),
        ("-2147483649", "-2147483649", "at least -2,147,483,648"),
        ("18446744073709551616", "1", "at most 2,147,483,647"),
        ("true", "true", WHOLE),
        ("[]", "[]", WHOLE),
    ],
)
def test_a_delta_that_changes_nothing_or_by_no_number(
    stocked: Client, path: str, qty: str, found: str, expected: str
) -> None:
    where = "/attributes/deltas/0/qty"
    assert_refused(stocked, path, delta_text(qty), where, f"found {found}", expected)


@pytest.mark.parametrize("qty", ["1e400", "-1e400"])
def test_a_delta_beyond_all_numbers(stocked: Client, qty: str) -> None:
    assert_refused(stocked, ASYNC, delta_text(qty), "/attributes/deltas/0/qty", "found")


def test_a_delta_of_zero_written_as_a_fraction(stocked: Client) -> None:
    listed = refusals(stocked.post(ASYNC, delta_text("0.0")))

    assert all("/attributes/deltas/0/qty found 0.0" in message for _, message in listed)


@pytest.mark.parametrize("path", [ASYNC, SYNC])
@pytest.mark.parametrize("name", ["deltaId", "productRef", "locationRef", "qty"])
def test_a_delta_that_lacks_something(stocked: Client, path: str, name: str) -> None:
    document = deltas(delta("A", "L", 1, "d1"), without(delta("A", "L", 1, "d2"), name))
    where = f"/attributes/deltas/1/{name} is missing"
    assert_refused(stocked, path, document, f"'{name}' is required", where, "expected")


@pytest.mark.parametrize("path", [ASYNC, SYNC])
def test_one_delta_id_twice_in_an_event(stocked: Client, path: str) -> None:
    document = deltas(delta("A", "L", 1, "d"), delta("B", "L", 1, "e"), delta("A", "M", 1, "d"))
    assert_refused(
        stocked,
        path,
        document,
        '/attributes/deltas/2/deltaId found "d"',
        "/attributes/deltas/0/deltaId is the same",
    )


@pytest.mark.parametrize(
    ("attributes", "pointer"),
    [
        (None, "/attributes/deltas"),
        ({}, "/attributes/deltas"),
        ([], "/attributes"),
        ("x", "/attributes"),
        ({"deltas": []}, "/attributes/deltas"),
        ({"deltas": None}, "/attributes/deltas"),
        ({"deltas": {}}, "/attributes/deltas"),
        ({"deltas": [None]}, "/attributes/deltas/0"),
        ({"deltas": [[]]}, "/attributes/deltas/0"),
        ({"deltas": [5]}, "/attributes/deltas/0"),
        ({"deltas": [delta("A", "L", 1, "d", type="LAST_ON_HAND")]}, "/attributes/deltas/0/type"),
        ({"deltas": [delta("A", "L", 1, "d", type="")]}, "/attributes/deltas/0/type"),
        ({"deltas": [delta("A", "L", 1, "d", type="T" * 51)]}, "/attributes/deltas/0/type"),
        ({"deltas": [delta("A", "L", 1, "")]}, "/attributes/deltas/0/deltaId"),
        ({"deltas": [delta("A", "L", 1, 5)]}, "/attributes/deltas/0/deltaId"),  # type: ignore[arg-type]
        ({"deltas": [delta("A", "L", 1, str(n)) for n in range(5001)]}, "/attributes/deltas"),
    ],
)
def test_attributes_that_are_no_deltas(stocked: Client, attributes: object, pointer: str) -> None:
    document = deltas() | {"attributes": attributes}
    assert_refused(stocked, ASYNC, document, pointer, "expected")


@pytest.mark.parametrize("length", [100, 101])
def test_a_delta_id_may_have_100_characters(stocked: Client, length: int) -> None:
    document = deltas(delta("A", "L", 5, "d" * length))
    if length == 100:
        assert stocked.send(document)["eventStatus"] == "SUCCESS"
    else:
        assert_refused(stocked, ASYNC, document, "/attributes/deltas/0/deltaId", "at most 100")


@pytest.mark.parametrize("count", [101, 5000])
def test_the_faults_of_an_event_are_bounded_too(stocked: Client, count: int) -> None:
    document = deltas(*(delta("A", "L", 0, f"d{index}") for index in range(count)))

    listed = [message for _, message in refusals(stocked.post(ASYNC, document))]

    assert len(listed) == 101
    assert listed[-1].startswith(f"... and {count - 100:,} more faults")


def test_one_bad_delta_keeps_the_others_of_its_event_out(stocked: Client) -> None:
    document = deltas(delta("A", "L", 1, "d1"), delta("A", "L", 1.5, "d2"))

    assert_refused(stocked, ASYNC, document, "/attributes/deltas/1/qty")
