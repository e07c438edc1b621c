"""A caller can wait until all that was accepted is applied."""

import threading

import pytest

from ..support import Client, delta, deltas, record

EVENT = "/api/v4.1/event/async"
NOTHING = {"events": 0, "batches": 0}
ASIDE = {"held": NOTHING, "keptByFaults": NOTHING}


def test_it_is_answered_once_all_is_applied(client: Client) -> None:
    client.load([record("D45", "LOC_MEL", 0)])
    with client.simulator.worker.quiet():
        for number in range(50):
            client.post(EVENT, deltas(delta("D45", "LOC_MEL", 1, f"d{number}")))
        answers: list[object] = []
        caller = threading.Thread(
            target=lambda: answers.append(client.http.post("/__admin/settle").get_json())
        )
        caller.start()
        assert answers == []
    caller.join()

    assert answers == [
        {
            "settled": True,
            "waiting": NOTHING,
            **ASIDE,
            "scheduledEvents": 0,
            "delayedRequests": 0,
            "webhookDeliveries": 0,
        }
    ]
    assert client.on_hand("D45", "LOC_MEL") == 50


def test_what_is_still_in_line_is_told_after_the_time(client: Client) -> None:
    client.load([record("D45", "LOC_MEL", 0)])
    with client.simulator.worker.quiet():
        client.post(EVENT, deltas(delta("D45", "LOC_MEL", 1, "d1")))
        answer = client.http.post("/__admin/settle?wait=0").get_json()

    assert answer == {
        "settled": False,
        "waiting": {"events": 1, "batches": 0},
        **ASIDE,
        "scheduledEvents": 0,
        "delayedRequests": 0,
        "webhookDeliveries": 0,
    }


def test_events_of_a_later_time_are_told_and_not_waited_for(client: Client) -> None:
    later = deltas(delta("D45", "LOC_MEL", 1, "d1"), scheduledOn="2999-01-01T00:00:00Z")
    client.post(EVENT, later)

    answer = client.http.post("/__admin/settle", json={"wait": 5}).get_json()

    assert answer == {
        "settled": True,
        "waiting": NOTHING,
        **ASIDE,
        "scheduledEvents": 1,
        "delayedRequests": 0,
        "webhookDeliveries": 0,
    }


@pytest.mark.parametrize("wait", ["-1", "601", "a", "1.5", "9" * 5000, "\u0663"])
def test_what_is_no_time_is_refused(client: Client, wait: str) -> None:
    reply = client.http.post("/__admin/settle", query_string={"wait": wait})

    assert reply.status_code == 400
    assert "expected whole seconds, from 0 to 600" in reply.get_json()["errors"][0]["message"]
