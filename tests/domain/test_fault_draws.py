"""Chance goes by the seed, the rule and the request, and waits are as they were asked for."""

from collections.abc import Mapping

import pytest
from fluent_oms_simulator.domain.trouble.draws import LONGEST_DELAY, delay_of, draw
from fluent_oms_simulator.domain.trouble.quotas import Quota, SlidingWindow
from hypothesis import given
from hypothesis import strategies as st


@given(st.integers(0, 2**53), st.text(), st.text(), st.integers(1, 1000))
def test_a_draw_is_a_number_from_0_to_1_and_always_the_same(
    seed: int, rule: str, identity: str, ordinal: int
) -> None:
    drawn = draw(seed, rule, identity, ordinal)

    assert 0 <= drawn < 1
    assert drawn == draw(seed, rule, identity, ordinal)


def test_draws_are_spread_evenly() -> None:
    drawn = [draw(1, "rule", str(number), 1) for number in range(10_000)]

    for tenth in range(10):
        share = sum(tenth / 10 <= each < (tenth + 1) / 10 for each in drawn) / len(drawn)
        assert 0.08 < share < 0.12


@pytest.mark.parametrize("other", [(2, "a", "x", 1), (1, "b", "x", 1), (1, "a", "y", 1)], ids=str)
def test_seed_rule_and_request_each_change_what_is_drawn(other: tuple[int, str, str, int]) -> None:
    assert draw(*other) != draw(1, "a", "x", 1)


DELAYS: list[tuple[Mapping[str, object], float, float]] = [
    ({"fixed": 40}, 0.9, 40),
    ({"uniform": [10, 30]}, 0.25, 15),
    ({"lognormal": {"median": 20, "sigma": 1}}, 0.5, 20),
    ({"lognormal": {"median": 0, "sigma": 1}}, 0.9, 0),
    ({"percentiles": [[50, 20], [90, 100], [99, 1000]]}, 0.7, 60),
    ({"percentiles": [[50, 20], [90, 100], [99, 1000]]}, 0.1, 20),
    ({"percentiles": [[50, 20], [90, 100], [99, 1000]]}, 0.999, 1000),
]


@pytest.mark.parametrize(("delay", "drawn", "milliseconds"), DELAYS, ids=str)
def test_a_delay_is_that_of_its_distribution(
    delay: Mapping[str, object], drawn: float, milliseconds: float
) -> None:
    assert delay_of(delay, drawn) == pytest.approx(milliseconds)


@given(
    st.sampled_from(
        [delay for delay, _, _ in DELAYS] + [{"lognormal": {"median": 6e5, "sigma": 5}}]
    ),
    st.floats(0, 1, exclude_max=True),
    st.floats(0, 1, exclude_max=True),
)
def test_a_higher_draw_never_waits_less_and_no_call_waits_for_ever(
    delay: Mapping[str, object], one: float, other: float
) -> None:
    less, more = sorted((one, other))

    assert 0 <= delay_of(delay, less) <= delay_of(delay, more) <= LONGEST_DELAY


@given(
    st.integers(1, 5),
    st.integers(1, 4),
    st.lists(st.integers(0, 3_000), max_size=60),
)
def test_a_quota_lets_through_so_many_in_every_window(
    requests: int, seconds: int, pauses: list[int]
) -> None:
    window, quota, now = SlidingWindow(), Quota(requests, seconds), 0
    let_through: list[int] = []
    for pause in pauses:
        now += pause
        wait = window.wait(quota, now)
        within = [at for at in let_through if at > now - seconds * 1000]
        assert (wait == 0) == (len(within) < requests)
        if not wait:
            let_through.append(now)
        else:
            # After so long, and not a second sooner, there is room again.
            assert (
                within[0] + seconds * 1000 <= now + wait * 1000 < within[0] + seconds * 1000 + 1000
            )
