"""The ledger tells of every deltaId how often it arrived, and whether it was applied once."""

import json
from typing import Any

import pytest
from fluent_oms_simulator import Settings
from fluent_oms_simulator.stores.arrived_events import ArrivedEvents

from ..conftest import MakeSimulator
from ..support import Client, Document, batch, delta, deltas, limit, record

EVENT = "/api/v4.1/event/async"
PLACE = ("D45", "LOC_MEL")


def ledger(client: Client, /, **filters: str) -> Document:
    reply = client.http.get("/__admin/ledger", query_string=filters)
    assert reply.status_code == 200, reply.get_data(as_text=True)
    found: Document = reply.get_json()
    return found


def account(client: Client, delta_id: str) -> Any:
    [found] = ledger(client, deltaId=delta_id)["results"]
    return found


def fates(client: Client) -> dict[str, int]:
    """Those that hold of any delta."""
    counted = ledger(client)["totals"]["fates"]
    return {fate: count for fate, count in counted.items() if count}


@pytest.fixture
def stocked(client: Client) -> Client:
    client.load([record(*PLACE, 100)])
    return client


def send(client: Client, *sent: Document) -> None:
    client.send(deltas(*sent))


def test_a_delta_that_arrived_once_was_applied_once(stocked: Client) -> None:
    send(stocked, delta(*PLACE, -10, "d1"))
    found = account(stocked, "d1")

    assert found["fates"] == ["applied"]
    assert (found["arrived"], found["acknowledged"], found["amount"]) == (1, 1, -10)
    assert found["quantityNow"] == {"quantity": -10, "status": "ACTIVE"}
    [told] = found["told"]
    assert told["status"] == 200
    assert told["outcome"] == "applied"
    [seen] = stocked.http.get("/__admin/requests?deltaId=d1").get_json()["results"]
    assert told["request"] == seen["id"]
    assert told["event"] == seen["outcome"]["event"]
    assert ledger(stocked)["totals"]["deltas"] == 1


def test_a_repeat_is_suppressed_and_counted(stocked: Client) -> None:
    for _ in range(3):
        send(stocked, delta(*PLACE, -10, "d1"))
    found = account(stocked, "d1")

    assert found["fates"] == ["applied", "repeatSuppressed"]
    assert found["arrivals"] == {"applied": 1, "suppressed": 2}
    assert (found["arrived"], found["acknowledged"], found["amount"]) == (3, 3, -10)
    assert fates(stocked) == {"applied": 1, "repeatSuppressed": 1}


def test_another_body_under_the_same_id_is_a_conflict(stocked: Client) -> None:
    send(stocked, delta(*PLACE, -10, "d1"))
    send(stocked, delta(*PLACE, -7, "d1"))
    found = account(stocked, "d1")

    assert found["fates"] == ["applied", "conflicting"]
    assert [body["qty"] for body in found["bodies"]] == [-10, -7]
    assert len({body["digest"] for body in found["bodies"]}) == 2
    assert found["amount"] == -7


def test_another_body_whose_event_failed_is_a_conflict_too(stocked: Client) -> None:
    stocked.load([record("D46", "LOC_MEL", 5)])
    send(stocked, delta(*PLACE, -10, "d1"))
    send(stocked, delta("D46", "LOC_MEL", -10, "d1"), delta("D46", "LOC_MEL", -1, "d2"))
    found = account(stocked, "d1")

    assert "conflicting" in found["fates"]
    assert found["arrivals"] == {"applied": 1, "failed": 1}
    assert "already belongs to position" in found["told"][1]["reason"]
    assert account(stocked, "d2")["fates"] == ["failed"]


def test_a_count_that_comes_later_retires_it(stocked: Client) -> None:
    send(stocked, delta(*PLACE, -10, "d1"), delta(*PLACE, -5, "d2"))
    stocked.load([record(*PLACE, 80)])
    send(stocked, delta(*PLACE, -1, "d3"))
    send(stocked, delta(*PLACE, -5, "d2"))
    found = account(stocked, "d2")

    assert account(stocked, "d1")["fates"] == ["applied", "retired"]
    assert found["fates"] == ["applied", "repeatSuppressed", "retired"]
    assert found["retiredBy"]["source"] == "batch 2 /entities/0"
    assert found["quantityNow"] == {"quantity": -5, "status": "INACTIVE"}
    assert account(stocked, "d3")["fates"] == ["applied"]
    assert fates(stocked) == {"applied": 3, "retired": 2, "repeatSuppressed": 1}


