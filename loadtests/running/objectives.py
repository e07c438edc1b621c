"""What must hold, in the units of the field: `delta.visible.p99<250ms`, `records>20000/s`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from fluent_oms_simulator.loadtests.reporting.histogram import Histogram
from fluent_oms_simulator.loadtests.reporting.model import (
    ACCEPT,
    BATCH_COMPLETE,
    VISIBLE,
    AuditResult,
    ObjectiveResult,
    Totals,
)

from .options import CannotRunError

TIMES = {
    "delta.accept": ACCEPT,
    "delta.visible": VISIBLE,
    "batch.complete": BATCH_COMPLETE,
}
RATES = {
    "deltas": "deltas_accepted",
    "events": "events",
    "records": "records",
    "changed": "changed_records",
}
AUDITED = ("lost", "doubled", "wrong")
NAMES = (*(f"{name}.p99" for name in TIMES), *RATES, "errors", *AUDITED)
SECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "min": 60_000.0}
COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "==": operator.eq,
}
FORM = re.compile(r"([a-z.0-9]+?)\s*(<=|>=|==|<|>|=)\s*([0-9]+(?:\.[0-9]+)?)\s*([a-z%/]*)")
STATISTIC = re.compile(r"p([0-9]{1,2}(?:\.[0-9]{1,3})?)|mean|max")


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured over some seconds, and what the audit has found; None before it."""

    seconds: float
    totals: Totals = field(default_factory=Totals)
    latencies: Mapping[str, Histogram] = field(default_factory=dict)
    audit: AuditResult | None = None


@dataclass(frozen=True, slots=True)
class Objective:
    """A limit on something that is measured; `name` is without the statistic of a time."""

    text: str
    name: str
    statistic: str
    comparison: str
    limit: float

    @property
    def of_audit(self) -> bool:
        """Whether only the audit can tell."""
        return self.name in AUDITED

    def judge(self, measured: Measured) -> ObjectiveResult:
        """What was found, and whether it meets the limit; what was never measured does not."""
        found = self._value(measured)
        if found is None:
            return ObjectiveResult(self.text, "not measured", met=False)
        return ObjectiveResult(
            self.text, self._shown(found), COMPARISONS[self.comparison](found, self.limit)
        )

    def _value(self, measured: Measured) -> float | None:
        if self.name in TIMES:
            return _statistic(measured.latencies.get(TIMES[self.name]), self.statistic)
        if self.name in RATES:
            amount: int = getattr(measured.totals, RATES[self.name])
            return amount / measured.seconds if measured.seconds > 0 else None
        if self.name == "errors":
            requests = measured.totals.requests
            return measured.totals.errors / requests * 100 if requests else None
        return None if measured.audit is None else float(getattr(measured.audit, self.name))

    def _shown(self, value: float) -> str:
        if self.name in TIMES:
            return f"{value / 1000:,.2f} s" if value >= 10_000 else f"{value:,.1f} ms"
        if self.name in RATES:
            return f"{value:,.1f}/s"
        return f"{value:.3g} %" if self.name == "errors" else f"{value:,.0f}"


def parse(text: str) -> Objective:
    """An objective from its text; raises CannotRunError with a sentence."""
    match = FORM.fullmatch(text.strip().lower())
    if match is None:
        raise CannotRunError(
            f"--objective: found {text!r}, expected a name, a comparison and a limit, such as"
            " delta.visible.p99<250ms"
        )
    full, comparison, number, unit = match.groups()
    name, _, statistic = full.rpartition(".")
    if name not in TIMES:
        name, statistic = full, ""
    elif not STATISTIC.fullmatch(statistic):
        raise CannotRunError(
            f"--objective: found {statistic!r} in {text!r}, expected a percentile such as p99,"
            " or mean, or max"
        )
    if name in TIMES and not statistic:
        raise CannotRunError(
            f"--objective: {text!r} does not say which: expected {name}.p99, {name}.mean or"
            f" {name}.max"
        )
    if name not in (*TIMES, *RATES, "errors", *AUDITED):
        near = get_close_matches(full, NAMES, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else "expected one of " + ", ".join(NAMES)
        raise CannotRunError(f"--objective: nothing is measured as {full!r}; {hint}")
    return Objective(
        text.strip(), name, statistic, comparison, float(number) * _unit(text, name, unit)
    )


def judge(objectives: tuple[Objective, ...], measured: Measured) -> tuple[ObjectiveResult, ...]:
    """Every objective, judged."""
    return tuple(each.judge(measured) for each in objectives)


def _unit(text: str, name: str, unit: str) -> float:
    """What a limit is multiplied by, after checking that its unit is one of what is measured."""
    if name in TIMES:
        allowed, example = SECONDS, "250ms or 5s"
    elif name in RATES:
        allowed, example = {"/s": 1.0, "/min": 1 / 60, "/h": 1 / 3600}, "500/s"
    elif name == "errors":
        allowed, example = {"%": 1.0}, "0.1%"
    else:
        allowed, example = {"": 1.0}, "0"
    if unit not in allowed:
        found = f"the unit {unit!r}" if unit else "no unit"
        raise CannotRunError(f"--objective: found {found} in {text!r}, expected such as {example}")
    return allowed[unit]


def _statistic(histogram: Histogram | None, statistic: str) -> float | None:
    if histogram is None or not histogram.count:
        return None
    found: float
    if statistic == "mean":
        found = histogram.mean
    elif statistic == "max":
        found = histogram.most
    else:
        found = histogram.percentile(float(statistic[1:]))
    return found
