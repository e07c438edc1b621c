"""What several processes tell becomes one series, and one set of totals."""

from __future__ import annotations

import pytest
from fluent_oms_simulator.loadtests.reporting.run_result import ACCEPT
from fluent_oms_simulator.loadtests.running import collector as collecting
from fluent_oms_simulator.loadtests.running.collector import Collector
from fluent_oms_simulator.loadtests.users.recorder import Tally


def told(deltas: int, milliseconds: float, in_flight: int = 0) -> dict[str, object]:
    """What a process tells: so many deltas, each of which took so long."""
    tally = Tally()
    tally.add(deltas_accepted=deltas, requests=deltas)
    for _ in range(deltas):
        tally.took(ACCEPT, milliseconds / 1000)
    return {"tally": tally.as_message(), "in_flight": in_flight, "cpu": 0.0, "lag": 0.0}


def test_what_two_processes_tell_adds_up() -> None:
    collector = Collector()
    collector.take(0, told(3, 10.0, in_flight=2))
    collector.take(1, told(1, 100.0, in_flight=5))
    sample = collector.cut(queue_depth=7)

    assert (sample.deltas_accepted, sample.in_flight, sample.queue_depth) == (4, 7, 7)
    assert sample.latency[ACCEPT]["p50"] == pytest.approx(10, rel=0.06)
    assert sample.latency[ACCEPT]["p99"] == pytest.approx(100, rel=0.06)


def test_a_tally_survives_the_way_to_another_process() -> None:
    tally = Tally()
    tally.add(events=2, deltas_sent=3)
    tally.failed("HTTP 503")
    tally.took(ACCEPT, 0.0123)

    assert Tally.from_message(tally.as_message()) == tally


def test_a_window_has_only_what_was_told_while_it_was_open() -> None:
    collector = Collector()
    collector.take(0, told(5, 10.0))
    collector.open_window()
    collector.take(0, told(2, 20.0))

    assert collector.window().totals.deltas_accepted == 2
    assert collector.measured(1.0).totals.deltas_accepted == 7


def test_what_comes_after_the_last_sample_is_added_to_it() -> None:
    collector = Collector()
    collector.take(0, told(5, 10.0))
    collector.cut(None)
    collector.take(0, told(2, 10.0))
    collector.end(None)

    assert [sample.deltas_accepted for sample in collector.samples] == [7]


def test_a_run_of_any_length_keeps_a_bounded_series_that_still_adds_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(collecting, "MOST_SAMPLES", 10)
    collector = Collector()
    for number in range(95):
        collector.take(0, told(1, 500.0 if number == 40 else 10.0))
        collector.cut(None)

    assert len(collector.samples) <= 11
    assert sum(sample.deltas_accepted for sample in collector.samples) == 95
    assert sum(sample.seconds for sample in collector.samples) == pytest.approx(
        collector.samples[-1].t
    )
    assert max(sample.latency[ACCEPT]["p99"] for sample in collector.samples) > 400
