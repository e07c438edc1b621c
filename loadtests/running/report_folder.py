"""The folder that a result goes to: looked at before there is any load, for a run is not repeated.

A folder that holds a result already is refused, so that no result is lost.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryFile

from .options import CannotRunError

NAME = "result.json"
PAGE = "report.html"
SUMMARY = "summary.md"
TEST_REPORT = "report.xml"
SARIF = "report.sarif"


def check(folder: str) -> None:
    """Raises CannotRunError where a result could not be written, or would replace another."""
    path = Path(folder) if folder else Path("load-results")
    if folder:
        for name in (NAME, PAGE, SUMMARY, TEST_REPORT, SARIF):
            if (path / name).exists():
                raise CannotRunError(
                    f"--report-dir: {path / name} is there already; name a folder without a result"
                )
    try:
        path.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=path) as probe:
            probe.write(b"probe")
    except OSError as fault:
        raise CannotRunError(
            f"--report-dir: {path} cannot be written to: {fault.strerror or fault}"
        ) from None
