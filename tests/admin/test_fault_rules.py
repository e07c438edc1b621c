"""Fault rules are armed, added, removed, asked for by a header; what is none is refused."""

import json

import pytest

from ..guards.helpers.pages import blocks
from ..support import Client, record
from .helpers.faults_support import arm, disarm, on_hand, sell, shown


@pytest.fixture
def stocked(client: Client) -> Client:
    client.load([record("D45", "LOC_MEL", 100), record("D46", "LOC_MEL", 50)])
    return client


# -- a fault of one call ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("proxy_page", 502),
        ("rate_limit", 429),
        ("token_refused", 401),
        ('{"kind": "status", "status": 503}', 503),
        ('{"kind": "status", "status": 503, "point": "after_commit"}', 503),
        ('{"kind": "status", "status": 503, "point": "poll"}', 200),
        ("rate-limited", 200),
    ],
    ids=str,
)
def test_a_header_asks_for_a_fault_of_its_call_and_of_no_other(
    stocked: Client, header: str, status: int
) -> None:
    assert sell(stocked, **{"X-Fluent-Sim-Fault": header}).status_code == status
    assert sell(stocked).status_code == 200
    assert shown(stocked)["rules"] == []


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("proxy_pages", 'found "proxy_pages", expected proxy_page'),
        ("nothing", "expected a rule as JSON, or one of flaky-network, "),
        ("{", "X-Fluent-Sim-Fault: "),
        ('{"kind": "status"}', "what a fault of kind status needs, such as 503"),
        (
            "latency",
            'at /delay found nothing, expected what a fault of kind latency needs, such as {"',
        ),
        (
            "stale",
            "at /seconds found nothing, expected what a fault of kind stale needs, such as 5",
        ),
        ('{"kind": "reset", "match": {}}', "at /match found {}, expected none"),
        (
            '{"kind": "reset", "share": 1}',
            "at /share found 1, expected none: a fault of kind reset",
        ),
    ],
    ids=str,
)
def test_a_header_that_cannot_be_meant_is_refused_and_nothing_is_accepted(
    stocked: Client, header: str, why: str
) -> None:
    reply = sell(stocked, **{"X-Fluent-Sim-Fault": header})

    assert reply.status_code == 400
    assert why in reply.get_json()["errors"][0]["message"]
    assert on_hand(stocked) == 100


# -- arming ----------------------------------------------------------------------------------------


def test_the_rules_that_the_page_shows_can_be_armed(stocked: Client) -> None:
    rules, verified = map(json.loads, blocks("simulator/admin/README.md", "json"))

    armed = stocked.http.put("/__admin/faults", json=rules)
    judged = stocked.http.post("/__admin/verify", json=verified)

    assert (armed.status_code, judged.status_code) == (200, 200)
    assert [each["kind"] for each in armed.get_json()["rules"]] == [
        each["kind"] for each in rules["rules"]
    ]


REFUSED: list[tuple[object, str, str]] = [
    ({}, "", "expected either preset or rules"),
    ({"preset": "lost-replies", "rules": [{"kind": "reset"}]}, "", "found preset and rules"),
    ({"preset": "lost"}, "/preset", '"flaky-network", "rate-limited"'),
    ({"rules": []}, "/rules", "1 to 100 entries (it has 0)"),
    ({"rules": [{}]}, "/rules/0/kind", "is required"),
    ({"rules": [{"kind": "explode"}]}, "/rules/0/kind", '"status", "rate_limit"'),
    ({"rules": [{"kind": "reset", "point": "later"}]}, "/rules/0/point", '"connect"'),
    ({"rules": [{"kind": "reset", "times": 3}]}, "/rules/0/times", "no field but"),
    ({"rules": [{"kind": "reset", "share": 1}]}, "/rules/0/share", "no field of its own"),
    ({"rules": [{"kind": "status"}]}, "/rules/0/status", "needs"),
    ({"rules": [{"kind": "latency"}]}, "/rules/0/delay", "needs"),
    ({"rules": [{"kind": "latency", "delay": {}}]}, "/rules/0/delay", "one of fixed, uniform"),
    (
        {"rules": [{"kind": "latency", "delay": {"uniform": [2, 1]}}]},
        "/rules/0/delay/uniform/1",
        "no less than",
    ),
    (
        {"rules": [{"kind": "latency", "delay": {"percentiles": [[50, 9], [40, 10]]}}]},
        "/rules/0/delay/percentiles/1",
        "a higher percent",
    ),
    ({"rules": [{"kind": "proxy_page", "status": 500}]}, "/rules/0/status", "502, 503 or 504"),
    ({"rules": [{"kind": "cut_off", "point": "connect"}]}, "/rules/0/point", "where a fault of"),
    (
        {"rules": [{"kind": "reset", "point": "connect", "match": {"product": "D45"}}]},
        "/rules/0/match/product",
        "none at connect",
    ),
    (
        {"rules": [{"kind": "reset", "point": "poll", "match": {"operation": "sendEvent"}}]},
        "/rules/0/match/operation",
        "an operation that a reset can strike at poll",
    ),
    (
        {"rules": [{"kind": "reset", "match": {"nth": 1, "everyNth": 2}}]},
        "/rules/0/match/everyNth",
        "",
    ),
    ({"rules": [{"kind": "reset", "match": {"probability": 2}}]}, "/rules/0/match/probability", ""),
    (
        {"rules": [{"kind": "reset", "limit": {"until": "tomorrow"}}]},
        "/rules/0/limit/until",
        "a moment such as",
    ),
    ({"rules": [{"kind": "reset", "id": "a"}] * 2}, "/rules/1/id", "an id that no other rule has"),
    ({"rules": [{"kind": "reset"}], "seed": -1}, "/seed", "zero or more"),
]


