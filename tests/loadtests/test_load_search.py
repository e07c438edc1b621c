"""The search for the highest rate, on servers that break at a rate which is known."""

from __future__ import annotations

import pytest
from fluent_oms_simulator.loadtests.reporting.model import Step
from fluent_oms_simulator.loadtests.running.ramp import highest, search


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


def test_a_server_that_sustains_nothing_is_found_to_sustain_nothing() -> None:
    probes = breaking_at(0.0, 100.0)

    assert highest(probes) == 0
    assert probes[-1].rate < 2


def test_a_server_without_a_limit_is_not_searched_for_ever() -> None:
    assert len(breaking_at(float("inf"), 100.0)) < 20