def test_what_was_refused_did_arrive(stocked: Client) -> None:
    stocked.post(EVENT, deltas(delta(*PLACE, 0, "d1"), delta(*PLACE, -1, "d2")))
    refused = account(stocked, "d1")
    send(stocked, delta(*PLACE, -3, "d1"))
    found = account(stocked, "d1")

    assert refused["fates"] == ["neverApplied"]
    assert (refused["arrived"], refused["acknowledged"]) == (1, 0)
    assert "'qty' is invalid" in refused["told"][0]["reason"]
    assert account(stocked, "d2")["fates"] == ["neverApplied"]
    assert found["fates"] == ["applied"]
    assert found["arrivals"] == {"applied": 1, "refused": 1}
    assert [body["takenIn"] for body in found["bodies"]] == [0, 1]


def test_a_body_that_is_no_delta_is_told_by_its_digest(stocked: Client) -> None:
    stocked.post(EVENT, deltas({**delta(*PLACE, 1, "d1"), "qty": "ten"}))
    found = account(stocked, "d1")

    assert found["fates"] == ["neverApplied"]
    assert found["productRef"] is None
    [body] = found["bodies"]
    assert len(body["digest"]) == 16


@pytest.mark.parametrize(
    "sent", [b"", b"{", b"[]", b'{"name":"INVENTORY_DELTA","attributes":3}', b'"x"'], ids=repr
)
def test_what_is_no_event_leaves_no_delta_behind(stocked: Client, sent: bytes) -> None:
    assert stocked.post(EVENT, sent).status_code == 400

    assert ledger(stocked)["totals"]["arrived"] == 0


def test_a_delta_without_a_position_has_failed(stocked: Client) -> None:
    send(stocked, delta("NONE", "LOC_MEL", -1, "d1"))

    assert account(stocked, "d1")["fates"] == ["failed"]
    assert "does not exist" in account(stocked, "d1")["told"][0]["reason"]


def test_one_that_was_left_out_was_never_applied(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(delta_missing_position="skip"))
    client.load([record(*PLACE, 100)])
    send(client, delta("NONE", "LOC_MEL", -1, "d1"), delta(*PLACE, -1, "d2"))

    assert account(client, "d1")["fates"] == ["neverApplied"]
    assert account(client, "d1")["arrivals"] == {"leftOut": 1}
    assert account(client, "d2")["fates"] == ["applied"]


def test_repeats_that_add_up_are_applied_again(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(delta_duplicate="accumulate"))
    client.load([record(*PLACE, 100)])
    for _ in range(2):
        send(client, delta(*PLACE, -10, "d1"))

    assert account(client, "d1")["fates"] == ["appliedAgain"]
    assert account(client, "d1")["amount"] == -20


def test_a_repeat_that_is_rejected_changed_nothing(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(delta_duplicate="reject"))
    client.load([record(*PLACE, 100)])
    for _ in range(2):
        send(client, delta(*PLACE, -10, "d1"))

    assert account(client, "d1")["fates"] == ["applied", "repeatSuppressed"]
    assert account(client, "d1")["arrivals"] == {"applied": 1, "failed": 1}


def test_a_repeat_of_what_is_in_stock_since_before_a_restore_has_not_failed(
    make_simulator: MakeSimulator,
) -> None:
    client = Client(make_simulator(delta_duplicate="reject"))
    client.load([record(*PLACE, 100)])
    send(client, delta(*PLACE, -10, "d1"), delta(*PLACE, -1, "d2"))
    client.http.put("/__admin/snapshots/a", json={})
    client.http.post("/__admin/snapshots/a/restore")

    for _ in range(2):
        send(client, delta(*PLACE, -10, "d1"), delta(*PLACE, -1, "d2"), delta(*PLACE, -5, "new"))
    send(client, delta(*PLACE, -77, "d2"))

    found = {each["deltaId"]: each for each in ledger(client)["results"] if not each["beforeReset"]}
    assert client.on_hand(*PLACE) == 89
    assert found["d1"]["fates"] == ["repeatSuppressed"]
    assert found["new"]["fates"] == ["failed"]
    assert found["d2"]["arrivals"] == {"suppressed": 2, "failed": 1}
    assert found["d2"]["fates"] == ["repeatSuppressed", "conflicting", "failed"]


