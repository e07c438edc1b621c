"""Schedules: all sets of faults of a size, those of the most telling ones first, and counted."""

from itertools import combinations, pairwise

from fluent_oms_simulator.exploring.candidate_faults import candidates
from fluent_oms_simulator.exploring.fault_schedules import by_sum, how_many, key_of, schedules
from fluent_oms_simulator.exploring.passed_points import PassedPoints
from hypothesis import given
from hypothesis import strategies as st


@given(st.integers(0, 9), st.integers(1, 5))
def test_every_choice_comes_once_and_in_the_order_of_its_sum(count: int, size: int) -> None:
    found = [tuple(each) for each in by_sum(count, size)]

    assert sorted(found) == sorted(combinations(range(count), size))
    assert all(sum(one) <= sum(other) for one, other in pairwise(found))


@given(
    st.dictionaries(st.sampled_from(["issueToken", "sendEvent", "createJob"]), st.integers(1, 2)),
    st.sets(st.sampled_from(["lost-reply", "token-expired", "unavailable", "cut-off"])),
    st.integers(1, 3),
)
def test_as_many_are_told_as_there_are(requests: dict[str, int], only: set[str], size: int) -> None:
    found = candidates(PassedPoints(requests), 1, 5, only)

    keys = [key_of(schedule) for schedule in schedules(found, size)]

    assert len(set(keys)) == len(keys) == how_many(found, size)


def test_a_further_sign_in_is_disturbed_only_after_an_expiry() -> None:
    found = candidates(
        PassedPoints({"issueToken": 1, "sendEvent": 1}), 1, 5, ("token-expired", "unavailable")
    )

    keys = [key_of(schedule) for schedule in schedules(found, 2)]

    assert "any#1:token-expired + issueToken#2:unavailable" in keys
    assert [key for key in keys if "issueToken#2" in key and "expired" not in key] == []
