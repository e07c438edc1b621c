"""What came of a run: the audit, the verdicts on its objectives, and what a reader has to know."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib import metadata

from fluent_oms_simulator.loadtests.audit.connection import ReadBackError
from fluent_oms_simulator.loadtests.audit.reconcile import reconcile
from fluent_oms_simulator.loadtests.audit.target import AuditTarget
from fluent_oms_simulator.loadtests.reporting.model import (
    AuditResult,
    Environment,
    ObjectiveResult,
    RunResult,
)
from fluent_oms_simulator.loadtests.traffic.ledger import Ledger

from .collector import Collector
from .objectives import Measured, Objective, judge
from .options import CannotRunError, LoadOptions
from .ramp import Probe, highest

WORTH_A_NOTE = 0.01
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


def audit(ledger: Ledger, options: LoadOptions) -> AuditResult:
    """Hold what was sent against what the server holds; raises CannotRunError."""
    target = AuditTarget(
        options.url,
        catalogue_ref=options.catalogue_ref,
        username=options.username,
        password=options.password,
        client_id=options.client_id,
        client_secret=options.client_secret,
        max_rate=options.max_rate,
        settle_within=min(60.0, options.grace),
    )
    try:
        return reconcile(ledger, target)
    except ReadBackError as fault:
        raise CannotRunError(f"the audit could not read the stock back: {fault}") from None


def outcome(
    options: LoadOptions,
    collector: Collector,
    seconds: float,
    found: AuditResult,
    objectives: tuple[Objective, ...],
    probes: Sequence[Probe] = (),
    notes: Sequence[str] = (),
) -> RunResult:
    """The result of a run that lasted so many seconds."""
    measured = replace(collector.measured(seconds), audit=found)
    judged = judge(objectives, measured)
    if options.scenario == "ramp":
        judged = tuple(_by_probes(objectives, judged, probes))
    return RunResult(
        scenario=options.scenario,
        url=options.url,
        seed=options.seed,
        command=options.command,
        started_at=time.time() - collector.age,
        duration=seconds,
        environment=environment(),
        settings={name: getattr(options, name) for name in SHOWN_SETTINGS},
        series=tuple(collector.samples),
        totals=measured.totals,
        latencies=dict(measured.latencies),
        errors=dict(collector.all.errors),
        objectives=judged,
        audit=found,
        notes=(*notes, *_remarks(options, measured, probes, collector.starved)),
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


def late_share(measured: Measured) -> float:
    """What share of the events the generator sent late."""
    totals = measured.totals
    share: float = totals.late_starts / totals.events if totals.events else 0.0
    return share


def told(probe: Probe) -> str:
    """A probe in words."""
    return f"{probe.rate:,.0f} deltas/s: {probe.trouble or 'held'}"


def _by_probes(
    objectives: Sequence[Objective], judged: Sequence[ObjectiveResult], probes: Sequence[Probe]
) -> Iterator[ObjectiveResult]:
    """In a search some rates must fail: what counts is that there is one that held."""
    found = highest(probes)
    for objective, result in zip(objectives, judged, strict=True):
        if objective.of_audit:
            yield result
        else:
            value = f"held up to {found:,.0f} deltas/s" if found else "held at no rate"
            yield replace(result, value=value, met=bool(found))


def _remarks(
    options: LoadOptions, measured: Measured, probes: Sequence[Probe], starved: bool
) -> Iterator[str]:
    if probes:
        yield from _of_search(probes)
        return
    late = late_share(measured)
    if late > WORTH_A_NOTE:
        cause = (
            "it lacked a processor; try more --workers, or another machine."
            if starved
            else "all its users waited for answers: the server was slower, or --users are too few."
        )
        yield (
            f"The generator fell behind: {late:.1%} of the events were sent more than 50 ms"
            f" after they were due, because {cause} Times are counted from when an event was"
            " due, so that no wait is left out of them (coordinated omission)."
        )
    sent = measured.totals.deltas_sent / measured.seconds if measured.seconds else 0.0
    if measured.totals.events and measured.seconds > 5 and sent < options.rate * 0.9:
        yield f"{sent:,.0f} deltas/s were sent, where {options.rate:,.0f} were asked for."


def _of_search(probes: Sequence[Probe]) -> Iterator[str]:
    yield from map(told, probes)
    found = highest(probes)
    yield f"The highest rate that held is {found:,.0f} deltas/s." if found else "No rate held."
    if any(probe.starved for probe in probes if not probe.held):
        yield (
            "What made the load lacked a processor at rates that were too high, so the server may"
            " sustain more: try more --workers, or load it from another machine."
        )
    if all(probe.held for probe in probes):
        yield "There was no time to find one that is too high: give it a longer --duration."
