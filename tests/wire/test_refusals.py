"""A refusal reaches a client that is still sending, and says what becomes of the connection."""

import http.client
import socket
from typing import Any

import pytest

from ..cli.conftest import serving
from .conftest import Wire
from .helpers.raw import LAST_CHUNK, Connection, chunk, head

LARGE = 100_000
JSON = "Content-Type: application/json"
EXPIRED = "Authorization: Bearer 00000000000000000000000000000000"

REFUSED: dict[str, tuple[int, str, str, tuple[str, ...]]] = {
    "no token": (401, "POST", "/api/v4.1/event/async", (JSON,)),
    "an old token": (401, "POST", "/api/v4.1/event/async", (JSON, EXPIRED)),
    "an unknown path": (404, "POST", "/nothing", (JSON,)),
    "another method": (405, "PUT", "/oauth/token", (JSON,)),
    "a body nobody reads": (200, "DELETE", "/__admin/requests", (JSON,)),
}
EVERY_REFUSAL = pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)


@EVERY_REFUSAL
@pytest.mark.parametrize("framing", ["Content-Length", "chunks"])
def test_the_connection_goes_on_or_its_end_is_announced(
    connection: Connection, case: Any, framing: str
) -> None:
    status, method, path, headers = case
    body = b"x" * LARGE
    if framing == "chunks":
        sent = head(method, path, "Transfer-Encoding: chunked", *headers), chunk(body), LAST_CHUNK
    else:
        sent = head(method, path, f"Content-Length: {LARGE}", *headers), body, b""

    connection.send(*sent)
    reply = connection.reply()

    assert reply.status == status
    if reply.headers.get("connection") == "close":
        assert connection.is_closed()
    else:
        connection.send(head("GET", "/__admin/health"))
        assert connection.reply().status == 200


@EVERY_REFUSAL
def test_a_common_client_sees_every_refusal(wire: Wire, case: Any) -> None:
    status, method, path, headers = case
    client = http.client.HTTPConnection("127.0.0.1", wire.port, timeout=30)
    named = dict(header.split(": ") for header in headers)

    for _ in range(20):
        client.request(method, path, body=b"x" * LARGE, headers=named)
        reply = client.getresponse()
        reply.read()
        assert reply.status == status
    client.close()


def test_the_wrong_type_is_refused_and_the_connection_goes_on(
    wire: Wire, connection: Connection
) -> None:
    typed = "Content-Type: text/plain"
    length = f"Content-Length: {LARGE}"
    for _ in range(3):
        connection.send(wire.signed_in("POST", "/api/v4.1/job", typed, length), b"x" * LARGE)
        assert connection.reply().status == 415


def test_who_asks_before_sending_is_refused_before_sending(
    wire: Wire, connection: Connection
) -> None:
    asks = "Expect: 100-continue"
    connection.send(head("POST", "/api/v4.1/job", JSON, f"Content-Length: {LARGE}", asks))
    reply = connection.reply()

    assert reply.status == 401
    assert reply.headers["connection"] == "close"
    assert connection.is_closed()
    assert wire.is_well()


@pytest.mark.parametrize("framing", ["Content-Length", "chunks"])
def test_a_body_over_the_limit_is_refused_and_the_client_is_told(framing: str) -> None:
    limit = 50_000
    switch = f"http.max_body_bytes={limit}"
    with serving("--auth", "off", "--behaviour", switch) as server:
        wire = Wire(server.port)
        for size in (limit + 1, 40 * limit):
            with wire.connect() as connection:
                if framing == "chunks":
                    connection.send(wire.json_call("/api/v4.1/job", "Transfer-Encoding: chunked"))
                    connection.send(chunk(b" " * size), LAST_CHUNK)
                else:
                    length = f"Content-Length: {size}"
                    connection.send(wire.json_call("/api/v4.1/job", length), b" " * size)
                reply = connection.reply()
            assert reply.status == 413
            assert "at most 50,000 bytes" in reply.message


@pytest.mark.parametrize(
    "coding", [("gzip, chunked",), ("deflate, gzip, chunked",), ("gzip", "chunked")], ids=str
)
@pytest.mark.parametrize("path", ["/api/v4.1/job", "/graphql", "/__admin/reset"])
def test_a_transfer_coding_that_is_not_undone_is_refused(
    wire: Wire, path: str, coding: tuple[str, ...]
) -> None:
    body = b'{"name": "coded", "retailerId": "1"}'
    lines = [f"Transfer-Encoding: {each}" for each in coding]
    with wire.connect() as connection:
        connection.send(wire.json_call(path, *lines), chunk(body), LAST_CHUNK)
        reply = connection.reply()

    assert reply.status == 501
    assert "The Transfer-Encoding is " in reply.message
    assert wire.is_well()


def test_chunks_may_be_announced_in_any_letters(wire: Wire, connection: Connection) -> None:
    body = b'{"name": "coded", "retailerId": "1"}'
    connection.send(wire.json_call("/api/v4.1/job", "Transfer-Encoding: Chunked"))
    connection.send(chunk(body), LAST_CHUNK)

    assert connection.reply().status == 200


def test_a_body_beyond_all_bounds_is_not_waited_for(wire: Wire, connection: Connection) -> None:
    connection.send(wire.json_call("/api/v4.1/job", "Content-Length: 99999999999"), b"x")
    reply = connection.reply()

    assert reply.status == 413
    assert reply.headers["connection"] == "close"
    assert connection.is_closed()


def test_a_form_over_the_limit_of_forms_is_told_that_limit(connection: Connection) -> None:
    form = b"grant_type=" + b"x" * LARGE
    declared = "Content-Type: application/x-www-form-urlencoded"
    connection.send(head("POST", "/oauth/token", declared, f"Content-Length: {len(form)}"), form)
    reply = connection.reply()

    assert reply.status == 413
    assert "at most 65,536 bytes" in reply.message


def test_a_probe_of_http_1_0_that_names_no_host_is_answered(connection: Connection) -> None:
    connection.send(b"GET /__admin/health HTTP/1.0\r\n\r\n")

    assert connection.reply().status == 200


def test_who_names_no_host_over_http_1_1_is_refused(connection: Connection) -> None:
    connection.send(b"POST /__admin/reset HTTP/1.1\r\n\r\n")
    refused = connection.reply()

    assert refused.status == 400
    assert "Host" in refused.message
    assert connection.is_closed()


def test_a_client_that_does_not_read_its_refusal_harms_nobody(wire: Wire) -> None:
    with socket.create_connection(("127.0.0.1", wire.port)) as client:
        client.sendall(head("POST", "/nothing", f"Content-Length: {LARGE}") + b"x" * LARGE)

    assert wire.is_well()
