"""How fast a run was, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from .run import Outcome

MOST_SLOW = 5

_MEGABYTE = 1_000_000


def statistics(outcome: Outcome, seconds: float) -> Iterator[str]:
    """The rates, and the files that took longest."""
    seconds = max(seconds, 1e-9)
    counts = outcome.report.counts
    rates = [
        f"{counts[what] / seconds:,.0f} {what}/s"
        for what in ("records", "deltas", "events")
        if counts.get(what)
    ]
    rates.append(f"{outcome.size / _MEGABYTE / seconds:,.1f} MB/s")
    yield f"{outcome.size:,} bytes read in {seconds:.2f} s: {', '.join(rates)}"
    slow = sorted(outcome.report.checks, key=lambda check: -check.seconds)[:MOST_SLOW]
    if len(slow) > 1:
        yield f"slowest: {', '.join(f'{check.name} {check.seconds:.2f} s' for check in slow)}"
