"""What was expected of requests is held against those that were seen, and never passed by guess."""

import pytest
from fluent_oms_simulator import Settings
from fluent_oms_simulator.clock import VirtualClock

from ..conftest import MakeSimulator
from ..support import Client, Document, batch, delta, deltas, limit, record

EVENT = "/api/v4.1/event/async"
DAY = 86_400_000


def verify(client: Client, *expectations: Document, status: int = 200) -> Document:
    reply = client.http.post("/__admin/verify", json={"expectations": expectations})
    assert reply.status_code == status, reply.get_data(as_text=True)
    answer: Document = reply.get_json()
    return answer


def judged(client: Client, **expectation: object) -> Document:
    """The verdict on one expectation."""
    [result] = verify(client, expectation)["results"]
    found: Document = result
    return found


def send(client: Client, *names: str) -> None:
    for name in names:
        client.post(EVENT, deltas(delta("D45", "LOC_MEL", -10, name)))


@pytest.fixture
def clocked(make_simulator: MakeSimulator, clock: VirtualClock) -> Client:
    """It has a token, and its clock stands still."""
    client = Client(make_simulator(clock=clock))
    assert client.headers
    return client


@pytest.fixture
def used(clocked: Client, clock: VirtualClock) -> Client:
    """Request 1 signs in, 2 makes a job, 3 a batch, 4 to 6 send deltas, a second apart."""
    clocked.load([record("D45", "LOC_MEL", 100), record("D46", "LOC_SYD", 5)])
    for name in ("d1", "d2", "d2"):
        clock.advance(1_000)
        send(clocked, name)
    return clocked


# -- how many --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "verdict", "reason"),
    [
        ({"exactly": 2}, "passed", "expected exactly 2, found 2"),
        ({"exactly": 1}, "failed", "expected exactly 1, found 2"),
        ({"exactly": 3}, "failed", "expected exactly 3, found 2"),
        ({"atLeast": 2}, "passed", "expected at least 2, found 2"),
        ({"atLeast": 3}, "failed", "expected at least 3, found 2"),
        ({"atMost": 2}, "passed", "expected at most 2, found 2"),
        ({"atMost": 1}, "failed", "expected at most 1, found 2"),
        ({"atLeast": 1, "atMost": 3}, "passed", "expected 1 to 3, found 2"),
        ({"never": True}, "failed", "expected none, found 2"),
    ],
    ids=str,
)
def test_requests_are_counted(used: Client, wanted: Document, verdict: str, reason: str) -> None:
    result = judged(used, requests={"operation": "sendEvent", "deltaId": "d2"}, **wanted)

    assert (result["verdict"], result["reason"]) == (verdict, reason)
    assert (result["requests"], result["requestsTotal"]) == ([5, 6], 2)


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, 6),
        ({"status": 200}, 6),
        ({"status": "4xx"}, 0),
        ({"operation": "createBatch"}, 1),
        ({"product": "D46", "location": "LOC_SYD"}, 1),
        ({"product": "D46", "location": "LOC_MEL"}, 0),
        ({"path": "/event/async"}, 3),
        ({"since": "2026-01-01T12:00:02Z"}, 2),
        ({"until": "2026-01-01T12:00:02Z"}, 4),
        ({"text": "LOC_SYD"}, 1),
        ({"client": "127.0.0.1"}, 6),
    ],
    ids=str,
)
def test_they_are_chosen_by_the_filters_of_the_list(
    used: Client, fields: Document, found: int
) -> None:
    assert judged(used, requests=fields, exactly=found)["verdict"] == "passed"


def test_the_closest_are_told_with_what_differs(used: Client) -> None:
    wanted = {"operation": "sendEvent", "product": "D45", "deltaId": "d3"}
    result = judged(used, requests=wanted, exactly=1)

    assert result["nearMisses"] == [
        {
            "request": number,
            "differences": [{"field": "deltaId", "expected": "d3", "found": name}],
        }
        for number, name in ((6, "d2"), (5, "d2"), (4, "d1"))
    ]


def test_the_closest_line_of_a_batch_is_told(used: Client) -> None:
    wanted = {"operation": "createBatch", "product": "D46", "location": "LOC_PER"}
    result = judged(used, requests=wanted, atLeast=1)

    assert result["nearMisses"][0] == {
        "request": 3,
        "differences": [{"field": "location", "expected": "LOC_PER", "found": "LOC_SYD"}],
    }


