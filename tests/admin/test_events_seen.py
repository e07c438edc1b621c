"""The event log as a person reads it: what came to nothing first, and what to do about it."""

import re
from typing import Any

import pytest
from fluent_oms_simulator.clock import VirtualClock
from fluent_oms_simulator.operations import event_advice

from ..conftest import MakeSimulator
from ..support import Client, delta, deltas, limit, record

EVENT = "/api/v4.1/event/async"


@pytest.fixture
def client(make_simulator: MakeSimulator, clock: VirtualClock) -> Client:
    return Client(make_simulator(clock=clock))


def page(client: Client, **query: str) -> Any:
    reply = client.http.get("/__admin/events", query_string=query)
    assert reply.status_code == 200, reply.get_data(as_text=True)
    return reply.get_json()


def whole(client: Client, event_id: str) -> Any:
    return client.http.get(f"/__admin/events/{event_id}").get_json()


@pytest.fixture
def used(client: Client, clock: VirtualClock) -> Client:
    """A batch of which one record fails, a delta, one for nothing, and an event with no ruleset."""
    taken = {**record("D47", "L", 3), "ref": "D45:LOC_MEL:DEFAULT:LAST_ON_HAND"}
    client.load([record("D45", "LOC_MEL", 100), taken])
    for document in (
        deltas(delta("D45", "LOC_MEL", -10, "d1")),
        deltas(delta("NONE", "LOC_MEL", -1, "d2")),
        deltas(delta("D45", "LOC_MEL", -1, "d3"), name="INVENTORY_DELTAS"),
    ):
        clock.advance(1_000)
        client.send(document)
    return client


def test_what_came_to_nothing_can_be_asked_for_first(used: Client) -> None:
    told = page(used, status="NO_MATCH,FAILED")["results"]

    unknown, missing, of_batch = told
    assert (unknown["status"], unknown["name"]) == ("NO_MATCH", "INVENTORY_DELTAS")
    assert "did you mean INVENTORY_DELTA?" in unknown["reason"]
    assert "a name that the workflow has" in unknown["advice"]
    assert missing["status"] == "FAILED"
    assert missing["advice"].startswith("Load the position first")
    assert of_batch["batch"] == {"id": "1", "job": "1", "records": {"applied": 1, "failed": 1}}
    assert of_batch["reason"] == "records of batch 1: 1 applied, 1 failed"
    for each in told:
        outcome = used.http.get(f"/__admin/requests/{each['request']}").get_json()["outcome"]
        assert each["id"] == outcome.get("event") or outcome["batch"] == each["batch"]["id"]


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"status": "SUCCESS"}, ["INVENTORY_DELTA"]),
        ({"status": "COMPLETE"}, ["InventoryChanged"]),
        ({"name": "INVENTORY_DELTA"}, ["INVENTORY_DELTA", "INVENTORY_DELTA"]),
        ({"text": "none"}, ["INVENTORY_DELTA"]),
        ({"text": "does not exist"}, ["INVENTORY_DELTA"]),
        ({"text": "DELTAS"}, ["INVENTORY_DELTAS", "INVENTORY_DELTA", "INVENTORY_DELTA"]),
        ({"entityRef": "DEFAULT:2"}, []),
        ({"since": "2026-01-01T12:00:03Z"}, ["INVENTORY_DELTAS"]),
        ({"until": "2026-01-01T12:00:01Z"}, ["InventoryChanged"]),
        ({"start": "1", "count": "1"}, ["INVENTORY_DELTA"]),
    ],
    ids=str,
)
def test_filters_must_all_hold(used: Client, filters: dict[str, str], names: list[str]) -> None:
    assert [each["name"] for each in page(used, **filters)["results"]] == names


def test_who_follows_them_is_told_only_what_is_new(used: Client) -> None:
    before = page(used)
    used.delta("D45", "LOC_MEL", -1, "d9")

    new = page(used, after=before["newest"])
    older = page(used, before=new["results"][-1]["id"], count="2")

    assert [each["name"] for each in new["results"]] == ["INVENTORY_DELTA"]
    assert [each["id"] for each in older["results"]] == [
        each["id"] for each in before["results"][:2]
    ]
    assert older["hasMore"]
    assert page(used, after=new["newest"])["results"] == []


