"""Which faults are tried, and in which order: only at points that a run has passed."""

import pytest
from fluent_oms_simulator.domain.trouble.fault_rules import FaultRule, faults_of
from fluent_oms_simulator.domain.trouble.points import Point
from fluent_oms_simulator.exploring.candidate_faults import (
    CandidateFault,
    UnknownFaultError,
    candidates,
    ordinal,
)
from fluent_oms_simulator.exploring.disturbances import TABLE
from fluent_oms_simulator.exploring.passed_points import PassedPoints
from hypothesis import given
from hypothesis import strategies as st

OPERATIONS = (
    *("issueToken", "createJob", "createBatch", "getBatch", "sendEvent", "sendEventAndWait"),
    *("findEvents", "executeGraphql", "anotherOne"),
)
passed_points = st.dictionaries(st.sampled_from(OPERATIONS), st.integers(1, 12), min_size=1).map(
    PassedPoints
)


@given(passed_points, st.integers(0, 5), st.integers(1, 6))
def test_only_requests_that_were_sent_are_disturbed_and_no_more_than_asked_for(
    passed: PassedPoints, seed: int, most: int
) -> None:
    found = candidates(passed, seed, most)

    for fault in found.faults:
        count = passed.requests[fault.operation] if fault.operation else passed.with_a_token
        assert 1 <= fault.nth <= count
    alike = [fault.alike for fault in found.faults]
    assert all(alike.count(each) <= most for each in alike)
    assert len({fault.key for fault in found.faults}) == len(found.faults)


@pytest.mark.slow
@given(passed_points, st.integers(0, 5))
def test_every_candidate_is_a_sound_rule_that_strikes_there(
    passed: PassedPoints, seed: int
) -> None:
    found = candidates(passed, seed, 20)

    for fault in [*found.faults, *found.after_expiry]:
        document = fault.rule("fault-1")
        rule = FaultRule.read(document, "fault-1")
        assert not list(faults_of(document, ""))
        operation = fault.operation or next(
            each for each in passed.requests if each != "issueToken"
        )
        # A call of an operation that nobody knows carries no token that could expire.
        assert operation == "anotherOne" or rule.strikes_at(Point(document["point"]), operation)
        assert CandidateFault.read(fault.key) == fault


@given(passed_points, st.integers(0, 5))
def test_the_same_seed_has_the_same_order(passed: PassedPoints, seed: int) -> None:
    assert candidates(passed, seed, 4) == candidates(passed, seed, 4)


def test_the_most_telling_at_the_first_request_comes_first_and_then_at_the_last() -> None:
    passed = PassedPoints({"issueToken": 1, "sendEvent": 9})

    keys = [fault.key for fault in candidates(passed, 1, 3).faults]

    assert keys[:3] == ["sendEvent#1:lost-reply", "any#1:token-expired", "issueToken#1:unavailable"]
    assert keys.index("sendEvent#9:lost-reply") == keys.index("sendEvent#1:no-reply") + 1
    assert sum(key.endswith(":lost-reply") for key in keys) == 3


def test_what_is_left_out_at_further_requests_is_counted() -> None:
    passed = PassedPoints({"issueToken": 1, "sendEvent": 9})

    assert candidates(passed, 1, 20, ("lost-reply",)).left_out == 0
    assert candidates(passed, 1, 3, ("lost-reply",)).left_out == 6


def test_an_event_fails_only_for_a_connector_that_asks_what_came_of_events() -> None:
    blind = candidates(PassedPoints({"sendEvent": 1}), 1, 5)
    looking = candidates(PassedPoints({"findEvents": 1, "sendEvent": 1}), 1, 5)

    assert blind.not_looked_for == ["event-failed"]
    assert looking.not_looked_for == []
    assert "event-failed" not in [fault.disturbance.name for fault in blind.faults]
    assert "sendEvent#1:event-failed" in [fault.key for fault in looking.faults]


def test_every_name_of_a_fault_is_one_of_its_own() -> None:
    assert len({each.name for each in TABLE}) == len(TABLE)


@pytest.mark.parametrize(
    "key", ["", "sendEvent", "sendEvent#0:lost-reply", "sendEvent#1:none", "getJob#1:job-closed"]
)
def test_what_is_no_fault_is_refused(key: str) -> None:
    with pytest.raises(UnknownFaultError, match="expected such as 'sendEvent#2:lost-reply'"):
        CandidateFault.read(key)


def test_ordinals_are_those_of_english() -> None:
    told = [ordinal(each) for each in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111, 1001)]

    expected = "1st 2nd 3rd 4th 11th 12th 13th 21st 102nd 111th 1,001st"
    assert " ".join(told) == expected
