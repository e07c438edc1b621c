"""Two runs side by side: what changed, and whether they may be compared at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from . import page
from .histogram import WIDTH
from .page import Cell
from .run_result import RunResult
from .wording import duration, escaped, headline, milliseconds, moment, number, plain, rates

_ABOUT_EQUAL = 0.1
"""Ratios this near to 1 say nothing: no machine is steadier than that."""


@dataclass(frozen=True, slots=True)
class Row:
    """A figure in both runs as people read it; `ratio` is the second over the first.

    `better` says whether the second is better; None where that is no question, or about equal.
    """

    name: str
    first: str
    second: str
    ratio: float | None
    better: bool | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """`figures` are what was measured; `differences` what was not the same about the runs."""

    first: RunResult
    second: RunResult
    figures: tuple[Row, ...]
    differences: tuple[tuple[str, str, str], ...]

    @property
    def caution(self) -> str:
        """A sentence on how far the runs can be compared."""
        if not self.differences:
            return "The runs had the same scenario, settings and environment."
        names = ", ".join(name for name, _, _ in self.differences)
        return f"Compare with care, for these differ: {names}."


def compare(first: RunResult, second: RunResult) -> Comparison:
    """Set a run beside an earlier one."""
    return Comparison(
        first, second, tuple(_figures(first, second)), tuple(_differences(first, second))
    )


def show(comparison: Comparison, console: Console) -> None:
    """Print it for a person."""
    first, second = comparison.first, comparison.second
    table = Table(box=None, pad_edge=False)
    for place, name in enumerate(("", "A", "B", "B / A", "")):
        table.add_column(name, justify="left" if place in (0, 4) else "right", no_wrap=True)
    for row in comparison.figures:
        colour = {True: "green", False: "red", None: "default"}[row.better]
        table.add_row(
            plain(row.name), row.first, row.second, ratio(row), f"[{colour}]{word(row)}[/]"
        )
    for name, run in (("A", first), ("B", second)):
        text = f"{name}  {run.scenario}, {moment(run.started_at)}: {headline(run)}"
        console.print(plain(text), highlight=False, soft_wrap=True)
    console.print(table)
    for name, one, other in comparison.differences:
        text = f"differs: {name}: {one} -> {other}"
        console.print(plain(text), highlight=False, soft_wrap=True)
    console.print(plain(comparison.caution), highlight=False, soft_wrap=True)


def html(comparison: Comparison) -> str:
    """The same as a single HTML file."""
    first, second = comparison.first, comparison.second
    style = {True: "good", False: "bad", None: ""}
    figures = (
        (row.name, row.first, row.second, ratio(row), Cell(word(row), style[row.better]))
        for row in comparison.figures
    )
    runs = (
        ("A", first.scenario, moment(first.started_at), headline(first), first.command),
        ("B", second.scenario, moment(second.started_at), headline(second), second.command),
    )
    differences = page.table(("", "A", "B"), comparison.differences)
    return page.page(
        f"{first.scenario} and {second.scenario} compared",
        f"<h1>Load runs compared: {escaped(first.scenario)} and {escaped(second.scenario)}</h1>\n",
        page.paragraph(comparison.caution),
        page.table(("", "scenario", "started", "outcome", "command"), runs),
        page.heading("Figures"),
        page.table(("", "A", "B", "B / A", ""), figures, numbers_from=1),
        page.heading("What differs") + differences if comparison.differences else "",
    )


def _figures(first: RunResult, second: RunResult) -> Iterator[Row]:
    before, after = rates(first), rates(second)
    for name in before:
        if name in after and (before[name] or after[name]):
            yield _row(name, before[name], after[name], number, more_is_better=True)
    for name in dict.fromkeys((*first.latencies, *second.latencies)):
        one, other = first.latencies.get(name), second.latencies.get(name)
        if one is None or other is None or not (one.count and other.count):
            yield Row(name, _measured(one is not None), _measured(other is not None), None, None)
            continue
        for percent in (50, 95, 99):
            figure = f"{name} p{percent}"
            before_ms, after_ms = one.percentile(percent), other.percentile(percent)
            yield _row(figure, before_ms, after_ms, milliseconds, more_is_better=False)
    yield _row("errors", first.totals.errors, second.totals.errors, number, more_is_better=False)
    if first.audit is not None and second.audit is not None:
        for name in ("lost", "doubled", "wrong"):
            found = getattr(first.audit, name), getattr(second.audit, name)
            yield _row(name, found[0], found[1], number, more_is_better=False, tolerance=0)


def _row(
    name: str,
    first: float,
    second: float,
    shown: Callable[[float], str],
    *,
    more_is_better: bool,
    tolerance: float = _ABOUT_EQUAL,
) -> Row:
    times = second / first if first else None
    equal = first == second or (times is not None and abs(times - 1) <= tolerance)
    better = None if equal else (second > first) == more_is_better
    return Row(name, shown(first), shown(second), times, better)


def _measured(there: bool) -> str:
    return "measured" if there else "not measured"


def ratio(row: Row) -> str:
    """How many times the first the second is."""
    return "-" if row.ratio is None else f"{row.ratio:.2f}"


def word(row: Row) -> str:
    """Whether the second is better."""
    return {True: "better", False: "worse", None: "about equal" if row.ratio else ""}[row.better]


def _differences(first: RunResult, second: RunResult) -> Iterator[tuple[str, str, str]]:
    """What a reader has to know before believing a ratio; only what is not the same."""
    one, other = _circumstances(first), _circumstances(second)
    for name in dict.fromkeys((*one, *other)):
        if one.get(name) != other.get(name):
            yield name, one.get(name, "-"), other.get(name, "-")


def _circumstances(run: RunResult) -> dict[str, str]:
    environment = run.environment
    widest = max((each.width for each in run.latencies.values()), default=WIDTH)
    return {
        "scenario": run.scenario,
        "duration": duration(round(run.duration)),
        "seed": str(run.seed),
        "times right to within": f"{widest:.0%}",
        **{name: str(value) for name, value in run.settings.items()},
        "Python": environment.python,
        "platform": environment.platform,
        "cores": str(environment.cores),
        **environment.versions,
    }
