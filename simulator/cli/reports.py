"""What every command that reports has in common: its formats, and a folder of report files."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from . import Refusal

FORMATS = ("text", "json", "junit", "sarif", "github", "markdown")
"""Those of `contracts.reporting.render`, which is too much to import for a line of help."""

REPORT_FILES = {
    "json": "report.json",
    "junit": "report.xml",
    "sarif": "report.sarif",
    "markdown": "summary.md",
}

FAILURES = "failures"
LEFT_BEHIND = "left-behind.txt"
"""What `contract` writes beside its report: the failures it recorded, what could not be taken back.
"""

FOLDER_HELP = (
    "Where to write report.json, report.xml (JUnit), report.sarif and summary.md (Markdown) as"
    f" well. All that an earlier run has reported there is replaced, {FAILURES}/ and {LEFT_BEHIND}"
    " too."
)


def report_options(folder_help: str = FOLDER_HELP) -> Callable[[Any], Any]:
    """Adds --format, as `form`, and --report-dir, as `report_dir`, a `Path` or None."""

    def add(function: Any) -> Any:
        folder = click.option(
            "--report-dir", type=click.Path(file_okay=False, path_type=Path), help=folder_help
        )
        form = click.option(
            "--format", "form", type=click.Choice(FORMATS), default=FORMATS[0], show_default=True
        )
        return form(folder(function))

    return add


class ReportFolder:
    """A folder that files can be written to; refuses with a sentence, naming the command.

    Nothing that an earlier run has reported stands beside what this one reports: it is taken away
    when the first of it is written.
    """

    def __init__(self, path: Path) -> None:
        """Make the folder, and try it: who waits for a report learns at once that there is none."""
        self.path = path
        self._is_begun = False
        try:
            path.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=path) as tried:
                tried.write(b"\n")
        except OSError as fault:
            raise self._refusal(fault) from None

    def begin(self) -> None:
        """Take away what an earlier run has reported, once."""
        if self._is_begun:
            return
        self._is_begun = True
        try:
            for file in self._of_an_earlier_run():
                file.unlink()
            with suppress(OSError):  # it may hold what is not ours, or not be there
                (self.path / FAILURES).rmdir()
        except OSError as fault:
            raise self._refusal(fault) from None

    def _of_an_earlier_run(self) -> Iterator[Path]:
        known = [self.path / name for name in (*REPORT_FILES.values(), LEFT_BEHIND)]
        yield from (file for file in known if file.is_file())
        yield from filter(_is_recorded_failure, (self.path / FAILURES).glob("*.json"))

    def write(self, name: str, text: str) -> Path:
        """Write one file of text, as UTF-8."""
        file = self.path / name
        try:
            file.write_text(text, encoding="utf-8", newline="")
        except OSError as fault:
            raise self._refusal(fault) from None
        return file

    def write_reports(self, render: Callable[[str], str]) -> None:
        """Write the report in each of the formats of `REPORT_FILES`."""
        self.begin()
        for form, name in REPORT_FILES.items():
            self.write(name, render(form))

    def _refusal(self, fault: OSError) -> Refusal:
        why = fault.strerror or str(fault)
        command = click.get_current_context().command_path
        return Refusal(f"{command}: nothing can be written to the folder {self.path}: {why}")


def _is_recorded_failure(file: Path) -> bool:
    """Whether a file begins as `contract` writes them, be it cut off behind that."""
    beginning = b'{\n  "format": '
    if not file.is_file():
        return False
    with file.open("rb") as opened:
        return opened.read(len(beginning)) == beginning


def report_folder(path: Path | None) -> ReportFolder | None:
    """The folder of --report-dir, tried; to be called before the work begins."""
    return None if path is None else ReportFolder(path)
