"""Many connections, and many requests on one: each gets its reply, and others are not kept."""

import random
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import psutil
import pytest

from ..cli.conftest import serving
from ..support import first_at_once
from .conftest import Wire, sign_in
from .helpers.raw import LAST_CHUNK, Connection, chunk, head

JOB = b'{"name": "pipelined", "retailerId": "1"}'
EVENT = b'{"name": "Any", "retailerId": "1", "entityType": "ORDER", "entityRef": "A"}'
TEXT = "Content-Type: text/plain"
LONG = b"x" * 90_000
LENGTH = f"Content-Length: {len(LONG)}"


def posted(wire: Wire, path: str, body: bytes) -> bytes:
    return wire.json_call(path, f"Content-Length: {len(body)}") + body


REQUESTS: dict[str, tuple[int, Callable[[Wire], bytes]]] = {
    "job": (200, lambda wire: posted(wire, "/api/v4.1/job", JOB)),
    "event": (200, lambda wire: posted(wire, "/api/v4.1/event/async", EVENT)),
    "event that waits": (400, lambda wire: posted(wire, "/api/v4.1/event/sync", EVENT)),
    "broken": (400, lambda wire: posted(wire, "/api/v4.1/job", b"{")),
    "chunks": (
        200,
        lambda wire: (
            wire.json_call("/api/v4.1/job", "Transfer-Encoding: chunked") + chunk(JOB) + LAST_CHUNK
        ),
    ),
    "no token": (
        401,
        lambda _: head("POST", "/api/v4.1/job", "Content-Length: 90000") + b"x" * 90_000,
    ),
    "another type": (
        415,
        lambda wire: (
            wire.signed_in("POST", "/api/v4.1/job", TEXT, "Content-Length: 9") + b"123456789"
        ),
    ),
    "no such path": (404, lambda _: head("POST", "/nothing", LENGTH) + LONG),
    "ready": (200, lambda _: head("GET", "/__admin/ready")),
    "ready, with a body": (
        200,
        lambda _: head("GET", "/__admin/ready", "Content-Length: 2") + b"{}",
    ),
}


def pipelined(wire: Wire, seed: int, rounds: int) -> list[tuple[str, int]]:
    """Send up to 16 requests in one go, again and again; the replies that were other than due."""
    chance = random.Random(seed)
    wrong = []
    with wire.connect() as connection:
        for _ in range(rounds):
            names = chance.choices(list(REQUESTS), k=chance.randint(2, 16))
            sent = b"".join(REQUESTS[name][1](wire) for name in names)
            while sent:
                size = chance.choice([len(sent), len(sent), 1, 100, 5_000])
                connection.send(sent[:size])
                sent = sent[size:]
            for name in names:
                status = connection.reply().status
                if status != REQUESTS[name][0]:
                    wrong.append((name, status))
    return wrong


@pytest.mark.parametrize("rounds", first_at_once([10, 300]))
def test_every_request_in_flight_is_answered_in_order(wire: Wire, rounds: int) -> None:
    with ThreadPoolExecutor(16) as pool:
        found = pool.map(lambda seed: pipelined(wire, seed, rounds), range(16))

    assert [wrong for each in found for wrong in each] == []


@pytest.fixture
def may_open_many() -> Iterator[None]:
    """This process may open a few thousand files."""
    if sys.platform == "win32":
        pytest.skip("files have no limit of that kind")
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 5_000:
        pytest.skip("the system allows too few open files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 5_000), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def open_many(stack: ExitStack, wire: Wire, number: int) -> list[Connection]:
    return [stack.enter_context(wire.connect()) for _ in range(number)]


@pytest.mark.slow
@pytest.mark.usefixtures("may_open_many")
def test_a_thousand_stalled_and_a_thousand_silent_keep_nobody_waiting() -> None:
    with serving("--seed-data", "none") as server, ExitStack() as stack:
        wire = Wire(server.port)
        wire.token = sign_in(wire)
        open_many(stack, wire, 1_000)
        for client in open_many(stack, wire, 1_000):
            client.send(wire.json_call("/api/v4.1/job", "Content-Length: 10"), b"a")

        for _ in range(50):
            assert wire.post("/api/v4.1/job", {"name": "next", "retailerId": "1"}).status == 200
        assert wire.is_well()


@pytest.mark.usefixtures("may_open_many")
def test_a_stop_waits_for_none_of_a_thousand_idle_connections() -> None:
    with serving("--seed-data", "none") as server, ExitStack() as stack:
        wire = Wire(server.port)
        for client in open_many(stack, wire, 1_000)[:500]:  # the others have said nothing yet
            client.send(head("GET", "/__admin/ready"))
            assert client.reply().status == 200

        assert server.stop() == 0
        assert "Killing" not in server.log()


@pytest.mark.usefixtures("may_open_many")
def test_more_connections_than_files_are_no_harm_once_they_are_gone() -> None:
    if not hasattr(resource := pytest.importorskip("resource"), "prlimit"):
        pytest.skip("only Linux sets limits of another process")
    with serving("--seed-data", "none") as server:
        wire = Wire(server.port)
        assert wire.is_well()
        for worker in psutil.Process(server.process.pid).children():
            resource.prlimit(worker.pid, resource.RLIMIT_NOFILE, (300, 300))
        with ExitStack() as stack:
            open_many(stack, wire, 600)
        assert wire.is_well()
        assert server.stop() == 0


def test_a_reply_that_nobody_reads_keeps_nobody_waiting() -> None:
    with serving() as server, ExitStack() as stack:
        wire = Wire(server.port)
        wire.token = sign_in(wire)
        for client in open_many(stack, wire, 50):
            client.send(head("GET", "/openapi.json") * 20)

        for _ in range(20):
            assert wire.post("/api/v4.1/job", {"name": "next", "retailerId": "1"}).status == 200
