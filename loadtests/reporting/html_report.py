"""The report of one run as a single HTML file, for people: `templates/run.html` is how it looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .charts import Chart, Line, histogram_chart, line_chart
from .load_pages import LOAD_PAGES
from .run_result import RunResult, Sample

_MOST_ROWS = 400
_PERCENTILES = ("p50", "p95", "p99")


def html_report(result: RunResult) -> str:
    """Everything that is known of a run."""
    return LOAD_PAGES.drawn(
        "run.html",
        run=result,
        charts=[*_throughput(result), _depth(result), *_times(result)],
        histograms=[histogram_chart(name, each) for name, each in result.latencies.items()],
        every=-(-len(result.series) // _MOST_ROWS),
    )


def _throughput(result: RunResult) -> list[Chart]:
    def some(name: str, of: Callable[[Sample], int]) -> list[Line]:
        points = [(each.t, of(each) / each.seconds) for each in result.series if each.seconds > 0]
        return [Line(name, points)] if any(y for _, y in points) else []

    shown = {
        "deltas": some("accepted", lambda each: each.deltas_accepted),
        "sample of deltas seen to be visible": some("seen", lambda each: each.deltas_visible),
        "records": [
            *some("records", lambda each: each.records),
            *some("changed", lambda each: each.changed_records),
        ],
        "errors": some("errors", lambda each: each.errors),
    }
    return [
        line_chart(f"Throughput: {name}", "a second", lines)
        for name, lines in shown.items()
        if lines
    ] or [line_chart("Throughput", "a second", [])]


def _depth(result: RunResult) -> Chart:
    depth = [
        (each.t, float(each.queue_depth)) for each in result.series if each.queue_depth is not None
    ]
    lines = [Line("in flight", [(each.t, float(each.in_flight)) for each in result.series])]
    if depth:
        lines.append(Line("waiting on the server", depth))
    return line_chart("Queue depth", "requests, events and batches", lines)


def _times(result: RunResult) -> Iterator[Chart]:
    for kind in dict.fromkeys(kind for each in result.series for kind in each.latency):
        lines = [
            Line(
                name,
                [
                    (each.t, each.latency[kind][name])
                    for each in result.series
                    if name in each.latency.get(kind, {})
                ],
            )
            for name in _PERCENTILES
        ]
        yield line_chart(f"Time: {kind}", "ms", lines, log=True)
