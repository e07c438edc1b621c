"""The report of one run for a terminal: the verdict last, where the eye is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from rich.console import Console
from rich.table import Table

from .run_result import RunResult
from .verdict import Verdict
from .wording import (
    duration,
    headline,
    milliseconds,
    number,
    objective_found,
    objective_text,
    objective_word,
    plain,
    plural,
    rate_sent,
    rates,
    sample,
    step_word,
)

_MOST_EXAMPLES = 5
_COLOURS = {
    Verdict.MET: "green",
    Verdict.MISSED: "red",
}


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
    if result.rate is not None:
        _line(console, f"rate        {plain(rate_sent(result.rate))}")
    if result.totals.deltas_watched:
        _line(console, f"sample      {sample(result.totals)}")
    for name, meaning in result.counted.items():
        _line(console, f"[dim]{plain(f'{name}: {meaning}')}[/dim]")
    _show_steps(result, console)
    for each in result.objectives:
        colour = {True: "green", False: "red", None: "yellow"}[each.met]
        _line(
            console,
            f"[{colour}]{objective_word(each):<10}[/{colour}]  {plain(objective_text(each))}"
            f"  found {plain(objective_found(each))}",
        )
    _show_audit(result, console)
    for note in result.notes:
        _line(console, plain(note))
    colour = _COLOURS.get(result.verdict, "yellow")
    _line(console, f"[bold {colour}]{plain(headline(result))}[/bold {colour}]")


def _show_steps(result: RunResult, console: Console) -> None:
    """The rates that a search has tried, beside what must hold at each of them."""
    if not result.steps:
        return
    targets = [each.text for each in result.steps[0].objectives]
    _show_table(
        console,
        ("deltas/s tried", "sent/s", "accepted/s", *targets, ""),
        [
            (
                number(each.rate),
                number(each.sent),
                number(each.accepted),
                *(found.value for found in each.objectives),
                step_word(each),
            )
            for each in result.steps
        ],
        folded=True,
    )


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
        f"audit       {plural(audit.positions, 'position')} ({audit.by_row:,} quantity by quantity,"
        f" the others by their stock), {plural(audit.deltas, 'acknowledged delta')}:"
        f" {audit.lost:,} lost, {audit.doubled:,} doubled; {audit.wrong:,} positions wrong;"
        f" {audit.open:,} deltas may rightly count or not",
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


def _show_table(
    console: Console,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    folded: bool = False,
) -> None:
    """A table; `folded` breaks what is too long for the terminal instead of cutting it."""
    if not rows:
        return
    table = Table(box=None, pad_edge=False)
    for place, name in enumerate(columns):
        side: Literal["left", "right"] = "left" if place == 0 else "right"
        table.add_column(plain(name), justify=side, no_wrap=not folded, overflow="fold")
    for row in rows:
        table.add_row(*(plain(each) for each in row))
    console.print(table)


def _line(console: Console, text: str) -> None:
    console.print(text, highlight=False, soft_wrap=True)
