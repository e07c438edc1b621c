"""What came of a run: the audit, the verdicts on its objectives, and what a reader has to know."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import metadata

from fluent_oms_simulator.client.client_errors import ClientError

from ..audit.reading_target import AuditTarget
from ..audit.reconcile import reconcile
from ..ledger.ledger import Ledger
from ..reporting.run_result import AuditResult, Environment, ObjectiveResult, Rate, RunResult, Step
from ..reporting.verdict import Ending
from ..reporting.wording import at_least
from ..traffic.load_options import ALL_AT_ONCE, DELTA_USERS, CannotRunError, LoadOptions
from .collector import Collector
from .counting import counted
from .objectives import Measured, Objective
from .ramp import best, highest, limit_is_known
from .strain import Strain, fairly, rate_of, remarks, sent_a_second

SHOWN_SETTINGS = (
    "users",
    "rate",
    "duration",
    "products",
    "locations",
    "coverage",
    "at_once",
    "workers",
    "prefix",
    "max_rate",
)
PACKAGES = ("fluent-oms-simulator", "locust", "gevent", "geventhttpclient", "orjson")
NONE_TRIED = "no rate was tried to its end"
NOT_JUDGED = {
    Ending.INTERRUPTED: "the run was interrupted",
    Ending.TERMINATED: "the run was terminated",
    Ending.HUNG_UP: "the terminal of the run was closed",
    Ending.BROKEN_OFF: "the run was broken off",
}


@dataclass(frozen=True, slots=True)
class Course:
    """How a run went: its seconds, how it ended and why, what was found and tried.

    `sending` are the seconds until nothing more was to be sent, where that was before the end.
    """

    seconds: float
    ending: Ending = Ending.COMPLETE
    problem: str = ""
    found: AuditResult | None = None
    steps: Sequence[Step] = ()
    notes: Sequence[str] = ()
    sending: float = 0.0


def audit(ledger: Ledger, options: LoadOptions) -> AuditResult:
    """Hold what was sent against what the server holds; raises CannotRunError."""
    target = AuditTarget(
        options.target,
        max_rate=options.max_rate,
        settle_within=min(60.0, options.grace),
    )
    try:
        return reconcile(ledger, target)
    except ClientError as fault:
        raise CannotRunError(f"the audit could not read the stock back: {fault}") from None
    except (KeyError, TypeError, IndexError, AttributeError) as fault:
        raise CannotRunError(
            f"the audit could not read the stock back: a reply is not as it should be ({fault!r})"
        ) from None


def outcome(
    options: LoadOptions,
    collector: Collector,
    course: Course,
    objectives: tuple[Objective, ...],
) -> RunResult:
    """The result of a run."""
    measured = replace(collector.measured(course.seconds), audit=course.found)
    strain = strain_on(options, collector)
    if options.scenario == "ramp":
        judged = tuple(_by_steps(objectives, measured, course.steps))
        remarked = tuple(_of_search(course.steps))
    else:
        judged = tuple(fairly(each, each.judge(measured), measured, strain) for each in objectives)
        remarked = tuple(remarks(measured, strain))
    if options.definition.pace == ALL_AT_ONCE:
        remarked += (
            "A burst is due all at once: times count from that moment, and what is sent before the"
            " next burst is in time. The last may begin as the run ends, so that more a second is"
            " sent than was asked for.",
        )
    if course.ending is not Ending.COMPLETE:
        judged = tuple(_not_judged(each, NOT_JUDGED[course.ending]) for each in judged)
    return RunResult(
        scenario=options.scenario,
        url=options.url,
        seed=options.seed,
        command=options.command,
        started_at=time.time() - collector.age,
        duration=course.seconds,
        environment=environment(),
        settings={name: getattr(options, name) for name in SHOWN_SETTINGS},
        series=tuple(collector.samples),
        totals=measured.totals,
        latencies=dict(measured.latencies),
        errors=dict(collector.all.errors),
        objectives=judged,
        audit=course.found,
        notes=(*course.notes, *remarked),
        steps=tuple(course.steps),
        counted=counted(options),
        ending=course.ending,
        problem=course.problem,
        rate=_rate(options, measured, course),
    )


def _rate(options: LoadOptions, measured: Measured, course: Course) -> Rate | None:
    """None where no rate was asked for, or a day has not come to its end, whose hours differ."""
    seconds = course.sending or course.seconds
    if DELTA_USERS not in options.definition.sends or options.scenario == "ramp" or not seconds:
        return None
    if options.scenario == "day" and course.ending is not Ending.COMPLETE:
        return None
    return rate_of(options.rate, measured.totals.deltas_sent, seconds)


def strain_on(options: LoadOptions, collector: Collector, rate: float = 0.0) -> Strain:
    """What the generator had to bear, at a rate other than that of the options where given."""
    return Strain(
        rate or options.rate,
        options.users,
        starved=collector.starved,
        busy=collector.busy,
        max_rate=options.max_rate,
    )


def environment() -> Environment:
    """Where the load was made."""
    versions = {}
    for name in PACKAGES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return Environment(
        platform.python_version(), platform.platform(), os.cpu_count() or 1, versions
    )


def step_of(
    rate: float, measured: Measured, objectives: Sequence[Objective], strain: Strain
) -> Step:
    """What came of a rate: it holds if everything does that is asked for while it runs.

    An objective that asks for a rate is about the highest that holds, not about each.
    """
    judged: list[ObjectiveResult] = []
    decisive: list[ObjectiveResult] = []
    for objective in objectives:
        if not objective.of_audit:
            judged.append(fairly(objective, objective.judge(measured), measured, strain))
            if not objective.of_rate:
                decisive.append(judged[-1])
    missed = [each for each in decisive if each.met is False]
    unclear = [each for each in decisive if each.met is None]
    reasons = [f"{each.text}: found {each.value}" for each in missed]
    return Step(
        rate,
        measured.seconds,
        sent_a_second(measured),
        measured.totals.deltas_accepted / measured.seconds if measured.seconds else 0.0,
        False if missed else None if unclear else True,
        tuple(judged),
        "; ".join(reasons or dict.fromkeys(each.why for each in unclear)),
    )


def _by_steps(
    objectives: Sequence[Objective], measured: Measured, steps: Sequence[Step]
) -> Iterator[ObjectiveResult]:
    """In a search some rates must fail: what counts is the highest that held.

    An objective that asks for a rate is held to that one. Where what made the load fell behind, or
    there was no time, a server may sustain more than was found.
    """
    held, known = highest(steps), limit_is_known(steps)
    value = f"held up to {at_least(held)} deltas/s" if held else "held at no rate"
    if not steps:
        value = NONE_TRIED
    step = best(steps)
    of_best = () if step is None else step.objectives
    for objective in objectives:
        result = objective.judge(measured)
        if not objective.of_audit:
            met: bool | None = bool(held)
            if objective.of_rate:
                met = any(each.text == objective.text and each.met for each in of_best)
            why = "" if met or known else "the generator fell behind, or the time was up"
            result = replace(result, value=value, met=None if why else met, why=why)
        yield result


def _not_judged(result: ObjectiveResult, why: str) -> ObjectiveResult:
    return replace(result, met=None, why=why)


def _of_search(steps: Sequence[Step]) -> Iterator[str]:
    found = highest(steps)
    if not steps:
        yield f"{NONE_TRIED.capitalize()}."
        return
    yield f"The highest rate that held is {at_least(found)} deltas/s." if found else "No rate held."
    if any(each.met is None for each in steps):
        yield (
            "What made the load fell behind at rates above, so the server may sustain more: try"
            " more --workers or --users, or load it from another machine."
        )
    if steps and all(each.met for each in steps):
        yield "There was no time to find one that is too high: give it a longer --duration."
