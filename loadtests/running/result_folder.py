"""The folder that a result goes to: tried before there is any load, for a run is not repeated."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path

from fluent_oms_simulator.console.report_folder import ReportFolder

from ..traffic.load_options import CannotRunError, LoadOptions

DEFAULT = Path("load-results")


def report_folder(path: Path, options: LoadOptions) -> ReportFolder:
    """The folder, tried; raises CannotRunError where it is no use, or holds another result."""
    return ReportFolder(path, overwrite=options.overwrite, refuse=CannotRunError)


def try_report_folder(options: LoadOptions) -> None:
    """Raises CannotRunError where a result could not be written, or would replace another."""
    if options.report_dir:
        report_folder(Path(options.report_dir), options)
    else:  # where folders are made, which are told apart by their names
        report_folder(DEFAULT, replace(options, overwrite=True))


def default_folder(scenario: str, started_at: float) -> Path:
    """A folder that is not there yet, be there two runs in a second."""
    path = DEFAULT / f"{datetime.fromtimestamp(started_at, UTC):%Y%m%dT%H%M%SZ}-{scenario}"
    numbered = (path.with_name(f"{path.name}-{number}") for number in count(2))
    return next(each for each in chain([path], numbered) if not each.exists())