@pytest.mark.parametrize(("wanted", "pointer", "expected"), REFUSED, ids=str)
def test_what_is_no_rule_is_refused_and_nothing_of_it_is_armed(
    client: Client, wanted: object, pointer: str, expected: str
) -> None:
    before = arm(client, {"id": "kept", "kind": "proxy_page"}, seed=5)

    for call in (client.http.put, client.http.post):
        reply = call("/__admin/faults", json=wanted)
        told = reply.get_json()["errors"][0]
        assert reply.status_code == 400
        assert expected in told["message"] + told.get("detail", "")
        assert f"{pointer or 'the document'}" in told["message"] + told.get("detail", "")
    assert {key: shown(client)[key] for key in before} == before


def test_rules_are_added_and_removed_one_by_one(client: Client) -> None:
    arm(client, {"kind": "reset"}, {"id": "mine", "kind": "proxy_page"}, seed=3)
    client.http.post("/__admin/faults", json={"rules": [{"kind": "rate_limit"}]})
    assert [rule["id"] for rule in shown(client)["rules"]] == ["r1", "mine", "r2"]

    client.http.delete("/__admin/faults/r1")
    assert [rule["id"] for rule in shown(client)["rules"]] == ["mine", "r2"]
    missing = client.http.delete("/__admin/faults/r1")
    assert missing.status_code == 404
    assert "armed are mine, r2" in missing.get_json()["errors"][0]["message"]
    client.http.post("/__admin/faults", json={"preset": "lost-replies"})
    assert len(shown(client)["rules"]) == 4
    assert shown(client)["seed"] == 3
    again = client.http.post("/__admin/faults", json={"preset": "lost-replies"})
    assert (again.status_code, "/preset" in again.get_data(as_text=True)) == (400, True)
    disarm(client)
    assert shown(client)["rules"] == []


def test_a_reset_keeps_them_unless_it_is_told_otherwise(client: Client) -> None:
    arm(client, {"kind": "proxy_page"})
    client.http.post("/__admin/reset")
    assert len(shown(client)["rules"]) == 1
    client.http.post("/__admin/reset?faults=drop")
    assert shown(client)["rules"] == []


def test_the_log_is_paged_and_says_what_it_dropped(client: Client) -> None:
    arm(client, {"kind": "proxy_page"})
    for number in range(5):
        sell(client, str(number))

    page = client.http.get("/__admin/faults?start=1&count=2").get_json()

    assert [each["identity"] for each in page["log"]] == ["sendEvent 3", "sendEvent 2"]
    assert (page["fired"], page["hasMore"], page["dropped"]) == (5, True, 0)


def test_a_form_of_another_page_cannot_arm_any(client: Client) -> None:
    assert client.http.put("/__admin/faults", data='{"preset": "lost-replies"}').status_code == 415
    assert shown(client)["rules"] == []


def test_the_simulators_own_calls_are_never_struck(client: Client) -> None:
    arm(client, {"kind": "proxy_page", "point": "connect"})

    assert client.http.get("/__admin/health").status_code == 200
    assert client.http.get("/").status_code == 200


def test_the_faults_of_a_world_strike_nobody_in_another(client: Client) -> None:
    client.http.put("/__admin/namespaces/noisy", json={"seedData": "none"})
    rules = {"rules": [{"kind": "proxy_page", "point": "connect"}]}
    assert client.http.put("/__ns/noisy/__admin/faults", json=rules).status_code == 200

    assert client.http.get("/__ns/noisy/api/v4.1/event").status_code == 502
    assert client.get("/api/v4.1/event").status_code == 200
    assert shown(client)["fired"] == 0
