"""Charts: where everything lies in one frame; `templates/chart.html` draws it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .histogram import Histogram, lower_bound
from .scales import Scale, linear, logarithmic, tick_text, time_labels
from .wording import milliseconds, number

_MOST_POINTS = 300
_MOST_BARS = 60


class Line(NamedTuple):
    """A line of a chart; points without a finite y are gaps."""

    name: str
    points: Sequence[tuple[float, float]]


class Bar(NamedTuple):
    """A bar of a histogram, which stands on the axis."""

    x: float
    y: float
    width: float
    height: float
    title: str


@dataclass(frozen=True, slots=True)
class Frame:
    """The axes of a chart, and where a value of them lies; `labels` are the ticks of the x axis."""

    x: Scale
    y: Scale
    labels: Sequence[tuple[float, str]]
    width: int = 560
    height: int = 250
    left: int = 62
    right: int = 544
    top: int = 16
    base: int = 212

    def across(self, value: float) -> float:
        """How far to the right."""
        return round(self.left + (self.right - self.left) * self.x.share(value), 1)

    def up(self, value: float) -> float:
        """How far from the top."""
        return round(self.base - (self.base - self.top) * self.y.share(value), 1)

    @property
    def grid(self) -> Iterator[tuple[float, str]]:
        """The height and the label of each line of the grid."""
        return ((self.up(tick), tick_text(tick)) for tick in self.y.ticks(4))

    @property
    def ticks(self) -> Iterator[tuple[float, str, str]]:
        """The place, the label and the anchor of each tick of the x axis."""
        for value, label in self.labels:
            x = self.across(value)
            yield min(x, self.width - 4), label, "end" if x > self.width - 48 else "middle"


@dataclass(frozen=True, slots=True)
class Chart:
    """What is to be drawn in a frame; without one, nothing was measured."""

    title: str
    unit: str = ""
    frame: Frame | None = None
    summary: str = ""
    note: str = ""
    lines: Sequence[Line] = ()
    bars: Sequence[Bar] = ()
    marks: Sequence[tuple[float, str]] = ()


def line_chart(title: str, unit: str, lines: Sequence[Line], *, log: bool = False) -> Chart:
    """Values over time."""
    shown = [Line(line.name, _finite(line.points)) for line in lines]
    shown = [line for line in shown if line.points]
    if not shown:
        return Chart(title)
    ys = [y for line in shown for _, y in line.points]
    end = max(max(x for line in shown for x, _ in line.points), 1e-9)
    above = [y for y in ys if y > 0]
    height = logarithmic(min(above), max(above)) if log and above else linear(max(ys))
    seconds, name = time_labels(end)
    ticks = Scale(0, end / seconds).ticks(6)
    labels = _labels([(tick * seconds, tick_text(tick)) for tick in ticks], name)
    frame = Frame(Scale(0, end), height, labels)
    summary = "; ".join(
        f"{line.name} up to {number(float(max(y for _, y in line.points)))} {unit}"
        for line in shown
    )
    places = [
        Line(line.name, [(frame.across(x), frame.up(y)) for x, y in line.points]) for line in shown
    ]
    return Chart(title, unit, frame, summary, lines=places)


def histogram_chart(title: str, histogram: Histogram) -> Chart:
    """How often something took how long, over a logarithmic axis of milliseconds."""
    if not histogram.count:
        return Chart(title)
    bars = _bars(histogram)
    span = logarithmic(bars[0][0], bars[-1][1])
    labels = _labels([(tick, tick_text(tick)) for tick in span.ticks()], "ms")
    frame = Frame(span, linear(max(count for _, _, count in bars)), labels)
    percentiles = histogram.percentiles()
    summary = ", ".join(f"{name} {milliseconds(value)}" for name, value in percentiles.items())
    return Chart(
        title,
        "number of each;",
        frame,
        summary,
        f"{summary} (dashed)",
        bars=[_bar(frame, *each) for each in bars],
        marks=[(frame.across(value), name) for name, value in percentiles.items()],
    )


def _finite(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The points that can be drawn, thinned to the highest of each few neighbours."""
    found = [(x, y) for x, y in points if math.isfinite(x) and math.isfinite(y)]
    if len(found) <= _MOST_POINTS:
        return found
    width = math.ceil(len(found) / _MOST_POINTS)
    groups = (found[start : start + width] for start in range(0, len(found), width))
    return [max(group, key=lambda point: point[1]) for group in groups]


def _labels(ticks: Sequence[tuple[float, str]], unit: str) -> list[tuple[float, str]]:
    """The ticks of an axis, the last with its unit."""
    *others, (last, label) = ticks
    return [*others, (last, f"{label} {unit}")]


def _bars(histogram: Histogram) -> list[tuple[float, float, int]]:
    """From, to and how many; buckets are joined until a reader can tell the bars apart."""
    first, last = min(histogram.buckets), max(histogram.buckets)
    width = max(1, math.ceil((last - first + 1) / _MOST_BARS))
    counts: dict[int, int] = {}
    for bucket, count in histogram.buckets.items():
        place = (bucket - first) // width
        counts[place] = counts.get(place, 0) + count
    return [
        (
            lower_bound(first + place * width),
            lower_bound(first + (place + 1) * width),
            count,
        )
        for place, count in sorted(counts.items())
    ]


def _bar(frame: Frame, low: float, high: float, count: int) -> Bar:
    left, top = frame.across(low), frame.up(count)
    width = max(round(frame.across(high) - left - 0.6, 1), 0.6)
    title = f"{count:,} of {milliseconds(low)} to {milliseconds(high)}"
    return Bar(left, top, width, round(frame.base - top, 1), title)
