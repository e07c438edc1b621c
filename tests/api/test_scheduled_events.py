"""Events with a scheduledOn: they run then, by the simulator's clock.

Fluent docs: ScheduleEvent, 6 Aug 2025 (now and a delay); orchestration audit events, 26 Feb 2025
(the status SCHEDULED).
"""

import pytest
from fluent_oms_simulator.clock import VirtualClock, timestamp

from ..conftest import NOON, MakeSimulator
from ..support import Client, Document, delta, deltas, limit, record, tally
from .helpers.replies import of_kind, refusals

ASYNC, SYNC = "/api/v4.1/event/async", "/api/v4.1/event/sync"
HOUR = 3_600_000


@pytest.fixture
def clocked(make_simulator: MakeSimulator, clock: VirtualClock) -> Client:
    client = Client(make_simulator(clock=clock))
    client.load([record("D45", "LOC_MEL", 100)])
    return client


def later(name: str, at: int = NOON + HOUR, qty: int = 1) -> Document:
    return deltas(delta("D45", "LOC_MEL", qty, name), scheduledOn=timestamp(at))


def on_hand(client: Client) -> int:
    return client.on_hand("D45", "LOC_MEL")


def test_an_event_waits_until_its_time_and_then_runs(clocked: Client, clock: VirtualClock) -> None:
    sent = clocked.send(later("d1"))
    assert sent["eventStatus"] == "SCHEDULED"
    assert sent["outcome"] == "waits until 2026-01-01T13:00:00.000+00:00"
    assert sent["generatedOn"] == timestamp(NOON)

    clock.advance(HOUR - 1)
    clocked.settle()
    assert clocked.event(sent["id"])["eventStatus"] == "SCHEDULED"
    assert on_hand(clocked) == 100

    clock.advance(1)
    clocked.settle()
    assert clocked.event(sent["id"])["eventStatus"] == "SUCCESS"
    assert on_hand(clocked) == 101


@pytest.mark.parametrize("named", [{"entityRef": "DEFAULT:1"}, {"entityId": "1"}], ids=str)
def test_its_row_tells_when_it_runs_and_what_it_is_about(
    clocked: Client, clock: VirtualClock, named: Document
) -> None:
    document = later("d1") | {"rootEntityRef": "DEFAULT:1"}
    del document["entityRef"]
    waiting = clocked.send(document | named)

    assert waiting["scheduledOn"] == timestamp(NOON + HOUR)
    told = {name: waiting["context"][name] for name in ("entityId", "entityRef", "rootEntityId")}
    assert told == {"entityId": "1", "entityRef": "DEFAULT:1", "rootEntityId": "1"}
    clock.advance(HOUR)
    clocked.settle()
    ran = clocked.event(waiting["id"])
    assert (ran["scheduledOn"], ran["context"]) == (waiting["scheduledOn"], waiting["context"])
    assert "scheduledOn" not in clocked.delta("D45", "LOC_MEL", 1, "d2")


@pytest.mark.parametrize(
    "moment",
    ["2026-01-01T12:00:00Z", "2020-05-05T01:02:03Z", "2026-01-01T13:30:00+02:00"],
)
def test_a_time_that_has_come_is_at_once(clocked: Client, moment: str) -> None:
    sent = clocked.send(deltas(delta("D45", "LOC_MEL", 1, "d1"), scheduledOn=moment))

    assert sent["eventStatus"] == "SUCCESS"


@pytest.mark.parametrize(
    "moment", ["tomorrow", "", "2026-01-01", "2026-13-01T00:00:00Z", "1767268800000", "null"]
)
@pytest.mark.parametrize("path", [ASYNC, SYNC])
def test_what_is_no_time_is_refused(clocked: Client, path: str, moment: str) -> None:
    document = deltas(delta("D45", "LOC_MEL", 1, "d1"), scheduledOn=moment)
    [(_, message)] = refusals(clocked.post(path, document))

    assert "/scheduledOn" in message
    assert "a moment such as 2026-03-23T00:00:00Z" in message
    assert on_hand(clocked) == 100
    assert clocked.get("/api/v4.1/event", name="INVENTORY_DELTA").get_json()["results"] == []


def test_a_sync_caller_is_told_that_it_is_scheduled(clocked: Client) -> None:
    body = of_kind("event_result", clocked.post(SYNC, later("d1")))

    assert body["eventStatus"] == "SCHEDULED"
    assert clocked.event(body["eventId"])["eventStatus"] == "SCHEDULED"


