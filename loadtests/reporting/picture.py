"""A picture of a run for a README: its figures and its throughput over time, as one SVG file.

`python -m fluent_oms_simulator.loadtests.reporting.picture RESULT.json PICTURE.svg` draws one.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from pathlib import Path

from fluent_oms_simulator.text.printable import printable

from .result_file import NotAResultError, read
from .run_result import RunResult
from .scales import Scale, linear, tick_text, time_labels
from .verdict import Verdict
from .wording import escaped, headline, milliseconds, number, rates

_WIDTH, _HEIGHT = 800, 300
_LEFT, _TOP, _RIGHT, _BASE = 60, 130, 780, 262
_MOST_POINTS = 300
_STYLE = """
text { font: 13px system-ui, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; fill: #5b6776; }
.back { fill: #fff; stroke: #d9dfe6; } .title { font-size: 17px; font-weight: 600; fill: #1b2430; }
.large { font-size: 23px; font-weight: 600; fill: #1b2430; }
.good { fill: #17683a; } .bad { fill: #b3261e; } .open { fill: #7a5200; }
.grid { stroke: #d9dfe6; } .line { fill: none; stroke: #1f6fd0; stroke-width: 2; }
.area { fill: #1f6fd0; opacity: .12; }
@media (prefers-color-scheme: dark) {
  text { fill: #9aa7b5; } .back { fill: #12171d; stroke: #2f3944; }
  .title, .large { fill: #e6ebf1; } .good { fill: #7fd8a0; } .bad { fill: #ff9d94; }
  .open { fill: #f2c879; }
  .grid { stroke: #2f3944; } .line { stroke: #6db1ff; } .area { fill: #6db1ff; }
}
"""


def picture(result: RunResult) -> str:
    """The SVG; it stands alone, and follows the reader's choice of light or dark."""
    verdict = headline(result)
    style = {Verdict.MET: "good", Verdict.MISSED: "bad"}.get(result.verdict, "open")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'width="{_WIDTH}" height="{_HEIGHT}" role="img" aria-label="{escaped(verdict)}">'
        f"<style>{_STYLE}</style>\n"
        f'<rect class="back" x=".5" y=".5" width="{_WIDTH - 1}" height="{_HEIGHT - 1}" rx="8"/>\n'
        f'<text class="title" x="20" y="32">{escaped(result.scenario)}</text>'
        f'<text class="{style}" x="{_WIDTH - 20}" y="32" text-anchor="end">'
        f"{escaped(verdict)}</text>\n{_figures(result)}\n{_chart(result)}</svg>\n"
    )


def _figures(result: RunResult) -> str:
    shown = [(number(rate), name) for name, rate in rates(result).items() if rate][:2]
    shown += [
        (milliseconds(each.percentile(99)), f"{name}, p99")
        for name, each in result.latencies.items()
        if each.count
    ]
    del shown[4:]
    if result.audit is not None:
        shown.append((number(result.audit.lost), "deltas lost"))
    width = (_WIDTH - 40) / max(len(shown), 1)
    return "".join(
        f'<text class="large" x="{20 + place * width:.0f}" y="76">{escaped(value)}</text>'
        f'<text x="{20 + place * width:.0f}" y="97">{escaped(name)}</text>'
        for place, (value, name) in enumerate(shown)
    )


def _chart(result: RunResult) -> str:
    """What came most often: deltas or records a second."""
    totals = result.totals
    records = totals.records > totals.deltas_accepted
    points = _thinned(
        [
            (each.t, (each.records if records else each.deltas_accepted) / each.seconds)
            for each in result.series
            if each.seconds > 0
        ]
    )
    if len(points) < 2 or points[-1][0] <= 0:
        return ""
    scale = linear(max(y for _, y in points))
    end = max(x for x, _ in points)
    seconds, unit = time_labels(end)
    time = Scale(0, end)
    places = [
        (
            _LEFT + (_RIGHT - _LEFT) * time.share(x),
            _BASE - (_BASE - _TOP) * scale.share(y),
        )
        for x, y in points
    ]
    parts = []
    for tick in scale.ticks(3):
        y = _BASE - (_BASE - _TOP) * scale.share(tick)
        parts.append(f'<path class="grid" d="M{_LEFT} {y:.1f}H{_RIGHT}"/>')
        parts.append(
            f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{tick_text(tick)}</text>'
        )
    line = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    parts.append(
        f'<path class="area" d="M{places[0][0]:.1f} {_BASE}L{line}L{places[-1][0]:.1f} {_BASE}Z"/>'
        f'<path class="line" d="M{line}"/>'
    )
    name = "records a second" if records else "deltas a second"
    parts.append(f'<text x="{_LEFT}" y="{_BASE + 24}">{name}</text>')
    length = f"{tick_text(end / seconds)} {unit}"
    parts.append(f'<text x="{_RIGHT}" y="{_BASE + 24}" text-anchor="end">{length}</text>')
    return "".join(parts) + "\n"


def _thinned(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The mean of each few neighbours, where there are more than can be seen."""
    points = [(x, y) for x, y in points if math.isfinite(y)]
    width = max(1, math.ceil(len(points) / _MOST_POINTS))
    groups = [points[start : start + width] for start in range(0, len(points), width)]
    return [(group[-1][0], sum(y for _, y in group) / len(group)) for group in groups]


def main(arguments: Sequence[str]) -> int:
    """Draw the picture of a result file."""
    if len(arguments) != 2:
        print("Give a result file, and the file to draw into.", file=sys.stderr)
        return 2
    source, target = map(Path, arguments)
    try:
        result = read(source)
    except NotAResultError as fault:
        print(printable(str(fault)), file=sys.stderr)
        return 2
    target.write_text(picture(result), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
