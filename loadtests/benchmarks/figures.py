"""Plain values a benchmark hands back: samples, targets, and the statistics over them."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile: the smallest value that `share` of all values do not exceed."""
    if not values:
        raise ValueError("no values to take a percentile of")
    if not 0 < share <= 1:
        raise ValueError(f"a share lies above 0 and up to 1, not {share}")
    # Rounded first: 0.07 * 100 is a little over 7, and would become rank 8.
    rank = math.ceil(round(share * len(values), 9))
    return sorted(values)[rank - 1]


def ratio(value: float, base: float) -> float:
    """How many times `base` is contained in `value`; not a number when there is no base."""
    return value / base if base else math.nan


def growth(values: Sequence[float]) -> float:
    """How much a series rises over its last third: the median of its end less that of its start."""
    if len(values) < 9:
        raise ValueError("growth needs nine samples or more")
    third = values[-(len(values) // 3) :]
    edge = max(1, len(third) // 3)
    return statistics.median(third[-edge:]) - statistics.median(third[:edge])


@dataclass(frozen=True, slots=True)
class Sample:
    """Repeated measurements of one thing."""

    label: str
    unit: str
    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle measurement."""
        return statistics.median(self.values)

    @property
    def lowest(self) -> float:
        """The smallest measurement."""
        return min(self.values)

    @property
    def highest(self) -> float:
        """The largest measurement."""
        return max(self.values)


@dataclass(frozen=True, slots=True)
class Target:
    """A figure that the project promises, and whether this run kept the promise."""

    label: str
    value: float
    limit: float
    sense: Literal["at least", "at most"]
    unit: str = ""

    @property
    def verdict(self) -> Literal["reached", "missed"]:
        """Compare the value with the limit; what is not a number has missed it."""
        kept = self.value >= self.limit if self.sense == "at least" else self.value <= self.limit
        return "reached" if kept else "missed"


@dataclass(slots=True)
class Report:
    """Everything one benchmark found out."""

    name: str
    question: str
    samples: list[Sample] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, label: str, unit: str, values: Sequence[float]) -> Sample:
        """Record repeated measurements under a label."""
        sample = Sample(label, unit, tuple(values))
        self.samples.append(sample)
        return sample

    def aim(
        self,
        label: str,
        value: float,
        sense: Literal["at least", "at most"],
        limit: float,
        unit: str = "",
    ) -> None:
        """Record a target and what was measured for it."""
        self.targets.append(Target(label, value, limit, sense, unit))