def test_one_whose_time_has_not_come_waits(stocked: Client) -> None:
    later = deltas(delta(*PLACE, -1, "d1"), scheduledOn="2999-01-01T00:00:00Z")
    stocked.post(EVENT, later)

    assert account(stocked, "d1")["fates"] == ["waiting"]
    assert fates(stocked) == {"waiting": 1}


def test_attributes_that_only_fail_later_are_read_all_the_same(
    make_simulator: MakeSimulator,
) -> None:
    client = Client(make_simulator(settings=Settings(seed_data="none", profile="documented")))
    client.load([record(*PLACE, 100)])
    client.post(EVENT, deltas({**delta(*PLACE, 1, "d1"), "qty": "ten"}))
    found = account(client, "d1")

    assert found["fates"] == ["failed"]
    assert (found["arrived"], found["acknowledged"]) == (1, 1)


def test_a_delta_for_what_has_no_ruleset_was_never_applied(stocked: Client) -> None:
    other = {**deltas(delta(*PLACE, -1, "d1")), "entityType": "ORDER"}
    stocked.post(EVENT, other)
    stocked.settle()

    [found] = ledger(stocked)["results"]
    assert found["fates"] == ["neverApplied"]
    assert found["arrivals"] == {"noMatch": 1}


def test_a_sync_event_is_told_like_an_async_one(stocked: Client) -> None:
    sync = "/api/v4.1/event/sync"
    stocked.post(sync, deltas(delta(*PLACE, -1, "d1")))
    stocked.post(sync, deltas(delta("NONE", "LOC_MEL", -1, "d2")))

    assert account(stocked, "d1")["acknowledged"] == 1
    assert account(stocked, "d2")["fates"] == ["failed"]
    assert account(stocked, "d2")["acknowledged"] == 0


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"deltaId": "d1"}, ["d1"]),
        ({"product": "D45"}, ["d2", "d1"]),
        ({"product": "D45", "location": "LOC_SYD"}, []),
        ({"location": "LOC_MEL"}, ["d3", "d2", "d1"]),
        ({"fate": "failed"}, ["d3"]),
        ({"fate": "applied", "count": "1"}, ["d2"]),
        ({"fate": "applied", "start": "1"}, ["d1"]),
        ({"catalogueRef": "DEFAULT:2"}, []),
        ({"since": "2999-01-01"}, []),
        ({"until": "1999-01-01"}, []),
        ({"since": "1999-01-01", "until": "2999-01-01"}, ["d3", "d2", "d1"]),
    ],
    ids=str,
)
def test_filters_must_all_hold(
    stocked: Client, filters: dict[str, str], expected: list[str]
) -> None:
    for sent in (
        delta(*PLACE, -1, "d1"),
        delta(*PLACE, -2, "d2"),
        delta("NONE", "LOC_MEL", -2, "d3"),
    ):
        send(stocked, sent)

    found = ledger(stocked, **filters)
    assert [one["deltaId"] for one in found["results"]] == expected
    assert found["totals"]["deltas"] == 3


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("fate=aplied", "expected applied"),
        ("fate=x", "one of applied, appliedAgain"),
        ("since=yesterday", "an ISO 8601 time"),
        ("count=0", "a whole number, 1 or more"),
        ("delta=1", "deltaId"),
    ],
)
def test_what_is_no_filter_is_refused(client: Client, query: str, expected: str) -> None:
    reply = client.http.get(f"/__admin/ledger?{query}")

    assert reply.status_code == 400
    assert expected in reply.get_json()["errors"][0]["message"]


def test_a_reset_keeps_it_and_tells_what_was_before(stocked: Client) -> None:
    send(stocked, delta(*PLACE, -10, "d1"))
    stocked.http.post("/__admin/reset")
    stocked.load([record(*PLACE, 50)], job=stocked.job())
    send(stocked, delta(*PLACE, -3, "d1"))

    now, before = ledger(stocked)["results"]
    assert (now["beforeReset"], now["fates"], now["amount"]) == (False, ["applied"], -3)
    assert (before["beforeReset"], before["fates"], before["amount"]) == (True, ["applied"], -10)
    assert before["quantityNow"] is None


