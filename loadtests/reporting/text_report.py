"""The report of one run for a terminal: the verdict last, where the eye is."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from .model import RunResult
from .wording import duration, headline, milliseconds, number, plain, plural, rates

_MOST_EXAMPLES = 5


def show(result: RunResult, console: Console) -> None:
    """Print what a person wants to know right after a run."""
    title = f"{result.scenario} against {result.url}, {duration(result.duration)}"
    console.print(f"[bold]{plain(title)}[/bold]", highlight=False, soft_wrap=True)
    _show_table(
        console,
        ("a second", "", "in all", ""),
        [
            (name, number(rate), total_name, number(total))
            for (name, rate), (total_name, total) in zip(
                rates(result).items(), _totals(result), strict=False
            )
        ],
    )
    _show_table(
        console,
        ("time", "number", "p50", "p95", "p99", "p99.9", "longest"),
        [
            (
                name,
                number(each.count),
                *(milliseconds(value) for value in each.percentiles().values()),
                milliseconds(each.most),
            )
            for name, each in result.latencies.items()
        ],
    )
    _show_table(
        console,
        ("error", "number"),
        [(code, number(count)) for code, count in sorted(result.errors.items())],
    )
    for each in result.objectives:
        verdict = "[green]met   [/green]" if each.met else "[red]missed[/red]"
        _line(console, f"{verdict}  {plain(each.text)}  found {plain(each.value)}")
    _show_audit(result, console)
    for note in result.notes:
        _line(console, plain(note))
    colour = "green" if result.met else "red"
    _line(console, f"[bold {colour}]{plain(headline(result))}[/bold {colour}]")


def _totals(result: RunResult) -> list[tuple[str, int]]:
    totals = result.totals
    return [
        ("deltas accepted", totals.deltas_accepted),
        ("records", totals.records),
        ("changed records", totals.changed_records),
        ("requests", totals.requests),
    ]


def _show_audit(result: RunResult, console: Console) -> None:
    audit = result.audit
    if audit is None:
        return
    _line(
        console,
        f"audit   {plural(audit.positions, 'position')}, {plural(audit.deltas, 'delta')}: "
        f"{audit.lost:,} lost, {audit.doubled:,} doubled, {audit.wrong:,} wrong, "
        f"{audit.open:,} open",
    )
    if not audit.settled:
        _line(console, "[red]the server was still changing when the audit stopped waiting[/red]")
    for each in audit.examples[:_MOST_EXAMPLES]:
        blamed = f", deltaId {each.delta_id}" if each.delta_id else ""
        carried = f", {each.request}" if each.request else ""
        text = (
            f"  {each.kind}  {each.product_ref} at {each.location_ref}: "
            f"expected {each.expected}, found {each.found}{blamed}{carried}"
        )
        _line(console, plain(text))
    more = audit.lost + audit.doubled + audit.wrong - min(len(audit.examples), _MOST_EXAMPLES)
    if more > 0:
        _line(console, f"  and {more:,} more")


def _show_table(console: Console, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    if not rows:
        return
    table = Table(box=None, pad_edge=False)
    for place, name in enumerate(columns):
        table.add_column(name, justify="left" if place == 0 else "right", no_wrap=True)
    for row in rows:
        table.add_row(*(plain(each) for each in row))
    console.print(table)


def _line(console: Console, text: str) -> None:
    console.print(text, highlight=False, soft_wrap=True)
