"""Faults strike the calls that they are for, are told, and leave nothing behind."""

import time
from threading import Thread
from typing import Any

import pytest
from fluent_oms_simulator.clock import VirtualClock

from ..conftest import MakeSimulator
from ..support import Client, Document, batch, delta, deltas, record
from .helpers.faults_support import arm, broken, disarm, newest, on_hand, sell, shown

HOUR = 3_600_000


@pytest.fixture
def stocked(client: Client) -> Client:
    client.load([record("D45", "LOC_MEL", 100), record("D46", "LOC_MEL", 50)])
    return client


# -- what is answered in the place of the real answer ----------------------------------------------

ANSWERS: list[tuple[Document, int, str]] = [
    ({"kind": "status", "status": 503}, 503, '{"errors":[{"code":"503","message":"Service'),
    ({"kind": "status", "status": 500, "message": "Oh no"}, 500, '"message":"Oh no"'),
    ({"kind": "status", "status": 400, "code": "E1"}, 400, '"code":"E1"'),
    ({"kind": "status", "status": 404}, 404, '"message":"Not Found"'),
    ({"kind": "rate_limit"}, 429, '"code":"429","message":"Too many requests"'),
    ({"kind": "proxy_page"}, 502, "<h1>502 Bad Gateway</h1>"),
    ({"kind": "proxy_page", "status": 504}, 504, "<h1>504 Gateway Timeout</h1>"),
]


@pytest.mark.parametrize(("rule", "status", "told"), ANSWERS, ids=lambda value: str(value)[:40])
@pytest.mark.parametrize("point", ["connect", "before_accept"])
def test_a_refusal_before_the_event_is_accepted_leaves_no_event(
    stocked: Client, rule: Document, status: int, told: str, point: str
) -> None:
    events = len(stocked.simulator.event_log)
    arm(stocked, {**rule, "point": point, "match": {"operation": "sendEvent"}})

    reply = sell(stocked)

    assert (reply.status_code, told in reply.get_data(as_text=True)) == (status, True)
    assert (len(stocked.simulator.event_log), on_hand(stocked)) == (events, 100)


@pytest.mark.parametrize(("rule", "status", "told"), ANSWERS, ids=lambda value: str(value)[:40])
@pytest.mark.parametrize("point", ["after_accept", "after_commit"])
def test_a_refusal_after_it_was_accepted_hides_that_it_is_applied(
    stocked: Client, rule: Document, status: int, told: str, point: str
) -> None:
    arm(stocked, {**rule, "point": point, "match": {"operation": "sendEvent"}})

    reply = sell(stocked)

    assert (reply.status_code, told in reply.get_data(as_text=True)) == (status, True)
    assert on_hand(stocked) == 99


@pytest.mark.parametrize("mode", ["manual", "time"])
def test_a_reply_that_is_lost_does_not_wait_for_what_is_held_back(
    stocked: Client, mode: str
) -> None:
    """Whoever is to let go of it may be the one who waits."""
    hours = {"milliseconds": 3_600_000} if mode == "time" else {}
    stocked.http.put("/__admin/settling", json={"mode": mode, **hours})
    lost = {"kind": "status", "status": 503, "point": "after_commit"}
    arm(stocked, *({**lost, "match": {"operation": each}} for each in ("sendEvent", "createBatch")))

    def held() -> Document:
        found: Document = stocked.http.get("/__admin/settling").get_json()["held"]
        return found

    assert sell(stocked).status_code == 503
    assert held() == {"events": 1, "batches": 0}
    job = stocked.job()
    reply = stocked.post(f"/api/v4.1/job/{job}/batch", batch(record("D45", "LOC_MEL", 7)))
    assert reply.status_code == 503
    assert held() == {"events": 1, "batches": 1}
    assert stocked.http.post("/__admin/settle").get_json()["settled"] is True
    assert on_hand(stocked) == 7


