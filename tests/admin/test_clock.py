"""The clock can be read, set, stopped, moved on and run faster, and everything goes by it."""

import pytest
from fluent_oms_simulator import Settings
from fluent_oms_simulator.clock import END_OF_TIME, MovableClock, moment, timestamp

from ..conftest import MakeSimulator
from ..support import Client, Document, delta, deltas, record

MIDNIGHT_MINUS_2 = "2026-11-26T23:59:58.000+00:00"
HOUR = 3_600_000


@pytest.fixture
def stopped(client: Client) -> Client:
    put(client, {"now": MIDNIGHT_MINUS_2, "frozen": True})
    return client


def put(client: Client, wanted: object, status: int = 200) -> Document:
    reply = client.http.put("/__admin/clock", json=wanted)
    assert reply.status_code == status, reply.get_data(as_text=True)
    answer: Document = reply.get_json()
    return answer


def advance(client: Client, status: int = 200, **parts: object) -> Document:
    reply = client.http.post("/__admin/clock/advance", json=parts)
    assert reply.status_code == status, reply.get_data(as_text=True)
    answer: Document = reply.get_json()
    return answer


def now(client: Client) -> str:
    shown: Document = client.http.get("/__admin/clock").get_json()
    return str(shown["now"])


def test_it_stands_still_where_it_was_set(stopped: Client) -> None:
    shown = stopped.http.get("/__admin/clock").get_json()

    assert shown == {
        "now": MIDNIGHT_MINUS_2,
        "milliseconds": moment(MIDNIGHT_MINUS_2),
        "frozen": True,
        "rate": 1,
    }


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        ({"hours": 24}, "2026-11-27T23:59:58.000+00:00"),
        ({"days": 1, "seconds": 2}, "2026-11-28T00:00:00.000+00:00"),
        ({"minutes": 0.5}, "2026-11-27T00:00:28.000+00:00"),
        ({"milliseconds": 1}, "2026-11-26T23:59:58.001+00:00"),
        ({"hours": 0}, MIDNIGHT_MINUS_2),
    ],
    ids=str,
)
def test_it_is_moved_on_by_the_sum_of_the_parts(
    stopped: Client, parts: Document, shown: str
) -> None:
    assert advance(stopped, **parts)["now"] == shown == now(stopped)


def test_it_runs_at_its_rate_and_follows_the_machine_again() -> None:
    machine = [1_000_000_000]
    clock = MovableClock(lambda: machine[0])

    clock.change(now=0, rate=3600)
    machine[0] += 1_500_000_000
    assert clock.now() == HOUR * 3 // 2
    clock.change(is_frozen=True)
    machine[0] += 1_000_000_000
    assert clock.now() == HOUR * 3 // 2
    clock.change(is_frozen=False, rate=0.5)
    machine[0] += 1_000_000_000
    assert clock.now() == HOUR * 3 // 2 + 500
    clock.follow_machine()
    assert clock.now() == machine[0] // 1_000_000


def test_it_stops_at_the_last_moment_that_can_be_written(stopped: Client) -> None:
    put(stopped, {"now": "9999-12-31T23:59:59.9Z", "rate": 1_000_000, "frozen": False})

    assert advance(stopped, 400, days=1)["errors"][0]["message"].endswith(
        f"expected no more than until {timestamp(END_OF_TIME)}"
    )
    while now(stopped) != timestamp(END_OF_TIME):
        pass


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ({}, "at least one of now, frozen, rate"),
        ([], "an object"),
        ({"now": "tomorrow"}, "a moment such as"),
        ({"now": "1969-12-31T23:59:59Z"}, "a moment of 1970 or later"),
        ({"now": 5}, "a moment such as"),
        ({"frozen": "yes"}, "true or false"),
        ({"rate": 0}, "a number from 0.000001 to 1000000"),
        ({"rate": -1}, "a number from 0.000001 to 1000000"),
        ({"rate": 1e7}, "a number from 0.000001 to 1000000"),
        ({"speed": 2}, "no field but now, frozen, rate"),
    ],
    ids=str,
)
def test_what_is_no_setting_is_refused_and_changes_nothing(
    stopped: Client, wanted: object, why: str
) -> None:
    refused = put(stopped, wanted, 400)

    assert why in refused["errors"][0]["message"]
    assert now(stopped) == MIDNIGHT_MINUS_2


def test_a_form_of_another_page_cannot_move_it(stopped: Client) -> None:
    reply = stopped.http.post("/__admin/clock/advance", data='{"hours": 1}')

    assert reply.status_code == 415
    assert now(stopped) == MIDNIGHT_MINUS_2


def test_a_job_closes_at_its_midnight(stopped: Client) -> None:
    job = stopped.job()
    assert stopped.get(f"/api/v4.1/job/{job}").get_json()["status"] == "OPEN"

    advance(stopped, seconds=2)

    assert stopped.get(f"/api/v4.1/job/{job}").get_json()["status"] == "CLOSED"


def test_a_token_expires_by_it(stopped: Client) -> None:
    assert stopped.get("/api/v4.1/event").status_code == 200

    advance(stopped, days=2)

    assert stopped.get("/api/v4.1/event").status_code == 401


def test_what_falls_due_on_the_way_runs_at_its_own_time_in_order(stopped: Client) -> None:
    stopped.load([record("D45", "LOC_MEL", 100)])
    start = moment(MIDNIGHT_MINUS_2)
    for hours in (3, 1, 2):
        at = timestamp(start + hours * HOUR)
        document = deltas(delta("D45", "LOC_MEL", 1, f"after {hours}"), scheduledOn=at)
        stopped.post("/api/v4.1/event/async", document)

    advance(stopped, hours=2.5)

    found = stopped.position("D45:LOC_MEL:DEFAULT")
    assert found["onHand"] == 102
    ran = [(one["ref"], one["history"][0]["at"]) for one in found["quantities"][1:]]
    assert ran == [(f"after {hours}", timestamp(start + hours * HOUR)) for hours in (1, 2)]


@pytest.mark.slow
@pytest.mark.parametrize("settling", ["immediate", "time:100-120000@7"])
def test_a_fortnight_of_nightly_loads_and_deltas_takes_moments(
    make_simulator: MakeSimulator, settling: str
) -> None:
    client = Client(
        make_simulator(settings=Settings(auth="off", seed_data="none", settling=settling))
    )
    put(client, {"now": "2026-11-01T22:00:00Z", "frozen": True})
    jobs, sent = [], []
    for day in range(14):
        jobs.append(client.job())
        client.load([record("D45", "LOC_MEL", 1000 * (day + 1))], job=jobs[-1])
        for step in range(24):
            sent.append(client.send(deltas(delta("D45", "LOC_MEL", -1, f"{day}:{step}")))["id"])
            advance(client, minutes=5)
        assert client.get(f"/api/v4.1/job/{jobs[-1]}").get_json()["status"] == "CLOSED"
        assert client.on_hand("D45", "LOC_MEL") == 1000 * (day + 1) - 24
        advance(client, hours=22)

    closed = [client.get(f"/api/v4.1/job/{job}").get_json()["status"] for job in jobs]
    assert closed == ["CLOSED"] * 14
    assert {client.event(event)["eventStatus"] for event in sent} == {"SUCCESS"}
