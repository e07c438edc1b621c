"""What a test chooses to go wrong: a method for each kind of fault and each preset."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, get_args

import fluent_oms_simulator
import pytest
from fluent_oms_simulator import FluentOms
from fluent_oms_simulator.client.builders import delta
from fluent_oms_simulator.client.client_errors import AnswerError
from fluent_oms_simulator.domain.trouble.fault_kinds import KINDS
from fluent_oms_simulator.domain.trouble.points import Point
from fluent_oms_simulator.domain.trouble.presets import PRESETS
from fluent_oms_simulator.harness.armed_fault import (
    IN_MATCH,
    FaultNotPossibleError,
    FaultPoint,
    rule_of,
)
from fluent_oms_simulator.harness.chosen_faults import ChosenFaults
from fluent_oms_simulator.harness.operation_words import WORDS, Operation
from fluent_oms_simulator.intake.schemas import load_documents

from .helpers.callers import caller, send

ARMED: dict[str, Callable[[ChosenFaults], Any]] = {
    "status": lambda faults: faults.status(
        503, code="X", message="later", retry_after=2, nth=1, id="busy"
    ),
    "rate_limit": lambda faults: faults.rate_limit(
        quota={"requests": 10, "seconds": 1}, retry_after=3
    ),
    "graphql_rate_limit": lambda faults: faults.graphql_rate_limit(
        quota={"requests": 1, "seconds": 1}
    ),
    "proxy_page": lambda faults: faults.proxy_page(status=504, point="after_commit"),
    "token_refused": lambda faults: faults.token_refused(operation="sign_in"),
    "token_expired": lambda faults: faults.token_expired(after_seconds=30),
    "latency": lambda faults: faults.latency(20, probability=0.5),
    "reset": lambda faults: faults.reset(operation="batch", every_nth=3),
    "no_reply": lambda faults: faults.no_reply(operation="poll", times=1),
    "cut_off": lambda faults: faults.cut_off(share=0.25, product="SKU_1", location="LOC_1"),
    "drip": lambda faults: faults.drip(bytes_per_second=10, delta_id="pos-1"),
    "double_reply": lambda faults: faults.double_reply(retailer="1", attempt=1),
    "stale": lambda faults: faults.stale(5, operation="graphql"),
    "late": lambda faults: faults.late((0, 5_000), operation="sendEvent"),
    "twice": lambda faults: faults.twice(client="till", user="sim"),
    "fail": lambda faults: faults.fail(after_records=3, path="/batch"),
    "hold_batch": lambda faults: faults.hold_batch(seconds=30, state="RUNNING"),
    "close_job": lambda faults: faults.close_job(method="POST"),
}

RULES: dict[str, dict[str, Any]] = {
    "status": {
        "id": "busy",
        "status": 503,
        "code": "X",
        "message": "later",
        "retryAfter": 2,
        "match": {"nth": 1},
    },
    "rate_limit": {"quota": {"requests": 10, "seconds": 1}, "retryAfter": 3},
    "graphql_rate_limit": {"quota": {"requests": 1, "seconds": 1}},
    "proxy_page": {"status": 504, "point": "after_commit"},
    "token_refused": {"match": {"operation": "issueToken"}},
    "token_expired": {"afterSeconds": 30},
    "latency": {"delay": {"fixed": 20}, "match": {"probability": 0.5}},
    "reset": {"match": {"operation": "createBatch", "everyNth": 3}},
    "no_reply": {"match": {"operation": "getBatch"}, "limit": {"times": 1}},
    "cut_off": {"share": 0.25, "match": {"product": "SKU_1", "location": "LOC_1"}},
    "drip": {"bytesPerSecond": 10, "match": {"deltaId": "pos-1"}},
    "double_reply": {"match": {"retailer": "1", "attempt": 1}},
    "stale": {"seconds": 5, "match": {"operation": "executeGraphql"}},
    "late": {"delay": {"uniform": [0, 5_000]}, "match": {"operation": "sendEvent"}},
    "twice": {"match": {"client": "till", "user": "sim"}},
    "fail": {"afterRecords": 3, "match": {"path": "/batch"}},
    "hold_batch": {"seconds": 30, "state": "RUNNING"},
    "close_job": {"match": {"method": "POST"}},
}
"""The rule that each of them arms, besides its kind and what the simulator adds."""


@pytest.mark.fluent_oms(unstruck="ignore")
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_fault_has_a_method_that_arms_it(kind: str, fluent_oms: FluentOms) -> None:
    assert kind in ARMED, f"ChosenFaults has no method {kind}, or this file does not try it"

    armed = ARMED[kind](fluent_oms.faults)

    assert armed.kind == kind
    assert (armed.matched, armed.fired) == (0, 0)
    [rule] = told_rules(fluent_oms)
    for name in ("kind", "matched", "fired", *(() if "id" in RULES[kind] else ("id",))):
        rule.pop(name)
    assert rule == RULES[kind]


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_has_a_method_that_arms_it(name: str, fluent_oms: FluentOms) -> None:
    getattr(fluent_oms.faults, name.replace("-", "_"))()

    assert [each.id for each in fluent_oms.faults.armed] == [
        rule["id"] for rule in PRESETS[name].rules
    ]


def test_every_way_to_say_which_calls_are_struck_can_be_named() -> None:
    schema = load_documents()["control/faults.schema.json"]
    match = schema["$defs"]["fault_rule"]["properties"]["match"]["properties"]
    fluents_names = set(get_args(Operation)) - set(WORDS)

    assert {"operation", *IN_MATCH.values()} == set(match)
    assert set(get_args(FaultPoint)) == set(Point)
    assert fluents_names == set(match["operation"]["enum"])
    assert {name for names in WORDS.values() for name in names} <= fluents_names


@pytest.mark.parametrize("mode", ["async", "sync"])
def test_an_event_is_one_whether_its_sender_waits_or_not(fluent_oms: FluentOms, mode: str) -> None:
    lost = fluent_oms.faults.lose_reply(operation="event", nth=1)
    fluent_oms.load({("SKU_1", "LOC_1"): 5})
    api = caller(fluent_oms)
    event = api.event("INVENTORY_DELTA", {"deltas": [delta("SKU_1", "LOC_1", -1, "pos-1")]})

    with pytest.raises(Exception, match="the connection broke off"):
        api.send_event(event, mode)

    assert lost.fired == 1
    assert lost.match == {"method": "POST", "path": "/api/v4.1/event/", "nth": 1}
    assert str(lost.match) in repr(lost)
    assert fluent_oms.on_hand("SKU_1", "LOC_1") == 4


def test_an_event_with_a_path_of_its_own_is_refused() -> None:
    with pytest.raises(ValueError, match="name sendEvent or sendEventAndWait beside path="):
        rule_of("reset", {}, {"operation": "event", "path": "/async"})


def test_moments_are_those_of_the_simulator(fluent_oms: FluentOms) -> None:
    fluent_oms.faults.reset(since=datetime(2026, 1, 1, tzinfo=UTC))

    [rule] = told_rules(fluent_oms)
    assert rule["limit"] == {"from": "2026-01-01T00:00:00+00:00"}


def test_whether_it_has_struck_is_told(fluent_oms: FluentOms) -> None:
    fluent_oms.load({("SKU_1", "LOC_1"): 5})
    second = fluent_oms.faults.status(503, operation="sendEvent", nth=2)
    another = fluent_oms.faults.status(503, operation="sendEvent", product="SKU_2", times=1)
    fluent_oms.faults.status(500, operation="batch")  # none in particular
    fluent_oms.faults.lost_replies()
    api = caller(fluent_oms)
    send(api, delta("SKU_1", "LOC_1", -1, "pos-1"))

    unstruck = (
        "The fault r1 (status for operation sendEvent, nth 2) has struck nothing: 1 such request"
        " came, but for its number."
    )
    other = (
        "The fault r2 (status for operation sendEvent, product SKU_2) has struck nothing: no such"
        " request came."
    )
    with pytest.raises(AssertionError) as failure:
        second.assert_struck()
    assert str(failure.value) == unstruck
    with pytest.raises(AssertionError) as failure:
        fluent_oms.faults.assert_struck()
    what_to_do = 'Arm it for what is sent, disarm() it, or choose unstruck="ignore".'
    assert str(failure.value) == f"{unstruck}\n{other}\n{what_to_do}"

    send(api, delta("SKU_1", "LOC_1", -1, "pos-2"))
    another.disarm()
    assert second.struck
    second.assert_struck()
    fluent_oms.faults.assert_struck()


@pytest.mark.parametrize("kind", ["reset", "no_reply", "drip"])
def test_what_a_server_in_this_process_cannot_do_is_refused_where_it_is_armed(kind: str) -> None:
    with fluent_oms_simulator.start(in_this_process=True) as sim:
        sim.faults.status(503, operation="batch")
        with pytest.raises(FaultNotPossibleError) as refusal:
            getattr(sim.faults, kind)(nth=1)
        assert str(refusal.value) == (
            f"{kind} cannot be had from a server in the process of the tests, which has no hold of"
            " the connection: choose one that is a process of its own (fluent_oms_server = process,"
            " make_fluent_oms(own_server=True), or start() without in_this_process)"
        )
        assert [each.kind for each in sim.faults.armed] == ["status"]
        with pytest.raises(FaultNotPossibleError, match="reset cannot be had"):
            sim.faults.lost_replies()


def test_a_fault_that_was_disarmed_strikes_no_more(fluent_oms: FluentOms) -> None:
    fluent_oms.load({("SKU_1", "LOC_1"): 5})
    first = fluent_oms.faults.status(500)
    second = fluent_oms.faults.status(503)
    first.disarm()
    second.disarm()

    assert send(caller(fluent_oms), delta("SKU_1", "LOC_1", -1, "pos-1")) == 200
    with pytest.raises(LookupError, match="no longer armed"):
        assert first.fired
    fluent_oms.faults.lost_replies()
    fluent_oms.faults.clear()
    assert fluent_oms.faults.armed == []


def test_what_makes_no_sense_is_told_as_the_simulator_has_it(fluent_oms: FluentOms) -> None:
    with pytest.raises(AnswerError, match="expected where a fault of kind twice can strike"):
        fluent_oms.faults.twice(point="poll")


@pytest.mark.fluent_oms(seed=7)
def test_the_seed_is_what_chance_goes_by(fluent_oms: FluentOms) -> None:
    fluent_oms.faults.reset(probability=0.5)
    fluent_oms.faults.latency(1)
    told = fluent_oms._calls.document("GET", "/__admin/faults")

    assert told["seed"] == 7
    assert len(told["rules"]) == 2


def told_rules(world: FluentOms) -> list[dict[str, Any]]:
    """The rules that are armed, as the control API tells them."""
    rules: list[dict[str, Any]] = world._calls.document("GET", "/__admin/faults")["rules"]
    return rules
