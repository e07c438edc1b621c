"""What contracts say to a server, and the names they use there."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from fluent_oms_simulator.client.builders import delta, item, record
from fluent_oms_simulator.client.client_errors import LateError, UnreachableError
from fluent_oms_simulator.client.exchanges import Pace, Wire
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.client.target_server import Target
from fluent_oms_simulator.contracts.target.local_simulator import running_simulator
from fluent_oms_simulator.contracts.target.names import Names, random_prefix


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    with running_simulator() as target:
        yield Api(target)


@pytest.mark.parametrize("target", ["//graphql", "/a/../b", "/%2fA%2F", "/a;b?", "/a//"])
def test_a_raw_request_goes_out_as_it_is_spelt_and_without_credentials(target: str) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        received: list[bytes] = []

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                received.append(connection.recv(65536))
                connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        wire = Wire(kept=1)
        status = wire.raw("GET", url, target)
        thread.join()

    head = received[0].decode().splitlines()
    assert (status, head[0]) == (404, f"GET {target} HTTP/1.1")
    assert not any(line.lower().startswith("authorization") for line in head)
    assert [(each.url, each.status) for each in wire.exchanges] == [(url + target, 404)]


def test_a_raw_request_that_nobody_answers_is_told() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with pytest.raises(UnreachableError, match="GET"):
        Wire().raw("GET", url, "/")


def test_a_load_deltas_and_updates_are_waited_for_and_read_back(api: Api) -> None:
    batch = api.load([record("SKU-1", "LOC", 10)])
    first = api.deltas(delta("SKU-1", "LOC", -3, "D-1"))
    second = api.updates(item("SKU-1", "LOC", "F-1", reservedQty=-2))

    assert batch["status"] == "COMPLETE"
    assert first["eventStatus"] == second["eventStatus"] == "SUCCESS"
    assert api.on_hand("SKU-1", "LOC") == 5
    position = api.position("SKU-1", "LOC")
    assert position is not None
    assert {row["type"]: row["quantity"] for row in position["quantities"]} == {
        "LAST_ON_HAND": 10,
        "DELTA": -3,
        "RESERVED": -2,
    }


def test_all_pages_of_quantities_are_read(api: Api) -> None:
    api.load([record("SKU-2", "LOC", 0)])
    api.deltas(*(delta("SKU-2", "LOC", 1, f"P-{number}") for number in range(250)))

    position = api.position("SKU-2", "LOC")

    assert position is not None
    assert len(position["quantities"]) == 251
    assert position["onHand"] == 250


def test_a_position_that_is_not_there_is_none(api: Api) -> None:
    assert api.position("NO-SUCH", "LOC") is None
    assert api.on_hand("NO-SUCH", "LOC") is None


def test_a_call_is_told_whatever_it_is_answered(api: Api) -> None:
    assert api.call("GET", "/api/v4.1/event/none").status == 404
    assert api.call("GET", "/api/v4.1/event", token=None).status == 401
    assert (
        api.call("POST", "/api/v4.1/job", data=b"{", content_type="application/json").status == 400
    )
    assert api.sign_in(password="wrong").document["error"] == "invalid_grant"


def test_what_does_not_come_about_is_late(api: Api) -> None:
    with pytest.raises(LateError, match=r"within 0\.05 s"):
        api.eventually(lambda: None, within=0.05)
    assert api.eventually(lambda: "there") == "there"


def test_a_server_that_is_not_there_is_told_in_a_sentence() -> None:
    with pytest.raises(UnreachableError, match="nothing listens there"):
        Api(Target(url="http://127.0.0.1:9")).call("GET", "/", token=None)


def test_requests_keep_to_the_rate() -> None:
    with running_simulator() as target:
        api = Api(target, Wire(Pace(20)))
        start = time.monotonic()
        for _ in range(6):
            api.call("GET", "/__admin/health", token=None)

        assert time.monotonic() - start >= 5 / 20


def test_names_begin_with_the_prefix_and_are_never_alike() -> None:
    names = Names("TAB12", 3)
    products = [names.product() for _ in range(500)]
    locations = [names.location() for _ in range(500)]
    others = [names.delta_id() for _ in range(50)] + [names.fulfilment() for _ in range(50)]

    everything = products + locations + others
    assert len(set(everything)) == len(everything)
    assert [name for name in everything if not name.startswith("TAB12")] == []
    assert max(map(len, locations)) <= 8
    assert max(map(len, everything)) <= 30


def test_names_are_the_same_for_the_same_seed_only() -> None:
    assert Names("T", 3).product() == Names("T", 3).product() != Names("T", 4).product()
    assert random_prefix() != random_prefix()
