"""Wrong retailers and catalogues get a clear refusal, and leave nothing behind."""

import json

import pytest
from fluent_oms_simulator import Settings

from ...conftest import MakeSimulator
from ...support import Client, Document, delta, deltas, record
from ..helpers.replies import assert_goes_on, assert_refused, footprint, refusals
from .helpers.payloads import ASYNC, BATCH, JOB, SYNC, batch_text, delta_text, without

TWO_RETAILERS = Settings(seed_data="none", retailers=("1", "2"))

RETAILER_FORMS = [
    ("3", "InvalidInput"),
    ("0", "InvalidInput"),
    ('"3"', "InvalidInput"),
    ("1.0", "InvalidInput"),
    ("1e0", "InvalidInput"),
    ('"01"', "InvalidInput"),
    ('" 1"', "InvalidInput"),
    ('"1 "', "InvalidInput"),
    ('"１"', "InvalidInput"),  # noqa: RUF001
    ('"DEFAULT:1"', "InvalidInput"),
    ("-1", "400"),
    ("1.5", "400"),
    ("true", "400"),
    ("[]", "400"),
    ("[1]", "400"),
    ("{}", "400"),
    ('""', "400"),
    ('"' + "1" * 21 + '"', "400"),
    ("18446744073709551616", "400"),
]


@pytest.mark.parametrize(("form", "code"), [*RETAILER_FORMS, ("null", "NotNull")])
def test_a_retailer_that_is_none(stocked: Client, form: str, code: str) -> None:
    job_body = f'{{"name":"x","retailerId":{form}}}'.encode()
    event_body = json.dumps(deltas(delta("A", "L", 1, "d"), retailerId="?")).encode()
    for path, body in ((JOB, job_body), (ASYNC, event_body), (SYNC, event_body)):
        text = body.replace(b'"?"', form.encode())
        assert_refused(stocked, path, text, "'retailerId' is", "/retailerId", "expected", code=code)


@pytest.mark.parametrize(("form", "_code"), RETAILER_FORMS)
def test_a_record_of_no_such_retailer(stocked: Client, form: str, _code: str) -> None:
    before = footprint(stocked)

    listed = refusals(stocked.post(BATCH, batch_text("5", f',"retailerId":{form}')))

    assert [message for _, message in listed if "/entities/0/retailerId" in message]
    assert len(listed) == 1
    assert_goes_on(stocked, before)


@pytest.mark.parametrize("form", ["1", '"1"'])
def test_a_retailer_as_text_or_as_a_number(client: Client, form: str) -> None:
    job = client.post(JOB, f'{{"name":"x","retailerId":{form}}}'.encode())
    loaded = client.post(BATCH, batch_text("5", f',"retailerId":{form}'))
    client.settle()
    text = delta_text("2").replace(b'"retailerId": "1"', f'"retailerId": {form}'.encode())
    sent = client.post(SYNC, text)

    assert [reply.status_code for reply in (job, loaded, sent)] == [200, 200, 200]
    assert client.on_hand("A", "L") == 7
    assert client.get("/api/v4.1/job/1").json["retailerId"] == "1"  # type: ignore[index]


@pytest.mark.parametrize("path", [JOB, ASYNC, SYNC])
def test_a_retailer_that_is_not_named(stocked: Client, path: str) -> None:
    document: Document = {"name": "x"}
    if path != JOB:
        document = without(deltas(delta("A", "L", 1, "d")), "retailerId")
    fragments = ("'retailerId' is required", "/retailerId is missing")
    assert_refused(stocked, path, document, *fragments, code="NotNull")


@pytest.mark.parametrize("form", ["2", '"2"'])
def test_a_record_of_another_retailer_than_its_job(
    make_simulator: MakeSimulator, form: str
) -> None:
    client = Client(make_simulator(settings=TWO_RETAILERS))
    client.job(retailer=1)
    body = batch_text("5", f',"retailerId":{form}')

    assert_refused(
        client, BATCH, body, f"/entities/0/retailerId found {form}", "the job's retailer, 1"
    )


@pytest.mark.parametrize("path", [ASYNC, SYNC])
@pytest.mark.parametrize("entity", [{"entityRef": "DEFAULT:2"}, {"entityId": "2"}, {"entityId": 2}])
def test_an_event_for_the_catalogue_of_another_retailer(
    make_simulator: MakeSimulator, path: str, entity: Document
) -> None:
    client = Client(make_simulator(settings=TWO_RETAILERS))
    other = client.job(retailer=2)
    client.load([record("A", "L", 10)], job=other)
    document = without(deltas(delta("A", "L", -1, "d")), "entityRef") | entity

    before = footprint(client)
    listed = refusals(client.post(path, document))
    client.settle()

    assert f"/{next(iter(entity))}" in listed[0][1]
    assert "retailer 1" in listed[0][1]
    assert footprint(client) == before


def test_a_batch_for_the_catalogue_of_another_retailer(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(settings=TWO_RETAILERS))
    client.job(retailer=1)

    assert_refused(
        client, BATCH, batch_text(catalogueRef='"DEFAULT:2"'), "/catalogueRef", "DEFAULT:1"
    )


@pytest.mark.parametrize(
    ("ref", "expected"), [('"DEFAULT:9"', "DEFAULT:1"), ('""', "1 to 100"), ("5", "1 to 100")]
)
def test_a_catalogue_that_does_not_exist(stocked: Client, ref: str, expected: str) -> None:
    body = batch_text(catalogueRef=ref)
    assert_refused(stocked, BATCH, body, f"/catalogueRef found {ref}", expected)
