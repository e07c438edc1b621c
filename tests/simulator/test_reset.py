"""A reset is one step: nothing of what was before it appears in what comes after."""

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest

from ..support import Client, batch, delta, deltas, record

PROBING = 0.5
"""Seconds in which a reset that nothing holds back is over many times."""


def before(
    monkeypatch: pytest.MonkeyPatch, owner: object, name: str, happens: Callable[[], None]
) -> None:
    """Let something happen, once, just before a step that a request takes."""
    step, pending = getattr(owner, name), [happens]

    def late(*given: Any, **named: Any) -> Any:
        if pending:
            pending.pop()()
        return step(*given, **named)

    monkeypatch.setattr(owner, name, late)


def after(
    monkeypatch: pytest.MonkeyPatch, owner: object, name: str, happens: Callable[[], None]
) -> None:
    """Let something happen, once, just after a step that a request takes."""
    step, pending = getattr(owner, name), [happens]

    def early(*given: Any, **named: Any) -> Any:
        result = step(*given, **named)
        if pending:
            pending.pop()()
        return result

    monkeypatch.setattr(owner, name, early)


def log_of(client: Client) -> list[str]:
    return [row["name"] for row in client.get("/api/v4.1/event").get_json()["results"]]


def test_a_batch_accepted_while_a_reset_comes_leaves_no_row_behind(
    monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    job = client.job(preprocessing="skip")
    resetting = threading.Thread(target=client.simulator.reset)

    def reset_meanwhile() -> None:
        resetting.start()
        resetting.join(PROBING)

    before(monkeypatch, client.simulator.jobs._batch_log, "accepted", reset_meanwhile)
    client.post(f"/api/v4.1/job/{job}/batch", batch(record("D45", "LOC_MEL", 5)))
    resetting.join()
    client.settle()

    assert log_of(client) == []
    assert client.positions() == []


def test_a_batch_that_a_reset_overtook_takes_no_number(
    monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    job = client.job()
    after(monkeypatch, client.simulator.jobs._reader, "read", client.simulator.reset)
    overtaken = client.post(f"/api/v4.1/job/{job}/batch", batch(record("D45", "LOC_MEL", 5)))

    assert overtaken.status_code == 404
    assert client.load([record("D45", "LOC_MEL", 7)], job=client.job()) == "1"


def test_the_status_of_a_batch_is_not_told_with_the_positions_of_another_world(
    monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    job = client.job()
    number = client.load([record("D45", "LOC_MEL", 5)], job=job)

    def reset_and_load() -> None:
        client.simulator.reset()
        other = client.job()
        client.load([record("OTHER", "LOC_SYD", 1)], job=other)

    before(monkeypatch, client.simulator.store, "reading", reset_and_load)
    told = client.get(f"/api/v4.1/job/{job}/batch/{number}")

    assert told.status_code == 404
    assert "OTHER" not in told.get_data(as_text=True)


def test_an_event_is_not_told_with_the_positions_of_another_world(
    monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    client.load([record("D45", "LOC_MEL", 5)])
    event = client.delta("D45", "LOC_MEL", 1, "d1")

    def reset_and_load() -> None:
        client.simulator.reset()
        client.load([record("OTHER", "LOC_SYD", 1)], job=client.job())

    after(monkeypatch, client.simulator.event_log, "walk", reset_and_load)
    found = client.get("/api/v4.1/event").get_json()["results"]

    assert "OTHER" not in json.dumps(found)
    assert [row["id"] for row in found] == [event["id"]]


def findings(client: Client) -> list[str]:
    report = client.http.get("/__admin/conformance?select=FOMS-S").get_json()
    return [rule["rule"] for rule in report["rules"]]


@pytest.mark.parametrize("evidence", ["keep", "drop"])
def test_a_request_that_a_reset_overtook_is_no_part_of_the_new_stream(
    monkeypatch: pytest.MonkeyPatch, client: Client, evidence: str
) -> None:
    def reset() -> None:
        client.http.post(f"/__admin/reset?conformance={evidence}")

    with monkeypatch.context() as patch:
        before(patch, client.simulator.events, "_submit", reset)
        client.post("/api/v4.1/event/async", deltas(delta("D45", "LOC_MEL", 5, "d1")))
    client.post("/api/v4.1/event/async", deltas(delta("D45", "LOC_MEL", 7, "d1")))

    assert findings(client) == []
    client.post("/api/v4.1/event/async", deltas(delta("D45", "LOC_MEL", 9, "d1")))
    assert findings(client) == ["FOMS-S004"]
