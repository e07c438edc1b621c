"""How long things took: what the buckets hide, and that no objective fails because of them."""

from __future__ import annotations

import math

import pytest
from fluent_oms_simulator.loadtests.reporting.histogram import (
    WIDTH,
    Between,
    Histogram,
    bucket_of,
    lower_bound,
)
from fluent_oms_simulator.loadtests.reporting.run_result import ACCEPT
from fluent_oms_simulator.loadtests.running.objectives import Measured, parse
from hypothesis import given
from hypothesis import strategies as st

durations = st.floats(0, 1e7)
limits = st.tuples(st.integers(100, 999), st.integers(-2, 2)).map(
    lambda pair: f"{pair[0] * 10.0 ** pair[1]:.15g}"
)


def exact(values: list[float], percent: float) -> float:
    """The percentile without buckets."""
    return sorted(values)[max(1, math.ceil(len(values) * percent / 100)) - 1]


def test_a_p99_of_245_ms_is_told_as_245_ms_and_meets_250_ms() -> None:
    histogram = Histogram.of([10.0] * 980 + [245.0] * 15 + [900.0] * 5)
    result = parse("delta.accept.p99<250ms").judge(Measured(1.0, latencies={ACCEPT: histogram}))

    assert histogram.percentile(99) == 245.0
    assert (result.met, result.value) == (True, "245.0 ms")


@given(st.lists(durations, min_size=1), st.floats(1, 100))
def test_a_percentile_is_right_to_within_a_bucket(values: list[float], percent: float) -> None:
    found = Histogram.of(values).percentile(percent)

    truth = exact(values, percent)
    assert found <= truth + 1e-9
    assert truth <= max(found * (1 + WIDTH), found + 0.001) + 1e-6


@given(st.lists(st.floats(0.1, 1e5), min_size=1), st.sampled_from(["<", "<=", ">", ">="]), limits)
def test_a_true_value_never_fails_because_of_its_bucket(
    values: list[float], comparison: str, limit: str
) -> None:
    objective = parse(f"delta.accept.p90{comparison}{limit}ms")
    truth = exact(values, 90)

    judged = objective.judge(Measured(1.0, latencies={ACCEPT: Histogram.of(values)}))

    if objective.allows(Between(truth, truth)):
        assert judged.met


@given(st.lists(st.floats(0.1, 1e5), min_size=1), limits)
def test_below_a_limit_of_three_digits_the_verdict_is_that_of_the_exact_value(
    values: list[float], limit: str
) -> None:
    objective = parse(f"delta.accept.p90<{limit}ms")
    judged = objective.judge(Measured(1.0, latencies={ACCEPT: Histogram.of(values)}))

    assert judged.met is (math.floor(exact(values, 90) * 1000 + 1e-6) < float(limit) * 1000)


@given(st.integers(0, 10_000))
def test_buckets_follow_one_another_without_a_gap(bucket: int) -> None:
    assert bucket_of(lower_bound(bucket)) == bucket
    assert lower_bound(bucket) < lower_bound(bucket + 1)


@given(st.lists(durations), st.lists(durations))
def test_histograms_add_up(one: list[float], other: list[float]) -> None:
    merged = Histogram.of(one)
    merged.merge(Histogram.of(other))

    whole = Histogram.of(one + other)
    assert (merged.buckets, merged.count, merged.least, merged.most) == (
        whole.buckets,
        whole.count,
        whole.least,
        whole.most,
    )
    assert merged.total == pytest.approx(whole.total)


def test_a_run_of_any_length_keeps_a_bounded_number_of_buckets() -> None:
    histogram = Histogram.of(1.0007**power for power in range(23_000))

    assert len(histogram.buckets) < 7_000


def test_a_histogram_of_nothing_has_percentiles_of_nothing() -> None:
    assert set(Histogram().percentiles().values()) == {0.0}
    assert Histogram().mean == 0.0
