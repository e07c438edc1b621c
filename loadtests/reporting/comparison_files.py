"""A comparison of two runs as JSON, as Markdown and as a page."""

from __future__ import annotations

from typing import Any

import orjson

from .compare import Comparison
from .load_pages import LOAD_PAGES
from .markdown_report import safe, table
from .run_result import RunResult
from .wording import headline, moment

_OPTIONS = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE


def json_comparison(comparison: Comparison) -> str:
    """Each figure as both reports print it, their ratio, and what else differs."""
    document = {
        "first": _run(comparison.first),
        "second": _run(comparison.second),
        "figures": comparison.figures,
        "differences": [
            {"name": name, "first": one, "second": other}
            for name, one, other in comparison.differences
        ],
        "caution": comparison.caution,
    }
    return orjson.dumps(document, option=_OPTIONS).decode()


def markdown_comparison(comparison: Comparison) -> str:
    """The same as tables, such as for the summary of a build."""
    runs = (("A", comparison.first), ("B", comparison.second))
    lines = ["### Load runs compared", "", safe(comparison.caution), ""]
    lines += table(
        ("", "scenario", "started", "outcome"),
        [(name, run.scenario, moment(run.started_at), headline(run)) for name, run in runs],
    )
    lines += table(
        ("", "A", "B", "B / A", ""),
        [
            (each.name, each.first, each.second, each.times, each.word)
            for each in comparison.figures
        ],
    )
    lines += table(("differs", "A", "B"), comparison.differences)
    return "\n".join(lines) + "\n"


def html_comparison(comparison: Comparison) -> str:
    """The same as a single HTML file."""
    return LOAD_PAGES.drawn("comparison.html", comparison=comparison)


def _run(run: RunResult) -> dict[str, Any]:
    return {
        "scenario": run.scenario,
        "url": run.url,
        "started_at": run.started_at,
        "command": run.command,
        "verdict": run.verdict,
    }
