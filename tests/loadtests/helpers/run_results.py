"""Results of load runs: one with something in every field, and any at all."""

from __future__ import annotations

from typing import Any

from fluent_oms_simulator.loadtests.reporting.histogram import Histogram
from fluent_oms_simulator.loadtests.reporting.run_result import (
    ACCEPT,
    BATCH_COMPLETE,
    VISIBLE,
    AuditResult,
    Discrepancy,
    DiscrepancyKind,
    Environment,
    ObjectiveResult,
    Rate,
    RunResult,
    Sample,
    Step,
    Totals,
)
from fluent_oms_simulator.loadtests.reporting.verdict import Ending
from hypothesis import strategies as st


def run_result(**changes: Any) -> RunResult:
    """A run with something in every field; no two numbers in it are the same."""
    given: dict[str, Any] = {
        "scenario": "mixed",
        "url": "http://127.0.0.1:41234",
        "seed": 70_707,
        "command": "fluent-sim load mixed --rate 500 --seed 70707",
        "started_at": 1_767_268_800.0,
        "duration": 4.0,
        "environment": Environment("3.11.9", "Linux-6.1", 16, {"locust": "2.37.1"}),
        "settings": {"users": 23, "rate": 511, "coverage": 0.31, "keep": False, "max_rate": None},
        "series": (
            Sample(1.0, 1.0, 501, 401, 3001, 301, 3, 7, 11, {ACCEPT: {"p50": 2.0, "p99": 9.0}}),
            Sample(2.0, 1.0, 502, 402, 3002, 302, 4, 8, 12, {ACCEPT: {"p50": 3.0, "p99": 8.0}}),
        ),
        "totals": Totals(
            91_001, 1_902, 1_903, 91_004, 91_005, 1_906, 1_907, 1_908, 91_009, 1_910, 1_911, 1_912
        ),
        "latencies": {
            ACCEPT: Histogram.of([1.0, 2.0, 4.0]),
            VISIBLE: Histogram.of([20.0, 40.0]),
            BATCH_COMPLETE: Histogram.of([500.0]),
        },
        "errors": {"HTTP 503": 1_801, "no answer": 101},
        "objectives": (
            ObjectiveResult("delta.visible.p99<250ms", "81.3 ms", True),
            ObjectiveResult("delta.accept.p95<5ms", "6.24 ms", False),
        ),
        "audit": AuditResult(
            71_001, 71_002, 1_703, 1_704, 1_705, 1_706, 1_707, 1_708, 17.09, True,
            (
                Discrepancy(
                    DiscrepancyKind.LOST, "SKU-77", "LOC-78", "-79 once", "nothing", "delta-80",
                    "event 81",
                ),
            ),
        ),
        "notes": ("The generator fell behind 82 times.",),
        "rate": Rate(9_201.0, 9_202.5, True),
        "counted": {"accept": "every event of 83"},
        "steps": (
            Step(
                8_401.0, 8.5, 8_402.0, 8_403.0, None,
                (ObjectiveResult("delta.accept.p50<86ms", "87.5 ms", None, "nobody knows"),),
                "a reason of 88",
            ),
        ),
    }  # fmt: skip
    return RunResult(**{**given, **changes})


def clean_run(**changes: Any) -> RunResult:
    """A run that met its objectives and lost nothing."""
    chosen = {
        "audit": AuditResult(positions=10, deltas=20),
        "objectives": (ObjectiveResult("lost=0", "0", True),),
        **changes,
    }
    return run_result(**chosen)


numbers = st.integers(0, 10**12)
durations = st.floats(0, 1e9)
texts = st.text(max_size=30)
percentiles = st.dictionaries(texts, st.dictionaries(texts, durations, max_size=3), max_size=3)
histograms = st.lists(st.floats(0, 1e7), max_size=20).map(Histogram.of)
audits = st.builds(
    AuditResult,
    *[numbers] * 8,
    durations,
    st.booleans(),
    st.lists(
        st.builds(Discrepancy, st.sampled_from(DiscrepancyKind), *[texts] * 7),
        max_size=3,
    ).map(tuple),
)
met = st.none() | st.booleans()
objectives = st.lists(
    st.builds(ObjectiveResult, texts, texts, met, texts, st.booleans()), max_size=3
).map(tuple)
run_results = st.builds(
    RunResult,
    scenario=texts,
    url=texts,
    seed=numbers,
    command=texts,
    started_at=st.floats(0, 4e9),
    duration=durations,
    environment=st.builds(
        Environment, texts, texts, numbers, st.dictionaries(texts, texts, max_size=3)
    ),
    settings=st.dictionaries(
        texts, st.one_of(st.none(), st.booleans(), numbers, durations, texts), max_size=4
    ),
    series=st.lists(
        st.builds(Sample, durations, durations, *[numbers] * 6, st.none() | numbers, percentiles),
        max_size=4,
    ).map(tuple),
    totals=st.builds(Totals, *[numbers] * 12),
    latencies=st.dictionaries(texts, histograms, max_size=3),
    errors=st.dictionaries(texts, numbers, max_size=3),
    objectives=objectives,
    audit=st.none() | audits,
    notes=st.lists(texts, max_size=2).map(tuple),
    steps=st.lists(
        st.builds(Step, *[durations] * 4, met, objectives, texts),
        max_size=2,
    ).map(tuple),
    counted=st.dictionaries(texts, texts, max_size=2),
    ending=st.sampled_from(Ending),
    problem=texts,
    rate=st.none() | st.builds(Rate, durations, durations, st.booleans()),
)
