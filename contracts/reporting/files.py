"""The same report in every format that programs read, as files of one folder."""

from __future__ import annotations

from pathlib import Path

from fluent_oms_simulator.contracts.rules.model import Severity

from .model import Report
from .render import render

REPORT_FILES = {"json": "report.json", "junit": "report.xml", "sarif": "report.sarif"}


def write_files(report: Report, folder: Path, fail_on: Severity = Severity.ERROR) -> None:
    """Write `report.json`, `report.xml` (JUnit) and `report.sarif`; raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    for form, name in REPORT_FILES.items():
        text = render(report, form, fail_on=fail_on)
        (folder / name).write_text(text, encoding="utf-8", newline="")
