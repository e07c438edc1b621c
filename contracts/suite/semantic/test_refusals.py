"""What cannot be taken is refused at once, in one shape, and leaves nothing behind."""

from typing import Any

import pytest
from fluent_oms_simulator.client.answers import Answer
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.contracts.suite.semantic.position import Position
from fluent_oms_simulator.contracts.target.names import Names

MOST_RECORDS = 5_000
"""In one batch (Inventory batch, 9 Feb 2025)."""

NO_RETAILER = "987654"

NOT_JSON = ('{"name": "Contract", ', "name=Contract", "")


def messages(answer: Answer) -> list[str]:
    """What a refusal says; fail unless it is one, in the documented shape.

    Fluent docs: REST API error codes overview, 26 May 2025: a list of codes, which are text, with
    messages. Which status it is between 400 and 499 is told for few cases.
    """
    assert 400 <= answer.status < 500, (
        f"answered {answer.status}, expected a refusal: {answer.text[:300]}"
    )
    errors: Any = answer.document.get("errors") if isinstance(answer.document, dict) else None
    assert isinstance(errors, list), f"expected a list of errors, found {answer.text[:300]}"
    assert errors, "a refusal without a reason"
    for error in errors:
        for name in ("code", "message"):
            assert isinstance(error.get(name), str), f"{name} is no text: {error}"
    return [error["message"] for error in errors]


@pytest.mark.parametrize("path", ["job", "job/{job}/batch", "event/async", "event/sync"])
def test_a_body_that_is_not_json_is_refused(api: Api, path: str) -> None:
    where = f"/api/v4.1/{path}"
    if "{job}" in path:
        where = where.replace("{job}", api.open_job())
    for body in map(str.encode, NOT_JSON):
        told = messages(api.call("POST", where, data=body, content_type="application/json"))
        assert told


def test_a_batch_of_more_than_5000_records_is_refused(api: Api, names: Names) -> None:
    """All of one position, so that a server that takes it is left with one."""
    position = Position(api, names)
    answer = api.send_batch(api.open_job(), [position.record(1)] * (MOST_RECORDS + 1))

    assert messages(answer)
    position.shows(None)


def test_a_batch_without_records_is_refused(api: Api) -> None:
    told = messages(api.send_batch(api.open_job(), []))
    assert told


def test_what_is_wrong_with_a_body_is_named(api: Api, names: Names) -> None:
    position = Position(api, names)
    nameless = api.event("INVENTORY_DELTA", {"deltas": [position.entry(1)]})
    del nameless["name"]
    retailer = {"retailerId": api.target.retailer_id}
    path = f"/api/v4.1/job/{api.open_job()}/batch"
    batch = {"action": "UPSERT", "entityType": "INVENTORY"}
    refused = (
        ("name", api.send_event(nameless)),
        ("name", api.call("POST", "/api/v4.1/job", json=retailer)),
        ("entities", api.call("POST", path, json=batch)),
    )

    for name, answer in refused:
        told = messages(answer)
        assert any(name in message for message in told), f"{name} is not in {told}"
    position.shows(None)


def test_a_retailer_that_the_account_does_not_have_is_refused(api: Api, names: Names) -> None:
    position = Position(api, names)
    position.count(10)
    deltas = {"deltas": [position.entry(-1)]}
    job = {"name": api.job_name, "retailerId": NO_RETAILER}

    told = messages(api.call("POST", "/api/v4.1/job", json=job))
    assert told
    told = messages(api.send_event(api.event("INVENTORY_DELTA", deltas, retailerId=NO_RETAILER)))
    assert told
    position.shows(10)


def test_what_does_not_exist_is_not_found(api: Api, names: Names) -> None:
    """Ids are numbers, so that one with letters in it is nobody's."""
    job, nobody = api.open_job(), names.product()
    for path in (f"job/{nobody}", f"job/{job}/batch/{nobody}", f"event/{nobody}"):
        told = messages(api.call("GET", f"/api/v4.1/{path}"))
        assert told
    told = messages(api.send_batch(nobody, [Position(api, names).record(1)]))
    assert told


def test_every_answer_says_that_it_is_json(api: Api, names: Names) -> None:
    job = api.open_job()
    answers = (
        api.call("GET", f"/api/v4.1/job/{job}"),
        api.call("GET", f"/api/v4.1/job/{names.product()}"),
        api.events(count=1),
        api.graphql("{ __typename }"),
    )

    for answer in answers:
        assert answer.headers["Content-Type"].startswith("application/json"), answer
        assert answer.document is not None, answer.text