@pytest.mark.parametrize("back", ["/__admin/reset", "/__admin/snapshots/before/restore"])
def test_after_a_reset_nothing_is_as_it_was_before_it_and_a_request_comes_for_the_first_time(
    stocked: Client, back: str
) -> None:
    stocked.http.put("/__admin/snapshots/before", json={})
    arm(
        stocked,
        {"kind": "stale", "seconds": 3_600},
        {"kind": "status", "status": 503, "match": {"operation": "sendEvent", "attempt": 1}},
    )
    document = {"query": '{inventoryPositions(productRef: "D45") {edges {node {onHand}}}}'}

    def told() -> Any:
        edges = stocked.post("/graphql", document).get_json()["data"]["inventoryPositions"]["edges"]
        return [edge["node"]["onHand"] for edge in edges]

    assert [sell(stocked, "one").status_code for _ in range(3)] == [503, 200, 200]
    stocked.settle()
    assert told() == [100]
    stocked.load([record("D45", "LOC_MEL", 7), record("D45", "LOC_SYD", 1)])
    assert told() == [100]

    assert stocked.http.post(back, json={}).status_code == 200
    assert told() == ([100] if back.endswith("restore") else [])
    assert [sell(stocked, "one").status_code for _ in range(2)] == [503, 200]


def test_a_reply_that_is_lost_does_not_wait_for_what_a_fault_keeps(stocked: Client) -> None:
    late = {"kind": "late", "delay": {"fixed": 600_000}}
    arm(stocked, late, {"kind": "status", "status": 503, "point": "after_commit"})

    assert sell(stocked).status_code == 503
    assert on_hand(stocked) == 100
    stocked.http.delete("/__admin/faults")
    assert on_hand(stocked) == 99


def test_retry_after_says_when_to_come_again(stocked: Client) -> None:
    arm(stocked, {"kind": "status", "status": 503, "retryAfter": 7}, {"kind": "rate_limit"})

    assert sell(stocked).headers["Retry-After"] == "7"
    arm(stocked, {"kind": "rate_limit", "retryAfter": 30})
    assert sell(stocked).headers["Retry-After"] == "30"


def test_after_a_commit_the_reply_waits_until_all_is_applied(stocked: Client) -> None:
    arm(stocked, {"kind": "status", "status": 500, "point": "after_commit"})

    assert sell(stocked).status_code == 500
    assert stocked.on_hand("D45", "LOC_MEL") == 99  # nobody has waited
    records = [record(f"P{number}", "LOC_MEL", 1) for number in range(3_000)]
    disarm(stocked)
    job = stocked.job()
    arm(stocked, {"kind": "status", "status": 500, "point": "after_commit"})
    batch = {"action": "UPSERT", "entityType": "INVENTORY", "entities": records}
    assert stocked.post(f"/api/v4.1/job/{job}/batch", batch).status_code == 500
    assert stocked.on_hand("P2999", "LOC_MEL") == 1


