"""Rules about trying again: retries, repeated events, polls, refused tokens."""

from __future__ import annotations

import pytest
from fluent_oms_simulator.contracts.rules.obligations.resent_events import delta_prints
from fluent_oms_simulator.contracts.rules.rule import Call, CallDetails, DeltaPrints
from hypothesis import given
from hypothesis import strategies as st

from .helpers.streaming import call, found

DELTA = {"deltaId": "A1", "productRef": "SKU_1", "locationRef": "LOC_1", "qty": -2, "type": "DELTA"}


def sent(operation: str, at: float, status: int | None, *deltas: dict[str, object]) -> Call:
    """A call that carries an INVENTORY_DELTA."""
    document = {"name": "INVENTORY_DELTA", "retailerId": "1", "attributes": {"deltas": [*deltas]}}
    return Call(operation, status, at, details=CallDetails(deltas=delta_prints(document)))


# The vendor's client: 401 for ever ends after three tokens and four more calls with the last.
VENDOR_CLIENT_REFUSED = "ATATATAAAA"


@pytest.mark.parametrize(
    ("first", "then", "findings"),
    [
        (call("sendEvent", 0, 429, retry_after=10.0), call("getJob", 5), 1),
        (call("sendEvent", 0, 429, retry_after=10.0), call("getJob", 10), 0),
        (call("sendEvent", 0, 429, retry_after=10.0), call("getJob", 0.1), 0),
        (call("sendEvent", 0, 429, retry_after=10.0, body="a"), call("sendEvent", 0.1), 0),
        (call("sendEvent", 0, 429, retry_after=10.0), call("sendEvent", 0.1), 1),
        (call("sendEvent", 0, 429, retry_after=10.0), call("getJob", 5, caller="B"), 0),
        (call("sendEvent", 0, 503, retry_after=10.0), call("getJob", 5), 0),
        (call("sendEvent", 0, 503, retry_after=10.0), call("sendEvent", 5, body="b"), 1),
        (call("sendEvent", 0, 200, retry_after=10.0), call("sendEvent", 5), 0),
        (call("sendEvent", 0, 429), call("sendEvent", 5), 0),
    ],
)
def test_retry_after_is_to_be_waited_for(first: Call, then: Call, findings: int) -> None:
    assert len(found("FOMS-O006", [first, then])) == findings


def test_a_caller_that_ignores_retry_after_is_told_once_until_the_time_has_passed() -> None:
    storm = [call("sendEvent", tenth / 10, 429, retry_after=5.0) for tenth in range(100)]
    later = [call("sendEvent", 1000 + tenth, 429, retry_after=5.0) for tenth in range(3)]

    assert len(found("FOMS-O006", [*storm, *later])) == 2


@pytest.mark.parametrize(
    ("times", "status", "findings"),
    [
        ([0, 0.1, 0.2, 0.3], 503, 1),
        ([0, 0.1, 0.2, 0.3, 0.4, 0.5], None, 1),
        ([0, 0.1, 0.2], 503, 0),
        ([0, 0.1, 0.2, 0.3], 400, 0),
        ([0, 0.1, 0.3, 0.7, 1.5], 503, 0),
        ([0, 1, 3, 7, 15], None, 0),
        ([0, 5, 10, 15, 20], 500, 0),
    ],
)
def test_retries_need_a_back_off(times: list[float], status: int | None, findings: int) -> None:
    calls = [call("sendEvent", at, status, body="a") for at in times]

    assert len(found("FOMS-O007", calls)) == findings
    assert not found("FOMS-O007", (one._replace(body=str(one.at)) for one in calls))


def test_the_same_changes_under_new_ids_after_no_answer_count_twice() -> None:
    renamed = {**DELTA, "deltaId": "A2"}
    lost = sent("sendEvent", 0, None, DELTA)

    [finding] = found("FOMS-O008", [lost, sent("sendEvent", 5, 200, renamed)])
    assert finding.pointer == "/attributes/deltas"
    for then in (
        sent("sendEvent", 5, 200, DELTA),
        sent("sendEvent", 5, 200, {**renamed, "qty": -3}),
        sent("sendEvent", 5, 200, {**renamed, "locationRef": "LOC_2"}),
        sent("sendEvent", 61, 200, renamed),
    ):
        assert not found("FOMS-O008", [lost, then])


def test_after_the_repeat_the_next_sale_may_be_the_same() -> None:
    renamed = {**DELTA, "deltaId": "A2"}
    calls = [
        sent("sendEvent", 0, 503, DELTA),
        sent("sendEvent", 1, 200, DELTA),
        sent("sendEvent", 2, 200, renamed),
    ]

    assert not found("FOMS-O008", calls)


def test_the_order_of_deltas_makes_no_other_change() -> None:
    other = {**DELTA, "deltaId": "B1", "productRef": "SKU_2"}
    again = ({**other, "deltaId": "B2"}, {**DELTA, "deltaId": "A2"})

    assert found(
        "FOMS-O008",
        [sent("sendEvent", 0, 500, DELTA, other), sent("sendEventAndWait", 1, 200, *again)],
    )


@pytest.mark.parametrize(
    ("every", "times", "findings"), [(0.5, 100, 1), (0.5, 20, 0), (0.01, 500, 0), (1.0, 100, 0)]
)
def test_polls_are_a_second_apart(every: float, times: int, findings: int) -> None:
    polls = [call("getBatch", every * n, job_id="1", batch_id="1") for n in range(times)]
    pages = [
        call("getBatch", every * n, batch_id="1", start=str(100 * n + 1)) for n in range(times)
    ]

    assert len(found("FOMS-O009", polls)) == findings
    assert not found("FOMS-O009", pages)


def test_a_refused_token_is_not_used_again() -> None:
    def run(*calls: Call) -> int:
        return len(found("FOMS-O010", calls))

    refused = [call("sendEvent", 2.0 * n, 401, body=str(n)) for n in range(6)]
    together = [call("sendEvent", 0.01 * n, 401, body=str(n)) for n in range(6)]
    stubborn = [call("sendEvent", 0.01 * n, 401, body="a") for n in range(6)]

    assert run(*refused) == 1
    assert run(*together) == 0
    assert run(*stubborn) == 1
    assert run(refused[0], refused[1], call("sendEvent", 5), *refused[2:4]) == 0
    assert (
        run(*(one._replace(details=CallDetails(token=str(n))) for n, one in enumerate(refused)))
        == 0
    )


def test_the_vendors_client_ends_with_a_refused_token() -> None:
    calls = [
        call("sendEvent" if step == "A" else "issueToken", at, 401 if step == "A" else 200)
        for at, step in enumerate(VENDOR_CLIENT_REFUSED)
    ]

    assert len(found("FOMS-O010", calls)) == 1
    assert not found("FOMS-O010", calls[:8])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)


@given(
    JSON
    | st.fixed_dictionaries(
        {
            "name": st.just("INVENTORY_DELTA"),
            "attributes": st.fixed_dictionaries(
                {"deltas": st.lists(JSON | st.dictionaries(st.sampled_from([*DELTA]), JSON))}
            ),
        },
        optional={"retailerId": JSON, "entityRef": JSON},
    )
)
def test_any_event_has_fingerprints_or_none(document: object) -> None:
    assert isinstance(delta_prints(document), DeltaPrints | None)
