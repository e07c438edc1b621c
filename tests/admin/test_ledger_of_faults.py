"""The ledger tells what came of deltas whose calls went wrong on purpose."""

from typing import Any

import pytest
from fluent_oms_simulator import Simulator
from fluent_oms_simulator.clock import VirtualClock

from ..conftest import MakeSimulator
from ..support import Client, Document, batch, delta, deltas, record

EVENT = "/api/v4.1/event/async"
TWICE = {"kind": "twice"}
LATE = {"kind": "late", "delay": {"fixed": 5_000}}


@pytest.fixture
def client(make_simulator: MakeSimulator, clock: VirtualClock) -> Client:
    """Request 1 signs in, 2 makes a job, 3 a batch."""
    return stocked(make_simulator(clock=clock))


def stocked(simulator: Simulator) -> Client:
    client = Client(simulator)
    client.load([record("D45", "LOC_MEL", 100)])
    return client


def send(client: Client, *rules: Document) -> None:
    """One delta, -10, among these rules."""
    reply = client.http.put("/__admin/faults", json={"rules": list(rules), "seed": 1})
    assert reply.status_code == 200, reply.get_data(as_text=True)
    client.post(EVENT, deltas(delta("D45", "LOC_MEL", -10, "d1")))
    client.settle()


def ledger(client: Client) -> Any:
    return client.http.get("/__admin/ledger").get_json()


def account(client: Client) -> Any:
    [found] = ledger(client)["results"]
    return found


def once(client: Client) -> Any:
    expected = {"expectations": [{"effect": "everyDeltaAppliedExactlyOnce"}]}
    [result] = client.http.post("/__admin/verify", json=expected).get_json()["results"]
    return result


def test_one_that_is_delivered_twice_has_arrived_once_and_its_repeat_is_suppressed(
    client: Client,
) -> None:
    send(client, TWICE)
    found = account(client)

    assert (found["arrived"], found["deliveredAgain"], found["acknowledged"]) == (1, 1, 1)
    assert found["arrivals"] == {"applied": 1, "suppressed": 1}
    assert found["fates"] == ["applied", "repeatSuppressed"]
    assert [told["request"] for told in found["told"]] == [4, 4]
    assert [told.get("deliveredAgain", False) for told in found["told"]] == [False, True]
    totals = ledger(client)["totals"]
    assert (totals["arrived"], totals["deliveredAgain"]) == (1, 1)
    assert once(client)["verdict"] == "passed"


def test_one_that_is_delivered_twice_where_repeats_add_up_has_doubled_the_stock(
    make_simulator: MakeSimulator, clock: VirtualClock
) -> None:
    client = stocked(make_simulator(clock=clock, delta_duplicate="accumulate"))
    send(client, TWICE)
    found = account(client)

    assert client.on_hand("D45", "LOC_MEL") == 80
    assert (found["fates"], found["amount"]) == (["appliedAgain"], -20)
    [miss] = once(client)["nearMisses"]
    assert miss["request"] == 4
    assert miss["differences"][0]["found"] == "applied 2 times"


def test_two_rules_that_deliver_twice_are_told_with_the_request(client: Client) -> None:
    send(client, TWICE, TWICE)
    found = account(client)

    assert (found["arrived"], found["deliveredAgain"]) == (1, 3)
    assert [told["request"] for told in found["told"]] == [4, 4, 4, 4]


@pytest.mark.parametrize("rules", [(LATE, TWICE), (TWICE, LATE)], ids=str)
def test_one_that_comes_late_is_delivered_twice_in_whichever_order_the_rules_are(
    client: Client, clock: VirtualClock, rules: tuple[Document, ...]
) -> None:
    send(client, *rules)
    assert account(client)["arrivals"] == {"waiting": 2}
    clock.advance(5_000)
    client.settle()

    assert account(client)["arrivals"] == {"applied": 1, "suppressed": 1}


@pytest.mark.parametrize("kind", ["reset", "no_reply"])
@pytest.mark.parametrize("point", ["authenticate", "before_accept"])
def test_one_that_was_read_and_kept_from_being_taken_in_has_arrived(
    client: Client, kind: str, point: str
) -> None:
    send(client, {"kind": kind, "point": point})
    found = account(client)

    assert (found["arrived"], found["acknowledged"]) == (1, 0)
    assert (found["arrivals"], found["fates"]) == ({"refused": 1}, ["neverApplied"])
    [told] = found["told"]
    assert (told["request"], told["status"]) == (4, None)


@pytest.mark.parametrize("point", ["after_accept", "after_commit"])
def test_one_whose_reply_is_lost_is_applied_and_not_acknowledged(
    client: Client, point: str
) -> None:
    send(client, {"kind": "cut_off", "point": point})
    found = account(client)

    assert (found["fates"], found["arrived"], found["acknowledged"]) == (["applied"], 1, 0)
    assert found["told"][0]["request"] == 4
    assert once(client)["verdict"] == "passed"


def test_a_reply_is_not_held_until_a_clock_that_stands_still_has_moved(
    client: Client, clock: VirtualClock
) -> None:
    send(client, LATE, {"kind": "cut_off", "point": "after_commit"})
    assert account(client)["fates"] == ["waiting"]

    clock.advance(5_000)
    client.settle()
    assert account(client)["fates"] == ["applied"]


def test_records_of_a_batch_that_is_kept_back_have_arrived_and_wait(client: Client) -> None:
    rule = {"kind": "hold_batch", "seconds": 60}
    client.http.put("/__admin/faults", json={"rules": [rule]})
    job = client.job()
    records = batch(record("D45", "LOC_MEL", 1), record("D46", "LOC_MEL", 2))
    client.post(f"/api/v4.1/job/{job}/batch", records)
    client.settle()
    held = ledger(client)["totals"]["records"]
    assert (held["arrived"], held["applied"], held["waiting"]) == (3, 1, 2)

    client.http.delete("/__admin/faults")
    client.settle()
    done = ledger(client)["totals"]["records"]
    assert (done["arrived"], done["applied"], done["waiting"]) == (3, 3, 0)
