"""What a process that makes load has measured since it last told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from ..reporting.histogram import Histogram
from ..reporting.run_result import Totals

COUNTED = tuple(Totals.__dataclass_fields__)


@dataclass(slots=True)
class Tally:
    """Counts by their names in `Totals`, latencies and errors; tallies add up."""

    counts: Counter[str] = field(default_factory=Counter)
    latencies: dict[str, Histogram] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)

    def add(self, **amounts: int) -> None:
        """Count something."""
        self.counts.update(amounts)

    def took(self, name: str, seconds: float) -> None:
        """Count how long something took."""
        self.latencies.setdefault(name, Histogram()).add(seconds * 1000)

    def failed(self, code: str) -> None:
        """Count a request that got no good answer."""
        self.counts["errors"] += 1
        self.errors[code] += 1

    def merge(self, other: Tally) -> None:
        """Take in what another has counted."""
        self.counts.update(other.counts)
        self.errors.update(other.errors)
        for name, histogram in other.latencies.items():
            self.latencies.setdefault(name, Histogram()).merge(histogram)

    def totals(self) -> Totals:
        """The counts of a run."""
        return Totals(**{name: self.counts[name] for name in COUNTED})

    def as_message(self) -> dict[str, Any]:
        """The tally in plain values, for another process."""
        return {
            "counts": dict(self.counts),
            "errors": dict(self.errors),
            "latencies": {
                name: [list(map(list, one.buckets.items())), one.total, one.least, one.most]
                for name, one in self.latencies.items()
            },
        }

    @classmethod
    def from_message(cls, message: dict[str, Any]) -> Tally:
        """The tally that another process has told."""
        made = cls(Counter(message["counts"]), errors=Counter(message["errors"]))
        for name, (buckets, total, least, most) in message["latencies"].items():
            by_bucket = {int(bucket): int(number) for bucket, number in buckets}
            made.latencies[name] = Histogram(by_bucket, sum(by_bucket.values()), total, least, most)
        return made
