"""What an objective says, what is found, and the sentences for those that make no sense."""

from __future__ import annotations

import pytest
from fluent_oms_simulator.loadtests.reporting.histogram import Histogram
from fluent_oms_simulator.loadtests.reporting.run_result import (
    ACCEPT,
    BATCH_COMPLETE,
    VISIBLE,
    AuditResult,
    Totals,
)
from fluent_oms_simulator.loadtests.running.objectives import Measured, parse
from fluent_oms_simulator.loadtests.traffic.load_options import CannotRunError

MEASURED = Measured(
    10.0,
    Totals(requests=2000, errors=2, deltas_accepted=6000, events=2500, records=200_000),
    {
        ACCEPT: Histogram.of([10.0] * 95 + [40.0] * 5),
        VISIBLE: Histogram.of([100.0] * 100),
        BATCH_COMPLETE: Histogram.of([2_000.0]),
    },
    AuditResult(positions=5, deltas=9, lost=1),
)


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("delta.visible.p99<250ms", True),
        ("delta.visible.p99 < 0.25s", True),
        ("delta.visible.p99<90ms", False),
        ("delta.accept.p95<20ms", True),
        ("delta.accept.p99<20ms", False),
        ("delta.accept.max<=40ms", True),
        ("delta.accept.mean>20ms", False),
        ("batch.complete.p50<1min", True),
        ("deltas>500/s", True),
        ("deltas>601/s", False),
        ("deltas>=36000/min", True),
        ("events>249/s", True),
        ("records>20000/s", False),
        ("records>=20000/s", True),
        ("errors<0.1%", False),
        ("errors<=0.1%", True),
        ("lost=0", False),
        ("lost<=1", True),
        ("doubled=0", True),
        ("wrong==0", True),
    ],
)
def test_an_objective_is_met_when_what_was_found_is_on_the_right_side_of_its_limit(
    text: str, met: bool
) -> None:
    assert parse(text).judge(MEASURED).met is met


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("delta.visible.p99<250ms", "100.0 ms"),
        ("batch.complete.p99<5s", "2,000.0 ms"),
        ("deltas>500/s", "600.0/s"),
        ("errors<1%", "0.1 %"),
        ("lost=0", "1"),
    ],
)
def test_what_was_found_is_told_with_its_unit(text: str, value: str) -> None:
    assert parse(text).judge(MEASURED).value == value


@pytest.mark.parametrize("text", ["delta.visible.p99<250ms", "errors<1%", "lost=0", "deltas>1/s"])
def test_what_was_never_measured_is_neither_met_nor_missed(text: str) -> None:
    result = parse(text).judge(Measured(0.0))

    assert (result.met, result.value) == (None, "not measured")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "expected a name, a comparison and a limit"),
        ("fast", "expected a name, a comparison and a limit"),
        ("delta.visible.p99<", "expected a name, a comparison and a limit"),
        ("delta.visible.p99<-5ms", "expected a name, a comparison and a limit"),
        ("delta.visible<250ms", "does not say which: expected delta.visible.p99"),
        ("delta.visible.p250<250ms", "expected a percentile such as p99"),
        ("delta.visable.p99<250ms", "did you mean delta.visible.p99?"),
        ("delta.visible.p99<250", "found no unit in 'delta.visible.p99<250', expected such as"),
        ("delta.visible.p99<250/s", "found the unit '/s'"),
        ("deltas>500", "found no unit"),
        ("errors<5ms", "found the unit 'ms'"),
        ("lost=0%", "found the unit '%'"),
        ("weather=0", "nothing is measured as 'weather'"),
    ],
)
def test_nonsense_is_answered_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(CannotRunError) as fault:
        parse(text)

    assert sentence in str(fault.value)
