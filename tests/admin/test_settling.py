"""How fast accepted work becomes visible is a choice: at once, after a while, or when asked for."""

import threading
from collections.abc import Iterator

import pytest
from fluent_oms_simulator import Settings
from fluent_oms_simulator.clock import VirtualClock, timestamp
from fluent_oms_simulator.worker import CHUNK_COUNTS

from ..conftest import NOON, MakeSimulator
from ..support import Client, Document, batch, delta, deltas, limit, record

ASYNC, SYNC = "/api/v4.1/event/async", "/api/v4.1/event/sync"
NOTHING = {"events": 0, "batches": 0}


@pytest.fixture
def clocked(make_simulator: MakeSimulator, clock: VirtualClock) -> Client:
    """Its clock stands still; there are 100 on hand."""
    client = Client(make_simulator(clock=clock))
    client.load([record("D45", "LOC_MEL", 100)])
    return client


@pytest.fixture
def held(clocked: Client) -> Client:
    """The same, where nothing is applied until it is asked for."""
    choose(clocked, mode="manual")
    return clocked


def choose(client: Client, status: int = 200, **wanted: object) -> Document:
    if "of" in wanted:
        wanted["from"] = wanted.pop("of")
    reply = client.http.put("/__admin/settling", json=wanted)
    assert reply.status_code == status, reply.get_data(as_text=True)
    answer: Document = reply.get_json()
    return answer


def settle(client: Client, **query: object) -> Document:
    answer: Document = client.http.post("/__admin/settle", query_string=query).get_json()
    return answer


def advance(client: Client, milliseconds: int) -> None:
    reply = client.http.post("/__admin/clock/advance", json={"milliseconds": milliseconds})
    assert reply.status_code == 200


def send_delta(client: Client, qty: int, name: str, **more: object) -> str:
    reply = client.post(ASYNC, deltas(delta("D45", "LOC_MEL", qty, name), **more))
    return str(reply.get_json()["id"])


def send_count(client: Client, qty: int) -> str:
    """A batch of one count into a job of its own; returns the path that tells its status."""
    job = client.job()
    reply = client.post(f"/api/v4.1/job/{job}/batch", batch(record("D45", "LOC_MEL", qty)))
    return f"/api/v4.1/job/{job}/batch/{reply.get_json()['id']}"


def status(client: Client, path: str) -> str:
    return str(client.get(path).get_json()["status"])


def on_hand(client: Client) -> int:
    return client.on_hand("D45", "LOC_MEL")


def test_at_first_it_is_immediate(client: Client) -> None:
    shown = client.http.get("/__admin/settling").get_json()

    assert shown == {"mode": "immediate", "held": NOTHING}


def test_what_was_accepted_waits_until_it_is_asked_for(held: Client) -> None:
    event, path = send_delta(held, 5, "d1"), send_count(held, 40)
    advance(held, 3_600_000)

    assert held.event(event)["eventStatus"] == "PENDING"
    assert status(held, path) == "PENDING"
    assert on_hand(held) == 100
    assert held.http.get("/__admin/settling").get_json()["held"] == {"events": 1, "batches": 1}
    assert settle(held)["settled"] is True
    assert held.event(event)["eventStatus"] == "SUCCESS"
    assert status(held, path) == "COMPLETE"
    assert on_hand(held) == 40


def test_so_many_units_are_applied_in_the_order_in_which_they_were_accepted(held: Client) -> None:
    send_delta(held, 5, "d1")
    path = send_count(held, 40)
    send_delta(held, 3, "d2")

    one = settle(held, units=1)
    assert one == {
        "settled": False,
        "waiting": NOTHING,
        "held": {"events": 1, "batches": 1},
        "keptByFaults": NOTHING,
        "scheduledEvents": 0,
        "delayedRequests": 0,
        "webhookDeliveries": 0,
    }
    assert (on_hand(held), status(held, path)) == (105, "PENDING")
    assert settle(held, units=1)["held"] == {"events": 1, "batches": 0}
    assert (on_hand(held), status(held, path)) == (40, "COMPLETE")
    assert settle(held, units=7)["settled"] is True
    assert on_hand(held) == 43


