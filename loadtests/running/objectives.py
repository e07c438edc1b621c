"""What must hold, in the units of the field: `delta.visible.p99<250ms`, `records>20000/s`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from ..reporting.histogram import Between, Histogram
from ..reporting.run_result import (
    ACCEPT,
    BATCH_COMPLETE,
    VISIBLE,
    AuditResult,
    ObjectiveResult,
    Totals,
)
from ..traffic.load_options import CannotRunError

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
OF_BATCHES = ("records", "changed", "batch.complete")
MOST_ERRORS = "errors<=1%"
"""What holds where nobody says how many errors there may be."""
NAMES = (*(f"{name}.p99" for name in TIMES), *RATES, "errors", *AUDITED)
SECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "min": 60_000.0}
COMPARISONS: Mapping[str, Callable[[Between, float], bool]] = {
    "<": lambda found, limit: found.low < limit,
    "<=": lambda found, limit: found.low <= limit,
    ">": lambda found, limit: found.high > limit,
    ">=": lambda found, limit: found.high > limit or found.low >= limit,
    "=": lambda found, limit: found.low <= limit < found.high or found.low == limit,
}
"""What is known to lie between two values is held to a limit so that a true value never fails."""
NOT_MEASURED = "nothing of it was measured"
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
    is_default: bool = False

    @property
    def of_audit(self) -> bool:
        """Whether only the audit can tell."""
        return self.name in AUDITED

    @property
    def of_rate(self) -> bool:
        """Whether it asks for so much a second."""
        return self.name in RATES

    @property
    def of_time(self) -> bool:
        """Whether it asks how long something takes."""
        return self.name in TIMES

    @property
    def of_batches(self) -> bool:
        """Whether it is about full loads, which are sent one after the other."""
        return self.name in OF_BATCHES

    def judge(self, measured: Measured) -> ObjectiveResult:
        """What was found, and whether it meets the limit; what was never measured says nothing."""
        found = self._value(measured)
        if found is None:
            return ObjectiveResult(
                self.text, "not measured", None, NOT_MEASURED, is_default=self.is_default
            )
        return ObjectiveResult(
            self.text, self._shown(found.low), self.allows(found), is_default=self.is_default
        )

    def allows(self, found: Between) -> bool:
        """Whether what was found meets the limit."""
        return COMPARISONS[self.comparison](found, self.limit)

    def _value(self, measured: Measured) -> Between | None:
        if self.name in TIMES:
            return _statistic(measured.latencies.get(TIMES[self.name]), self.statistic)
        totals, audit = measured.totals, measured.audit
        if self.name in RATES:
            amount: int = getattr(totals, RATES[self.name])
            return _exactly(amount / measured.seconds) if measured.seconds > 0 else None
        if self.name == "errors":
            return _exactly(totals.errors / totals.requests * 100) if totals.requests else None
        if audit is None or not (audit.positions if self.name == "wrong" else audit.deltas):
            return None
        return _exactly(getattr(audit, self.name))

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
    comparison = "=" if comparison == "==" else comparison
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
        text.strip(), name, statistic, comparison, round(float(number) * _unit(text, name, unit), 9)
    )


def parse_all(texts: Iterable[str], default: Iterable[str] = ()) -> tuple[Objective, ...]:
    """All objectives of a run; `default` where none is given, and in any case one of errors.

    Raises CannotRunError with a sentence.
    """
    given = tuple(map(parse, texts)) or tuple(
        replace(parse(text), is_default=True) for text in default
    )
    if any(each.name == "errors" for each in given):
        return given
    return (*given, replace(parse(MOST_ERRORS), is_default=True))


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


def _statistic(histogram: Histogram | None, statistic: str) -> Between | None:
    if histogram is None or not histogram.count:
        return None
    if statistic == "mean":
        return _exactly(histogram.mean)
    return histogram.where(100 if statistic == "max" else float(statistic[1:]))


def _exactly(value: float) -> Between:
    return Between(value, value)
