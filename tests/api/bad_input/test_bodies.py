"""A body of a wrong type or size gets a clear refusal, and leaves nothing behind."""

import io

import pytest

from ...conftest import MakeSimulator
from ...support import Client
from ..helpers.replies import assert_goes_on, assert_refused, footprint, refusals
from .helpers.payloads import BATCH, EVERY_POST, JOB, batch_text


@pytest.mark.parametrize("path", EVERY_POST)
@pytest.mark.parametrize(
    "declared",
    [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "json",
        ";",
        "é",
        "",
    ],
)
def test_a_wrong_content_type(stocked: Client, path: str, declared: str) -> None:
    before = footprint(stocked)

    reply = stocked.http.post(
        path,
        data=b'{"name":"x","retailerId":"1"}',
        headers=stocked.headers,
        content_type=declared,
    )

    [(code, message)] = refusals(reply, 415)
    assert code == "415"
    assert f"Content-Type is {declared or 'none'}" in message
    assert "expected application/json" in message
    assert_goes_on(stocked, before)


@pytest.mark.parametrize(
    "declared", ["application/json", "application/json; charset=utf-8", "Application/JSON"]
)
def test_a_right_content_type(client: Client, declared: str) -> None:
    body = b'{"name":"x","retailerId":"1"}'
    reply = client.http.post(JOB, data=body, headers=client.headers, content_type=declared)

    assert reply.status_code == 200


@pytest.mark.parametrize("path", EVERY_POST)
def test_a_body_over_the_limit(make_simulator: MakeSimulator, path: str) -> None:
    client = Client(make_simulator(http_max_body_bytes="2000"))
    assert client.job() == "1"

    assert_refused(client, path, batch_text().ljust(2001), "2,000 bytes", status=413)


def test_a_body_at_the_limit(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(http_max_body_bytes="2000"))
    client.job()

    assert client.post(BATCH, batch_text().ljust(2000)).status_code == 200


@pytest.mark.parametrize(("size", "status"), [(1999, 200), (2000, 200), (2001, 413), (9000, 413)])
def test_a_body_sent_in_chunks_has_the_same_limit(
    make_simulator: MakeSimulator, size: int, status: int
) -> None:
    client = Client(make_simulator(http_max_body_bytes="2000"))

    # What a server hands over for Transfer-Encoding: chunked.
    reply = client.http.post(
        JOB,
        input_stream=io.BytesIO(b'{"name":"x","retailerId":"1"}'.ljust(size)),
        headers=client.headers,
        content_type="application/json",
        environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
    )

    assert reply.status_code == status
    if status == 413:
        refusals(reply, 413)


def test_a_token_request_over_the_limit(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(http_max_body_bytes="2000"))

    refusals(client.sign_in(username="x" * 2000), 413)
    assert client.sign_in().status_code == 200
