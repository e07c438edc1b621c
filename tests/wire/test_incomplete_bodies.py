"""A request that did not arrive whole is refused, and nothing of it is applied."""

import json
import time
from dataclasses import dataclass
from typing import Any

import pytest

from ..support import batch, delta, deltas, record
from .conftest import CREDENTIALS, Wire
from .helpers.raw import LAST_CHUNK, SECONDS, Connection, Reply, chunk, head

PRODUCT, LOCATION = "SKU", "LOC"
EVENT = "/api/v4.1/event/async"
LOCATION_MADE = """mutation { createLocation(input: {ref: "BROKEN", type: "STORE", name: "Broken",
  retailer: {id: "1"}, openingSchedule: {allHours: true},
  primaryAddress: {ref: "A", latitude: 1.5, longitude: 1.5}}) { id } }"""


@dataclass(frozen=True)
class Call:
    """A call that changes something, with a body that would be taken if it were whole."""

    name: str
    path: str
    document: object

    def head(self, wire: Wire, *headers: str) -> bytes:
        if self.path == "/oauth/token":
            declared = "Content-Type: application/x-www-form-urlencoded"
            return head("POST", self.path, declared, *headers)
        return wire.json_call(self.path, *headers)

    @property
    def body(self) -> bytes:
        return (
            self.document
            if isinstance(self.document, bytes)
            else json.dumps(self.document).encode()
        )


def down(number: int) -> Any:
    return deltas(delta(PRODUCT, LOCATION, -1, f"broken-{number}"))


FORM = "&".join(f"{name}={value}" for name, value in CREDENTIALS.items()).encode()
CALLS = [
    Call("token", "/oauth/token", FORM),
    Call("job", "/api/v4.1/job", {"name": "broken", "retailerId": "1"}),
    Call("batch", "/api/v4.1/job/1/batch", batch(record(PRODUCT, LOCATION, 1))),
    Call("event", EVENT, down(1)),
    Call("event and wait", "/api/v4.1/event/sync", down(2)),
    Call("graphql", "/graphql", {"query": LOCATION_MADE}),
]
EVERY_CALL = pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)


def loaded(wire: Wire) -> None:
    """Stock of 100, in a job 1 that goes on."""
    if wire.get("/__admin/positions").document["results"]:
        return
    assert wire.post("/api/v4.1/job", {"name": "load", "retailerId": "1"}).document == {"id": "1"}
    wire.post("/api/v4.1/job/1/batch", batch(record(PRODUCT, LOCATION, 100)))
    wait_for(lambda: on_hand(wire) == 100)


def on_hand(wire: Wire) -> int | None:
    rows = wire.get("/__admin/positions").document["results"]
    return int(rows[0]["onHand"]) if rows else None


def wait_for(met: Any) -> None:
    deadline = time.monotonic() + SECONDS
    while not met():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def state(wire: Wire) -> tuple[Any, int, Any]:
    """All that a call can change, once everything before it has been applied."""
    positions = wire.get("/__admin/positions").document
    events = len(wire.get("/api/v4.1/event?count=5000").document["results"])
    places = {"query": "{ locations(first: 100) { edges { node { ref } } } }"}
    return positions, events, wire.post("/graphql", places).document


def job_number(wire: Wire) -> int:
    made = wire.post("/api/v4.1/job", {"name": "next", "retailerId": "1"})
    return int(made.document["id"])


def too_long_then_end(call: Call, wire: Wire, connection: Connection) -> None:
    connection.send(call.head(wire, f"Content-Length: {len(call.body) + 1}"), call.body)
    connection.finish()


def without_last_chunk(call: Call, wire: Wire, connection: Connection) -> None:
    connection.send(call.head(wire, "Transfer-Encoding: chunked"), chunk(call.body))
    connection.finish()


def with_a_broken_size(call: Call, wire: Wire, connection: Connection) -> None:
    connection.send(call.head(wire, "Transfer-Encoding: chunked"), chunk(call.body), b"zz\r\n")


def with_a_chunk_too_long(call: Call, wire: Wire, connection: Connection) -> None:
    wrong = b"%x\r\n%s!!\r\n" % (len(call.body), call.body)
    connection.send(call.head(wire, "Transfer-Encoding: chunked"), wrong, LAST_CHUNK)


WAYS = [too_long_then_end, without_last_chunk, with_a_broken_size, with_a_chunk_too_long]


def refused(reply: Reply) -> str:
    assert reply.status in (400, 411), reply
    return reply.message


