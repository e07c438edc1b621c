"""A state is kept by a name and gone back to: all is as it was, as often as is wanted."""

import itertools
import threading
import time

import pytest
from fluent_oms_simulator import Settings
from fluent_oms_simulator.clock import VirtualClock

from ..api.helpers.audit_rows import search
from ..conftest import MakeSimulator
from ..graphql.helpers.places import CREATE_LOCATION, location_input
from ..support import Client, Document, delta, deltas, held_of_the_state, limit, record, tally

PATH = "/__admin/snapshots"
DELTAS = {"name": "INVENTORY_DELTA", "eventType": "ORCHESTRATION"}
"""Their events, without the audits."""
ALL_OF_IT = """{
  inventoryPositions(first: 100) { edges { node {
    ref onHand status createdOn updatedOn
    quantities(first: 20) { edges { node { ref type quantity status createdOn updatedOn } } }
  } } }
  locations(first: 100) { edges { node { ref name status createdOn } } }
  virtualPositions(first: 100) { edges { node { ref quantity status } } }
}"""


def take(client: Client, name: str, status: int = 201, **wish: object) -> Document:
    reply = client.http.put(f"{PATH}/{name}", json=wish)
    assert reply.status_code == status, reply.get_data(as_text=True)
    told: Document = reply.get_json()
    return told


def restore(client: Client, name: str, status: int = 200) -> Document:
    reply = client.http.post(f"{PATH}/{name}/restore")
    assert reply.status_code == status, reply.get_data(as_text=True)
    told: Document = reply.get_json()
    return told


def seen(client: Client) -> Document:
    """All that a connector can read."""
    positions = client.positions()
    return {
        "positions": [client.position(each["ref"]) for each in positions],
        "graphql": client.post("/graphql", {"query": ALL_OF_IT}).get_json(),
        "events": client.get("/api/v4.1/event", count="1000").get_json(),
        "jobs": [client.get(f"/api/v4.1/job/{number}").get_json() for number in range(1, 6)],
        "batches": [
            client.get(f"/api/v4.1/job/1/batch/{number}").get_json() for number in range(1, 6)
        ],
        "clock": client.http.get("/__admin/clock").get_json(),
        "behaviours": client.http.get("/__admin/behaviours").get_json(),
        "held": {name: row["held"] for name, row in held_of_the_state(client).items()},
    }


def stock(client: Client) -> dict[str, int]:
    return {each["ref"]: each["onHand"] for each in client.positions()}


@pytest.fixture
def busy(make_simulator: MakeSimulator, clock: VirtualClock) -> Client:
    """With stock of many kinds, an event for tomorrow, and a control."""
    client = Client(make_simulator(clock=clock, settings=Settings(seed_data="demo")))
    client.load([record("SKU_1", "LOC_1", 100), record("SKU_2", "LOC_2", 50)])
    client.load([record("SKU_1", "LOC_1", 90, type="RESERVED", ref="r")])
    client.delta("SKU_1", "LOC_1", -1, "sale")
    client.reserve("SKU_2", "LOC_2", 5, "order-1")
    client.post("/graphql", {"query": CREATE_LOCATION, "variables": {"input": location_input("X")}})
    client.send({**deltas(delta("SKU_1", "LOC_1", 7, "later")), "scheduledOn": TOMORROW})
    return client


TOMORROW = "2026-01-02T12:00:00.000Z"


def go_on(client: Client) -> None:
    client.http.put("/__admin/behaviours", json={"behaviours": {"delta.duplicate": "accumulate"}})
    client.load([record("SKU_1", "LOC_1", 5), record("SKU_9", "LOC_9", 9)], job=client.job())
    client.delta("SKU_1", "LOC_1", -1, "sale")
    client.confirm("SKU_2", "LOC_2", "order-1", sold=3)
    client.http.post("/__admin/clock/advance", json={"days": 3})


def test_all_is_as_it_was_as_often_as_is_wanted(busy: Client) -> None:
    before = seen(busy)
    take(busy, "start")

    for _ in range(2):
        go_on(busy)
        assert seen(busy) != before
        told = restore(busy, "start")
        assert told["status"] == "restored"
        assert seen(busy) == before


def test_from_there_it_goes_on_as_it_did(busy: Client) -> None:
    take(busy, "start")
    go_on(busy)
    first = stock(busy)

    restore(busy, "start")
    go_on(busy)

    assert stock(busy) == first


def test_an_event_that_waited_for_its_time_runs_at_its_time_again(busy: Client) -> None:
    take(busy, "start")
    before = busy.on_hand("SKU_1", "LOC_1")
    for _ in range(2):
        assert busy.on_hand("SKU_1", "LOC_1") == before
        busy.http.post("/__admin/clock/advance", json={"days": 1})
        assert busy.on_hand("SKU_1", "LOC_1") == before + 7
        restore(busy, "start")


def test_what_is_kept_is_not_changed_by_what_follows(busy: Client) -> None:
    before = seen(busy)
    take(busy, "first")
    go_on(busy)
    take(busy, "second")
    after = seen(busy)

    restore(busy, "first")
    assert seen(busy) == before
    restore(busy, "second")
    assert seen(busy) == after


def test_tokens_and_what_was_requested_stay(client: Client) -> None:
    client.load([record("SKU_1", "LOC_1", 100)])
    take(client, "start")
    client.delta("SKU_1", "LOC_1", -1, "sale")

    restore(client, "start")

    assert client.get("/api/v4.1/job/1").status_code == 200
    [sale] = client.http.get("/__admin/requests?deltaId=sale").get_json()["results"]
    assert sale["status"] == 200


