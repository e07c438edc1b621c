"""A folder of report files: what their names are, and that none is overwritten unasked."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

REPORT_FILES = {
    "json": "report.json",
    "junit": "report.xml",
    "sarif": "report.sarif",
    "markdown": "summary.md",
    "html": "report.html",
}
"""What `validate`, `report` and `contract` write, by format; `load` has a page of its own."""

FAILURES = "failures"
LEFT_BEHIND = "left-behind.txt"
"""What `contract` writes beside its report: the failures it recorded, what could not be taken back.
"""

RESULT = "result.json"
"""What `load` writes in the place of `report.json`."""

OVERWRITE = "--overwrite"


def try_folder(path: Path) -> None:
    """Make the folder, and write to it; raises OSError."""
    path.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=path) as tried:
        tried.write(b"\n")


def unwritable(path: Path, fault: OSError) -> str:
    """That a folder is of no use, and why, as the end of a sentence."""
    return f"nothing can be written to the folder {path}: {fault.strerror or fault}"


class ReportFolder:
    """The folder that a run reports to; what an earlier one has reported there is not lost unasked.

    With `overwrite` all of that is taken away when the first file is written, so that nothing of it
    stands beside what this run reports. `refuse` makes the exception that is raised, of a sentence.
    """

    def __init__(
        self, path: Path, *, overwrite: bool, refuse: Callable[[str], Exception] = OSError
    ) -> None:
        """Make the folder, and try it: who waits for a report learns at once that there is none."""
        self.path = path
        self._overwrite = overwrite
        self._refuse = refuse
        self._is_begun = False
        try:
            try_folder(path)
        except OSError as fault:
            raise self._unwritable(fault) from None
        self._keep_what_is_there()

    def begin(self) -> None:
        """Take away what an earlier run has reported, once; another may have ended meanwhile."""
        if self._is_begun:
            return
        self._keep_what_is_there()
        self._is_begun = True
        try:
            for file in self._of_an_earlier_run():
                file.unlink()
            with suppress(OSError):  # it may hold what is not ours, or not be there
                (self.path / FAILURES).rmdir()
        except OSError as fault:
            raise self._unwritable(fault) from None

    def write(self, name: str, text: str) -> Path:
        """Write one file of text, as UTF-8."""
        self.begin()
        file = self.path / name
        try:
            file.write_text(text, encoding="utf-8", newline="")
        except OSError as fault:
            raise self._unwritable(fault) from None
        return file

    def write_reports(self, render: Callable[[str], str]) -> None:
        """Write the report in each of the formats of `REPORT_FILES`."""
        for form, name in REPORT_FILES.items():
            self.write(name, render(form))

    def _keep_what_is_there(self) -> None:
        if self._overwrite:
            return
        try:
            file = next(self._of_an_earlier_run(), None)
        except OSError as fault:
            raise self._unwritable(fault) from None
        if file is not None:
            raise self._refuse(
                f"--report-dir: {file} is there already: name a folder without a report, or give"
                f" {OVERWRITE} to replace all that was reported there"
            )

    def _of_an_earlier_run(self) -> Iterator[Path]:
        known = (*REPORT_FILES.values(), LEFT_BEHIND, RESULT)
        yield from (file for name in known if (file := self.path / name).is_file())
        yield from filter(_is_recorded_failure, (self.path / FAILURES).glob("*.json"))

    def _unwritable(self, fault: OSError) -> Exception:
        return self._refuse(unwritable(self.path, fault))


def _is_recorded_failure(file: Path) -> bool:
    """Whether a file begins as `contract` writes them, be it cut off behind that."""
    beginning = b'{\n  "format": '
    if not file.is_file():
        return False
    with file.open("rb") as opened:
        return opened.read(len(beginning)) == beginning