def test_no_units_apply_nothing_and_tell_what_is_held(held: Client) -> None:
    send_delta(held, 5, "d1")

    assert settle(held, units=0)["held"] == {"events": 1, "batches": 0}
    assert on_hand(held) == 100


@pytest.mark.parametrize("units", ["-1", "a", "1.5", "9" * 5000, "1000000001", "\u0663"])
def test_what_is_no_number_of_units_is_refused_and_nothing_is_applied(
    held: Client, units: str
) -> None:
    send_delta(held, 5, "d1")
    reply = held.http.post("/__admin/settle", query_string={"units": units})

    assert reply.status_code == 400
    message = reply.get_json()["errors"][0]["message"]
    assert "expected a whole number, from 0 to 1000000000" in message
    assert on_hand(held) == 100


def test_who_waits_for_the_outcome_of_an_event_is_answered_at_once(held: Client) -> None:
    send_delta(held, 5, "d1")
    answer = held.post(SYNC, deltas(delta("D45", "LOC_MEL", 1, "d2"))).get_json()

    assert answer["eventStatus"] == "COMPLETE"
    assert on_hand(held) == 101
    settle(held)
    assert on_hand(held) == 106


def test_immediate_again_applies_what_is_held(held: Client) -> None:
    for number in range(20):
        send_delta(held, 1, f"d{number}")
    choose(held, mode="immediate")
    send_delta(held, 1, "d20")
    held.settle()

    assert on_hand(held) == 121


def test_nothing_is_left_behind_when_it_changes_while_others_send(held: Client) -> None:
    stop = threading.Event()

    def change() -> None:
        while not stop.is_set():
            choose(held, mode="immediate")
            choose(held, mode="manual")

    changer = threading.Thread(target=change)
    changer.start()
    for number in range(200):
        send_delta(held, 1, f"d{number}")
    stop.set()
    changer.join()
    choose(held, mode="immediate")
    held.settle()

    assert on_hand(held) == 300


def test_a_reset_drops_what_is_held_and_keeps_the_choice(held: Client) -> None:
    send_delta(held, 5, "d1")
    path = send_count(held, 40)
    assert held.http.post("/__admin/reset").status_code == 200

    assert held.http.get("/__admin/settling").get_json() == {"mode": "manual", "held": NOTHING}
    assert settle(held)["settled"] is True
    assert held.positions() == []
    assert held.get(path).status_code == 404


def test_a_snapshot_is_not_taken_while_something_is_held(held: Client) -> None:
    assert held.http.put("/__admin/snapshots/before", json={}).status_code == 201
    send_delta(held, 5, "d1")
    refused = held.http.put("/__admin/snapshots/after", json={})
    assert refused.status_code == 503
    assert "POST /__admin/settle before" in refused.get_json()["errors"][0]["message"]

    assert held.http.post("/__admin/snapshots/before/restore", json={}).status_code == 200
    assert held.http.get("/__admin/settling").get_json() == {"mode": "manual", "held": NOTHING}
    assert on_hand(held) == 100


def test_the_seed_data_is_not_held(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(settings=Settings(seed_data="demo", settling="manual")))

    assert client.http.post("/__admin/reset").status_code == 200
    assert client.http.get("/__admin/ready").status_code == 200
    assert client.positions()
    assert client.http.get("/__admin/settling").get_json() == {"mode": "manual", "held": NOTHING}


def test_an_event_of_a_later_time_is_held_once_its_time_has_come(held: Client) -> None:
    event = send_delta(held, 5, "d1", scheduledOn=timestamp(NOON + 1000))
    advance(held, 1000)

    assert held.event(event)["eventStatus"] == "PENDING"
    assert settle(held, units=0)["held"] == {"events": 1, "batches": 0}
    settle(held)
    assert on_hand(held) == 105


