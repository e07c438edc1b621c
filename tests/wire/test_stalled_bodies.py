"""Clients that stop in the middle of a body: the others are served, and the body ends in time."""

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from fluent_oms_simulator.api.waiting import MOST_WAITING

from ..cli.conftest import serving
from .conftest import Wire, sign_in
from .raw import LAST_CHUNK, SECONDS, Connection, chunk, connected, head

SIGN_IN = ("POST", "/oauth/token", "Content-Type: application/x-www-form-urlencoded")
MANY = MOST_WAITING + 32

says_when_something_arrived = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux says when something last arrived"
)


@pytest.fixture
def stalled(wire: Wire) -> Iterator[list[Connection]]:
    """Many clients that have sent one byte of ten, each without a token."""
    with ExitStack() as stack:
        clients = [stack.enter_context(wire.connect()) for _ in range(MANY)]
        for client in clients:
            client.send(head(*SIGN_IN, "Content-Length: 10"), b"a")
        yield clients
    # A client that is gone leaves nothing behind.
    wait_until(lambda: takes_bodies(wire))


def wait_until(met: object) -> None:
    deadline = time.monotonic() + SECONDS
    while not met():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.02)


def takes_bodies(wire: Wire) -> bool:
    return wire.post("/api/v4.1/job", {"name": "next", "retailerId": "1"}).status == 200


def test_others_are_answered_while_many_bodies_have_stopped(
    wire: Wire, stalled: list[Connection]
) -> None:
    assert len(stalled) > MOST_WAITING

    for _ in range(20):
        assert wire.is_well()
        assert wire.get("/api/v4.1/event").status == 200


def test_each_body_that_stops_leaves_a_thread_for_the_next_call(wire: Wire) -> None:
    """granian once started no thread while those there were all waited (its issue 873)."""
    with ExitStack() as stack:
        for _ in range(12):
            client = stack.enter_context(wire.connect())
            client.send(head(*SIGN_IN, "Content-Length: 10"), b"a")
            assert wire.is_well()
            assert takes_bodies(wire)


def test_when_too_many_bodies_are_waited_for_the_next_is_refused_for_now(
    wire: Wire, stalled: list[Connection]
) -> None:
    assert stalled
    wait_until(lambda: not takes_bodies(wire))

    refused = wire.post("/api/v4.1/job", {"name": "next", "retailerId": "1"})

    assert refused.status == 503
    assert refused.headers["retry-after"] == "1"
    assert refused.headers["connection"] == "close"
    assert "send the request again" in refused.message


def test_a_body_that_pauses_is_taken(wire: Wire, connection: Connection) -> None:
    body = b'{"name": "slow", "retailerId": "1"}'
    connection.send(wire.json_call("/api/v4.1/job", f"Content-Length: {len(body)}"), body[:5])
    assert wire.is_well()
    connection.send(body[5:])

    assert connection.reply().status == 200


@says_when_something_arrived
@pytest.mark.slow
@pytest.mark.parametrize("framing", ["Content-Length: 10", "Transfer-Encoding: chunked"])
def test_a_body_that_has_stopped_is_refused_in_the_end(framing: str) -> None:
    with serving("--port", "0", "--seed-data", "none") as server:
        wire = Wire(server.port)
        wire.token = sign_in(wire)
        with connected(server.port) as connection:
            connection.send(wire.json_call("/api/v4.1/job", framing), b"1\r\n")
            refused = connection.reply(2 * SECONDS)

        assert refused.status == 400
        assert "did not arrive whole" in refused.message
        assert wire.is_well()


@says_when_something_arrived
def test_a_stop_does_not_wait_for_bodies_that_have_stopped() -> None:
    with serving("--port", "0", "--seed-data", "none") as server, connected(server.port) as client:
        client.send(head(*SIGN_IN, "Content-Length: 10"), b"a")
        assert Wire(server.port).is_well()

        assert server.stop() == 0
        refused = client.reply()

    assert refused.status == 400
    assert "did not arrive whole" in refused.message
    assert "Killing" not in server.log()


def test_a_stop_does_not_wait_for_clients_that_are_idle() -> None:
    with ExitStack() as stack:
        server = stack.enter_context(serving("--port", "0", "--seed-data", "none"))
        idle = [stack.enter_context(connected(server.port)) for _ in range(20)]
        for client in idle[:10]:  # the others have never said anything
            client.send(head("GET", "/__admin/health"))
            assert client.reply().status == 200
        idle[0].send(b"GET /__admin/hea")  # nor will the rest of this ever come

        assert server.stop() == 0
        log = server.log()

    assert "Killing" not in log
    assert "Traceback" not in log


def test_a_body_in_chunks_that_come_one_by_one_is_taken(wire: Wire, connection: Connection) -> None:
    connection.send(wire.json_call("/api/v4.1/job", "Transfer-Encoding: chunked"))
    for piece in (b'{"name": "slow"', b', "retailerId": ', b'"1"}'):
        connection.send(chunk(piece))
        assert wire.is_well()
    connection.send(LAST_CHUNK)

    assert connection.reply().status == 200
