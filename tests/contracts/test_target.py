"""What contracts say to a server, and the names they use there."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from fluent_oms_simulator.contracts.target.api import Api, LateError
from fluent_oms_simulator.contracts.target.builders import delta, item, record
from fluent_oms_simulator.contracts.target.in_process import running_simulator
from fluent_oms_simulator.contracts.target.names import Names, random_prefix
from fluent_oms_simulator.contracts.target.target import Target
from fluent_oms_simulator.contracts.target.wire import Limiter, UnreachableError, Wire


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    with running_simulator() as target:
        yield Api(target)


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
    with pytest.raises(UnreachableError, match="nothing answers there"):
        Api(Target(url="http://127.0.0.1:9")).call("GET", "/", token=None)


def test_requests_keep_to_the_rate() -> None:
    with running_simulator() as target:
        api = Api(target, Wire(Limiter(20), through_proxies=False))
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
