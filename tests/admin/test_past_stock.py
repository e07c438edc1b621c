"""What a position had on hand at a time, and the first request after which it was as asked."""

from typing import Any

import pytest
from fluent_oms_simulator.clock import VirtualClock, timestamp

from ..conftest import NOON, MakeSimulator
from ..support import Client, Document, delta, deltas, limit, record

PLACE = ("D45", "LOC_MEL")
REF = "D45:LOC_MEL:DEFAULT"
MINUTE = 60_000


@pytest.fixture
def used(make_simulator: MakeSimulator, clock: VirtualClock) -> Client:
    """100 at noon, 90 a minute later, 85 after another, then a count of 50."""
    client = Client(make_simulator(clock=clock))
    client.load([record(*PLACE, 100)])
    for amount, delta_id in ((-10, "d1"), (-5, "d2")):
        clock.advance(MINUTE)
        client.send(deltas(delta(*PLACE, amount, delta_id)))
    clock.advance(MINUTE)
    client.load([record(*PLACE, 50)])
    clock.advance(MINUTE)
    return client


def past(client: Client, at: int) -> Any:
    reply = client.http.get(f"/__admin/positions/{REF}", query_string={"asOf": timestamp(at)})
    return reply.get_json()["past"]


def bisect(client: Client, status: int = 200, /, **predicate: int) -> Document:
    position = {"productRef": PLACE[0], "locationRef": PLACE[1]}
    asked = {"position": position, "predicate": predicate}
    reply = client.http.post("/__admin/bisect", json=asked)
    assert reply.status_code == status, reply.get_data(as_text=True)
    answer: Document = reply.get_json()
    return answer


def request_of(client: Client, **filters: str) -> int:
    found = client.http.get("/__admin/requests", query_string=filters).get_json()["results"]
    return int(found[-1]["id"])


@pytest.mark.parametrize(
    ("minutes", "on_hand"), [(0, 100), (1, 90), (1.5, 90), (2, 85), (3, 50), (4, 50)]
)
def test_what_was_on_hand_is_told_as_of_a_moment(
    used: Client, minutes: float, on_hand: int
) -> None:
    assert past(used, NOON + int(minutes * MINUTE))["onHand"] == on_hand


def test_it_is_told_since_when_and_by_which_request(used: Client) -> None:
    [account] = used.http.get("/__admin/ledger?deltaId=d1").get_json()["results"]

    assert past(used, NOON + MINUTE)["since"] == {
        "request": request_of(used, deltaId="d1"),
        "at": timestamp(NOON + MINUTE),
        "source": f"event {account['told'][0]['event']} /attributes/deltas/0",
        "before": 100,
        "after": 90,
    }


def test_before_it_was_there_nothing_is_told(used: Client) -> None:
    assert past(used, NOON - 1) == {
        "at": timestamp(NOON - 1),
        "onHand": None,
        "why": "It was not there yet.",
    }


def test_a_date_to_come_tells_what_can_be_promised_and_no_past(used: Client) -> None:
    query = {"asOf": "2999-01-01"}
    shown = used.http.get(f"/__admin/positions/{REF}", query_string=query).get_json()

    assert "past" not in shown
    assert shown["availableToPromise"]["quantity"] == 50


@pytest.mark.parametrize(
    ("predicate", "change"),
    [
        ({"below": 100}, (100, 90)),
        ({"below": 90}, (90, 85)),
        ({"equals": 50}, (85, 50)),
        ({"above": 0}, (0, 100)),
        ({"differsFrom": 100}, (100, 90)),
        ({"below": 95, "above": 84, "differsFrom": 90}, (90, 85)),
        ({"below": 0}, None),
    ],
    ids=str,
)
def test_the_first_change_after_which_it_held_is_told(
    used: Client, predicate: dict[str, int], change: tuple[int, int] | None
) -> None:
    answer = bisect(used, **predicate)
    first = answer["first"]

    assert (first and (first["before"], first["after"])) == change
    assert answer["why"] == (None if change else "It has not held after any request that is known.")


def test_with_its_request(used: Client) -> None:
    assert bisect(used, below=90)["first"]["request"] == request_of(used, deltaId="d2")
    loads = used.http.get("/__admin/requests?operation=createBatch").get_json()["results"]
    assert bisect(used, below=60)["first"]["request"] == loads[0]["id"]


def test_where_the_history_does_not_reach_back_that_is_said(
    monkeypatch: pytest.MonkeyPatch, make_simulator: MakeSimulator, clock: VirtualClock
) -> None:
    limit(monkeypatch, "HISTORY", 2)
    client = Client(make_simulator(clock=clock))
    for amount in (100, 90, 80, 70, 60):
        client.load([record(*PLACE, amount)])
        clock.advance(MINUTE)

    told = past(client, NOON + 2 * MINUTE)
    assert told["onHand"] is None
    assert "known after 2026-01-01T12:03:00.000+00:00 only" in told["why"]
    assert past(client, NOON + 4 * MINUTE)["onHand"] == 60
    assert "held already when the history begins" in bisect(client, below=95)["why"]
    found = bisect(client, equals=60)
    assert found["first"]["after"] == 60
    assert "known after" in found["why"]


def test_what_is_no_question_is_refused(used: Client) -> None:
    assert "at least one of below" in bisect(used, 400)["errors"][0]["message"]
    questions: list[Any] = [{}, {"position": {"ref": REF}, "predicate": {"under": 1}}, [], "x"]
    for question in questions:
        assert used.http.post("/__admin/bisect", json=question).status_code == 400
    assert used.http.post("/__admin/bisect", data="{}").status_code == 415
    asked = {"position": {"ref": "NONE"}, "predicate": {"below": 1}}
    assert used.http.post("/__admin/bisect", json=asked).status_code == 404
