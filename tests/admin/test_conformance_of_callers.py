"""What callers owe the platform: each way of not doing it is seen in real traffic."""

from collections.abc import Callable
from typing import NoReturn

import pytest
from fluent_oms_simulator.clock import VirtualClock
from fluent_oms_simulator.errors import api_error

from ..conftest import MakeSimulator
from ..support import Client, batch, delta, deltas, record
from .helpers.conformance_support import EVENT, rules


@pytest.fixture
def timed(make_simulator: MakeSimulator, clock: VirtualClock) -> Client:
    """A client of a simulator whose clock stands still."""
    return Client(make_simulator(clock=clock))


def closed_job(client: Client, clock: VirtualClock) -> None:
    job = client.job()
    clock.advance(86_400_000)
    client.forget_token()
    client.post(f"/api/v4.1/job/{job}/batch", batch(record("A", "L", 1)))


def job_per_batch(client: Client, clock: VirtualClock) -> None:
    for number in range(6):
        job = client.job()
        client.batch(client.load([record(f"A{number}", "L", 1)], job=job), job)
        clock.advance(1_000)


def never_asked(client: Client, clock: VirtualClock) -> None:
    client.load([record("A", "L", 1)])
    clock.advance(1_000)


def token_for_each_call(client: Client, clock: VirtualClock) -> None:
    for _ in range(7):
        client.forget_token()
        client.get("/api/v4.1/event")
        clock.advance(1_000)


def refresh_token_twice(client: Client, clock: VirtualClock) -> None:
    token = client.sign_in().get_json()["refresh_token"]
    for _ in range(2):
        client.sign_in(grant_type="refresh_token", refresh_token=token)
        clock.advance(1_000)
    client.sign_in()


def polled_too_fast(client: Client, clock: VirtualClock) -> None:
    job = client.job()
    made = client.load([record("A", "L", 1)], job=job)
    for _ in range(40):
        client.batch(made, job)
        clock.advance(500)


def refused_token(client: Client, clock: VirtualClock) -> None:
    for _ in range(4):
        client.http.get("/api/v4.1/event", headers={"Authorization": "Bearer gone"})
        clock.advance(2_000)
    client.get("/api/v4.1/event")


@pytest.mark.parametrize(
    ("rule_id", "misbehave"),
    [
        ("FOMS-O001", closed_job),
        ("FOMS-O002", job_per_batch),
        ("FOMS-O003", never_asked),
        ("FOMS-O004", token_for_each_call),
        ("FOMS-O005", refresh_token_twice),
        ("FOMS-O009", polled_too_fast),
        ("FOMS-O010", refused_token),
    ],
)
def test_a_caller_who_misbehaves_is_told_of(
    timed: Client,
    clock: VirtualClock,
    rule_id: str,
    misbehave: Callable[[Client, VirtualClock], None],
) -> None:
    misbehave(timed, clock)

    assert list(rules(timed, select="FOMS-O")) == [rule_id]


@pytest.mark.parametrize(
    ("rule_id", "pause", "new_ids"),
    [("FOMS-O006", 1_000, False), ("FOMS-O007", 100, False), ("FOMS-O008", 10_000, True)],
)
def test_how_a_caller_tries_again_is_seen(
    timed: Client, clock: VirtualClock, rule_id: str, pause: int, new_ids: bool
) -> None:
    def refuse(*_: object) -> NoReturn:
        raise api_error(503, "busy", headers={"Retry-After": "5"})

    timed.simulator.events.post_async = refuse  # type: ignore[assignment, method-assign]
    for number in range(5):
        timed.post(EVENT, deltas(delta("A", "L", -1, f"POS-{number if new_ids else 0}")))
        clock.advance(pause)

    assert rule_id in rules(timed)


def test_what_is_missing_is_told_as_if_the_traffic_had_ended_and_taken_back(timed: Client) -> None:
    job = timed.job()
    made = timed.load([record("A", "L", 1)], job=job)
    for _ in range(2):
        entry = rules(timed)["FOMS-O003"]
        assert (entry["times"], entry["first"]["atEnd"]) == (1, True)

    timed.batch(made, job)

    assert rules(timed) == {}
