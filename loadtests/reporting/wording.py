"""Numbers, times and verdicts as people read them."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from html import escape as html_escape

from fluent_oms_simulator.printable import printable
from rich.markup import escape as rich_escape

from .model import AuditResult, RunResult


def number(value: float) -> str:
    """A number with as many digits as a person can use; whole numbers in full."""
    if isinstance(value, int):
        return f"{value:,}"
    if not math.isfinite(value):
        return "-"
    if abs(value) >= 100 or value == 0:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3g}"


def short(value: float) -> str:
    """A number for the tick of an axis, such as `20k`."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.4g}{letter}"
    return f"{value:.4g}"


def milliseconds(value: float) -> str:
    """A duration given in milliseconds."""
    return f"{number(value)} ms" if value < 10_000 else f"{number(value / 1000)} s"


def duration(seconds: float) -> str:
    """A duration given in seconds."""
    if seconds < 120:
        return f"{seconds:.4g} s"
    if seconds < 7200:
        return f"{seconds / 60:.1f} min"
    return f"{seconds / 3600:.1f} h"


def moment(seconds: float) -> str:
    """A time since 1970, in UTC."""
    return f"{datetime.fromtimestamp(seconds, UTC):%d %b %Y %H:%M:%S} UTC"


def plural(value: int, one: str, many: str = "") -> str:
    """A number with its noun."""
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def headline(result: RunResult) -> str:
    """What came of a run, in a sentence."""
    missed = [each for each in result.objectives if not each.met]
    parts = []
    if result.objectives and not missed:
        parts.append(
            "All objectives met" if len(result.objectives) > 1 else "The objective was met"
        )
    elif missed:
        parts.append(f"{len(missed)} of {plural(len(result.objectives), 'objective')} missed")
    if result.audit is None:
        parts.append("what was sent has not been audited")
    else:
        parts.append(audit_verdict(result.audit))
    text = "; ".join(parts)
    return text[0].upper() + text[1:] + "."


def audit_verdict(audit: AuditResult) -> str:
    """What the audit found, in words."""
    if audit.clean:
        return "nothing lost, nothing doubled"
    found = []
    if audit.lost:
        found.append(f"{plural(audit.lost, 'delta')} lost")
    if audit.doubled:
        found.append(f"{plural(audit.doubled, 'delta')} doubled")
    if audit.wrong:
        found.append(f"{plural(audit.wrong, 'position')} wrong")
    return ", ".join(found)


def rates(result: RunResult) -> dict[str, float]:
    """What the run did a second, on average; empty for a run that took no time."""
    if result.duration <= 0:
        return {}
    totals = result.totals
    return {
        "deltas/s accepted": totals.deltas_accepted / result.duration,
        "records/s": totals.records / result.duration,
        "changed records/s": totals.changed_records / result.duration,
        "requests/s": totals.requests / result.duration,
    }


def escaped(text: str) -> str:
    """Text as it may stand in HTML and SVG; its line ends remain."""
    return html_escape("\n".join(map(printable, text.split("\n"))))


def plain(text: str) -> str:
    """Text as it may stand on one line of what rich prints."""
    return rich_escape(printable(text))
