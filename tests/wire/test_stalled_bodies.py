"""Clients that stop in the middle of a body: the others are served, and the body ends in time."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from fluent_oms_simulator.serving.door.arriving import LONGEST_PAUSE
from fluent_oms_simulator.serving.door.threads import FOR_CALLS

from ..cli.conftest import serving
from .conftest import Wire, sign_in
from .helpers.raw import LAST_CHUNK, SECONDS, Connection, Reply, chunk, connected, head

SIGN_IN = ("POST", "/oauth/token", "Content-Type: application/x-www-form-urlencoded")
MANY = 300
"""Several times as many as there are threads behind the door."""


@pytest.fixture
def stalled(wire: Wire) -> Iterator[list[Connection]]:
    """Many clients that have shown their token, and sent one byte of ten."""
    with ExitStack() as stack:
        clients = [stack.enter_context(wire.connect()) for _ in range(MANY)]
        for client in clients:
            client.send(wire.json_call("/api/v4.1/job", "Content-Length: 10"), b"a")
        yield clients


def takes_bodies(wire: Wire) -> bool:
    return wire.post("/api/v4.1/job", {"name": "next", "retailerId": "1"}).status == 200


def test_others_are_answered_while_many_bodies_have_stopped(
    wire: Wire, stalled: list[Connection]
) -> None:
    assert len(stalled) > FOR_CALLS

    for _ in range(20):
        assert wire.is_well()
        assert wire.get("/api/v4.1/event").status == 200
        assert takes_bodies(wire)


def test_each_body_that_stops_leaves_room_for_the_next_call(wire: Wire) -> None:
    with ExitStack() as stack:
        for _ in range(12):
            client = stack.enter_context(wire.connect())
            client.send(head(*SIGN_IN, "Content-Length: 10"), b"a")
            assert wire.is_well()
            assert takes_bodies(wire)


STRANGERS = {
    "without a token": head("POST", "/api/v4.1/job", "Content-Length: 10"),
    "with a wrong token": head(
        "POST", "/api/v4.1/job", "Content-Length: 10", "Authorization: Bearer wrong"
    ),
    "to a path that is not": head("POST", "/nothing", "Content-Length: 10"),
    "to the control API": head("POST", "/__admin/reset", "Content-Length: 10"),
}


@pytest.mark.parametrize("sent", STRANGERS.values(), ids=STRANGERS)
def test_bodies_of_strangers_that_have_stopped_keep_nobody_out(wire: Wire, sent: bytes) -> None:
    with ExitStack() as stack:
        for _ in range(MANY):
            stack.enter_context(wire.connect()).send(sent, b"a")

        for _ in range(5):
            assert takes_bodies(wire)
            assert sign_in(wire)


def test_sign_ins_that_have_stopped_keep_out_no_caller_with_a_token(wire: Wire) -> None:
    with ExitStack() as stack:
        for _ in range(MANY):
            client = stack.enter_context(wire.connect())
            client.send(head(*SIGN_IN, "Content-Length: 10"), b"a")

        for _ in range(5):
            assert takes_bodies(wire)
            assert sign_in(wire)


@pytest.mark.slow
def test_a_stranger_who_stops_is_given_up_soon_and_others_are_spared() -> None:
    with serving("--seed-data", "none") as server, ExitStack() as stack:
        wire = Wire(server.port)
        idle, silent, stranger = (stack.enter_context(wire.connect()) for _ in range(3))
        idle.send(head("GET", "/__admin/health"))
        assert idle.reply().status == 200
        stranger.send(STRANGERS["without a token"], b"a")

        assert stranger.reply(LONGEST_PAUSE - 5).status == 401
        for other in (idle, silent):
            other.send(head("GET", "/__admin/health"))
            assert other.reply().status == 200


def test_a_body_that_pauses_is_taken(wire: Wire, connection: Connection) -> None:
    body = b'{"name": "slow", "retailerId": "1"}'
    connection.send(wire.json_call("/api/v4.1/job", f"Content-Length: {len(body)}"), body[:5])
    assert wire.is_well()
    connection.send(body[5:])

    assert connection.reply().status == 200


@pytest.mark.slow
@pytest.mark.parametrize("framing", ["Content-Length: 10", "Transfer-Encoding: chunked"])
def test_a_body_that_has_stopped_is_refused_in_the_end(framing: str) -> None:
    with serving("--seed-data", "none") as server:
        wire = Wire(server.port)
        wire.token = sign_in(wire)
        with connected(server.port) as connection:
            connection.send(wire.json_call("/api/v4.1/job", framing), b"1\r\n")
            refused = connection.reply(2 * SECONDS)

        assert refused.status == 408
        assert "did not arrive whole in time" in refused.message
        assert refused.headers["connection"] == "close"
        assert wire.is_well()


def trickled(client: Connection) -> Reply:
    """What comes back on a connection on which a byte is sent every second."""
    deadline = time.monotonic() + 4 * LONGEST_PAUSE
    while time.monotonic() < deadline:
        client.send(b"a")
        if client.has_answer(1.0):
            return client.reply()
    return Reply()


@pytest.mark.slow
@pytest.mark.parametrize("shown", ["a token", "none"])
def test_a_body_that_trickles_is_refused_in_the_end_and_a_slow_one_taken(shown: str) -> None:
    body = b'{"name": "slow", "retailerId": "1"}'
    padded = body + b" " * (400_000 - len(body))
    with serving("--seed-data", "none") as server, ExitStack() as stack:
        wire = Wire(server.port)
        wire.token = sign_in(wire)
        trickling, slow = (stack.enter_context(wire.connect()) for _ in range(2))
        if shown == "a token":
            trickling.send(wire.json_call("/api/v4.1/job", "Content-Length: 1000000"))
        else:
            trickling.send(head("POST", "/api/v4.1/job", "Content-Length: 1000000"))
        slow.send(wire.json_call("/api/v4.1/job", f"Content-Length: {len(padded)}"))
        sending = threading.Thread(target=send_in_steps, args=(slow, padded, 5_000))
        sending.start()
        refused = trickled(trickling)
        sending.join()

        assert refused.status == (408 if shown == "a token" else 401)
        assert slow.reply().status == 200
        assert wire.is_well()


def send_in_steps(client: Connection, body: bytes, step: int) -> None:
    """Some every half a second, at ten times the least rate."""
    for start in range(0, len(body), step):
        client.send(body[start : start + step])
        time.sleep(0.5)


def test_a_stop_does_not_wait_for_bodies_that_have_stopped() -> None:
    with serving("--seed-data", "none") as server, connected(server.port) as client:
        client.send(head(*SIGN_IN, "Content-Length: 10"), b"a")
        assert Wire(server.port).is_well()

        assert server.stop() == 0
        refused = client.reply()

    assert refused.status == 408
    assert "did not arrive whole" in refused.message
    assert "Killing" not in server.log()


def test_a_stop_does_not_wait_for_clients_that_are_idle() -> None:
    with ExitStack() as stack:
        server = stack.enter_context(serving("--seed-data", "none"))
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
