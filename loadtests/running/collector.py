"""What all processes together have measured: the series of a run, its totals, and windows of it."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from ..reporting.run_result import Sample
from ..users.recorder import Tally
from .objectives import Measured

MOST_SAMPLES = 1200
BUSY = 0.8
LAG = 0.1
"""Seconds that a process waits for its turn, above which it is no judge of a server."""
SHOWN = (50, 95, 99)
ADDED_UP = ("deltas_accepted", "deltas_visible", "records", "changed_records", "errors")


class Collector:
    """Takes in tallies; cuts them into samples."""

    def __init__(self) -> None:
        self.all = Tally()
        self.samples: list[Sample] = []
        self._since_sample = Tally()
        self._sampled = Tally()
        self._window = Tally()
        self._in_flight: dict[int, int] = {}
        self._cpu: dict[int, list[tuple[float, float]]] = {}
        self._lag = 0.0
        self._began = self._before = self._cut = self._opened = time.monotonic()

    def begin(self) -> None:
        """The clock of the run starts now."""
        self._began = self._before = self._cut = self._opened = time.monotonic()

    def take(self, part: int, message: dict[str, Any]) -> None:
        """What a process has measured since it last told."""
        tally = Tally.from_message(message["tally"])
        for each in (self.all, self._since_sample, self._window):
            each.merge(tally)
        self._in_flight[part] = message["in_flight"]
        self._lag = max(self._lag, message["lag"])
        told = self._cpu.setdefault(part, [])
        del told[1:]  # the first and the last are enough
        told.append((time.monotonic(), message["cpu"]))

    def cut(self, queue_depth: int | None) -> Sample:
        """End a sample now."""
        self._sampled, self._since_sample = self._since_sample, Tally()
        self._before, self._cut = self._cut, time.monotonic()
        return self._keep(queue_depth)

    def end(self, queue_depth: int | None) -> Sample:
        """Add what came after the last sample to it: a sample of its own would be too short."""
        if not self.samples:
            return self.cut(queue_depth)
        self.samples.pop()
        self._sampled.merge(self._since_sample)
        self._since_sample = Tally()
        self._cut = time.monotonic()
        return self._keep(queue_depth)

    def _keep(self, queue_depth: int | None) -> Sample:
        tally, counts = self._sampled, self._sampled.counts
        sample = Sample(
            t=self._cut - self._began,
            seconds=self._cut - self._before,
            deltas_accepted=counts["deltas_accepted"],
            deltas_visible=counts["deltas_visible"],
            records=counts["records"],
            changed_records=counts["changed_records"],
            errors=counts["errors"],
            in_flight=sum(self._in_flight.values()),
            queue_depth=queue_depth,
            latency={
                name: {f"p{percent}": one.percentile(percent) for percent in SHOWN}
                for name, one in tally.latencies.items()
            },
        )
        self.samples.append(sample)
        if len(self.samples) > MOST_SAMPLES:
            self.samples[:-1] = _thinned(self.samples[:-1])
        return sample

    @property
    def age(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self._began

    @property
    def in_flight(self) -> int:
        """How many requests and batches are under way."""
        return sum(self._in_flight.values())

    def open_window(self) -> None:
        """Measure a part of the run, from now on."""
        self._window = Tally()
        self._opened = time.monotonic()
        self._lag = 0.0
        self._cpu = {part: told[-1:] for part, told in self._cpu.items()}

    @property
    def starved(self) -> bool:
        """Whether a process that makes load lacked a processor since the window was opened."""
        return self.busy or self._lag > LAG

    @property
    def busy(self) -> bool:
        """Whether one of them used nearly all of a processor."""
        return self._busiest > BUSY

    @property
    def _busiest(self) -> float:
        """How much of a processor the busiest process used, 0 to 1."""
        spans = [(told[0], told[-1]) for told in self._cpu.values() if len(told) > 1]
        return max(
            ((after[1] - before[1]) / (after[0] - before[0]) for before, after in spans),
            default=0.0,
        )

    def window(self) -> Measured:
        """What was measured since the window was opened."""
        return _measured(self._window, time.monotonic() - self._opened)

    def measured(self, seconds: float) -> Measured:
        """What was measured in the whole run."""
        return _measured(self.all, seconds)


def _thinned(samples: list[Sample]) -> list[Sample]:
    """Two samples in one; its percentiles are the higher ones, as they cannot be added up."""
    made = [_joined(*pair) for pair in zip(samples[::2], samples[1::2], strict=False)]
    return made if len(samples) % 2 == 0 else [*made, samples[-1]]


def _joined(one: Sample, other: Sample) -> Sample:
    latency = {name: dict(values) for name, values in one.latency.items()}
    for name, values in other.latency.items():
        mine = latency.setdefault(name, {})
        for percentile, value in values.items():
            mine[percentile] = max(value, mine.get(percentile, 0.0))
    return replace(
        other,
        seconds=one.seconds + other.seconds,
        latency=latency,
        **{name: getattr(one, name) + getattr(other, name) for name in ADDED_UP},
    )


def _measured(tally: Tally, seconds: float) -> Measured:
    return Measured(seconds, tally.totals(), tally.latencies)