def test_one_that_was_answered_otherwise_is_a_near_miss(used: Client) -> None:
    result = judged(used, requests={"operation": "createBatch", "status": "400"}, exactly=1)

    [nearest, *_] = result["nearMisses"]
    assert nearest == {
        "request": 3,
        "differences": [{"field": "status", "expected": "400", "found": "200"}],
    }


def test_what_has_nothing_in_common_is_no_near_miss(used: Client) -> None:
    assert judged(used, requests={"deltaId": "ORDER-9000"}, exactly=1)["nearMisses"] == []


# -- in order, and within a time -------------------------------------------------------------------


def test_requests_in_order_may_have_others_between_them(used: Client) -> None:
    steps = [{"operation": "createJob"}, {"deltaId": "d1"}, {"deltaId": "d2"}, {"deltaId": "d2"}]
    result = judged(used, inOrder=steps)

    assert (result["verdict"], result["requests"]) == ("passed", [2, 4, 5, 6])


def test_one_request_does_not_stand_for_two_steps(used: Client) -> None:
    result = judged(used, inOrder=[{"deltaId": "d1"}, {"deltaId": "d1"}])

    assert (result["verdict"], result["requests"]) == ("failed", [4])
    assert result["reason"] == "1 of 2 were seen, one after the other"


def test_a_step_that_came_too_early_is_told(used: Client) -> None:
    result = judged(used, inOrder=[{"deltaId": "d1"}, {"operation": "createBatch"}])

    assert result["verdict"] == "failed"
    assert result["nearMisses"][0] == {
        "request": 3,
        "differences": [{"field": "order", "expected": "after request 4", "found": "request 3"}],
    }


@pytest.mark.parametrize(
    ("within", "verdict"), [(1_000, "passed"), (999, "failed"), (5_000, "passed")]
)
def test_they_come_in_order_within_a_time(used: Client, within: int, verdict: str) -> None:
    steps = [{"deltaId": "d1"}, {"deltaId": "d2"}]
    result = judged(used, inOrder=steps, withinMilliseconds=within)

    assert result["verdict"] == verdict
    if verdict == "failed":
        assert result["reason"].startswith("expected within 999 ms, found 1,000 ms at best")
        [miss] = result["nearMisses"]
        assert miss["differences"] == [
            {"field": "withinMilliseconds", "expected": "at most 999", "found": "1000"}
        ]


@pytest.mark.parametrize(("within", "verdict"), [(2_000, "passed"), (1_999, "failed")])
def test_together_they_may_come_in_any_order(used: Client, within: int, verdict: str) -> None:
    kinds = [{"deltaId": "d2"}, {"deltaId": "d2"}, {"deltaId": "d1"}]
    result = judged(used, together=kinds, withinMilliseconds=within)

    assert result["verdict"] == verdict


def test_together_each_is_another_request(used: Client) -> None:
    kinds = [{"deltaId": "d1"}, {"operation": "sendEvent", "product": "D45"}]

    assert judged(used, together=kinds, withinMilliseconds=1_000)["requests"] == [4, 5]
    assert judged(used, together=kinds, withinMilliseconds=999)["verdict"] == "failed"


# -- what is no longer kept ------------------------------------------------------------------------


@pytest.fixture
def forgetful(
    monkeypatch: pytest.MonkeyPatch, make_simulator: MakeSimulator, clock: VirtualClock
) -> Client:
    """It keeps three requests, of d3, d4 and d5; before there was one for each of d1 and d2."""
    limit(monkeypatch, "REQUESTS", 3)
    settings = Settings(auth="off", seed_data="none")
    client = Client(make_simulator(clock=clock, settings=settings))
    for number in range(1, 6):
        client.http.post(EVENT, json=deltas(delta("D45", "LOC_MEL", -1, f"d{number}")))
        clock.advance(1_000)
    return client