def test_after_it_was_accepted_nothing_is_applied_before_the_reply(
    stocked: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    worker = stocked.simulator.worker
    arm(
        stocked,
        {"kind": "latency", "point": "after_accept", "delay": {"fixed": 30}},
        {"kind": "status", "status": 500, "point": "after_accept"},
    )
    holding = stocked.simulator.faults.holding

    def look(*args: Any) -> Any:
        seen.append(stocked.on_hand("D45", "LOC_MEL"))
        assert worker.is_busy
        return holding(*args)

    monkeypatch.setattr(stocked.simulator.faults, "holding", look)

    assert sell(stocked).status_code == 500
    assert (seen, on_hand(stocked)) == ([100], 99)


def test_what_is_refused_for_its_own_sake_is_not_struck_after_it(stocked: Client) -> None:
    arm(stocked, {"kind": "status", "status": 500, "point": "after_commit"})

    reply = stocked.post("/api/v4.1/event/async", {"name": "INVENTORY_DELTA"})

    assert (reply.status_code, shown(stocked)["fired"]) == (400, 0)


def test_graphql_has_its_own_code_for_too_many(stocked: Client) -> None:
    arm(stocked, {"kind": "graphql_rate_limit", "quota": {"requests": 1, "seconds": 60}})
    query = {"query": "{ __typename }"}

    first, second = (stocked.post("/graphql", query) for _ in range(2))

    assert (first.status_code, "errors" in first.get_json()) == (200, False)
    assert second.status_code == 200
    assert second.get_json()["errors"][0]["extensions"]["code"] == "C0011E"


def test_status_reads_and_graphql_have_points_of_their_own(stocked: Client) -> None:
    arm(
        stocked,
        {"kind": "status", "status": 500, "point": "poll"},
        {"kind": "status", "status": 502, "point": "read_back"},
    )

    assert sell(stocked).status_code == 200
    assert stocked.get("/api/v4.1/job/1").status_code == 500
    assert stocked.get("/api/v4.1/event").status_code == 500
    assert stocked.post("/graphql", {"query": "{ __typename }"}).status_code == 502


# -- tokens ----------------------------------------------------------------------------------------


def test_a_token_is_refused_in_fluents_words(stocked: Client) -> None:
    arm(stocked, {"kind": "token_refused", "match": {"operation": "sendEvent"}})

    reply = sell(stocked)

    assert reply.status_code == 401
    assert "does not belong to a valid user" in reply.get_json()["errors"][0]["message"]
    assert "invalid_token" in reply.headers["WWW-Authenticate"]


def test_a_sign_in_is_refused_in_the_words_of_oauth(client: Client) -> None:
    arm(client, {"kind": "token_refused"})
    assert client.sign_in().get_json()["error"] == "invalid_client"
    arm(client, {"kind": "status", "status": 503, "match": {"operation": "issueToken"}})
    assert client.sign_in().get_json()["error"] == "server_error"


def test_a_token_expires_early_for_every_call_until_a_new_one_is_fetched(
    make_simulator: MakeSimulator, clock: VirtualClock
) -> None:
    client = Client(make_simulator(clock=clock))
    arm(client, {"kind": "token_expired", "afterSeconds": 60, "limit": {"times": 1}})

    assert client.get("/api/v4.1/event").status_code == 200
    clock.advance(59_999)
    assert client.get("/api/v4.1/event").status_code == 200
    clock.advance(1)
    assert [client.get("/api/v4.1/event").status_code for _ in range(3)] == [401] * 3
    client.forget_token()
    clock.advance(HOUR)
    assert client.get("/api/v4.1/event").status_code == 200


# -- which calls, how often ------------------------------------------------------------------------

MATCHES: list[tuple[Document, bool]] = [
    ({"operation": "sendEvent"}, True),
    ({"operation": "createBatch"}, False),
    ({"method": "POST"}, True),
    ({"method": "GET"}, False),
    ({"path": "/event/async"}, True),
    ({"path": "/job"}, False),
    ({"product": "D45"}, True),
    ({"product": "D4"}, False),
    ({"location": "LOC_MEL", "product": "D45"}, True),
    ({"location": "LOC_MEL", "product": "D47"}, False),
    ({"deltaId": "one"}, True),
    ({"deltaId": "two"}, False),
    ({"retailer": "1"}, True),
    ({"retailer": "2"}, False),
    ({"client": "127.0.0.1"}, True),
    ({"client": "somebody"}, False),
    ({"user": "sim"}, True),
    ({"user": "somebody"}, False),
    ({"attempt": 1}, True),
    ({"attempt": 2}, False),
    ({"nth": 1}, True),
    ({"nth": 2}, False),
    ({"everyNth": 1}, True),
    ({"everyNth": 2}, False),
    ({"probability": 1}, True),
    ({"probability": 0}, False),
]


@pytest.mark.parametrize(("match", "is_struck"), MATCHES, ids=str)
def test_it_strikes_the_requests_that_it_is_for(
    stocked: Client, match: Document, is_struck: bool
) -> None:
    arm(stocked, {"kind": "status", "status": 500, "point": "before_accept", "match": match})

    assert sell(stocked).status_code == (500 if is_struck else 200)


@pytest.mark.parametrize("point", ["connect", "before_accept", "read_back", "poll"])
def test_a_user_is_the_one_whose_token_it_is(stocked: Client, point: str) -> None:
    paths = {"poll": "/api/v4.1/event", "read_back": "/graphql"}
    path = paths.get(point, "/api/v4.1/event/async")
    for user, expected in (("sim", 500), ("somebody", 200)):
        arm(stocked, {"kind": "status", "status": 500, "point": point, "match": {"user": user}})
        if point == "poll":
            reply = stocked.get(path)
        elif point == "read_back":
            reply = stocked.post(path, {"query": "{ __typename }"})
        else:
            reply = sell(stocked)
        assert reply.status_code == expected
        assert stocked.http.get("/api/v4.1/event").status_code == 401  # nobody's


def test_a_user_who_signs_in_is_the_one_that_the_form_names(stocked: Client) -> None:
    name = stocked.simulator.settings.username
    arm(stocked, {"kind": "status", "status": 503, "match": {"user": name}})
    assert stocked.sign_in().status_code == 503
    assert stocked.sign_in(username="somebody").status_code == 400
    disarm(stocked)
    refresh = stocked.sign_in().get_json()["refresh_token"]

    arm(stocked, {"kind": "status", "status": 503, "match": {"user": name}})
    form = {"grant_type": "refresh_token", "refresh_token": refresh}
    assert stocked.sign_in(username="", **form).status_code == 503
    assert stocked.sign_in(username="", **(form | {"refresh_token": "x"})).status_code == 400


def test_product_and_location_are_those_of_one_line(stocked: Client) -> None:
    match = {"product": "D45", "location": "LOC_SYD"}
    arm(stocked, {"kind": "status", "status": 500, "match": match})
    two = deltas(delta("D45", "LOC_MEL", -1, "a"), delta("D46", "LOC_SYD", -1, "b"))

    assert stocked.post("/api/v4.1/event/async", two).status_code == 200


def test_a_batch_is_met_by_its_records(client: Client) -> None:
    job = client.job()
    arm(client, {"kind": "status", "status": 500, "match": {"product": "D45", "retailer": "1"}})
    batch = {"action": "UPSERT", "entityType": "INVENTORY", "entities": [record("D45", "L", 1)]}

    assert client.post(f"/api/v4.1/job/{job}/batch", batch).status_code == 500


def statuses(client: Client, *ids: str) -> list[int]:
    return [sell(client, each).status_code for each in ids]


def test_nth_and_every_nth_count_requests_and_attempt_counts_the_same_one(stocked: Client) -> None:
    rule = {"kind": "status", "status": 500}
    arm(stocked, {**rule, "match": {"nth": 2}})
    assert statuses(stocked, "a", "b", "c", "d") == [200, 500, 200, 200]
    arm(stocked, {**rule, "match": {"everyNth": 2}})
    assert statuses(stocked, "a", "b", "c", "d") == [200, 500, 200, 500]
    arm(stocked, {**rule, "match": {"attempt": 1}})
    assert statuses(stocked, "a", "b", "a", "a", "b", "c") == [500, 500, 200, 200, 200, 500]


def test_a_limit_is_so_many_times_or_a_window_of_the_simulators_time(
    make_simulator: MakeSimulator, clock: VirtualClock
) -> None:
    client = Client(make_simulator(clock=clock))
    rule = {"kind": "status", "status": 500}
    arm(client, {**rule, "limit": {"times": 2}})
    assert statuses(client, *"abcd") == [500, 500, 200, 200]
    arm(
        client, {**rule, "limit": {"from": "2026-01-01T13:00:00Z", "until": "2026-01-01T14:00:00Z"}}
    )
    assert statuses(client, "a") == [200]
    clock.advance(HOUR)
    assert statuses(client, "a") == [500]
    clock.advance(HOUR)
    assert statuses(client, "a") == [200]


def test_a_quota_lets_so_many_through_and_says_when_there_is_room(
    make_simulator: MakeSimulator, clock: VirtualClock
) -> None:
    client = Client(make_simulator(clock=clock))
    arm(client, {"kind": "rate_limit", "quota": {"requests": 2, "seconds": 10}})

    assert statuses(client, "a", "b") == [200, 200]
    clock.advance(4_500)
    refused = sell(client, "c")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "6")
    clock.advance(6_000)
    assert statuses(client, "c", "d", "e") == [200, 200, 429]


