"""What was accepted and failed afterwards is told: its reply said no more than that it came."""

import pytest
from fluent_oms_simulator import Settings
from fluent_oms_simulator.domain.jobs import INVENTORY_CHANGED

from ..conftest import MakeSimulator
from ..support import Client, Document, batch, delta, deltas, event, record
from .helpers.conformance_support import EVENT, report, rules

FAILED, UNMATCHED = "FOMS-O015", "FOMS-O016"
RESERVED: Document = {"type": "RESERVED", "attributes": {"parentRef": "NOWHERE"}}


def load(client: Client, *records: Document, event: str = INVENTORY_CHANGED) -> str:
    """A batch in a job of its own, asked for as a good sender does."""
    job = client.job()
    made = client.load(list(records), job=job, event=event)
    client.batch(made, job)
    return made


def test_a_record_that_failed_is_told_with_its_place_and_the_reason(client: Client) -> None:
    made = load(client, record("A", "L", 5), record("A", "L", -1, ref="R", **RESERVED))

    [found] = report(client)["findings"]
    [example] = rules(client)[FAILED]["examples"]

    assert (found["rule"], found["severity"]) == (FAILED, "error")
    assert found["pointer"] == "/entities/1"
    assert "there is no quantity 'NOWHERE'" in found["found"]
    assert (example["request"]["method"], example["request"]["status"]) == ("POST", 200)
    assert example["request"]["batchId"] == made
    assert report(client)["verdict"] == "failed"


def test_records_that_failed_are_one_finding_for_each_batch(client: Client) -> None:
    for part in range(2):
        children = [record("A", "L", -1, ref=f"R{part}{n}", **RESERVED) for n in range(3)]
        load(client, record("A", "L", 5), *children)

    entry = rules(client)[FAILED]

    assert entry["times"] == 2
    assert entry["examples"][0]["found"].endswith("; and so did 2 records more")


def test_an_event_that_failed_is_told_as_a_sync_one_is(client: Client) -> None:
    sent = client.send(deltas(delta("A", "L", -1, "POS-1")))
    assert sent["eventStatus"] == "FAILED"

    [found] = report(client)["findings"]
    [example] = rules(client)[FAILED]["examples"]

    assert (found["rule"], found["severity"], found["pointer"]) == (FAILED, "error", "")
    assert "the position A:L:DEFAULT does not exist" in found["found"]
    assert (example["request"]["path"], example["request"]["eventId"]) == (EVENT, sent["id"])


def test_an_event_that_failed_in_its_reply_is_told_once(client: Client) -> None:
    client.post("/api/v4.1/event/sync", deltas(delta("A", "L", -1, "POS-1")))

    assert list(rules(client)) == ["FOMS-O011"]


def test_what_failed_for_a_fault_that_a_rule_knows_is_told_by_that_rule(client: Client) -> None:
    load(
        client,
        record("A", "L", 5, ref="SHELF"),
        record("B", "L", 5, ref="SHELF"),
        record("A", "L", -1, ref="R", **RESERVED),
    )

    found = report(client)["findings"]
    assert [(one["rule"], one["pointer"]) for one in found] == [
        ("FOMS-B420", "/entities/1/ref"),
        (FAILED, "/entities/2"),
    ]
    left = report(client, ignore="FOMS-B")["findings"]
    assert [(one["rule"], one["times"]) for one in left] == [(FAILED, 2)]


def test_an_event_that_no_ruleset_matches_is_a_warning(client: Client) -> None:
    assert client.send(event("StockCounted", {}))["eventStatus"] == "NO_MATCH"

    [found] = report(client)["findings"]

    assert (found["rule"], found["severity"]) == (UNMATCHED, "warning")
    assert "StockCounted" in found["found"]
    assert report(client)["verdict"] == "passed"
    assert report(client, failOn="warning")["verdict"] == "failed"


def test_a_batch_whose_event_nothing_matches_is_told_by_the_rule_about_its_event(
    client: Client,
) -> None:
    load(client, record("A", "L", 5), event="StockCounted")

    assert list(rules(client)) == ["FOMS-B050"]
    assert list(rules(client, ignore="FOMS-B")) == [UNMATCHED]


def test_what_fails_long_after_its_reply_is_told(client: Client) -> None:
    assert client.http.put("/__admin/settling", json={"mode": "manual"}).status_code == 200
    reply = client.post(EVENT, deltas(delta("A", "L", -1, "POS-1")))
    assert (reply.status_code, rules(client)) == (200, {})

    assert client.http.post("/__admin/settle").status_code == 200

    assert list(rules(client)) == [FAILED]


def test_what_a_fault_rule_has_made_fail_is_no_fault_of_the_sender(client: Client) -> None:
    client.load([record("A", "L", 5)])
    armed = {"rules": [{"kind": "fail", "match": {"operation": "sendEvent"}}]}
    reply = client.http.post("/__admin/faults", json=armed)
    assert reply.status_code < 300, reply.get_data(as_text=True)
    assert client.send(deltas(delta("A", "L", -1, "POS-1")))["eventStatus"] == "FAILED"

    assert rules(client) == {}


def test_a_request_in_the_log_of_requests_says_that_what_it_brought_has_failed(
    client: Client,
) -> None:
    client.send(deltas(delta("A", "L", -1, "POS-1")))
    report(client)

    listed = client.http.get("/__admin/requests", query_string={"operation": "sendEvent"})
    [entry] = listed.get_json()["results"]
    assert FAILED in str(entry)


def test_after_a_reset_the_first_job_is_another_one(client: Client) -> None:
    load(client, record("A", "L", 5), record("A", "L", -1, ref="R", **RESERVED))
    client.http.post("/__admin/reset")
    load(client, record("A", "L", 5))

    entry = rules(client)[FAILED]
    assert (entry["times"], entry["first"]["number"]) == (1, 3)


@pytest.mark.parametrize("body", [b'{"a"', b"{}"])
def test_what_was_refused_has_not_failed_afterwards(client: Client, body: bytes) -> None:
    client.post(EVENT, body)

    assert FAILED not in rules(client)


def test_in_the_documented_profile_what_fails_at_the_door_is_told(
    make_simulator: MakeSimulator,
) -> None:
    settings = Settings(seed_data="none", profile="documented")
    client = Client(make_simulator(settings=settings))
    client.load([record("A", "L", 5)])
    entry = {"productRef": "A", "locationRef": "L", "qty": -1, "type": "DELTA"}
    assert client.send(deltas(entry))["eventStatus"] == "FAILED"
    client.post("/api/v4.1/job/1/batch", batch(record("A", "L", "x")))

    found = report(client, failOn="warning")["findings"]
    assert found
    assert report(client)["verdict"] == "failed"