@pytest.mark.parametrize(
    ("expectation", "verdict"),
    [
        ({"requests": {"operation": "sendEvent"}, "exactly": 3}, "unknown"),
        ({"requests": {"operation": "sendEvent"}, "exactly": 5}, "unknown"),
        ({"requests": {"operation": "sendEvent"}, "exactly": 6}, "failed"),
        ({"requests": {"operation": "sendEvent"}, "exactly": 2}, "failed"),
        ({"requests": {"operation": "sendEvent"}, "atLeast": 3}, "passed"),
        ({"requests": {"operation": "sendEvent"}, "atLeast": 4}, "unknown"),
        ({"requests": {"operation": "sendEvent"}, "atMost": 3}, "unknown"),
        ({"requests": {"operation": "sendEvent"}, "atMost": 2}, "failed"),
        ({"requests": {"deltaId": "d1"}, "never": True}, "unknown"),
        ({"requests": {"since": "2026-01-01T12:00:02Z"}, "exactly": 3}, "passed"),
        ({"requests": {"since": "2026-01-01T12:00:01Z"}, "exactly": 3}, "unknown"),
        ({"inOrder": [{"deltaId": "d3"}, {"deltaId": "d5"}]}, "passed"),
        ({"inOrder": [{"deltaId": "d1"}, {"deltaId": "d5"}]}, "unknown"),
        (
            {"together": [{"deltaId": "d1"}, {"deltaId": "d5"}], "withinMilliseconds": 5000},
            "unknown",
        ),
        ({"effect": "everyBatchPolledToComplete"}, "unknown"),
        ({"effect": "tokenRenewedBeforeExpiry"}, "unknown"),
    ],
    ids=str,
)
def test_what_is_no_longer_kept_is_never_taken_for_met(
    forgetful: Client, expectation: Document, verdict: str
) -> None:
    answer = verify(forgetful, expectation)

    assert answer["verdict"] == answer["results"][0]["verdict"] == verdict
    assert answer["requests"] == {"kept": 3, "dropped": 2}
    if verdict == "unknown":
        assert "no longer kept" in answer["results"][0]["reason"]


def test_a_text_that_may_stand_in_the_rest_of_a_long_reply_is_not_taken_for_absent(
    client: Client,
) -> None:
    client.load([record(f"PRODUCT_{number}", "LOC_MEL", 1) for number in range(400)])
    client.batch("1", count="400")

    def never(text: str, **more: str) -> object:
        return judged(client, requests={"text": text, **more}, never=True)["verdict"]

    assert never("NOWHERE", operation="getBatch") == "unknown"
    assert never("NOWHERE", operation="createBatch") == "passed"
    assert never("PRODUCT_1:", operation="getBatch") == "failed"


def test_what_was_forgotten_on_purpose_does_not_count(used: Client) -> None:
    assert used.http.delete("/__admin/requests").status_code == 200

    assert judged(used, requests={}, never=True)["verdict"] == "passed"


# -- effects ---------------------------------------------------------------------------------------


def test_a_batch_that_was_polled_until_complete(used: Client) -> None:
    failed = judged(used, effect="everyBatchPolledToComplete")
    used.batch("1")
    passed = judged(used, effect="everyBatchPolledToComplete")

    assert failed["verdict"] == "failed"
    assert failed["nearMisses"] == [
        {
            "request": 3,
            "differences": [
                {
                    "field": "status of job 1, batch 1",
                    "expected": "COMPLETE",
                    "found": "never asked for",
                }
            ],
        }
    ]
    assert passed["verdict"] == "passed"


def test_a_batch_that_was_polled_too_few_times(clocked: Client) -> None:
    clocked.http.put("/__admin/settling", json={"mode": "manual"})
    job = clocked.job()
    for quantity in (5, 6):
        clocked.post(f"/api/v4.1/job/{job}/batch", batch(record("D45", "LOC_MEL", quantity)))
    clocked.batch("2", job)
    clocked.http.post("/__admin/settle?units=1")
    clocked.get(f"/api/v4.1/job/{job}")
    result = judged(clocked, effect="everyBatchPolledToComplete")

    assert result["reason"] == "1 of 2 batches was not polled until COMPLETE"
    [miss] = result["nearMisses"]
    assert miss["differences"][0]["found"] == "PENDING in request 6, the last"


def test_a_batch_of_before_a_reset_does_not_stand_for_one_with_its_number(used: Client) -> None:
    used.batch("1")
    used.http.post("/__admin/reset")
    job = used.job()
    path = f"/api/v4.1/job/{job}/batch"
    used.post(path, batch(record("D45", "LOC_MEL", 5)))

    result = judged(used, effect="everyBatchPolledToComplete")
    assert result["reason"] == "the one batch was not polled until COMPLETE"
    assert used.get(f"{path}/1").get_json()["status"] == "COMPLETE"
    assert judged(used, effect="everyBatchPolledToComplete")["verdict"] == "passed"


