"""The search for the highest rate, on servers that break at a rate which is known."""

from __future__ import annotations

import pytest
from fluent_oms_simulator.loadtests.reporting.run_result import Step
from fluent_oms_simulator.loadtests.reporting.wording import at_least, number
from fluent_oms_simulator.loadtests.running.ramp import highest, limit_is_known, search


def breaking_at(limit: float, start: float, most: int = 100) -> list[Step]:
    """The steps of a search on a server that sustains less than `limit`."""
    left = iter(range(most))

    def probe(rate: float) -> Step:
        return Step(rate, 1.0, rate, rate, rate < limit)

    made: list[Step] = search(probe, start, lambda: next(left, None) is not None)
    return made


@pytest.mark.parametrize("start", [1.0, 100.0, 990.0, 5_000.0, 100_000.0])
def test_the_search_comes_close_to_the_limit_from_wherever_it_begins(start: float) -> None:
    found = highest(breaking_at(1_000.0, start))

    assert 900 < found < 1_000


def test_the_search_needs_few_probes() -> None:
    assert len(breaking_at(1_000.0, 100.0)) <= 10


def test_the_search_ends_when_its_time_is_over() -> None:
    probes = breaking_at(1_000.0, 100.0, most=2)

    assert [probe.rate for probe in probes] == [100.0, 200.0]
    assert highest(probes) == 200.0


def test_a_first_step_that_failed_on_a_cold_server_is_tried_once_more() -> None:
    made: list[Step] = []

    def probe(rate: float) -> Step:
        made.append(Step(rate, 1.0, rate, rate, bool(made) and rate < 1_000))
        return made[-1]

    left = iter(range(12))
    steps = search(probe, 40.0, lambda: next(left, None) is not None)

    assert [each.rate for each in steps[:3]] == [40.0, 40.0, 80.0]
    assert 900 < highest(steps) < 1_000


def test_of_two_tries_at_one_rate_the_last_decides_whether_the_limit_is_known() -> None:
    def tries(*met: bool | None) -> list[Step]:
        return [Step(40.0, 1.0, 40.0, 40.0, each) for each in met]

    assert limit_is_known(tries(False, False))
    assert not limit_is_known(tries(False, None))
    assert not limit_is_known(tries(False, True))


def test_no_higher_rate_is_claimed_than_was_sent() -> None:
    assert highest([Step(37.5, 2.0, 36.9, 36.9, True)]) == 36.9
    assert highest([Step(37.5, 2.0, 38.2, 38.2, True)]) == 37.5
    assert [at_least(each) for each in (36.96, 37.5, 187.9, 1_999.99, 0.57)] == [
        "36.9",
        "37.5",
        "187",
        "1,999",
        "0.5",
    ]


@pytest.mark.parametrize("start", [40.0, 100.0, 1_111.0])
def test_a_rate_that_is_tried_is_shown_as_it_is(start: float) -> None:
    for step in breaking_at(990.0, start)[1:]:
        assert float(number(step.rate).replace(",", "")) == step.rate or step.rate == start * 2


def test_a_server_that_sustains_nothing_is_found_to_sustain_nothing() -> None:
    probes = breaking_at(0.0, 100.0)

    assert highest(probes) == 0
    assert probes[-1].rate < 2


def test_a_server_without_a_limit_is_not_searched_for_ever() -> None:
    assert len(breaking_at(float("inf"), 100.0)) < 20
