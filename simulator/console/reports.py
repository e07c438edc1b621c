"""What every command that reports has in common: its formats, and a folder of report files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from .refusal import Refusal
from .report_folder import FAILURES, LEFT_BEHIND, OVERWRITE, ReportFolder

FORMATS = ("text", "json", "junit", "sarif", "github", "markdown", "html")
"""Those of `contracts.reporting.render`, which is too much to import for a line of help."""

FOLDER_HELP = (
    "Where to write report.json, report.xml (JUnit), report.sarif, summary.md (Markdown) and"
    f" report.html as well: a folder without a report, unless there is {OVERWRITE}."
)
OVERWRITE_HELP = (
    "Replace all that an earlier run has reported in the folder of --report-dir,"
    f" {FAILURES}/ and {LEFT_BEHIND} too."
)


def report_options(folder_help: str = FOLDER_HELP, replaced: str = "") -> Callable[[Any], Any]:
    """Adds --format, as `form`; --report-dir, as `report_dir`, a `Path` or None; --overwrite.

    `replaced` is what the last of them is for besides, if anything.
    """
    overwrite_help = f"{OVERWRITE_HELP} Also {replaced}." if replaced else OVERWRITE_HELP

    def add(function: Any) -> Any:
        overwrite = click.option(OVERWRITE, is_flag=True, help=overwrite_help)
        folder = click.option(
            "--report-dir", type=click.Path(file_okay=False, path_type=Path), help=folder_help
        )
        form = click.option(
            "--format", "form", type=click.Choice(FORMATS), default=FORMATS[0], show_default=True
        )
        return form(folder(overwrite(function)))

    return add


def report_folder(path: Path | None, *, overwrite: bool) -> ReportFolder | None:
    """The folder of --report-dir, tried; to be called before the work begins."""
    return None if path is None else ReportFolder(path, overwrite=overwrite, refuse=refusal)


def refusal(sentence: str) -> Refusal:
    """A refusal by the command that is run."""
    return Refusal(f"{click.get_current_context().command_path}: {sentence}")