LOST: dict[str, Document] = {
    "no reply": {"kind": "status", "status": 504, "point": "after_commit"},
    "twice in one": {"kind": "double_reply", "point": "after_accept"},
}


@pytest.mark.parametrize("rule", LOST)
def test_a_batch_whose_id_nobody_was_told_is_polled_where_the_same_is_sent_again_and_polled(
    clocked: Client, rule: str
) -> None:
    sent = batch(record("D45", "LOC_MEL", 5))
    job = clocked.job()
    path = f"/api/v4.1/job/{job}/batch"
    once = {**LOST[rule], "limit": {"times": 1}}
    clocked.http.put("/__admin/faults", json={"rules": [once]})
    clocked.post(path, sent)

    lost = judged(clocked, effect="everyBatchPolledToComplete")
    assert (lost["verdict"], lost["requests"]) == ("failed", [3])
    assert lost["nearMisses"][0]["differences"][0]["found"] == (
        "never asked for; its reply has not come whole, and the same was not sent again and polled"
    )

    clocked.post(path, batch(record("D45", "LOC_MEL", 6)))
    clocked.settle()
    clocked.batch("2", job)
    other = judged(clocked, effect="everyBatchPolledToComplete")
    assert other["reason"] == "1 of 2 batches was not polled until COMPLETE"

    clocked.post(path, sent)
    assert judged(clocked, effect="everyBatchPolledToComplete")["requests"] == [3, 6]
    clocked.batch("3", job)
    assert judged(clocked, effect="everyBatchPolledToComplete")["verdict"] == "passed"


def test_a_batch_whose_id_nobody_was_told_is_polled_where_its_job_tells_of_it(
    clocked: Client,
) -> None:
    rule = {"kind": "reset", "point": "after_commit"}
    clocked.http.put(
        "/__admin/faults", json={"rules": [{**rule, "match": {"operation": "createBatch"}}]}
    )
    job = clocked.job()
    clocked.post(f"/api/v4.1/job/{job}/batch", batch(record("D45", "LOC_MEL", 5)))
    clocked.get(f"/api/v4.1/job/{job}")

    assert judged(clocked, effect="everyBatchPolledToComplete")["verdict"] == "passed"


def test_no_batch_at_all_is_not_taken_for_polled(clocked: Client) -> None:
    result = judged(clocked, effect="everyBatchPolledToComplete")

    assert (result["verdict"], result["reason"]) == ("unknown", "no batch was accepted")


def test_a_token_that_was_used_after_it_had_expired(clocked: Client, clock: VirtualClock) -> None:
    clocked.get(EVENT)
    clock.advance(DAY)
    assert clocked.get("/api/v4.1/event").status_code == 401
    result = judged(clocked, effect="tokenRenewedBeforeExpiry")

    assert (result["verdict"], result["requests"]) == ("failed", [3])
    [difference] = result["nearMisses"][0]["differences"]
    assert difference["field"] == "authorization"
    assert difference["found"].startswith("one that had expired at 2026-01-02T11:59:59")


def test_a_token_that_was_renewed_in_time(clocked: Client, clock: VirtualClock) -> None:
    for _ in range(3):
        clocked.get("/api/v4.1/event")
        clock.advance(DAY - 60_000)
        clocked.forget_token()
        clocked.get("/api/v4.1/event")
    result = judged(clocked, effect="tokenRenewedBeforeExpiry")

    assert result["verdict"] == "passed"


def test_a_token_that_did_not_have_to_be_renewed_is_no_proof(clocked: Client) -> None:
    clocked.get("/api/v4.1/event")
    result = judged(clocked, effect="tokenRenewedBeforeExpiry")

    assert result["verdict"] == "unknown"
    assert result["reason"].startswith("nothing was to be renewed yet")


def test_a_token_that_was_never_issued_is_not_taken_for_expired(clocked: Client) -> None:
    clocked.http.get("/api/v4.1/event", headers={"Authorization": "Bearer 1234"})

    assert judged(clocked, effect="tokenRenewedBeforeExpiry")["verdict"] == "unknown"


