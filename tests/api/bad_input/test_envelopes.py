"""What a job, batch or event says of itself: a clear refusal of all that is wrong."""

import pytest

from ...support import Client, batch, delta, deltas, record
from ..helpers.replies import assert_refused
from .helpers.payloads import ASYNC, BATCH, JOB, batch_text, without


@pytest.mark.parametrize("name", ["name", "entityRef", "entityType", "entitySubtype", "accountId"])
def test_a_text_of_an_event_that_is_too_long(stocked: Client, name: str) -> None:
    document = deltas(delta("A", "L", 5, "d")) | {name: "x" * 101}
    assert_refused(stocked, ASYNC, document, f"/{name}", "at most 100 characters")


@pytest.mark.parametrize("length", [1, 255, 256])
def test_a_job_name_may_have_255_characters(stocked: Client, length: int) -> None:
    document = {"name": "x" * length, "retailerId": "1"}
    if length < 256:
        assert stocked.post(JOB, document).status_code == 200
    else:
        assert_refused(stocked, JOB, document, "/name", "at most 255 characters")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("action", '"CREATE"', '"UPSERT"'),
        ("action", '"upsert"', '"UPSERT"'),
        ("entityType", '"PRODUCT"', '"INVENTORY"'),
        ("entityType", '"inventory"', '"INVENTORY"'),
        ("entityType", "[]", '"INVENTORY"'),
        ("source", "5", "text of 1 to 100 characters"),
        ("event", '""', "text of 1 to 100 characters"),
        ("conditions", "[]", "an object"),
        ("conditions", "5", "an object"),
        ("entities", "null", "a list"),
        ("entities", "{}", "a list"),
        ("entities", '"x"', "a list"),
    ],
)
def test_a_wrong_envelope(stocked: Client, name: str, value: str, expected: str) -> None:
    body = batch_text(**{name: value})
    assert_refused(stocked, BATCH, body, f"at /{name} found {value}", f"expected {expected}")


@pytest.mark.parametrize("name", ["action", "entityType", "entities"])
def test_an_envelope_that_lacks_something(stocked: Client, name: str) -> None:
    document = without(batch(record("A", "L", 5)), name)
    assert_refused(stocked, BATCH, document, f"'{name}' is required", f"/{name} is missing")


@pytest.mark.parametrize("name", ["name", "entityType"])
def test_an_event_that_lacks_something(stocked: Client, name: str) -> None:
    document = without(deltas(delta("A", "L", 1, "d")), name)
    assert_refused(stocked, ASYNC, document, f"'{name}' is required", f"/{name} is missing")


def test_an_event_without_an_entity(stocked: Client) -> None:
    document = without(deltas(delta("A", "L", 1, "d")), "entityRef")
    [(_, message)] = assert_refused(stocked, ASYNC, document, "entityRef")
    assert "entityId" in message


@pytest.mark.parametrize("account", ["OTHER", "fctrain1001"])
def test_an_event_of_another_account(stocked: Client, account: str) -> None:
    document = deltas(delta("A", "L", 1, "d"), accountId=account)
    assert_refused(stocked, ASYNC, document, f'/accountId found "{account}"', "FCTRAIN1001")
