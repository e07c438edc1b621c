"""A sender faster than the worker: beyond a bound it is refused, and what was accepted stays."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from ..conftest import MakeSimulator
from ..support import Client, batch, delta, deltas, limit, record, tally

Document = dict[str, Any]

MANY = 40


def post_delta(client: Client, number: int, kind: str = "async") -> TestResponse:
    document = deltas(delta("D45", "LOC_MEL", -1, f"d{number}"))
    return client.post(f"/api/v4.1/event/{kind}", document)


def post_batch(client: Client, job: str, quantity: int) -> TestResponse:
    return client.post(f"/api/v4.1/job/{job}/batch", batch(record("D45", "LOC_MEL", quantity)))


def taken(replies: list[TestResponse]) -> list[str]:
    return [reply.get_json()["id"] for reply in replies if reply.status_code == 200]


def refusals(replies: list[TestResponse]) -> list[TestResponse]:
    return [reply for reply in replies if reply.status_code != 200]


def test_events_beyond_the_bound_are_refused_and_all_that_were_accepted_are_applied(
    monkeypatch: pytest.MonkeyPatch, make_simulator: MakeSimulator
) -> None:
    limit(monkeypatch, "WAITING_EVENTS", 60_000)
    # The log alone would have room for one.
    limit(monkeypatch, "EVENTS", 1)
    client = Client(make_simulator())
    client.load([record("D45", "LOC_MEL", 100)])
    with client.simulator.worker.quiet():
        replies = [post_delta(client, number) for number in range(MANY)]
        accepted = taken(replies)
        seen = [client.event(event)["eventStatus"] for event in accepted]

    assert 5 < len(accepted) < MANY
    assert set(seen) <= {"PENDING", "SUCCESS"}
    for reply in refusals(replies):
        assert (reply.status_code, reply.headers["Retry-After"]) == (503, "1")
        (error,) = reply.get_json()["errors"]
        assert "The simulator is behind" in error["message"]
    assert tally(client, "waitingEvents")["lost"] == len(refusals(replies))
    client.settle()
    assert client.on_hand("D45", "LOC_MEL") == 100 - len(accepted)
    assert post_delta(client, MANY).status_code == 200


def test_batches_beyond_the_bound_are_refused_and_all_that_were_accepted_are_kept(
    monkeypatch: pytest.MonkeyPatch, make_simulator: MakeSimulator
) -> None:
    limit(monkeypatch, "WAITING_BATCHES", 20_000)
    limit(monkeypatch, "BATCHES", 1)
    limit(monkeypatch, "JOBS", 1)
    client = Client(make_simulator(http_overload_status="429"))
    job = client.job(preprocessing="skip")
    with client.simulator.worker.quiet():
        replies = [post_batch(client, job, quantity) for quantity in range(MANY)]
        accepted = taken(replies)
        # A newer job does not push out one in which batches wait.
        client.job()
        seen = [client.batch(number, job)["status"] for number in accepted]

    assert 5 < len(accepted) < MANY
    assert set(seen) <= {"PENDING", "RUNNING", "COMPLETE"}
    for reply in refusals(replies):
        assert (reply.status_code, reply.headers["Retry-After"]) == (429, "1")
    assert tally(client, "waitingBatches")["lost"] == len(refusals(replies))
    client.settle()
    assert client.on_hand("D45", "LOC_MEL") == len(accepted) - 1


def test_a_sync_event_beyond_the_bound_is_refused_like_an_asynchronous_one(
    monkeypatch: pytest.MonkeyPatch, make_simulator: MakeSimulator
) -> None:
    limit(monkeypatch, "WAITING_EVENTS", 100)
    client = Client(make_simulator())
    client.load([record("D45", "LOC_MEL", 100)])
    with client.simulator.worker.quiet():
        post_delta(client, 1)
        post_delta(client, 2)
        reply = post_delta(client, 3, "sync")

    assert reply.status_code == 503
    client.settle()
    assert post_delta(client, 4, "sync").status_code == 200


def test_a_reset_empties_the_line(
    monkeypatch: pytest.MonkeyPatch, make_simulator: MakeSimulator
) -> None:
    limit(monkeypatch, "WAITING_EVENTS", 100)
    client = Client(make_simulator())
    with client.simulator.worker.quiet():
        assert [post_delta(client, number).status_code for number in range(3)][-1] == 503
    client.http.post("/__admin/reset")

    assert tally(client, "waitingEvents")["lost"] == 0
    assert post_delta(client, 4).status_code == 200


def test_batches_without_preprocessing_leave_nothing_waiting_in_the_event_log(
    monkeypatch: pytest.MonkeyPatch, make_simulator: MakeSimulator
) -> None:
    """Their CREATE rows stay PENDING for good, and are no work that anything would end."""
    limit(monkeypatch, "WAITING_EVENTS", 8_000)
    limit(monkeypatch, "EVENTS", 10)
    client = Client(make_simulator())
    job = client.job(preprocessing="skip")
    for quantity in range(MANY):
        assert post_batch(client, job, quantity).status_code == 200
    client.settle()

    assert client.on_hand("D45", "LOC_MEL") == MANY - 1
    assert tally(client, "waitingEvents")["held"] == 0
    assert tally(client, "events")["held"] == 10
    assert post_delta(client, 0).status_code == 200


def test_a_batch_is_applied_however_many_events_wait(
    monkeypatch: pytest.MonkeyPatch, make_simulator: MakeSimulator
) -> None:
    limit(monkeypatch, "WAITING_EVENTS", 8_000)
    client = Client(make_simulator(batch_events="always"))
    job = client.job()
    with client.simulator.worker.quiet():
        replies = [post_delta(client, number) for number in range(MANY)]
        assert refusals(replies)
        number = post_batch(client, job, 7).get_json()["id"]
    client.settle()

    assert client.batch(number, job)["status"] == "COMPLETE"
    assert client.on_hand("D45", "LOC_MEL") == 7
