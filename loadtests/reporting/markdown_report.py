"""A run as Markdown, such as for the summary of a build."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fluent_oms_simulator.text.printable import printable

from .run_result import RunResult
from .wording import (
    duration,
    headline,
    milliseconds,
    number,
    objective_found,
    objective_text,
    objective_word,
    rate_sent,
    rates,
)


def markdown_report(result: RunResult) -> str:
    """The verdict, what had to hold, and the figures."""
    return "\n".join(_lines(result)) + "\n"


def _lines(result: RunResult) -> Iterator[str]:
    yield f"### Load run: {safe(result.scenario)}"
    yield ""
    yield f"**{safe(headline(result))}**"
    yield ""
    yield f"{safe(result.url)}, {duration(result.duration)}"
    yield ""
    yield from table(
        ("objective", "found", "verdict"),
        [
            (objective_text(each), objective_found(each), objective_word(each))
            for each in result.objectives
        ],
    )
    yield from table(
        ("a second", ""), [(name, number(rate)) for name, rate in rates(result).items() if rate]
    )
    yield from table(
        ("time", "number", "p50", "p95", "p99", "p99.9"),
        [
            (name, number(each.count), *map(milliseconds, each.percentiles().values()))
            for name, each in result.latencies.items()
        ],
    )
    if result.rate is not None:
        yield f"- {safe(rate_sent(result.rate))}"
    for note in result.notes:
        yield f"- {safe(note)}"


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A table; nothing where it has no rows."""
    if rows:
        yield f"| {' | '.join(columns)} |"
        yield f"|{' --- |' * len(columns)}"
        for row in rows:
            yield f"| {' | '.join(map(safe, row))} |"
        yield ""


def safe(text: str) -> str:
    """Text on one line, without what would be markup."""
    line = " ".join(printable(text).split("\n"))
    return "".join(f"\\{each}" if each in "\\`*_[]<>|#&~" else each for each in line)