def test_what_no_ruleset_can_read_fails_when_its_time_has_come(
    make_simulator: MakeSimulator, clock: VirtualClock
) -> None:
    """Rules throw when they run (CreateDeltaInventoryQuantities, 12 Aug 2025), not before."""
    client = Client(make_simulator(clock=clock, event_invalid_attributes="fail"))
    sent = client.send(later("d1", qty=0))
    assert sent["eventStatus"] == "SCHEDULED"

    clock.advance(HOUR)
    client.settle()

    failed = client.event(sent["id"])
    assert failed["eventStatus"] == "FAILED"
    assert "/attributes/deltas/0/qty found 0" in failed["outcome"]
    rows = client.get("/api/v4.1/event", **{"context.sourceEvents": sent["id"]}).get_json()
    assert "exception" in [row["category"] for row in rows["results"]]


def test_they_run_in_the_order_of_their_times(clocked: Client, clock: VirtualClock) -> None:
    ids = {
        name: clocked.send(later("same", at=NOON + at, qty=qty))["id"]
        for name, at, qty in (("third", 30, 3), ("first", 10, 1), ("second", 20, 2))
    }
    clock.advance(HOUR)
    clocked.settle()

    assert on_hand(clocked) == 103
    assert {clocked.event(each)["eventStatus"] for each in ids.values()} == {"SUCCESS"}


def test_other_work_goes_on_meanwhile(clocked: Client, clock: VirtualClock) -> None:
    sent = clocked.send(later("d1"))
    clocked.load([record("D45", "LOC_MEL", 50)])
    clocked.delta("D45", "LOC_MEL", 5, "now")
    health = clocked.http.get("/__admin/health").get_json()
    assert (health["waiting"], health["scheduledEvents"]) == ({"events": 0, "batches": 0}, 1)

    clock.advance(HOUR)
    clocked.settle()
    assert clocked.event(sent["id"])["eventStatus"] == "SUCCESS"
    assert on_hand(clocked) == 56
    assert clocked.http.get("/__admin/health").get_json()["scheduledEvents"] == 0


def test_they_are_found_by_their_status(clocked: Client) -> None:
    sent = clocked.send(later("d1"))
    found = clocked.get("/api/v4.1/event", eventStatus="SCHEDULED").get_json()["results"]

    assert [row["id"] for row in found] == [sent["id"]]


def test_a_reset_drops_them(clocked: Client, clock: VirtualClock) -> None:
    clocked.send(later("d1"))
    assert clocked.http.post("/__admin/reset").status_code == 200
    clocked.load([record("D45", "LOC_MEL", 100)], job=clocked.job())
    clock.advance(2 * HOUR)
    clocked.settle()

    assert on_hand(clocked) == 100
    assert clocked.http.get("/__admin/health").get_json()["scheduledEvents"] == 0


def test_they_are_bounded_and_take_no_room_of_those_that_run_at_once(
    make_simulator: MakeSimulator, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, "SCHEDULED_EVENTS", 5_000)
    client = Client(make_simulator(clock=clock))
    client.load([record("D45", "LOC_MEL", 100)])
    statuses = [client.post(ASYNC, later(f"d{n}")).status_code for n in range(9)]
    assert statuses[0] == 200
    assert statuses[-1] == 503
    assert client.delta("D45", "LOC_MEL", 1, "now")["eventStatus"] == "SUCCESS"
    row = tally(client, "scheduledEvents")
    assert (row["lost"], row["held"] > 0) == (statuses.count(503), True)

    clock.advance(HOUR)
    client.settle()
    assert on_hand(client) == 101 + statuses.count(200)
    assert tally(client, "scheduledEvents")["held"] == 0
    assert client.post(ASYNC, later("again", at=NOON + 5 * HOUR)).status_code == 200


def test_one_that_runs_late_fails_late(clocked: Client, clock: VirtualClock) -> None:
    sent = clocked.send(deltas(delta("D45", "NOWHERE", 1, "d"), scheduledOn=timestamp(NOON + HOUR)))
    assert sent["eventStatus"] == "SCHEDULED"
    clock.advance(HOUR)
    clocked.settle()

    assert clocked.event(sent["id"])["eventStatus"] == "FAILED"