def test_what_is_held_counts_as_waiting_and_too_much_is_refused(
    monkeypatch: pytest.MonkeyPatch, make_simulator: MakeSimulator
) -> None:
    limit(monkeypatch, "WAITING_EVENTS", 5_000)
    client = Client(make_simulator(settings=Settings(settling="manual", seed_data="none")))
    replies = [
        client.post(ASYNC, deltas(delta("D45", "LOC_MEL", 1, f"d{number}"))).status_code
        for number in range(10)
    ]

    assert replies[0] == 200
    assert replies[-1] == 503
    settle(client)
    assert send_delta(client, 1, "more")


# -- after a time ----------------------------------------------------------------------------------


def test_it_becomes_visible_so_long_after_it_was_accepted(clocked: Client) -> None:
    choose(clocked, mode="time", milliseconds=500)
    event = send_delta(clocked, 5, "d1")
    advance(clocked, 300)
    path = send_count(clocked, 40)

    advance(clocked, 199)
    assert (on_hand(clocked), clocked.event(event)["eventStatus"]) == (100, "PENDING")
    advance(clocked, 1)
    assert (on_hand(clocked), status(clocked, path)) == (105, "PENDING")
    advance(clocked, 299)
    assert status(clocked, path) == "PENDING"
    advance(clocked, 1)
    assert (on_hand(clocked), status(clocked, path)) == (40, "COMPLETE")


def test_each_runs_at_its_own_time_when_the_clock_is_moved_on(clocked: Client) -> None:
    choose(clocked, mode="time", milliseconds=60_000)
    for minute in range(3):
        send_delta(clocked, 1, f"d{minute}")
        advance(clocked, 10_000)
    later = timestamp(NOON + 50_000)
    send_delta(clocked, 1, "later", scheduledOn=later)
    advance(clocked, 3_600_000)

    rows = clocked.position("D45:LOC_MEL:DEFAULT")["quantities"][1:]
    ran = {row["ref"]: row["history"][0]["at"] for row in rows}
    assert ran == {
        "d0": timestamp(NOON + 60_000),
        "d1": timestamp(NOON + 70_000),
        "d2": timestamp(NOON + 80_000),
        "later": timestamp(NOON + 110_000),
    }


def test_it_is_applied_by_itself_while_the_clock_runs(client: Client) -> None:
    client.load([record("D45", "LOC_MEL", 100)])
    choose(client, mode="time", milliseconds=20)
    event = send_delta(client, 5, "d1")
    while client.event(event)["eventStatus"] == "PENDING":
        pass

    assert on_hand(client) == 105


def test_nothing_overtakes_what_was_accepted_before_it(clocked: Client) -> None:
    choose(clocked, mode="time", distribution="uniform", of=0, to=100_000, seed=3)
    for number in range(50):
        send_delta(clocked, number + 1, "d1")
        advance(clocked, 1_000)
    advance(clocked, 100_000)

    [row] = clocked.position("D45:LOC_MEL:DEFAULT")["quantities"][1:]
    assert [state["quantity"] for state in row["history"]] == list(range(1, 51))


def test_what_is_held_goes_by_the_new_choice(clocked: Client) -> None:
    choose(clocked, mode="time", milliseconds=60_000)
    send_delta(clocked, 5, "d1")
    choose(clocked, mode="manual")
    advance(clocked, 70_000)
    assert on_hand(clocked) == 100
    choose(clocked, mode="time", milliseconds=80_000)
    advance(clocked, 9_999)
    assert on_hand(clocked) == 100
    advance(clocked, 1)
    assert on_hand(clocked) == 105


def test_to_settle_applies_it_before_its_time(clocked: Client) -> None:
    choose(clocked, mode="time", milliseconds=60_000)
    send_delta(clocked, 5, "d1")

    assert settle(clocked)["settled"] is True
    assert on_hand(clocked) == 105