def test_a_clock_that_follows_the_machine_follows_it_still(client: Client) -> None:
    take(client, "start")
    client.http.put("/__admin/clock", json={"frozen": True})

    restore(client, "start")

    assert client.http.get("/__admin/clock").get_json()["frozen"] is False


def test_it_is_taken_once_all_that_was_accepted_is_applied(client: Client) -> None:
    client.load([record("SKU_1", "LOC_1", 0)])
    stop = threading.Event()
    sent: list[str] = []

    def send() -> None:
        sender = Client(client.simulator)
        while not stop.is_set():
            number = len(sent)
            event = deltas(delta("SKU_1", "LOC_1", 1, f"d{number}"))
            sent.append(sender.post("/api/v4.1/event/async", event).get_json()["id"])

    sending = threading.Thread(target=send)
    sending.start()
    try:
        while sending.is_alive() and len(sent) < 5:
            time.sleep(0.001)
        take(client, "midway")
    finally:
        stop.set()
        sending.join()
    client.settle()

    restore(client, "midway")

    rows = search(client, **DELTAS)
    assert client.on_hand("SKU_1", "LOC_1") == len(rows) > 0
    assert {row["eventStatus"] for row in rows} == {"SUCCESS"}


def test_what_is_accepted_while_it_is_taken_neither_belongs_to_it_nor_keeps_it_waiting(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The copy of a large account takes longer than it is between two deltas of a busy sender."""
    client.load([record("SKU_1", "LOC_1", 5)])
    store = client.simulator.store
    keep, copies = store.keep, itertools.count()

    def keep_while_a_delta_comes() -> object:
        event = deltas(delta("SKU_1", "LOC_1", 1, f"d{next(copies)}"))
        assert client.post("/api/v4.1/event/async", event).status_code == 200
        return keep()

    monkeypatch.setattr(store, "keep", keep_while_a_delta_comes)

    assert client.simulator.keep_state(timeout=10) is not None
    take(client, "amid")
    monkeypatch.undo()
    client.settle()

    assert next(copies) == 2
    assert client.on_hand("SKU_1", "LOC_1") == 7
    restore(client, "amid")
    assert client.on_hand("SKU_1", "LOC_1") == 6
    assert len(search(client, **DELTAS)) == 1


def test_they_are_listed_shown_and_dropped(client: Client) -> None:
    told = [take(client, name) for name in ("b", "a")]

    listed = client.http.get(PATH).get_json()
    assert (listed["total"], listed["snapshots"]) == (2, told)
    assert client.http.get(f"{PATH}?start=1&count=1").get_json()["snapshots"] == told[1:]
    assert client.http.get(f"{PATH}/a").get_json() == told[1]

    assert client.http.delete(f"{PATH}/a").get_json() == {"status": "dropped", "name": "a"}
    assert client.http.get(PATH).get_json()["total"] == 1


def test_one_of_the_same_name_is_replaced_only_where_that_is_wanted(client: Client) -> None:
    take(client, "start")
    client.load([record("SKU_1", "LOC_1", 100)])

    assert "replace" in take(client, "start", 409)["errors"][0]["message"]
    assert client.http.get(f"{PATH}/start").get_json()["positions"] == 0
    assert take(client, "start", replace=True)["positions"] == 1


def test_what_there_is_not_is_told(client: Client) -> None:
    for reply in (
        client.http.get(f"{PATH}/none"),
        client.http.delete(f"{PATH}/none"),
        client.http.post(f"{PATH}/none/restore"),
    ):
        assert reply.status_code == 404
        assert "There is no snapshot 'none'" in reply.get_json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("name", "wish", "expected"),
    [
        ("start", {"replace": "yes"}, "/replace"),
        ("start", {"replaced": True}, "/replaced"),
        ("start", [], "an object"),
        ("-start", {}, "1 to 64"),
        ("a" * 65, {}, "1 to 64"),
    ],
    ids=str,
)
def test_what_cannot_be_used_takes_none(
    client: Client, name: str, wish: object, expected: str
) -> None:
    reply = client.http.put(f"{PATH}/{name}", json=wish)

    assert reply.status_code == 400
    assert expected in reply.get_json()["errors"][0]["message"]
    assert client.http.get(PATH).get_json()["total"] == 0


def test_there_are_no_more_than_may_be(
    make_simulator: MakeSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, "SNAPSHOTS", 2)
    client = Client(make_simulator())
    for name in ("a", "b"):
        take(client, name)

    told = take(client, "c", 409)["errors"][0]["message"]

    assert "There are 2 snapshots, of 2 at most" in told
    take(client, "b", replace=True)
    client.http.delete(f"{PATH}/a")
    take(client, "c")
    assert tally(client, "snapshots")["held"] == 2


def test_they_hold_no_more_than_may_be(
    make_simulator: MakeSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, "SNAPSHOT_BYTES", 8_000)
    client = Client(make_simulator())
    client.load([record("SKU_1", "LOC_1", 1), record("SKU_2", "LOC_1", 1)])
    take(client, "a")

    assert "bytes of snapshots" in take(client, "b", 409)["errors"][0]["message"]
    take(client, "a", replace=True)
    assert 4_000 < tally(client, "snapshotBytes")["held"] <= 8_000
