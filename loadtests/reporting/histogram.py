"""How long things took, in buckets that are each a twentieth wider than the one before.

A run of hours keeps a few hundred numbers instead of millions, every percentile is right to
within 5 %, and the histograms of several processes add up.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

_GROWTH = math.log(1.05)
_SMALLEST = 0.001


@dataclass(slots=True)
class Histogram:
    """Durations in milliseconds; `buckets` is the number of them by bucket."""

    buckets: dict[int, int] = field(default_factory=dict)
    count: int = 0
    total: float = 0.0
    least: float = 0.0
    most: float = 0.0

    @classmethod
    def of(cls, durations: Iterable[float]) -> Histogram:
        """The histogram of some durations."""
        made = cls()
        for milliseconds in durations:
            made.add(milliseconds)
        return made

    def add(self, milliseconds: float) -> None:
        """Count one duration; a negative one counts as none at all."""
        milliseconds = max(milliseconds, 0.0)
        bucket = _bucket(milliseconds)
        self.buckets[bucket] = self.buckets.get(bucket, 0) + 1
        self.least = min(self.least, milliseconds) if self.count else milliseconds
        self.most = max(self.most, milliseconds)
        self.count += 1
        self.total += milliseconds

    def merge(self, other: Histogram) -> None:
        """Take in what another process counted."""
        if not other.count:
            return
        for bucket, number in other.buckets.items():
            self.buckets[bucket] = self.buckets.get(bucket, 0) + number
        self.least = min(self.least, other.least) if self.count else other.least
        self.most = max(self.most, other.most)
        self.count += other.count
        self.total += other.total

    @property
    def mean(self) -> float:
        """The mean, 0 where nothing was counted."""
        return self.total / self.count if self.count else 0.0

    def percentile(self, percent: float) -> float:
        """The duration that `percent` of 100 did not exceed; 0 where nothing was counted."""
        wanted = max(1, math.ceil(self.count * percent / 100))
        seen = 0
        for bucket in sorted(self.buckets):
            seen += self.buckets[bucket]
            if seen >= wanted:
                return min(max(upper_bound(bucket), self.least), self.most)
        return self.most

    def percentiles(self) -> dict[str, float]:
        """The percentiles that reports show."""
        return {f"p{percent:g}": self.percentile(percent) for percent in (50, 95, 99, 99.9)}


def upper_bound(bucket: int) -> float:
    """The longest duration of a bucket, in milliseconds."""
    return _SMALLEST * math.exp(_GROWTH * bucket)


def _bucket(milliseconds: float) -> int:
    return max(0, math.ceil(math.log(max(milliseconds, _SMALLEST) / _SMALLEST) / _GROWTH))
