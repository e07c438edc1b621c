"""Traffic in which nothing arrived is never told as traffic that conforms."""

import pytest

from ..conftest import MakeSimulator
from ..support import Client, batch, delta, deltas, record
from .helpers.conformance_support import EVENT, report, rules

ASYNC = f"POST {EVENT}"
UPDATE = 'updateInventoryPosition(input: {ref: "%s:L:DEFAULT", catalogue: {ref: "DEFAULT:1"}})'
FIND = 'inventoryPosition(ref: "%s:L:DEFAULT", catalogue: {ref: "DEFAULT:1"})'
NO_POSITION = "200: There is no position 'NOT:L:DEFAULT' in DEFAULT:1."
NO_CALLS = [
    ("PUT", EVENT, ASYNC),
    ("GET", EVENT, ASYNC),
    ("POST", "/api/v4.1/events/async", ASYNC),
    ("POST", "/api//v4.1/event/async", ASYNC),
    ("POST", "/API/v4.1/event/async", ASYNC),
    ("POST", "/./api/v4.1/event/async", ASYNC),
    ("POST", "/api/v4.1/event/async;x", ASYNC),
    ("POST", "/oauth//token", "POST /oauth/token"),
    ("DELETE", "/api/v4.1/job/7", "GET /api/v4.1/job/{jobId}"),
    ("POST", "/api/v4.1/jobs/7/batch", "POST /api/v4.1/job/{jobId}/batch"),
    ("PUT", "/nothing-like-it", "a call that the API's description has"),
]


@pytest.mark.parametrize(("method", "path", "meant"), NO_CALLS)
def test_a_request_that_is_no_call_is_told_with_the_nearest_one(
    client: Client, method: str, path: str, meant: str
) -> None:
    client.send(deltas(delta("A", "L", -1, "POS-1")))
    reply = client.http.open(path, method=method, headers=client.headers, data=b"{}")
    assert reply.status_code in (404, 405)

    entry = rules(client)["FOMS-O013"]

    [example] = entry["examples"]
    assert example["found"] == f"{reply.status_code}: {method} {path}"
    assert example["expected"] == meant
    assert report(client)["verdict"] == "failed"


def test_a_batch_for_a_job_that_there_is_not_is_refused_and_told(client: Client) -> None:
    assert client.post("/api/v4.1/job/99/batch", batch(record("A", "L", 1))).status_code == 404

    assert report(client)["verdict"] == "failed"


def test_a_sync_event_that_failed_is_told_in_the_servers_words(client: Client) -> None:
    sent = deltas(delta("A", "L", -1, "POS-1"))
    reply = client.post("/api/v4.1/event/sync", sent)
    assert (reply.status_code, reply.get_json()["eventStatus"]) == (400, "FAILED")

    [found] = report(client)["findings"]
    assert found["rule"] == "FOMS-O011"
    assert "the position A:L:DEFAULT does not exist" in found["found"]


@pytest.mark.parametrize(
    "query",
    [
        "{nope}",
        "{",
        'mutation { createLocation(input: {ref: "x"}) { ref } }',
        "{" + " ".join(f"nope{number}" for number in range(60)) + "}",
    ],
    ids=["one unknown field", "no query", "an input without its fields", "many unknown fields"],
)
def test_a_query_that_was_answered_by_errors_alone_is_told(client: Client, query: str) -> None:
    assert client.post("/graphql", {"query": query}).get_json()["errors"]

    assert list(rules(client)) == ["FOMS-O011"]


def test_asking_for_what_there_is_not_is_no_fault(client: Client) -> None:
    client.load([record("A", "L", 5)])
    client.send(deltas(delta("A", "L", -1, "POS-1")))
    assert client.http.get("/healthz").status_code == 404
    assert client.http.options("/nowhere").status_code == 404
    client.batch("1")
    for path in ("job/99", "job/99/batch/1", "job/99/results", "event/no-such-event"):
        assert client.get(f"/api/v4.1/{path}").status_code == 404

    assert rules(client) == {}
    assert report(client)["verdict"] == "passed"


def test_a_token_that_is_renewed_is_no_fault(client: Client) -> None:
    gone = {"Authorization": "Bearer gone"}
    assert client.http.get("/api/v4.1/event", headers=gone).status_code == 401
    assert client.get("/api/v4.1/event").status_code == 200

    assert report(client)["verdict"] == "passed"


