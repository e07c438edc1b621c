"""Callers that leave, do not read, or write what hardly anybody writes."""

import gzip
from contextlib import ExitStack

import pytest

from ..cli.conftest import serving
from .conftest import Wire, sign_in
from .helpers.raw import Connection, connected, head

JOB = b'{"name": "odd", "retailerId": "1"}'
MEBIBYTE = 1024 * 1024


@pytest.mark.parametrize("half", [b"G", b"GET /__admin/health HTT", head("GET", "/")[:-2]])
def test_a_stop_does_not_wait_for_the_rest_of_a_head(half: bytes) -> None:
    with serving("--seed-data", "none") as server, connected(server.port) as client:
        client.send(half)
        assert Wire(server.port).is_well()

        assert server.stop() == 0
        assert "Killing" not in server.log()


def test_a_stop_does_not_wait_for_replies_to_be_read() -> None:
    with serving() as server, connected(server.port) as client:
        client.send(head("GET", "/openapi.json") * 100)
        assert Wire(server.port).is_well()

        assert server.stop() == 0
        assert "Killing" not in server.log()


def test_what_was_accepted_is_applied_before_the_end() -> None:
    with serving("--seed-data", "none") as server:
        wire = Wire(server.port)
        wire.token = sign_in(wire)
        assert wire.post("/api/v4.1/job", {"name": "load", "retailerId": "1"}).status == 200
        rows = [
            {"retailerId": 1, "skuRef": f"SKU_{number}", "locationRef": "LOC", "qty": 1}
            for number in range(5_000)
        ]
        batch = {"action": "UPSERT", "entityType": "INVENTORY", "entities": rows}
        for _ in range(5):
            assert wire.post("/api/v4.1/job/1/batch", batch).status == 200

        assert server.stop() == 0
        assert "not yet applied" not in server.log()


def test_a_stop_makes_no_answers_for_those_who_have_gone() -> None:
    asked = b'{"query": "{ inventoryPositions(first: 100) { edges { node { ref onHand } } } }"}'
    with serving() as server:
        wire = Wire(server.port)
        wire.token = sign_in(wire)
        for _ in range(100):
            with connected(server.port) as client:
                client.send(wire.json_call("/graphql", f"Content-Length: {len(asked)}"), asked)
                client.reset()

        assert server.stop() == 0
        assert "Killing" not in server.log()


def test_letters_of_a_query_may_stand_as_they_are(wire: Wire, connection: Connection) -> None:
    path = "/__admin/positions?productRef=é".encode().decode("latin-1")
    connection.send(wire.signed_in("GET", path))

    assert connection.reply().status == 200


def test_a_page_whose_origin_cannot_be_read_is_a_foreign_one(connection: Connection) -> None:
    connection.send(head("POST", "/__admin/reset", "Origin: http://\xe9", "Content-Length: 0"))

    assert connection.reply().status == 403


@pytest.mark.parametrize("path", ["/nothing", "/__admin/reset"])
def test_a_call_of_ours_takes_no_large_body(connection: Connection, path: str) -> None:
    declared = "Content-Type: application/json", f"Content-Length: {2 * MEBIBYTE}"
    connection.send(head("POST", path, *declared), b"x" * 2 * MEBIBYTE)
    reply = connection.reply()

    assert reply.status in (404, 413)
    assert path != "/__admin/reset" or "at most 1,048,576 bytes" in reply.message


def test_bodies_without_a_token_take_no_room_of_a_callers(wire: Wire) -> None:
    large = JOB + b" " * MEBIBYTE
    with ExitStack() as stack:
        for _ in range(80):  # more than there is room for
            client = stack.enter_context(wire.connect())
            client.send(head("POST", "/nothing", f"Content-Length: {MEBIBYTE}"))
            client.send(b"x" * (MEBIBYTE - 1))

        with wire.connect() as client:
            client.send(wire.json_call("/api/v4.1/job", f"Content-Length: {len(large)}"), large)
            assert client.reply().status == 200


def test_a_file_of_a_snapshot_is_taken_back_though_it_is_larger_than_other_bodies(
    wire: Wire,
) -> None:
    records = [
        {"retailerId": 1, "skuRef": f"SKU_{number}_{'x' * 50}", "locationRef": "LOC", "qty": 1}
        for number in range(5_000)
    ]
    job = wire.post("/api/v4.1/job", {"name": "load", "retailerId": "1"}).document["id"]
    batch = {"action": "UPSERT", "entityType": "INVENTORY", "entities": records}
    assert wire.post(f"/api/v4.1/job/{job}/batch", batch).status == 200
    with wire.connect() as connection:
        connection.send(head("PUT", "/__admin/snapshots/large", "Content-Length: 0"))
        assert connection.reply().status == 201
        connection.send(head("GET", "/__admin/snapshots/large/file"))
        file = gzip.decompress(connection.reply().body)
        assert len(file) > MEBIBYTE
        typed = "Content-Type: application/x-ndjson"
        begin = head("PUT", "/__admin/snapshots/again/file", typed, f"Content-Length: {len(file)}")
        connection.send(begin, file)
        told = connection.reply()
        typed = "Content-Type: application/json"
        begin = head("PUT", "/__admin/clock", typed, f"Content-Length: {len(file)}")
        connection.send(begin, file)
        refused = connection.reply()

    assert told.status == 201, told
    assert told.document["positions"] == 5_000
    assert refused.status == 413