@EVERY_CALL
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_body_that_did_not_arrive_whole_is_not_applied(
    wire: Wire, connection: Connection, call: Call, way: Any
) -> None:
    loaded(wire)
    before, jobs = state(wire), job_number(wire)

    way(call, wire, connection)
    message = refused(connection.reply())

    assert "whole" in message or "Content-Length" in message
    assert state(wire) == before
    assert job_number(wire) == jobs + 1


UNWANTED = {
    "reset": ("POST", "/__admin/reset"),
    "conformance reset": ("POST", "/__admin/conformance/reset"),
    "control call that reads": ("GET", "/__admin/positions"),
    "page": ("GET", "/"),
    "search": ("GET", "/api/v4.1/event"),
    "options": ("OPTIONS", "/api/v4.1/job"),
    "preflight": ("OPTIONS", "/oauth/token"),
}
PREFLIGHT = ("Origin: http://localhost:1", "Access-Control-Request-Method: POST")
CUT_OFF = {
    "nothing of it": ("Content-Length: 5", b""),
    "a part of it": ("Content-Length: 5", b"ab"),
    "a part of a chunk": ("Transfer-Encoding: chunked", b"5\r\nab"),
    "no last chunk": ("Transfer-Encoding: chunked", chunk(b"ab")),
    "beyond all bounds": ("Content-Length: 99999999999", b""),
}

WHOLE = [
    ("Content-Length: 2", b"{}"),
    ("Content-Length: 0", b""),
    ("Transfer-Encoding: chunked", chunk(b"{}") + LAST_CHUNK),
]


@pytest.mark.parametrize(("method", "path"), UNWANTED.values(), ids=UNWANTED)
@pytest.mark.parametrize(("framing", "body"), CUT_OFF.values(), ids=CUT_OFF)
def test_a_request_that_broke_off_does_nothing_even_where_no_body_is_read(
    wire: Wire, connection: Connection, method: str, path: str, framing: str, body: bytes
) -> None:
    more = PREFLIGHT if path == "/oauth/token" else ("Content-Type: application/json",)
    loaded(wire)
    before, jobs = state(wire), job_number(wire)

    sent = wire.signed_in(method, path, framing, *more)
    connection.send(sent, body)
    connection.finish()
    reply = connection.reply()

    too_large = framing == CUT_OFF["beyond all bounds"][0]
    assert reply.status == (413 if too_large else 400), reply
    assert state(wire) == before
    assert job_number(wire) == jobs + 1


def test_a_body_that_a_control_call_does_not_read_may_come_whole(wire: Wire) -> None:
    with wire.connect() as connection:
        for framing, body in WHOLE:
            connection.send(wire.signed_in("GET", "/__admin/health", framing), body)
            assert connection.reply().status == 200


@EVERY_CALL
@pytest.mark.parametrize("framing", ["Content-Length", "chunks"])
def test_a_body_whose_sender_vanishes_is_not_applied(
    wire: Wire, connection: Connection, call: Call, framing: str
) -> None:
    loaded(wire)
    before, jobs = state(wire), job_number(wire)

    if framing == "chunks":
        connection.send(call.head(wire, "Transfer-Encoding: chunked"), chunk(call.body))
    else:
        connection.send(call.head(wire, f"Content-Length: {len(call.body) + 1}"), call.body)
    connection.reset()

    # Whatever came of it would have been done before an event that is sent after it.
    sent_after = f"after-{call.name}-{framing}"
    answer = wire.post(EVENT, deltas(delta("OTHER", LOCATION, 1, sent_after)))
    assert answer.status == 200, answer
    wait_for(lambda: state(wire)[1] != before[1])
    assert on_hand(wire) == before[0]["results"][0]["onHand"]
    assert state(wire)[2] == before[2]
    assert job_number(wire) == jobs + 1


@EVERY_CALL
def test_the_same_body_is_taken_when_it_is_whole(
    wire: Wire, connection: Connection, call: Call
) -> None:
    loaded(wire)

    connection.send(call.head(wire, f"Content-Length: {len(call.body)}"), call.body)

    assert connection.reply().status == 200


@pytest.mark.parametrize("call", CALLS[1:5], ids=lambda call: call.name)
def test_the_same_body_is_taken_in_chunks(wire: Wire, connection: Connection, call: Call) -> None:
    loaded(wire)
    half = len(call.body) // 2

    connection.send(call.head(wire, "Transfer-Encoding: chunked"), chunk(call.body[:half]))
    connection.send(chunk(call.body[half:]), LAST_CHUNK)

    assert connection.reply().status == 200