def test_without_a_request_that_arrived_nothing_conforms(client: Client) -> None:
    assert client.http.get("/api/v4.1/event").status_code == 401
    assert report(client)["verdict"] == "failed"

    assert client.headers  # a sign-in alone brings nothing in
    told = report(client, ignore="FOMS-O014")
    assert (told["verdict"], told["failed"]) == ("incomplete", True)
    assert told["checks"][0]["message"].startswith("Nothing has arrived: every request was refused")

    client.get("/api/v4.1/event")
    assert report(client)["verdict"] == "passed"


def test_wrong_credentials_alone_are_no_conformance(client: Client) -> None:
    assert client.sign_in(password="wrong").status_code == 400
    assert list(rules(client)) == ["FOMS-O014"]

    assert client.sign_in().status_code == 200
    assert (rules(client), report(client)["verdict"]) == ({}, "passed")


ANOTHER = {"User-Agent": "another client"}
WRONG_SIGN_IN = (
    "/oauth/token?grant_type=password&username=sim&password=wrong"
    "&client_id=fluent-sim&client_secret=fluent-sim-secret"
)


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        ("POST", EVENT, "sendEvent"),
        ("GET", "/api/v4.1/event", "findEvents"),
        ("POST", "/graphql", "executeGraphql"),
        ("POST", WRONG_SIGN_IN, "issueToken"),
    ],
)
def test_what_was_refused_and_never_arrived_does_not_conform(
    client: Client, method: str, path: str, operation: str
) -> None:
    client.load([record("A", "L", 5)])
    client.send(deltas(delta("A", "L", -1, "POS-1")))
    reply = client.http.open(path, method=method, headers=ANOTHER)
    assert reply.status_code in (400, 401)

    entry = rules(client, select="FOMS-O014")["FOMS-O014"]

    assert (entry["times"], entry["first"]["atEnd"]) == (1, True)
    assert entry["examples"][0]["found"].startswith(f"{operation} came to nothing (40")
    assert report(client)["verdict"] == "failed"


@pytest.mark.parametrize(
    ("method", "path"),
    [("OPTIONS", EVENT), ("HEAD", "/api/v4.1/event"), ("GET", "/api"), ("OPTIONS", "/graphql")],
)
def test_a_probe_without_a_token_is_nobodys_lost_call(
    client: Client, method: str, path: str
) -> None:
    client.load([record("SKU_1", "LOC_1", 5)])
    assert client.http.open(path, method=method).status_code == 401

    assert "FOMS-O014" not in rules(client)


def test_what_was_refused_and_arrived_later_conforms(client: Client) -> None:
    client.load([record("A", "L", 5)])
    sent = deltas(delta("A", "L", -1, "POS-1"))
    for headers in (ANOTHER, ANOTHER | client.headers):
        client.http.post(EVENT, json=sent, headers=headers)

    assert "FOMS-O014" not in rules(client)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (f"mutation {{ x: {UPDATE % 'NOT'} {{ ref }} }}", NO_POSITION),
        (f"mutation {{ x: {UPDATE % 'A'} {{ ref }} y: {UPDATE % 'NOT'} {{ ref }} }}", NO_POSITION),
        (f"mutation {{ x: {UPDATE % 'A'} {{ ref product {{ __typename }} }} }}", None),
        (f"{{ x: {FIND % 'NOT'} {{ ref }} }}", None),
        ("{ x: unheardOf { ref } }", "200: Cannot query field 'unheardOf' on type 'Query'."),
        ("{ " + "unheardOf " * 40 + "}", "200: Cannot query field 'unheardOf' on type 'Query'."),
    ],
)
def test_a_change_that_was_not_made_is_told_and_a_thing_that_was_not_found_is_not(
    client: Client, query: str, found: str | None
) -> None:
    client.load([record("A", "L", 5)])
    client.send(deltas(delta("A", "L", -1, "POS-1")))
    assert client.post("/graphql", {"query": query}).status_code == 200

    entry = rules(client).get("FOMS-O011")

    assert (entry and entry["examples"][0]["found"]) == found


def test_what_is_left_out_does_not_make_refused_traffic_pass(
    make_simulator: MakeSimulator,
) -> None:
    client = Client(make_simulator())
    for _ in range(5):
        client.http.put(EVENT, headers=client.headers, data=b"{}")

    assert report(client)["verdict"] == "failed"
    assert report(client, ignore="FOMS-O013")["verdict"] == "incomplete"
