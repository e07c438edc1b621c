"""How long things took, counted in buckets of three decimal digits: 245 ms is 245 to under 246 ms.

A run of hours keeps a few thousand numbers instead of millions, the histograms of several processes
add up, and a limit that people write, such as 250 ms, is where one bucket ends and the next begins:
whether a percentile keeps below it is then known exactly.

Our own, for with three digits `hdrhistogram` tells 249.999 ms as 250.111, the same as 250.010 ms.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated, NamedTuple

from msgspec import Meta

WIDTH = 0.01
"""How wide a bucket is at most, as a share of the shortest duration in it; from 0.1 ms on."""
PERCENTILES = (50, 95, 99, 99.9)
MOST_BUCKETS = 20_000
"""Above any bucket that a duration can fall into."""
_A_DECADE = 900
_FINE = 100
"""Below so many microseconds a bucket is one microsecond wide, for clocks tell no more."""


class Between(NamedTuple):
    """A duration that is known to lie from `low` to under `high`, in milliseconds.

    Both are the same where it is known exactly.
    """

    low: float
    high: float


@dataclass(slots=True)
class Histogram:
    """Durations in milliseconds; `buckets` is the number of them by bucket.

    `width` is that of the widest bucket, as a share; wider than `WIDTH` in what was read from a
    result file of version 1.
    """

    buckets: dict[Annotated[int, Meta(ge=0, le=MOST_BUCKETS)], int] = field(default_factory=dict)
    count: int = 0
    total: float = 0.0
    least: float = 0.0
    most: float = 0.0
    width: float = WIDTH

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
        bucket = bucket_of(milliseconds)
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
        self.width = max(self.width, other.width)

    @property
    def mean(self) -> float:
        """The mean, 0 where nothing was counted."""
        return self.total / self.count if self.count else 0.0

    def percentile(self, percent: float) -> float:
        """The duration that `percent` of 100 did not exceed, cut to three digits; 0 for none."""
        return self.where(percent).low

    def where(self, percent: float) -> Between:
        """Between which two durations that percentile lies."""
        wanted = max(1, math.ceil(self.count * percent / 100))
        if wanted >= self.count:
            return Between(self.most, self.most)
        seen = 0
        for bucket in sorted(self.buckets):
            seen += self.buckets[bucket]
            if seen >= wanted:
                return Between(max(lower_bound(bucket), self.least), lower_bound(bucket + 1))
        return Between(self.most, self.most)

    def percentiles(self) -> dict[str, float]:
        """The percentiles that reports show."""
        return {f"p{percent:g}": self.percentile(percent) for percent in PERCENTILES}


def lower_bound(bucket: int) -> float:
    """The shortest duration of a bucket, in milliseconds."""
    if bucket < _FINE:
        return bucket / 1000
    decade, place = divmod(bucket - _FINE, _A_DECADE)
    microseconds: int = (_FINE + place) * 10**decade
    return microseconds / 1000


def bucket_of(milliseconds: float) -> int:
    """The bucket that a duration belongs to."""
    microseconds = int(milliseconds * 1000 + 1e-6)  # 1.001 ms are 1000.9999... microseconds
    if microseconds < _FINE:
        return microseconds
    decade = len(str(microseconds)) - 3
    digits: int = microseconds // 10**decade
    return decade * _A_DECADE + digits
