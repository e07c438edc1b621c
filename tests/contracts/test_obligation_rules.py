"""Rules about jobs and tokens, and about calls of whatever kind."""

from __future__ import annotations

import pytest
from fluent_oms_simulator.contracts.all_rules import rule, select
from fluent_oms_simulator.contracts.rules.rule import Call, CallDetails, DeltaPrints
from hypothesis import given, settings
from hypothesis import strategies as st

from .helpers.streaming import call, found


def test_a_closed_job_is_known_from_a_refusal_or_from_a_look() -> None:
    refused = call("createBatch", 1, 400, job_id="1", job_status="CLOSED")
    looked = call("getJob", 1, job_id="1", job_status="CLOSED")
    again = call("createBatch", 2, 400, job_id="1")

    assert len(found("FOMS-O001", [refused, again])) == 2
    assert len(found("FOMS-O001", [looked, again])) == 1
    assert not found("FOMS-O001", [looked, call("createBatch", 2, job_id="2")])
    assert not found("FOMS-O001", [call("getJob", 1, job_id="1", job_status="OPEN"), again])


@pytest.mark.parametrize(
    ("jobs", "batches", "every", "findings"),
    [(6, 1, 1, 1), (11, 1, 1, 2), (5, 1, 1, 0), (20, 2, 1, 0), (20, 0, 1, 0), (20, 1, 3600, 0)],
)
def test_a_job_for_each_batch_is_too_many_jobs(
    jobs: int, batches: int, every: float, findings: int
) -> None:
    calls = []
    for number in range(jobs):
        calls.append(call("createJob", number * every, job_id=str(number)))
        calls += [call("createBatch", number * every + 0.1, job_id=str(number))] * batches

    assert len(found("FOMS-O002", calls)) == findings


def test_callers_open_their_own_jobs() -> None:
    calls = [
        call(operation, number, job_id=str(number), caller=str(number))
        for number in range(20)
        for operation in ("createJob", "createBatch")
    ]

    assert not found("FOMS-O002", calls)


@pytest.mark.parametrize("question", ["getBatch", "getJob", "getJobResults", "findEvents"])
def test_one_question_is_enough(question: str) -> None:
    batches = [call("createBatch", second, job_id="1") for second in range(10)]
    later = [call("executeGraphql", 5000)]

    assert not found("FOMS-O003", [*batches, call(question, 20, job_id="1"), *later])
    assert len(found("FOMS-O003", [*batches, *later])) == 1


def test_a_forgotten_job_is_told_once() -> None:
    calls = [call("createBatch", minute * 60, job_id="1") for minute in range(100)]

    assert len(found("FOMS-O003", calls)) == 1


def test_a_batch_that_was_refused_needs_no_question() -> None:
    calls = [call("createBatch", 0, 400, job_id="1"), call("getJob", 5000, job_id="2")]

    assert not found("FOMS-O003", calls)


def test_what_nobody_asked_about_is_told_at_the_end() -> None:
    outcome = rule("FOMS-O003")()
    for second in range(3):
        assert not list(outcome.see(call("createBatch", second, job_id="1")))
    assert not list(outcome.see(call("createBatch", 3, job_id="2")))
    assert not list(outcome.see(call("getJob", 4, job_id="2")))

    [finding] = outcome.finish(10.0)

    assert finding.found == "3 batches in job 1, and for 10 s nobody asked how they went"
    assert not list(outcome.finish(10.0))
    for at in (None, 1.0):
        for other in select(["FOMS-O"], ["FOMS-O003"]):
            assert not list(other().finish(at))


def test_a_token_for_each_call_is_too_many_tokens() -> None:
    def run(
        calls: int, every: float = 1.0, status: int = 200, expires_in: float | None = None
    ) -> int:
        stream = []
        for number in range(12):
            stream.append(call("issueToken", number * every, expires_in=expires_in))
            stream += [call("sendEvent", number * every + 0.1, status)] * calls
        return len(found("FOMS-O004", stream))

    assert run(1) == 2
    assert run(1, expires_in=86_399.0) == 2
    assert run(1, expires_in=30.0) == 0
    assert run(1, every=3600) == 0
    assert run(1, status=401) == 0
    assert run(2) == 0
    assert run(0) == 0


def test_a_refresh_token_is_good_for_one_use() -> None:
    def refresh(at: float, status: int | None = 200) -> Call:
        return call("issueToken", at, status, refresh_token="f00")

    assert len(found("FOMS-O005", [refresh(0), refresh(1, 400)])) == 1
    assert not found("FOMS-O005", [refresh(0, None), refresh(1)])


OPERATIONS = st.sampled_from(
    ["issueToken", "createJob", "createBatch", "getBatch", "getJob", "sendEvent", "findEvents", ""]
)
TEXTS = st.sampled_from(["1", "2", "CLOSED", "", "-1", "1e999", "\ud800", "٣"])
SECONDS = st.none() | st.floats(min_value=0, exclude_min=True, allow_infinity=False)
DETAILS = st.builds(
    CallDetails,
    **{
        name: st.none() | TEXTS
        for name in ("job_id", "batch_id", "job_status", "refresh_token", "token", "refusal")
    },
    start=TEXTS,
    parameters=st.lists(TEXTS).map(tuple),
    expires_in=SECONDS,
    retry_after=SECONDS,
    deltas=st.none() | st.builds(DeltaPrints, st.integers(0, 1), st.integers(0, 1)),
)
CALLS = st.builds(
    Call,
    OPERATIONS,
    st.none() | st.sampled_from([200, 400, 401, 429, 500, 503]),
    st.floats(0, 5000),
    st.sampled_from(["", "A"]),
    st.sampled_from(["", "a", "b"]),
    DETAILS,
)


@settings(deadline=None)
@given(st.lists(CALLS, max_size=60))
def test_no_call_upsets_a_rule(calls: list[Call]) -> None:
    checked = [kind() for kind in select(["FOMS-O"]) if Call in kind.sees]
    for one in calls:
        for each in checked:
            assert all(finding.rule_id == each.id for finding in each.see(one))
    for each in checked:
        list(each.finish(calls[-1].at if calls else None))