def test_a_large_batch_is_applied_whole_at_its_time(clocked: Client) -> None:
    choose(clocked, mode="time", milliseconds=1000)
    job = clocked.job()
    counts = [record(f"SKU_{number}", "LOC_MEL", 1) for number in range(3 * CHUNK_COUNTS)]
    reply = clocked.post(f"/api/v4.1/job/{job}/batch", batch(*counts)).get_json()
    advance(clocked, 1000)

    assert clocked.batch(reply["id"], job, count="1")["status"] == "COMPLETE"


def test_two_runs_with_one_seed_apply_at_the_same_times(
    make_simulator: MakeSimulator,
) -> None:
    def run() -> Iterator[str]:
        client = Client(make_simulator(clock=VirtualClock(NOON)))
        client.load([record("D45", "LOC_MEL", 100)])
        choose(client, mode="time", distribution="lognormal", median=300, sigma=1, seed=11)
        for number in range(10):
            send_delta(client, 1, f"d{number}")
            advance(client, 5_000)
        for row in client.position("D45:LOC_MEL:DEFAULT")["quantities"][1:]:
            yield row["history"][0]["at"]

    assert list(run()) == list(run())


# -- what is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ({}, '/mode is missing, expected "immediate", "time" or "manual"'),
        ({"mode": "slow"}, 'at /mode found "slow", expected "immediate", "time" or "manual"'),
        ({"mode": "time"}, "/milliseconds is missing, expected milliseconds, a whole number"),
        ({"mode": "time", "milliseconds": -1}, "at /milliseconds found -1"),
        ({"mode": "time", "milliseconds": 1e10}, "at /milliseconds found 10000000000.0"),
        ({"mode": "time", "milliseconds": 0.5}, "at /milliseconds found 0.5"),
        (
            {"mode": "manual", "milliseconds": 5},
            "at /milliseconds found 5, expected no field but mode",
        ),
        (
            {"mode": "time", "distribution": "uniform", "of": 5, "to": 4},
            "at /to found 4, expected at least what /from has, 5",
        ),
        ({"mode": "time", "distribution": "uniform", "of": 5}, "/to is missing"),
        (
            {"mode": "time", "distribution": "lognormal", "median": 5, "sigma": 6},
            "at /sigma found 6, expected a number from 0 to 5",
        ),
        (
            {"mode": "time", "distribution": "lognormal", "median": 5, "sigma": 1, "to": 1},
            "(the distribution is lognormal)",
        ),
        ({"mode": "time", "milliseconds": 5, "seed": -1}, "at /seed found -1"),
        ({"mode": "time", "milliseconds": 5, "speed": 1}, "at /speed found 1"),
    ],
    ids=str,
)
def test_what_is_no_choice_is_refused_and_changes_nothing(
    held: Client, wanted: Document, why: str
) -> None:
    refused = choose(held, 400, **wanted)

    told = refused["errors"][0]
    assert why in told["message"] + str(told.get("detail", ""))
    assert held.http.get("/__admin/settling").get_json()["mode"] == "manual"


def test_a_form_of_another_page_cannot_choose_it(held: Client) -> None:
    reply = held.http.put("/__admin/settling", data='{"mode": "immediate"}')

    assert reply.status_code == 415
    assert held.http.get("/__admin/settling").get_json()["mode"] == "manual"


# -- as it is written in settings ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("immediate", {"mode": "immediate"}),
        ("manual", {"mode": "manual"}),
        (
            "time:500",
            {"mode": "time", "distribution": "fixed", "milliseconds": 500, "seed": 0},
        ),
        (
            "time:100-900@7",
            {"mode": "time", "distribution": "uniform", "from": 100, "to": 900, "seed": 7},
        ),
        (
            "time:300~0.8",
            {"mode": "time", "distribution": "lognormal", "median": 300, "sigma": 0.8, "seed": 0},
        ),
    ],
)
def test_a_simulator_starts_with_the_choice_of_its_settings(
    make_simulator: MakeSimulator, text: str, shown: Document
) -> None:
    client = Client(make_simulator(settings=Settings(settling=text, seed_data="none")))

    assert client.http.get("/__admin/settling").get_json() == {**shown, "held": NOTHING}
