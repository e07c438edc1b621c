"""Two runs side by side: what changed, and whether they may be compared at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from .histogram import WIDTH
from .run_result import RunResult
from .wording import duration, headline, milliseconds, moment, number, plain, rates

_ABOUT_EQUAL = 0.1
"""Ratios this near to 1 say nothing: no machine is steadier than that."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in both runs as people read it; `ratio` is the second over the first.

    `better` says whether the second is better; None where that is no question, or about equal.
    """

    name: str
    first: str
    second: str
    ratio: float | None
    better: bool | None

    @property
    def times(self) -> str:
        """How many times the first the second is."""
        return "-" if self.ratio is None else f"{self.ratio:.2f}"

    @property
    def word(self) -> str:
        """Whether the second is better."""
        equal = "about equal" if self.ratio else ""
        return {True: "better", False: "worse", None: equal}[self.better]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`figures` are what was measured; `differences` what was not the same about the runs."""

    first: RunResult
    second: RunResult
    figures: tuple[Figure, ...]
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
    for each in comparison.figures:
        colour = {True: "green", False: "red", None: "default"}[each.better]
        table.add_row(
            plain(each.name), each.first, each.second, each.times, f"[{colour}]{each.word}[/]"
        )
    for name, run in (("A", first), ("B", second)):
        text = f"{name}  {run.scenario}, {moment(run.started_at)}: {headline(run)}"
        console.print(plain(text), highlight=False, soft_wrap=True)
    console.print(table)
    for name, one, other in comparison.differences:
        text = f"differs: {name}: {one} -> {other}"
        console.print(plain(text), highlight=False, soft_wrap=True)
    console.print(plain(comparison.caution), highlight=False, soft_wrap=True)


def _figures(first: RunResult, second: RunResult) -> Iterator[Figure]:
    before, after = rates(first), rates(second)
    for name in before:
        if name in after and (before[name] or after[name]):
            yield _figure(name, before[name], after[name], number, more_is_better=True)
    for name in dict.fromkeys((*first.latencies, *second.latencies)):
        one, other = first.latencies.get(name), second.latencies.get(name)
        if one is None or other is None or not (one.count and other.count):
            yield Figure(name, _measured(one is not None), _measured(other is not None), None, None)
            continue
        for percent in (50, 95, 99):
            figure = f"{name} p{percent}"
            before_ms, after_ms = one.percentile(percent), other.percentile(percent)
            yield _figure(figure, before_ms, after_ms, milliseconds, more_is_better=False)
    yield _figure("errors", first.totals.errors, second.totals.errors, number, more_is_better=False)
    if first.audit is not None and second.audit is not None:
        for name in ("lost", "doubled", "wrong"):
            found = getattr(first.audit, name), getattr(second.audit, name)
            yield _figure(name, found[0], found[1], number, more_is_better=False, tolerance=0)


def _figure(
    name: str,
    first: float,
    second: float,
    shown: Callable[[float], str],
    *,
    more_is_better: bool,
    tolerance: float = _ABOUT_EQUAL,
) -> Figure:
    times = second / first if first else None
    equal = first == second or (times is not None and abs(times - 1) <= tolerance)
    better = None if equal else (second > first) == more_is_better
    return Figure(name, shown(first), shown(second), times, better)


def _measured(there: bool) -> str:
    return "measured" if there else "not measured"


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
