"""The report of one run as a single HTML file, for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from . import page
from .charts import Line, histogram_chart, line_chart
from .page import Cell
from .run_result import AuditResult, RunResult, Sample
from .verdict import Verdict
from .wording import (
    duration,
    escaped,
    headline,
    milliseconds,
    moment,
    number,
    objective_found,
    objective_text,
    objective_word,
    plural,
    rate_sent,
    rates,
    step_word,
)

_STYLES = {
    Verdict.MET: "good",
    Verdict.MISSED: "bad",
}
_MET_STYLES = {True: "good", False: "bad", None: "open"}
_MOST_ROWS = 400
_PERCENTILES = ("p50", "p95", "p99")


def html_report(result: RunResult) -> str:
    """Everything that is known of a run."""
    title = f"{result.scenario}: {headline(result)}"
    return page.page(
        title,
        f"<h1>Load run: {escaped(result.scenario)}</h1>\n",
        page.paragraph(
            f"{result.url}, {moment(result.started_at)}, {duration(result.duration)}", "quiet"
        ),
        page.verdict(headline(result), _STYLES.get(result.verdict, "open")),
        page.paragraph(f"{rate_sent(result.rate)}.") if result.rate else "",
        *(page.paragraph(note) for note in result.notes),
        page.facts(_highlights(result)),
        _objectives(result),
        _steps(result),
        page.heading("Over time"),
        _charts(result),
        page.heading("How long it took"),
        _latencies(result),
        _counted(result),
        _audit(result.audit),
        '<div class="columns">\n',
        _section("Totals", ("", ""), _totals(result)),
        _section("Errors by code", ("code", "number"), _errors(result)),
        _section("Settings", ("", ""), _settings(result)),
        _section("Environment", ("", ""), _environment(result)),
        "</div>\n",
        page.heading("Run it again"),
        page.command(result.command),
        _samples(result),
    )


def _highlights(result: RunResult) -> Iterable[tuple[str, str]]:
    for name, rate in rates(result).items():
        if rate:
            yield name, number(rate)
    for name, histogram in result.latencies.items():
        if histogram.count:
            yield f"{name}, p99", milliseconds(histogram.percentile(99))
    yield "errors", number(result.totals.errors)


def _objectives(result: RunResult) -> str:
    if not result.objectives:
        return ""
    rows = [
        (
            Cell(objective_word(each), _MET_STYLES[each.met]),
            objective_text(each),
            objective_found(each),
        )
        for each in result.objectives
    ]
    table = page.table(("verdict", "objective", "found"), rows)
    return page.heading("Objectives") + table


def _steps(result: RunResult) -> str:
    """The rates that a search has tried, beside what must hold at each of them."""
    if not result.steps:
        return ""
    targets = [each.text for each in result.steps[0].objectives]
    rows: list[tuple[str | Cell, ...]] = [
        (
            number(each.rate),
            number(each.sent),
            number(each.accepted),
            *(found.value for found in each.objectives),
            Cell(step_word(each), _MET_STYLES[each.met]),
            each.why,
        )
        for each in result.steps
    ]
    columns = ("deltas/s tried", "sent/s", "accepted/s", *targets, "", "why")
    return page.heading("Rates that were tried") + page.table(columns, rows)


def _charts(result: RunResult) -> str:
    def rate(of: Callable[[Sample], int]) -> list[tuple[float, float]]:
        return [(each.t, of(each) / each.seconds) for each in result.series if each.seconds > 0]

    def some(name: str, of: Callable[[Sample], int]) -> list[Line]:
        points = rate(of)
        return [Line(name, points)] if any(y for _, y in points) else []

    deltas = [
        *some("accepted", lambda each: each.deltas_accepted),
    ]
    seen = some("seen", lambda each: each.deltas_visible)
    records = [
        *some("records", lambda each: each.records),
        *some("changed", lambda each: each.changed_records),
    ]
    errors = some("errors", lambda each: each.errors)
    charts = [
        line_chart(f"Throughput: {name}", "a second", lines)
        for name, lines in (
            ("deltas", deltas),
            ("sample of deltas seen to be visible", seen),
            ("records", records),
            ("errors", errors),
        )
        if lines
    ] or [line_chart("Throughput", "a second", [])]
    depth = [
        (each.t, float(each.queue_depth)) for each in result.series if each.queue_depth is not None
    ]
    waiting = [Line("in flight", [(each.t, float(each.in_flight)) for each in result.series])]
    if depth:
        waiting.append(Line("waiting on the server", depth))
    charts.append(line_chart("Queue depth", "requests, events and batches", waiting))
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
        charts.append(line_chart(f"Time: {kind}", "ms", lines, log=True))
    return f'<div class="charts">\n{"".join(charts)}</div>\n'


def _latencies(result: RunResult) -> str:
    rows = [
        (
            name,
            number(each.count),
            milliseconds(each.mean),
            *(milliseconds(value) for value in each.percentiles().values()),
            milliseconds(each.most),
        )
        for name, each in result.latencies.items()
    ]
    if not rows:
        return page.paragraph("Nothing was measured.", "quiet")
    columns = ("", "number", "mean", "p50", "p95", "p99", "p99.9", "longest")
    charts = "".join(histogram_chart(name, each) for name, each in result.latencies.items())
    return page.table(columns, rows, numbers_from=1) + f'<div class="charts">\n{charts}</div>\n'


def _counted(result: RunResult) -> str:
    if not result.counted:
        return ""
    return page.heading("What is counted") + page.table(("", ""), result.counted.items())


def _audit(audit: AuditResult | None) -> str:
    if audit is None:
        return page.heading("Audit") + page.paragraph("What was sent has not been audited.")
    rows: list[tuple[str, str | Cell]] = [
        (plural(audit.positions, "position") + " checked", f"{audit.by_row:,} row by row"),
        (plural(audit.deltas, "acknowledged delta"), f"{audit.open:,} may rightly count or not"),
        ("deltas lost", _fault(audit.lost, audit.deltas)),
        ("deltas doubled", _fault(audit.doubled, audit.deltas)),
        ("positions wrong", _fault(audit.wrong, audit.positions)),
        ("read back", f"{plural(audit.requests, 'request')} in {duration(audit.seconds)}"),
    ]
    parts = [page.heading("Audit"), page.table(("", ""), rows)]
    if not audit.settled:
        parts.append(
            page.paragraph("The server was still changing when the audit stopped waiting.", "bad")
        )
    if audit.examples:
        parts.append(_examples(audit))
    return "".join(parts)


def _fault(found: int, of: int) -> Cell:
    if not of and not found:
        return Cell("none was there to judge")
    return Cell(number(found), "bad" if found else "good")


def _examples(audit: AuditResult) -> str:
    columns = ("", "product", "location", "expected", "found", "deltaId", "request", "explanation")
    rows = [
        (
            Cell(each.kind, "bad"),
            each.product_ref,
            each.location_ref,
            each.expected,
            each.found,
            each.delta_id,
            each.request,
            each.explanation,
        )
        for each in audit.examples
    ]
    more = audit.lost + audit.doubled + audit.wrong - len(audit.examples)
    note = page.paragraph(f"and {more:,} more", "quiet") if more > 0 else ""
    return page.table(columns, rows) + note


def _totals(result: RunResult) -> list[tuple[str, str]]:
    totals = result.totals
    return [
        ("requests", number(totals.requests)),
        ("errors", number(totals.errors)),
        ("delta events", number(totals.events)),
        ("deltas sent", number(totals.deltas_sent)),
        ("deltas accepted", number(totals.deltas_accepted)),
        ("deltas looked for (a sample)", number(totals.deltas_watched)),
        ("of these seen to be visible", number(totals.deltas_visible)),
        ("retries", number(totals.retries)),
        ("batches", number(totals.batches)),
        ("records", number(totals.records)),
        ("changed records", number(totals.changed_records)),
        ("delta events sent late", number(totals.late_starts)),
    ]


def _errors(result: RunResult) -> list[tuple[str, str]]:
    by_number = sorted(result.errors.items(), key=lambda each: (-each[1], each[0]))
    return [(code, number(count)) for code, count in by_number] or [("none", "0")]


def _settings(result: RunResult) -> list[tuple[str, str]]:
    return [("seed", str(result.seed))] + [
        (name, "-" if value is None else str(value)) for name, value in result.settings.items()
    ]


def _environment(result: RunResult) -> list[tuple[str, str]]:
    environment = result.environment
    return [
        ("Python", environment.python),
        ("platform", environment.platform),
        ("cores", str(environment.cores)),
        *environment.versions.items(),
    ]


def _section(title: str, columns: tuple[str, str], rows: list[tuple[str, str]]) -> str:
    return f"<section>{page.heading(title)}{page.table(columns, rows)}</section>\n"


def _samples(result: RunResult) -> str:
    if not result.series:
        return ""
    every = -(-len(result.series) // _MOST_ROWS)
    shown = result.series[::every]
    note = "" if every == 1 else f" (one of each {every})"
    columns = (
        "s", "for s", "deltas accepted", "seen (sample)", "records", "changed", "errors",
        "in flight", "waiting",
    )  # fmt: skip
    rows = [
        (
            f"{each.t:.4g}",
            f"{each.seconds:.3g}",
            number(each.deltas_accepted),
            number(each.deltas_visible),
            number(each.records),
            number(each.changed_records),
            number(each.errors),
            number(each.in_flight),
            "-" if each.queue_depth is None else number(each.queue_depth),
        )
        for each in shown
    ]
    table = page.table(columns, rows, numbers_from=0)
    return f"<details><summary>All samples{note}</summary>\n{table}</details>\n"
