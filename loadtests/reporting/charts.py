"""Charts as inline SVG, without scripts: colours come from the classes of the page around them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from .histogram import Histogram, lower_bound
from .scales import Scale, linear, logarithmic, tick_text, time_labels
from .wording import escaped, milliseconds, number

WIDTH, HEIGHT = 560, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 16, 16, 38
_MOST_POINTS = 300
_MOST_BARS = 60


class Line(NamedTuple):
    """A line of a chart; points without a finite y are gaps."""

    name: str
    points: Sequence[tuple[float, float]]


class _Frame(NamedTuple):
    x: Scale
    y: Scale

    def across(self, value: float) -> float:
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * self.x.share(value)

    def up(self, value: float) -> float:
        return HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * self.y.share(value)


def line_chart(title: str, unit: str, lines: Sequence[Line], *, log: bool = False) -> str:
    """Values over time; a sentence instead where there are none."""
    shown = [Line(line.name, _finite(line.points)) for line in lines]
    shown = [line for line in shown if line.points]
    if not shown:
        return _nothing(title)
    ys = [y for line in shown for _, y in line.points]
    end = max(max(x for line in shown for x, _ in line.points), 1e-9)
    above = [y for y in ys if y > 0]
    if log and above:
        frame = _Frame(Scale(0, end), logarithmic(min(above), max(above)))
    else:
        frame = _Frame(Scale(0, end), linear(max(ys)))
    seconds, name = time_labels(end)
    ticks = [(tick * seconds, tick_text(tick)) for tick in Scale(0, end / seconds).ticks(6)]
    parts = [_grid(frame), _x_axis(frame, ticks, name)]
    for place, line in enumerate(shown):
        parts.append(_path(frame, line, place))
    summary = "; ".join(
        f"{line.name} up to {number(float(max(y for _, y in line.points)))} {unit}"
        for line in shown
    )
    return _figure(title, f"{title}: {summary}", parts, [line.name for line in shown], unit)


def histogram_chart(title: str, histogram: Histogram) -> str:
    """How often something took how long, over a logarithmic axis of milliseconds."""
    if not histogram.count:
        return _nothing(title)
    bars = _bars(histogram)
    span = logarithmic(bars[0][0], bars[-1][1])
    frame = _Frame(span, linear(max(count for _, _, count in bars)))
    ticks = [(tick, tick_text(tick)) for tick in span.ticks()]
    parts = [_grid(frame), _x_axis(frame, ticks, "ms")]
    for low, high, count in bars:
        left, right, top = frame.across(low), frame.across(high), frame.up(count)
        parts.append(
            f'<rect class="bar" x="{left:.1f}" y="{top:.1f}" '
            f'width="{max(right - left - 0.6, 0.6):.1f}" height="{HEIGHT - _BOTTOM - top:.1f}">'
            f"<title>{count:,} of {milliseconds(low)} to {milliseconds(high)}</title></rect>"
        )
    for name, value in histogram.percentiles().items():
        upright = f"M{frame.across(value):.1f} {_TOP}V{HEIGHT - _BOTTOM}"
        parts.append(f'<path class="mark" d="{upright}"><title>{name}</title></path>')
    summary = ", ".join(
        f"{name} {milliseconds(value)}" for name, value in histogram.percentiles().items()
    )
    return _figure(
        title, f"{title}: {summary}", parts, [], "number of each;", f"{summary} (dashed)"
    )


def _finite(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The points that can be drawn, thinned to the highest of each few neighbours."""
    found = [(x, y) for x, y in points if math.isfinite(x) and math.isfinite(y)]
    if len(found) <= _MOST_POINTS:
        return found
    width = math.ceil(len(found) / _MOST_POINTS)
    groups = (found[start : start + width] for start in range(0, len(found), width))
    return [max(group, key=lambda point: point[1]) for group in groups]


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


def _path(frame: _Frame, line: Line, place: int) -> str:
    points = [(frame.across(x), frame.up(y)) for x, y in line.points]
    title, style = f"<title>{escaped(line.name)}</title>", f"line{place % 5}"
    if len(points) == 1:
        ((x, y),) = points
        return f'<circle class="dot {style}" cx="{x:.1f}" cy="{y:.1f}" r="4">{title}</circle>'
    steps = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return f'<path class="line {style}" d="M{steps}">{title}</path>'


def _grid(frame: _Frame) -> str:
    parts = []
    for tick in frame.y.ticks(4):
        y = frame.up(tick)
        parts.append(f'<path class="grid" d="M{_LEFT} {y:.1f}H{WIDTH - _RIGHT}"/>')
        parts.append(
            f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{tick_text(tick)}</text>'
        )
    return "".join(parts)


def _x_axis(frame: _Frame, ticks: Sequence[tuple[float, str]], unit: str) -> str:
    base = HEIGHT - _BOTTOM
    parts = [f'<path class="axis" d="M{_LEFT} {base}H{WIDTH - _RIGHT}"/>']
    for place, (value, label) in enumerate(ticks):
        x = frame.across(value)
        text = f"{label} {unit}" if place == len(ticks) - 1 else label
        anchor = "end" if x > WIDTH - 48 else "middle"
        x = min(x, WIDTH - 4)
        parts.append(f'<text x="{x:.1f}" y="{base + 22}" text-anchor="{anchor}">{text}</text>')
    return "".join(parts)


def _figure(
    title: str, summary: str, parts: Sequence[str], legend: Sequence[str], unit: str, note: str = ""
) -> str:
    keys = "".join(
        f'<span class="key"><i class="swatch line{place % 5}"></i>{escaped(name)}</span>'
        for place, name in enumerate(legend)
    )
    return (
        f"<figure><figcaption><b>{escaped(title)}</b> <small>{escaped(unit)}</small>"
        f' <span class="legend">{keys}{escaped(note)}</span></figcaption>'
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escaped(summary)}">'
        f"{''.join(parts)}</svg></figure>\n"
    )


def _nothing(title: str) -> str:
    return (
        f'<figure><figcaption><b>{escaped(title)}</b></figcaption><p class="quiet">Nothing was '
        "measured.</p></figure>\n"
    )