def test_cursors_of_what_is_no_longer_kept_are_older_than_all(
    monkeypatch: pytest.MonkeyPatch, make_simulator: MakeSimulator
) -> None:
    limit(monkeypatch, "EVENTS", 2)
    client = Client(make_simulator())
    ids = [client.delta("D45", "LOC_MEL", -1, f"d{number}")["id"] for number in range(4)]

    told = page(client)

    kept = [each["id"] for each in told["results"]]
    assert kept == ids[: -len(kept) - 1 : -1]
    assert (told["kept"], told["dropped"]) == (len(kept), len(ids) - len(kept))
    assert ids[0] not in kept
    assert [each["id"] for each in page(client, after=ids[0])["results"]] == kept
    assert page(client, before=ids[0])["results"] == []


def test_one_is_told_as_a_story(used: Client) -> None:
    [seen] = page(used, status="SUCCESS")["results"]

    told = whole(used, seen["id"])

    assert '"deltaId": "d1"' in told["sent"]
    assert told["storyTotal"] == len(told["story"]) > 3
    assert [row["category"] for row in told["story"]][:2] == ["snapshot", "ruleSet"]
    assert {row["context"]["sourceEvents"][0] for row in told["story"]} == {seen["id"]}
    assert told["request"] == seen["request"]
    assert told["reason"] == "1 of 1 deltas applied: D45:LOC_MEL:DEFAULT 100 -> 90"


def test_of_a_batch_the_records_have_the_story(used: Client) -> None:
    [seen] = page(used, status="COMPLETE")["results"]

    told = whole(used, seen["id"])

    assert (told["story"], told["sent"], told["status"]) == ([], None, "FAILED")


@pytest.mark.parametrize("event_id", ["none", "3fa85f64-5717-4562-b3fc-2c963f660000", "%00"])
def test_one_that_is_not_there_is_told_so(used: Client, event_id: str) -> None:
    reply = used.http.get(f"/__admin/events/{event_id}")

    assert reply.status_code == 404
    assert "no longer kept" in reply.get_json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=FAIL", "expected FAILED"),
        ("since=today", "an ISO 8601 time"),
        ("entityref=1", "entityRef"),
    ],
)
def test_what_is_no_filter_is_refused(client: Client, query: str, expected: str) -> None:
    reply = client.http.get(f"/__admin/events?{query}")

    assert reply.status_code == 400
    assert expected in reply.get_json()["errors"][0]["message"]


def test_no_secret_is_told_or_found(client: Client) -> None:
    client.post(EVENT, {**deltas(delta("D45", "LOC_MEL", -1, "d1")), "password": "hunter22"})
    client.post(
        EVENT,
        {**deltas(), "name": "Any", "attributes": {"clientSecret": "hunter33"}},
    )
    told = page(client)["results"]

    text = str(told) + str([whole(client, each["id"])["sent"] for each in told])
    assert "hunter" not in text
    assert page(client, text="hunter33")["results"] == []


def failing(client: Client, document: dict[str, Any]) -> str:
    """The advice for an event that comes to nothing."""
    client.post(EVENT, document)
    client.settle()
    advice: str = page(client)["results"][0]["advice"]
    return advice


def test_each_way_to_fail_has_words_of_its_own(client: Client) -> None:
    client.load([record("D45", "LOC_MEL", 100)])
    client.delta("D45", "LOC_MEL", -1, "d1")
    client.http.put("/__admin/behaviours", json={"behaviours": {"delta.duplicate": "reject"}})
    one = delta("D45", "LOC_MEL", -1, "d1")
    advised = {
        failing(client, document)
        for document in (
            deltas(one),
            deltas({**one, "deltaId": "d2", "productRef": "X"}),
            deltas({**one, "type": "SALE"}),
            deltas(one, name="No"),
            deltas(one, entityType="ORDER"),
            deltas(one, entityRef="DEFAULT:9"),
            deltas(one, entitySubtype="OTHER"),
        )
    }

    assert len(advised) == 7
    assert not any("mend what the reason names" in each for each in advised)


def test_advice_is_found_by_what_the_simulator_says_itself() -> None:
    """No pattern is so wide that it hides another one."""
    for number, advice in enumerate(event_advice._ADVICE):
        sample = re.sub(r"\.\*", "X", advice.reason.pattern.split("|")[0])
        found = next(
            place for place, each in enumerate(event_advice._ADVICE) if each.reason.search(sample)
        )
        assert found == number