def test_a_reset_can_drop_it(stocked: Client) -> None:
    send(stocked, delta(*PLACE, -10, "d1"))
    stocked.http.post("/__admin/reset?ledger=drop")

    assert ledger(stocked)["results"] == []
    assert ledger(stocked)["totals"]["arrived"] == 0


def test_the_totals_outlive_what_is_dropped(
    monkeypatch: pytest.MonkeyPatch, make_simulator: MakeSimulator
) -> None:
    limit(monkeypatch, "LEDGER", 10)
    client = Client(make_simulator())
    client.load([record(*PLACE, 100)])
    for number in range(25):
        send(client, delta(*PLACE, -1, f"d{number}"))
    found = ledger(client)

    assert (found["kept"], found["dropped"]) == (10, 15)
    assert [one["deltaId"] for one in found["results"]][::9] == ["d24", "d15"]
    assert found["totals"]["fates"]["applied"] == 25
    assert found["totals"]["acknowledged"] == 25


def test_a_repeat_of_what_was_dropped_is_told_as_a_repeat(
    monkeypatch: pytest.MonkeyPatch, make_simulator: MakeSimulator
) -> None:
    limit(monkeypatch, "LEDGER", 1)
    client = Client(make_simulator())
    client.load([record(*PLACE, 100)])
    for delta_id in ("d1", "d2", "d1"):
        send(client, delta(*PLACE, -1, delta_id))

    assert account(client, "d1")["fates"] == ["repeatSuppressed"]


def test_only_the_first_arrivals_and_bodies_are_kept_one_by_one(stocked: Client) -> None:
    for number in range(30):
        send(stocked, delta(*PLACE, -1 - number, "d1"))
    found = account(stocked, "d1")

    assert found["arrived"] == found["acknowledged"] == 30
    assert (len(found["told"]), len(found["bodies"]), found["furtherBodies"]) == (10, 5, 25)
    assert found["amount"] == -30


def test_records_of_batches_are_counted_by_what_came_of_them(stocked: Client) -> None:
    first = [record("D46", "LOC_MEL", 1), record("D46", "LOC_MEL", 2), record(*PLACE, 100)]
    stocked.load(first)
    stocked.post("/api/v4.1/job/1/batch", {"entities": []})
    totals = ledger(stocked)["totals"]

    assert totals["batches"] == {"acknowledged": 2, "refused": 1}
    assert totals["records"] == {
        "arrived": 4,
        "applied": 2,
        "unchanged": 1,
        "duplicate": 1,
        "failed": 0,
        "noMatch": 0,
        "dropped": 0,
        "waiting": 0,
    }


def records(client: Client, /, **filters: str) -> list[Document]:
    reply = client.http.get("/__admin/ledger/records", query_string=filters)
    assert reply.status_code == 200, reply.get_data(as_text=True)
    found: list[Document] = reply.get_json()["results"]
    return found


def test_of_each_record_of_a_batch_it_is_told_what_came_of_it(stocked: Client) -> None:
    sent = [record("D46", "LOC_MEL", 1), record("D46", "LOC_MEL", 2), record(*PLACE, 100)]
    stocked.load(sent)
    stocked.load([record("D46", "LOC_MEL", 9)])
    second = records(stocked, batch="2")

    assert [one["fate"] for one in second] == ["duplicate", "applied", "unchanged"]
    assert [one["amount"] for one in second] == [1, 2, 100]
    assert [one["supersededBy"] for one in second] == [None, "batch 3 /entities/0", None]
    assert [one["productRef"] for one in second] == ["D46", "D46", "D45"]
    assert [one["why"] for one in second] == [
        "another record of this batch is for the same quantity, and was taken instead",
        None,
        None,
    ]
    loads = stocked.http.get("/__admin/requests?operation=createBatch").get_json()["results"]
    assert second[0]["request"] == loads[1]["id"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, [("2", 0), ("2", 1), ("1", 0)]),
        ({"product": "D46"}, [("2", 0)]),
        ({"product": "D45", "location": "LOC_MEL"}, [("2", 1), ("1", 0)]),
        ({"product": "NONE"}, []),
        ({"batch": "1"}, [("1", 0)]),
        ({"job": "2"}, []),
        ({"fate": "unchanged"}, [("2", 1)]),
        ({"catalogueRef": "DEFAULT:2"}, []),
        ({"start": "1", "count": "1"}, [("2", 1)]),
    ],
    ids=str,
)
def test_filters_of_records_must_all_hold(
    stocked: Client, filters: dict[str, str], expected: list[tuple[str, int]]
) -> None:
    stocked.load([record("D46", "LOC_MEL", 1), record(*PLACE, 100)])

    assert [(one["batch"], one["line"]) for one in records(stocked, **filters)] == expected


