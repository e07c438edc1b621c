"""Where results go: tables for a person, JSON for the next run to be compared with."""

from __future__ import annotations

import math
import os
import platform
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import orjson
from fluent_oms_simulator.console.interrupts import Ended
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .figures import Report

PACKAGES = ("fluent-oms-simulator", "flask", "granian", "jsonschema-rs", "orjson", "psutil")

RESULTS = Path("bench-results")
"""Where figures go that are given no file."""


def environment() -> dict[str, object]:
    """What a reader needs to know before comparing two runs."""
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "platform": platform.platform(),
        "cpus": os.cpu_count(),
        "packages": {name: metadata.version(name) for name in PACKAGES},
    }


def shown(value: float) -> str:
    """A number with as many digits as a person can use."""
    if not math.isfinite(value):
        return "-"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) >= 1 else f"{value:.3g}"


def show(report: Report, console: Console) -> None:
    """Print one benchmark's measurements and targets."""
    table = Table(title=f"{report.name}: {report.question}", title_justify="left")
    table.add_column("measured")
    for column in ("median", "min .. max", "runs"):
        table.add_column(column, justify="right")
    table.add_column("unit")
    for sample in report.samples:
        spread = f"{shown(sample.lowest)} .. {shown(sample.highest)}"
        runs = str(len(sample.values))
        table.add_row(sample.label, shown(sample.median), spread, runs, sample.unit)
    console.print(table)
    for note in report.notes:
        console.print(f"  {note}", highlight=False, soft_wrap=True)
    show_targets([report], console)


def show_targets(reports: list[Report], console: Console) -> None:
    """Print each target with its verdict, one to a line."""
    for report in reports:
        for target in report.targets:
            colour = "green" if target.verdict == "reached" else "red"
            console.print(
                Text.assemble(
                    "  ",
                    (target.verdict, colour),
                    f"  {report.name}: {target.label} = {shown(target.value)}{target.unit}"
                    f" (target: {target.sense} {shown(target.limit)}{target.unit})",
                ),
                soft_wrap=True,
            )
    console.print()


def write(
    reports: list[Report],
    command: str,
    quick: bool,
    path: Path | None,
    ended_by: Ended | None = None,
) -> Path:
    """Write every figure, the machine and the command that repeats the run.

    `ended_by` marks a run that a signal has ended: its figures are not all.
    """
    now = datetime.now(UTC)
    target = path or RESULTS / f"{now:%Y%m%dT%H%M%SZ}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    document = {
        "measuredOn": now.isoformat(timespec="seconds"),
        "command": command,
        "quick": quick,
        "endedBy": ended_by,
        "environment": environment(),
        "benchmarks": [as_json(report) for report in reports],
    }
    target.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n")
    return target


def as_json(report: Report) -> dict[str, object]:
    """One report as plain values, with its medians and verdicts worked out."""
    return {
        "name": report.name,
        "question": report.question,
        "samples": [
            {
                "label": sample.label,
                "unit": sample.unit,
                "median": sample.median,
                "min": sample.lowest,
                "max": sample.highest,
                "values": sample.values,
            }
            for sample in report.samples
        ],
        "targets": [
            {
                "label": target.label,
                "value": target.value,
                "sense": target.sense,
                "limit": target.limit,
                "unit": target.unit,
                "verdict": target.verdict,
            }
            for target in report.targets
        ],
        "notes": report.notes,
    }
