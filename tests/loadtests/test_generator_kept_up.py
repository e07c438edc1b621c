"""Whether a miss is the server's, or of what made the load: only the first is a verdict."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fluent_oms_simulator.loadtests.reporting.histogram import Histogram
from fluent_oms_simulator.loadtests.reporting.run_result import (
    ACCEPT,
    ACCEPT_SENT,
    BATCH_COMPLETE,
    Rate,
    Step,
    Totals,
)
from fluent_oms_simulator.loadtests.reporting.verdict import Ending, Verdict
from fluent_oms_simulator.loadtests.running.collector import Collector
from fluent_oms_simulator.loadtests.running.objectives import Measured, parse, parse_all
from fluent_oms_simulator.loadtests.running.outcome import Course, outcome, step_of
from fluent_oms_simulator.loadtests.running.ramp import limit_is_known
from fluent_oms_simulator.loadtests.running.strain import Strain, fairly, rate_of, remarks
from fluent_oms_simulator.loadtests.traffic.load_options import LoadOptions
from fluent_oms_simulator.loadtests.users.feed import EventFeed

FAST = Strain(rate=100, users=32)
STARVED = replace(FAST, starved=True)


def measured(*, due: float, sent: float, late: int = 0, deltas: int = 1000) -> Measured:
    """Ten seconds in which a thousand events took so many milliseconds."""
    return Measured(
        10.0,
        Totals(
            requests=1000,
            events=1000,
            deltas_sent=deltas,
            deltas_accepted=deltas,
            late_starts=late,
        ),
        {ACCEPT: Histogram.of([due] * 1000), ACCEPT_SENT: Histogram.of([sent] * 1000)},
    )


@pytest.mark.parametrize(
    ("text", "found", "strain", "met"),
    [
        # in time, and too slow: the server's
        ("delta.accept.p99<250ms", measured(due=400, sent=400), FAST, False),
        # the server stood still for a while: those who waited for it are late because of it
        ("delta.accept.p99<250ms", measured(due=400, sent=2, late=300), FAST, False),
        # a generator without a processor measures its own waiting
        ("delta.accept.p99<250ms", measured(due=400, sent=400, late=300), STARVED, None),
        # all users busy all the time, each answer quick enough: there are too few of them
        ("delta.accept.p99<250ms", measured(due=9e3, sent=200, late=900), Strain(100, 20), None),
        # all users busy, but each answer takes too long: more users would not help
        ("delta.accept.p99<250ms", measured(due=9e3, sent=300, late=900), Strain(100, 20), False),
        # fast enough, and yet not at the rate that was asked for
        ("delta.accept.p99<250ms", measured(due=90, sent=2, late=300, deltas=500), STARVED, None),
        ("delta.accept.p99<250ms", measured(due=90, sent=2, late=300), STARVED, True),
        ("deltas>90/s", measured(due=90, sent=2, late=300, deltas=500), STARVED, None),
        ("deltas>90/s", measured(due=90, sent=2, late=300, deltas=500), FAST, False),
        # nobody can find more than was asked for
        ("deltas>900/s", measured(due=90, sent=2, late=300), STARVED, False),
        ("errors<1%", measured(due=90, sent=2, late=300), STARVED, True),
    ],
)
def test_a_miss_that_may_be_the_generators_is_not_laid_on_the_server(
    text: str, found: Measured, strain: Strain, met: bool | None
) -> None:
    objective = parse(text)
    result = fairly(objective, objective.judge(found), found, strain)

    assert result.met is met
    assert ("the generator fell behind" in result.why) == (met is None)


def test_a_burst_has_the_time_until_the_next_one() -> None:
    assert EventFeed(iter(()), together=2.0).late_after == 2.0
    assert EventFeed(iter(())).late_after < 0.1


def test_slow_batches_of_a_generator_without_a_processor_say_nothing() -> None:
    objective = parse("batch.complete.p95<5s")
    found = Measured(10.0, Totals(requests=9), {BATCH_COMPLETE: Histogram.of([9_000.0])})

    judged = objective.judge(found)
    assert fairly(objective, judged, found, FAST).met is False
    assert fairly(objective, judged, found, replace(FAST, busy=True)).met is None


def test_what_was_sent_late_is_told_with_its_cause() -> None:
    (said,) = remarks(measured(due=9e3, sent=200, late=900), Strain(100, 20))

    assert "90.0% of the events were sent late" in said
    assert "all of its 20 --users waited" in said
    assert not list(remarks(measured(due=2, sent=2, late=9), FAST))


@pytest.mark.parametrize(
    ("asked", "deltas", "seconds", "reached"),
    [
        (100_000, 36_288, 12.0, False),
        (100, 1_000, 10.0, True),
        (100, 901, 10.0, True),
        (100, 899, 10.0, False),
        # the last basket, and what is late, may be missing
        (5, 7, 3.0, True),
        (1, 0, 2.0, True),
    ],
)
def test_a_rate_is_reached_where_as_good_as_all_was_sent(
    asked: float, deltas: int, seconds: float, reached: bool
) -> None:
    rate = rate_of(asked, deltas, seconds)

    assert (rate.reached, rate.sent) == (reached, deltas / seconds)


def test_who_was_slower_is_not_claimed_where_that_is_not_known() -> None:
    (said,) = remarks(measured(due=9e3, sent=2, late=992), replace(FAST, rate=100_000))

    assert "the server was slower or it was itself" in said


def test_a_search_has_no_rate_that_was_asked_for() -> None:
    def rate(scenario: str) -> Rate | None:
        options = LoadOptions(scenario=scenario)
        result: Rate | None = outcome(options, Collector(), Course(10.0), ()).rate
        return result

    assert rate("delta") == Rate(100.0, 0.0, reached=False)
    assert rate("ramp") is None
    assert rate("full-load") is None


def test_a_run_whose_generator_fell_behind_could_not_find_it_out() -> None:
    collector = Collector()
    collector.all.counts.update(requests=1000, events=1000, late_starts=500, deltas_sent=1000)
    for _ in range(1000):
        collector.all.took(ACCEPT, 0.4)
        collector.all.took(ACCEPT_SENT, 0.002)
    options = LoadOptions(users=32, max_rate=100.0)

    result = outcome(options, collector, Course(10.0), parse_all(["delta.accept.p99<250ms"]))

    assert result.verdict is Verdict.UNDECIDED
    assert result.verdict.exit_code == 2


@pytest.mark.parametrize(
    ("strain", "met", "why"),
    [
        (FAST, False, "delta.accept.p99<250ms: found 400.0 ms"),
        (STARVED, None, "the generator fell behind: it lacked a processor"),
    ],
)
def test_a_step_of_a_search_says_whose_fault_it_was(
    strain: Strain, met: bool | None, why: str
) -> None:
    objectives = parse_all(["delta.accept.p99<250ms", "deltas>900/s", "lost=0"])

    step = step_of(100, measured(due=400, sent=400, late=200), objectives, strain)

    assert step.met is met
    assert step.why.startswith(why)
    assert [each.text for each in step.objectives] == [
        "delta.accept.p99<250ms",
        "deltas>900/s",
        "errors<=1%",
    ]


def of_steps(*steps: tuple[float, bool | None], objective: str = "delta.accept.p99<1s") -> Verdict:
    """The verdict of a search that tried these rates."""
    objectives = parse_all([objective])
    made = []
    for rate, met in steps:
        found = measured(due=2 if met else 2000, sent=2, deltas=round(rate * 10))
        step = step_of(rate, found, objectives, replace(FAST, rate=rate))
        made.append(replace(step, met=met))
    options = LoadOptions(scenario="ramp")
    verdict: Verdict = outcome(options, Collector(), Course(10.0, steps=made), objectives).verdict
    return verdict


@pytest.mark.parametrize(
    ("steps", "verdict"),
    [
        ([(100, True), (200, False)], Verdict.MET),
        ([(100, True), (200, None)], Verdict.MET),
        ([(100, False), (50, False)], Verdict.MISSED),
        ([(100, False), (50, None)], Verdict.UNDECIDED),
        ([(100, None)], Verdict.UNDECIDED),
        ([], Verdict.UNDECIDED),
    ],
)
def test_a_search_that_its_own_generator_ended_could_not_find_out(
    steps: list[tuple[float, bool | None]], verdict: Verdict
) -> None:
    assert of_steps(*steps) is verdict


def test_a_search_that_was_ended_before_a_first_rate_does_not_say_that_none_held() -> None:
    objectives = parse_all(["delta.accept.p99<1s"])
    course = Course(1.0, ending=Ending.INTERRUPTED)

    result = outcome(LoadOptions(scenario="ramp"), Collector(), course, objectives)

    assert "No rate was tried to its end." in result.notes
    assert result.objectives[0].value == "no rate was tried to its end"
    assert result.verdict is Verdict.INTERRUPTED


@pytest.mark.parametrize(
    ("steps", "verdict"),
    [
        ([(100, True), (200, True), (400, False)], Verdict.MET),
        ([(100, True), (200, False)], Verdict.MISSED),
        ([(100, True), (200, None)], Verdict.UNDECIDED),
        ([(100, True)], Verdict.UNDECIDED),
    ],
)
def test_a_search_is_held_to_the_rate_that_is_asked_for(
    steps: list[tuple[float, bool | None]], verdict: Verdict
) -> None:
    assert of_steps(*steps, objective="deltas>150/s") is verdict


def test_a_server_that_broke_above_the_highest_rate_has_a_known_limit() -> None:
    def step(rate: float, met: bool | None) -> Step:
        return Step(rate, 1.0, rate, rate, met)

    assert limit_is_known([step(1, True), step(4, None), step(2, False)])
    assert not limit_is_known([step(1, True), step(2, None), step(4, False)])
    assert not limit_is_known([step(1, True)])


@pytest.mark.parametrize(
    ("given", "texts"),
    [
        ([], ["errors<=1%"]),
        (["deltas>5/s"], ["deltas>5/s", "errors<=1%"]),
        (["errors<30%"], ["errors<30%"]),
    ],
)
def test_more_errors_than_one_in_a_hundred_fail_unless_the_caller_says_otherwise(
    given: list[str], texts: list[str]
) -> None:
    objectives = parse_all(given)
    found = Measured(1.0, Totals(requests=100, errors=25))

    assert [each.text for each in objectives] == texts
    assert objectives[-1].judge(found).met is (given == ["errors<30%"])
    assert objectives[-1].judge(found).is_default is (given != ["errors<30%"])
