"""Reports of a run of pytest: each test, and of those that failed what went over the wire."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from ..console.report_folder import REPORT_FILES, ReportFolder
from ..text.printable import unicode_text
from .worlds_of_tests import WORLDS

WIRE = "fluent_oms_wire"
"""The field of a test's report that has it; with pytest-xdist it comes from a worker so."""


class FailureReports:
    """A plugin of pytest's that gathers what tests came to, and writes it when all have run."""

    def __init__(self, config: pytest.Config, folder: str) -> None:
        self._is_worker = hasattr(config, "workerinput")
        self._tests: dict[str, dict[str, Any]] = {}
        if not self._is_worker:
            path = Path(config.invocation_params.dir, folder)
            self._folder = ReportFolder(path, overwrite=True, refuse=_refusal)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Ask its worlds, while they are there, when a test has failed."""
        report = yield
        if report.failed:
            worlds = item.stash.get(WORLDS, [])
            setattr(report, WIRE, [world.wire_story() for world in worlds])
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Gather what each phase of a test came to."""
        if self._is_worker:
            return
        test = self._tests.setdefault(report.nodeid, _untold(report.nodeid))
        test["seconds"] += report.duration
        if report.failed or (report.skipped and test["outcome"] == "passed"):
            in_the_test = report.when == "call" or report.skipped
            test["outcome"] = report.outcome if in_the_test else "error"
            test["why"] += unicode_text(report.longreprtext)
            test["worlds"] += getattr(report, WIRE, [])

    def pytest_sessionfinish(self) -> None:
        """Write the reports."""
        if self._is_worker:
            return
        from .written_reports import as_html, as_json, as_junit

        tests = list(self._tests.values())
        self._folder.write(REPORT_FILES["json"], as_json(tests))
        self._folder.write(REPORT_FILES["junit"], as_junit(tests))
        self._folder.write(REPORT_FILES["html"], as_html(tests))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say where they are."""
        if not self._is_worker:
            page = self._folder.path / REPORT_FILES["html"]
            terminalreporter.write_line(f"What went over the wire: {page}")


def _untold(name: str) -> dict[str, Any]:
    return {
        "test": unicode_text(name),
        "outcome": "passed",
        "seconds": 0.0,
        "why": "",
        "worlds": [],
    }


def _refusal(sentence: str) -> Exception:
    return pytest.UsageError(sentence.replace("--report-dir", "--fluent-oms-report"))
