"""Every kind of fault, as a client over a socket sees it, and nothing of it once it is removed."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from ..cli.conftest import serving
from ..support import Document, delta, deltas, first_at_once
from .conftest import Wire, sign_in
from .helpers.raw import Connection, Reply

EVENT = "/api/v4.1/event/async"
HELD = 500
"""Many times as many as there are threads behind the door."""


@pytest.fixture(scope="module")
def stocked() -> Iterator[Wire]:
    with serving("--seed-data", "none") as server:
        found = Wire(server.port)
        found.token = sign_in(found)
        job = found.post("/api/v4.1/job", {"name": "load", "retailerId": "1"}).document["id"]
        records = [{"skuRef": "D45", "locationRef": "LOC_MEL", "qty": 1_000_000}]
        batch = {"action": "UPSERT", "entityType": "INVENTORY", "entities": records}
        assert found.post(f"/api/v4.1/job/{job}/batch", batch).status == 200
        yield found


@pytest.fixture
def wire(stocked: Wire) -> Iterator[Wire]:
    yield stocked
    disarm(stocked)


def control(wire: Wire, method: str, path: str, document: object = None) -> Any:
    body = b"" if document is None else json.dumps(document).encode()
    with wire.connect() as connection:
        head = ("Content-Type: application/json", f"Content-Length: {len(body)}")
        connection.send(wire.signed_in(method, f"/__admin{path}", *head), body)
        reply = connection.reply()
        assert reply.status == 200, reply.body
        return reply.document


def arm(wire: Wire, *rules: Document) -> None:
    control(wire, "PUT", "/faults", {"rules": rules})


def disarm(wire: Wire) -> None:
    control(wire, "DELETE", "/faults")


def fired(wire: Wire) -> int:
    return int(control(wire, "GET", "/faults")["fired"])


def on_hand(wire: Wire) -> int:
    control(wire, "POST", "/settle")
    return int(control(wire, "GET", "/positions/D45:LOC_MEL:DEFAULT")["onHand"])


def newest(wire: Wire) -> Any:
    return control(wire, "GET", "/requests?count=1")["results"][0]


NUMBERS = iter(range(1_000_000))


def send(wire: Wire, connection: Connection, *headers: str) -> None:
    """A delta of -1, each with an id of its own."""
    body = json.dumps(deltas(delta("D45", "LOC_MEL", -1, f"wire-{next(NUMBERS)}"))).encode()
    connection.send(wire.json_call(EVENT, f"Content-Length: {len(body)}", *headers), body)


def sold(wire: Wire, *headers: str) -> Reply:
    with wire.connect() as connection:
        send(wire, connection, *headers)
        return connection.reply()


ANSWERS: list[tuple[Document, int, bytes]] = [
    ({"kind": "status", "status": 503}, 503, b'{"errors":[{"code":"503"'),
    ({"kind": "rate_limit"}, 429, b"Too many requests"),
    ({"kind": "proxy_page", "status": 504}, 504, b"<h1>504 Gateway Timeout</h1>"),
]


@pytest.mark.parametrize(("rule", "status", "told"), ANSWERS, ids=lambda value: str(value)[:40])
@pytest.mark.parametrize(
    ("point", "applied"),
    [("connect", 0), ("before_accept", 0), ("after_accept", 1), ("after_commit", 1)],
)
def test_a_refusal_takes_the_place_of_the_reply(
    wire: Wire, rule: Document, status: int, told: bytes, point: str, applied: int
) -> None:
    before = on_hand(wire)
    arm(wire, {**rule, "point": point, "match": {"operation": "sendEvent"}})

    reply = sold(wire)

    assert (reply.status, told in reply.body) == (status, True)
    assert on_hand(wire) == before - applied
    disarm(wire)
    assert (sold(wire).status, on_hand(wire)) == (200, before - applied - 1)


@pytest.mark.parametrize("point", ["connect", "authenticate", "before_accept", "after_commit"])
def test_the_connection_goes_on_behind_a_refusal(wire: Wire, point: str) -> None:
    arm(wire, {"kind": "proxy_page", "point": point, "limit": {"times": 1}})

    with wire.connect() as connection:
        send(wire, connection)
        assert connection.reply().status == 502
        send(wire, connection)
        assert connection.reply().status == 200


@pytest.mark.parametrize("kind", ["token_refused", "token_expired"])
def test_a_token_is_refused_and_is_in_force_again_once_the_rule_is_removed(
    wire: Wire, kind: str
) -> None:
    arm(wire, {"kind": kind})

    assert [sold(wire).status for _ in range(2)] == [401, 401]
    disarm(wire)
    assert sold(wire).status == 200


def test_graphql_tells_of_too_many_requests(wire: Wire) -> None:
    arm(wire, {"kind": "graphql_rate_limit"})

    refused = wire.post("/graphql", {"query": "{ __typename }"})
    assert (refused.status, refused.document["errors"][0]["extensions"]["code"]) == (200, "C0011E")
    disarm(wire)
    assert wire.post("/graphql", {"query": "{ __typename }"}).document == {
        "data": {"__typename": "Query"}
    }


@pytest.mark.parametrize(
    ("point", "applied"),
    [
        ("connect", 0),
        ("authenticate", 0),
        ("before_accept", 0),
        ("after_accept", 1),
        ("after_commit", 1),
    ],
)
def test_a_connection_is_reset(wire: Wire, point: str, applied: int) -> None:
    before = on_hand(wire)
    arm(wire, {"kind": "reset", "point": point, "match": {"path": "/event/async"}})

    with wire.connect() as connection:
        send(wire, connection)
        assert connection.is_reset()

    seen = newest(wire)
    assert (seen["status"], seen["outcome"]["faults"][0]["kind"]) == (0, "reset")
    assert on_hand(wire) == before - applied
    disarm(wire)
    assert sold(wire).status == 200


def test_other_connections_of_the_client_stay_when_one_is_reset(wire: Wire) -> None:
    arm(wire, {"kind": "reset", "limit": {"times": 1}})

    with wire.connect() as one, wire.connect() as other:
        other.send(wire.signed_in("GET", "/__admin/health"))
        assert other.reply().status == 200
        send(wire, one)
        assert one.is_reset()
        send(wire, other)
        assert other.reply().status == 200


@pytest.mark.parametrize(("point", "applied"), [("before_accept", 0), ("after_commit", 1)])
def test_no_reply_comes_until_the_client_gives_up(wire: Wire, point: str, applied: int) -> None:
    before = on_hand(wire)
    arm(wire, {"kind": "no_reply", "point": point})

    with wire.connect() as connection:
        send(wire, connection)
        while "faults" not in newest(wire)["outcome"]:
            pass
        assert not connection.has_answer(0)
    seen = newest(wire)
    assert (seen["status"], seen["outcome"]["faults"][0]["kind"]) == (0, "no_reply")
    assert on_hand(wire) == before - applied
    disarm(wire)
    assert sold(wire).status == 200


def test_who_waits_for_a_reply_that_never_comes_is_let_go_with_the_rule(wire: Wire) -> None:
    arm(wire, {"kind": "no_reply"})

    with wire.connect() as connection:
        send(wire, connection)
        while not fired(wire):
            pass
        disarm(wire)
        assert connection.is_reset()


@pytest.mark.parametrize("share", [0, 0.5, 1])
def test_a_reply_breaks_off_in_the_middle(wire: Wire, share: float) -> None:
    before, whole = on_hand(wire), sold(wire)
    arm(wire, {"kind": "cut_off", "share": share})

    with wire.connect() as connection:
        send(wire, connection)
        reply = connection.reply()
        assert connection.is_closed()

    length = len(whole.body)
    assert (reply.status, reply.headers["content-length"]) == (200, str(length))
    assert len(reply.body) == min(int(share * length), length - 1)
    assert on_hand(wire) == before - 2
    disarm(wire)
    assert sold(wire).document.keys() == {"id"}


def test_a_reply_comes_twice(wire: Wire) -> None:
    arm(wire, {"kind": "double_reply"})

    reply = sold(wire)

    half = len(reply.body) // 2
    assert reply.body[:half] == reply.body[half:]
    assert reply.headers["content-length"] == str(len(reply.body))
    disarm(wire)
    assert sold(wire).document.keys() == {"id"}


def test_a_reply_drips_and_comes_whole(wire: Wire) -> None:
    arm(wire, {"kind": "drip", "bytesPerSecond": 200})
    assert sold(wire).document.keys() == {"id"}

    arm(wire, {"kind": "drip", "bytesPerSecond": 0.1})
    with wire.connect() as connection:
        send(wire, connection)
        while not fired(wire):
            pass
        disarm(wire)
        assert connection.reply().document.keys() == {"id"}


def test_a_reply_that_drips_to_nobody_has_not_come_whole(wire: Wire) -> None:
    sold(wire)
    before = newest(wire)["id"]
    arm(wire, {"kind": "drip", "bytesPerSecond": 5})
    with wire.connect() as connection:
        send(wire, connection)
        while not fired(wire):
            pass

    while newest(wire)["id"] == before:  # it is told once its reader has gone
        pass
    assert newest(wire)["status"] == 0

    disarm(wire)
    arm(wire, {"kind": "drip", "bytesPerSecond": 200})
    sold(wire)
    assert newest(wire)["status"] == 200


DELAYS = [
    {"fixed": 20},
    {"uniform": [1, 20]},
    {"lognormal": {"median": 5, "sigma": 1}},
    {"percentiles": [[50, 1], [100, 20]]},
]


@pytest.mark.parametrize("delay", DELAYS, ids=str)
@pytest.mark.parametrize("point", ["connect", "before_accept", "after_accept", "after_commit"])
def test_a_call_takes_longer_and_is_answered_as_ever(
    wire: Wire, delay: Document, point: str
) -> None:
    before = on_hand(wire)
    arm(wire, {"kind": "latency", "delay": delay, "point": point})

    assert (sold(wire).document.keys(), fired(wire)) == ({"id"}, 1)
    assert on_hand(wire) == before - 1


@pytest.mark.parametrize(
    "rule",
    first_at_once(
        [
            {"kind": "latency", "delay": {"fixed": 600_000}, "point": "before_accept"},
            {"kind": "latency", "delay": {"fixed": 600_000}, "point": "after_accept"},
            {"kind": "latency", "delay": {"fixed": 600_000}, "point": "after_commit"},
            {"kind": "no_reply", "point": "after_commit"},
        ]
    ),
    ids=str,
)
def test_others_are_answered_while_many_calls_are_held(wire: Wire, rule: Document) -> None:
    before = on_hand(wire)
    arm(wire, {**rule, "match": {"client": "held"}})
    with ExitStack() as stack:
        held = [stack.enter_context(wire.connect()) for _ in range(HELD)]
        for connection in held:
            send(wire, connection, "User-Agent: held")
        while fired(wire) < HELD:
            assert sold(wire).status == 200
        for _ in range(20):
            assert sold(wire).status == 200
            assert wire.get("/api/v4.1/event?count=1").status == 200
            assert wire.is_well()
        assert not any(connection.has_answer(0) for connection in held)

        disarm(wire)
        if rule["kind"] == "latency":
            assert {connection.reply().status for connection in held} == {200}
        else:
            assert all(connection.is_reset() for connection in held)
    assert on_hand(wire) <= before - HELD - 20


def test_a_header_asks_for_a_fault_of_one_call(wire: Wire) -> None:
    before = on_hand(wire)
    with wire.connect() as connection:
        send(wire, connection, "X-Fluent-Sim-Fault: reset")
        assert connection.is_reset()
    rule = '{"kind": "proxy_page", "point": "after_commit"}'
    assert sold(wire, f"X-Fluent-Sim-Fault: {rule}").status == 502
    assert sold(wire, "X-Fluent-Sim-Fault: resett").status == 400
    assert (sold(wire).status, on_hand(wire)) == (200, before - 2)


@pytest.mark.parametrize("point", first_at_once(["connect", "before_accept"]))
def test_a_stop_does_not_wait_for_calls_that_are_held(point: str) -> None:
    with serving("--seed-data", "none") as server:
        wire = Wire(server.port)
        wire.token = sign_in(wire)
        arm(wire, {"kind": "latency", "delay": {"fixed": 600_000}, "point": point})
        with wire.connect() as connection:
            send(wire, connection)
            while not fired(wire):
                pass
            assert server.stop() == 0
            assert connection.reply().status in (0, 200)
        server.end()
        assert "failed" not in server.log()


def job(wire: Wire) -> str:
    found = wire.post("/api/v4.1/job", {"name": "load", "retailerId": "1"})
    return str(found.document["id"])


def sent_batch(wire: Wire, job_id: str, *refs: str) -> Reply:
    records = [{"skuRef": ref, "locationRef": "LOC_MEL", "qty": 5} for ref in refs]
    document = {"action": "UPSERT", "entityType": "INVENTORY", "entities": records}
    return wire.post(f"/api/v4.1/job/{job_id}/batch", document)


def status(wire: Wire, job_id: str, batch_id: str) -> str:
    return str(wire.get(f"/api/v4.1/job/{job_id}/batch/{batch_id}").document["status"])


def test_a_batch_stays_running_until_the_rule_is_removed(wire: Wire) -> None:
    arm(wire, {"kind": "hold_batch", "state": "RUNNING", "polls": 1_000})
    job_id = job(wire)
    batch_id = sent_batch(wire, job_id, "B1").document["id"]

    assert {status(wire, job_id, batch_id) for _ in range(3)} == {"RUNNING"}
    disarm(wire)
    control(wire, "POST", "/settle")
    assert status(wire, job_id, batch_id) == "COMPLETE"


def test_a_batch_fails_in_the_middle_and_the_next_one_does_not(wire: Wire) -> None:
    arm(wire, {"kind": "fail", "afterRecords": 1})
    job_id = job(wire)
    for expected in (["200", "500"], ["200", "200"]):
        batch_id = sent_batch(wire, job_id, "F1", "F2").document["id"]
        control(wire, "POST", "/settle")
        found = wire.get(f"/api/v4.1/job/{job_id}/batch/{batch_id}").document["results"]
        assert [row["responseCode"] for row in found] == expected
        disarm(wire)


def test_a_job_is_closed_early_until_the_rule_is_removed(wire: Wire) -> None:
    arm(wire, {"kind": "close_job"})
    job_id = job(wire)

    assert sent_batch(wire, job_id, "C1").status == 400
    assert wire.get(f"/api/v4.1/job/{job_id}").document["status"] == "CLOSED"
    disarm(wire)
    assert sent_batch(wire, job_id, "C1").status == 200


def test_an_event_is_late_or_comes_twice(wire: Wire) -> None:
    before = on_hand(wire)
    arm(wire, {"kind": "late", "delay": {"fixed": 600_000}, "match": {"operation": "sendEvent"}})
    assert (sold(wire).status, on_hand(wire)) == (200, before)
    disarm(wire)
    assert on_hand(wire) == before - 1

    arm(wire, {"kind": "twice"})
    assert (sold(wire).status, on_hand(wire)) == (200, before - 2)


def test_a_status_is_told_as_it_was(wire: Wire) -> None:
    hold = {"kind": "hold_batch", "polls": 1}
    arm(wire, {"kind": "stale", "point": "poll", "seconds": 86_400}, hold)
    job_id = job(wire)
    batch_id = sent_batch(wire, job_id, "S1").document["id"]

    assert status(wire, job_id, batch_id) == "PENDING"
    control(wire, "POST", "/settle")
    assert status(wire, job_id, batch_id) == "PENDING"
    disarm(wire)
    assert status(wire, job_id, batch_id) == "COMPLETE"


def test_a_user_is_struck_and_no_other(wire: Wire) -> None:
    rule = {"kind": "status", "status": 503, "point": "connect"}
    arm(wire, {**rule, "match": {"user": "sim"}})
    assert sold(wire).status == 503
    arm(wire, {**rule, "match": {"user": "somebody"}})
    assert sold(wire).status == 200


READ = {"query": '{inventoryPositions(productRef: "D45") {edges {node {onHand}}}}'}


def read_back(wire: Wire) -> int:
    found = wire.post("/graphql", READ).document["data"]["inventoryPositions"]["edges"]
    return int(found[0]["node"]["onHand"])


def test_stock_is_told_as_it_was_before_what_has_just_been_written(wire: Wire) -> None:
    before = on_hand(wire)
    arm(wire, {"kind": "stale", "seconds": 86_400})
    sold(wire)

    assert on_hand(wire) == before - 1
    assert read_back(wire) == before
    disarm(wire)
    assert read_back(wire) == before - 1


def test_a_header_asks_for_trouble_of_the_platform_with_one_call(wire: Wire) -> None:
    before = on_hand(wire)
    late = '{"kind": "late", "delay": {"fixed": 600000}}'
    assert sold(wire, f"X-Fluent-Sim-Fault: {late}").status == 200
    assert sold(wire, "X-Fluent-Sim-Fault: fail").status == 200
    assert sold(wire, "X-Fluent-Sim-Fault: twice").status == 200

    assert on_hand(wire) == before - 1
    disarm(wire)
    assert on_hand(wire) == before - 2
    with wire.connect() as connection:
        body = json.dumps(READ).encode()
        stale = 'X-Fluent-Sim-Fault: {"kind": "stale", "seconds": 86400}'
        connection.send(wire.json_call("/graphql", f"Content-Length: {len(body)}", stale), body)
        assert connection.reply().document == {"data": {"inventoryPositions": {"edges": []}}}
    assert read_back(wire) == before - 2