def test_a_quota_can_be_of_each_client(stocked: Client) -> None:
    arm(stocked, {"kind": "rate_limit", "quota": {"requests": 1, "seconds": 60, "per": "client"}})

    found = [
        sell(stocked, agent + number, **{"User-Agent": agent}).status_code
        for number in "12"
        for agent in ("till", "shop")
    ]
    assert found == [200, 200, 429, 429]


def struck_by(client: Client, threads: int) -> list[tuple[str, str]]:
    """Which rule strikes which of many requests, each of which is sent twice."""
    rule = {"kind": "status", "status": 503, "match": {"probability": 0.3}}
    arm(client, {**rule, "point": "before_accept"}, {**rule, "point": "after_commit"}, seed=11)
    requests = [f"delta-{number % 90}" for number in range(180)]

    def send(some: list[str]) -> None:
        for delta_id in some:
            sell(client, delta_id)

    callers = [Thread(target=send, args=(requests[part::threads],)) for part in range(threads)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    log = client.http.get("/__admin/faults?count=1000").get_json()["log"]
    return sorted((each["rule"], each["identity"]) for each in log)


def test_the_same_seed_and_requests_meet_the_same_faults_whatever_threads_do(
    stocked: Client,
) -> None:
    by_one = struck_by(stocked, 1)

    assert len(by_one) == 89
    assert struck_by(stocked, 6) == by_one


# -- the reply, and the connection -----------------------------------------------------------------


def test_a_reply_breaks_off_or_comes_twice_and_is_applied(stocked: Client) -> None:
    whole = sell(stocked, "zero").get_data()
    arm(
        stocked, {"kind": "double_reply", "limit": {"times": 1}}, {"kind": "cut_off", "share": 0.25}
    )

    twice, part = sell(stocked, "one"), sell(stocked, "two")

    assert len(twice.get_data()) == 2 * len(whole) == int(twice.headers["Content-Length"])
    assert (len(part.get_data()), part.headers["Content-Length"]) == (
        len(whole) // 4,
        str(len(whole)),
    )
    assert on_hand(stocked) == 97


@pytest.mark.parametrize("kind", ["reset", "no_reply", "drip"])
def test_a_host_without_a_connection_says_what_it_cannot_do(stocked: Client, kind: str) -> None:
    arm(stocked, {"kind": kind, "point": "after_commit"})

    reply = sell(stocked)

    assert reply.status_code == 501
    assert f"({kind}) needs the connection" in reply.get_json()["errors"][0]["message"]
    assert "needs the connection" in shown(stocked)["log"][0]["undone"]
    assert on_hand(stocked) == 99


def test_a_wait_ends_when_its_rule_is_removed(stocked: Client) -> None:
    arm(stocked, {"id": "slow", "kind": "latency", "delay": {"fixed": 600_000}})
    found: list[int] = []
    caller = Thread(target=lambda: found.append(sell(stocked).status_code))
    caller.start()
    while not shown(stocked)["fired"]:
        time.sleep(0.001)

    assert stocked.http.delete("/__admin/faults/slow").status_code == 200
    caller.join(60)
    assert found == [200]


# -- what is told ----------------------------------------------------------------------------------


def test_what_has_struck_stands_with_the_request(stocked: Client) -> None:
    arm(stocked, {"id": "lost", "kind": "status", "status": 503, "point": "after_commit"})

    sell(stocked)

    seen, struck = newest(stocked), shown(stocked)["log"][0]
    assert (seen["status"], seen["operation"]) == (503, "sendEvent")
    assert seen["outcome"]["faults"] == [
        {"rule": "lost", "kind": "status", "point": "after_commit"}
    ]
    assert seen["outcome"]["status"] == "SUCCESS"
    assert (struck["rule"], struck["request"], struck["path"]) == (
        "lost",
        seen["id"],
        "/api/v4.1/event/async",
    )
    assert shown(stocked)["rules"][0] | {"fired": 1, "matched": 1} == shown(stocked)["rules"][0]


def test_a_refusal_that_was_made_up_is_not_the_callers_fault(stocked: Client) -> None:
    stocked.http.post("/__admin/conformance/reset")
    arm(stocked, {"kind": "status", "status": 400}, {"kind": "cut_off", "point": "poll"})
    for delta_id in "abc":
        assert sell(stocked, delta_id).status_code == 400
        stocked.get("/api/v4.1/event")
    disarm(stocked)

    report = stocked.http.get("/__admin/conformance?format=json").get_json()

    assert broken(report) == []


def test_an_event_that_is_sent_again_after_a_lost_reply_is_no_fault_either(stocked: Client) -> None:
    stocked.http.post("/__admin/conformance/reset")
    arm(stocked, {"kind": "cut_off", "point": "after_commit", "match": {"attempt": 1}})
    for _ in range(2):
        sell(stocked)
    assert newest(stocked)["status"] == 200

    report = stocked.http.get("/__admin/conformance?format=json").get_json()

    assert broken(report) == []
    assert on_hand(stocked) == 99


def test_those_that_no_whole_reply_came_to_are_found_by_the_status_0(stocked: Client) -> None:
    arm(stocked, {"kind": "cut_off", "point": "after_commit", "match": {"attempt": 1}})
    for _ in range(2):
        sell(stocked)

    found = stocked.http.get("/__admin/requests?status=0").get_json()["results"]
    assert [each["operation"] for each in found] == ["sendEvent"]
    lost = [{"requests": {"status": wanted}, "exactly": 1} for wanted in (0, "0")]
    verified = stocked.http.post("/__admin/verify", json={"expectations": lost}).get_json()
    assert verified["verdict"] == "passed", verified