# -- all of them -----------------------------------------------------------------------------------


def test_each_has_its_verdict_and_all_have_one(used: Client) -> None:
    answer = verify(
        used,
        {"name": "the sale arrives", "requests": {"deltaId": "d1"}, "atLeast": 1},
        {"requests": {"deltaId": "d1"}, "never": True},
        {"effect": "tokenRenewedBeforeExpiry"},
    )

    assert answer["verdict"] == "failed"
    assert answer["counts"] == {"passed": 1, "failed": 1, "unknown": 1}
    assert [result["name"] for result in answer["results"]] == [
        "the sale arrives",
        'requests {"deltaId":"d1"} {"never":true}',
        "tokenRenewedBeforeExpiry",
    ]


def test_a_verdict_says_which_profile_and_switches_it_belongs_to(
    make_simulator: MakeSimulator,
) -> None:
    client = Client(make_simulator(settings=Settings(seed_data="none", profile="documented")))
    expected = {"requests": {"deltaId": "d1"}, "never": True}
    before = verify(client, expected)
    changed = {"behaviours": {"delta.duplicate": "reject"}}
    assert client.http.put("/__admin/behaviours", json=changed).status_code == 200

    answer = verify(client, expected)

    assert (before["profile"], before["judgedBy"]) == ("documented", "profile documented")
    assert answer["profile"] == "documented"
    assert answer["judgedBy"] == "profile documented, with delta.duplicate=reject"


def test_no_token_is_told(used: Client) -> None:
    token = used.headers["Authorization"].partition(" ")[2]
    answer = verify(
        used,
        {"requests": {"text": token[:6]}, "atLeast": 1},
        {"requests": {"operation": "issueToken", "status": "400"}, "atLeast": 1},
        {"effect": "tokenRenewedBeforeExpiry"},
    )

    assert answer["results"][0]["verdict"] == "failed"
    assert token not in str(answer)


FILTERS = [{"deltaId": f"d{number}"} for number in range(10)]


@pytest.mark.parametrize(
    ("expectation", "why"),
    [
        ({}, "at /expectations/0 found none of them, expected exactly one of requests, inOrder"),
        ({"requests": {}, "effect": "tokenRenewedBeforeExpiry"}, "found requests and effect"),
        ({"requests": {}}, "expected one of exactly, atLeast, atMost and never"),
        ({"requests": {}, "exactly": 1, "atMost": 2}, "found exactly and atMost"),
        ({"requests": {}, "atLeast": 3, "atMost": 2}, "/atMost found 2, expected at least what"),
        ({"requests": {}, "never": False}, "/expectations/0/never found false, expected true"),
        ({"requests": {}, "exactly": -1}, "/expectations/0/exactly found -1"),
        (
            {"requests": {"operation": "sendEvnt"}, "exactly": 1},
            'at /expectations/0/requests/operation found "sendEvnt", expected sendEvent',
        ),
        ({"requests": {"status": 99}, "exactly": 1}, '/requests/status found "99"'),
        ({"requests": {"since": "noon"}, "exactly": 1}, "at /expectations/0/requests/since found"),
        ({"requests": {"colour": "red"}, "exactly": 1}, "/expectations/0/requests/colour found"),
        ({"inOrder": [{}]}, "/expectations/0/inOrder found"),
        ({"inOrder": [{}, {"until": ""}]}, "/expectations/0/inOrder/1/until found"),
        ({"together": [{}, {}]}, "'withinMilliseconds' is required"),
        ({"effect": "peace"}, "/expectations/0/effect found"),
        ({"effect": "tokenRenewedBeforeExpiry", "atMost": 1}, "(it is about effect)"),
    ],
    ids=str,
)
def test_what_is_no_expectation_is_refused(client: Client, expectation: Document, why: str) -> None:
    refused = verify(client, expectation, status=400)

    assert why in refused["errors"][0]["message"]


def test_too_many_filters_are_refused(client: Client) -> None:
    many: list[Document] = [{"inOrder": FILTERS} for _ in range(11)]

    assert "found 110 filters" in verify(client, *many, status=400)["errors"][0]["message"]
    assert verify(client, *many[:10])["verdict"] == "failed"


def test_a_form_of_another_page_is_not_answered(client: Client) -> None:
    assert client.http.post("/__admin/verify", data="{}").status_code == 415