def test_a_record_that_failed_is_told_with_the_reason(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(batch_invalid_record="refuse_record"))
    client.load([record(*PLACE, 1), {**record(*PLACE, 1), "qty": "many"}])

    [failed] = records(client, fate="failed", product=PLACE[0])
    assert failed["line"] == 1
    assert (failed["productRef"], failed["locationRef"]) == PLACE
    assert "'qty' is invalid" in str(failed["why"])
    reply = client.http.get("/__admin/ledger/records?fate=faild")
    assert "expected failed" in reply.get_json()["errors"][0]["message"]


def test_a_record_that_waits_or_is_refused_by_a_rule_is_told_with_its_place(
    stocked: Client,
) -> None:
    taken = {"type": "RESERVED", "ref": "mine"}
    stocked.load([record(*PLACE, -1, **taken)])
    stocked.http.put("/__admin/settling", json={"mode": "manual"})
    path = f"/api/v4.1/job/{stocked.job()}/batch"
    stocked.post(path, batch(record("D9", "LOC_9", 1), record("D9", "LOC_8", -1, **taken)))

    waiting = records(stocked, fate="waiting")
    assert [(one["productRef"], one["locationRef"]) for one in waiting] == [
        ("D9", "LOC_9"),
        ("D9", "LOC_8"),
    ]
    stocked.http.post("/__admin/settle", json={"units": 1})
    stocked.settle()

    [failed] = records(stocked, location="LOC_8")
    assert (failed["fate"], failed["productRef"], failed["line"]) == ("failed", "D9", 1)
    assert [one["line"] for one in records(stocked, product="D9")] == [0, 1]


def test_after_going_back_to_a_snapshot_a_delta_is_another_one(stocked: Client) -> None:
    send(stocked, delta(*PLACE, -10, "d1"))
    assert stocked.http.put("/__admin/snapshots/one", json={}).status_code == 201
    send(stocked, delta(*PLACE, -5, "d2"))
    assert stocked.http.post("/__admin/snapshots/one/restore").status_code == 200
    send(stocked, delta(*PLACE, -5, "d2"))
    send(stocked, delta(*PLACE, -10, "d1"))
    stocked.load([record(*PLACE, 70)])

    now = {
        one["deltaId"]: one["fates"] for one in ledger(stocked)["results"] if not one["beforeReset"]
    }
    assert now == {"d2": ["applied", "retired"], "d1": ["repeatSuppressed", "retired"]}


@pytest.mark.parametrize("levels", [250, 260, 1_000])
def test_a_refused_delta_that_nests_too_deep_is_told_as_any_other(
    stocked: Client, levels: int
) -> None:
    nested = "[" * levels + "]" * levels
    body = json.dumps(deltas({**delta(*PLACE, -1, "d1"), "qty": "@"})).replace('"@"', nested)
    for _ in range(2):
        assert stocked.post(EVENT, body.encode()).status_code == 400

    [told, again] = account(stocked, "d1")["told"]
    assert told["outcome"] == again["outcome"] == "refused"
    assert account(stocked, "d1")["fates"] == ["neverApplied"]  # nor a conflict: it is the same
    send(stocked, delta(*PLACE, -1, "d2"))
    assert stocked.on_hand(*PLACE) == 99


def test_a_defect_of_the_ledger_is_told_and_stops_no_stock(
    stocked: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(ArrivedEvents, "_take_in", lambda *_: 1 / 0)
    send(stocked, delta(*PLACE, -10, "d1"))

    assert ledger(stocked)["totals"]["requestsNotLookedInto"] == 1
    assert "the ledger could not take in a note" in caplog.text
    send(stocked, delta(*PLACE, -10, "d2"))
    assert stocked.on_hand(*PLACE) == 80
