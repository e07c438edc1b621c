"""A file of what was tried, a line for each schedule, from which a search goes on.

A line is written as soon as its schedule has been tried; one that was cut off is tried again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .disturbed_runs import RunOutcome
from .found_breaks import Finding
from .passed_points import PassedPoints

FORMAT = "fluent-sim explore, 1"


class UnusableProgressError(Exception):
    """A file from which this search cannot go on; the message is the end of a sentence."""


class NotKept:
    """Where nothing is to be kept."""

    went_on_from = 0

    def begin(self, passed: PassedPoints) -> None:
        """Nothing was passed before."""

    def outcome(self, key: str) -> RunOutcome | None:  # noqa: ARG002 - as in ProgressFile
        """Nothing was tried before."""
        return None

    def finding(self, key: str) -> Finding | None:  # noqa: ARG002
        """Nothing was found before."""
        return None

    def keep(self, outcome: RunOutcome, finding: Finding | None) -> None:
        """Nothing is kept."""


class ProgressFile:
    """The file; `asked` is what has to be the same for what was tried to hold good."""

    def __init__(self, path: Path, asked: Mapping[str, Any]) -> None:
        self._path = path
        self._asked = {"format": FORMAT, **asked}
        self._outcomes: dict[str, RunOutcome] = {}
        self._findings: dict[str, Finding] = {}
        self._passed: Mapping[str, int] | None = None
        self.went_on_from = 0
        """How many schedules had been tried before."""
        lines = self._lines()
        if lines:
            self._read_head(lines[0])
            for line in lines[1:]:
                self._read_line(line)
        self.went_on_from = len(self._outcomes)

    def begin(self, passed: PassedPoints) -> None:
        """Write the head; raises UnusableProgressError where other points were passed before."""
        requests = dict(passed.requests)
        if self._passed is None:
            self._write({**self._asked, "requests": requests})
        elif self._passed != requests:
            was = ", ".join(f"{count:,} {name}" for name, count in self._passed.items())
            raise UnusableProgressError(
                f"{self._path}: undisturbed, the command sent {was} before, and now does not:"
                " take another file"
            )

    def outcome(self, key: str) -> RunOutcome | None:
        """Of a schedule that was tried."""
        return self._outcomes.get(key)

    def finding(self, key: str) -> Finding | None:
        """What one that convicts was reduced to."""
        return self._findings.get(key)

    def keep(self, outcome: RunOutcome, finding: Finding | None) -> None:
        """Write what came of a schedule."""
        found = None if finding is None else finding.document()
        self._write({"outcome": outcome.document(), "finding": found})

    def _write(self, document: Mapping[str, Any]) -> None:
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(document) + "\n")
        except OSError as fault:
            raise UnusableProgressError(f"{self._path}: {fault.strerror or fault}") from None

    def _lines(self) -> list[str]:
        """Those that are whole; what was cut off is taken away."""
        if self._path.exists() and not self._path.is_file():  # a device may have no end
            raise self._unusable("it is no file that can be kept")
        try:
            text = self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return []
        except UnicodeDecodeError:
            raise self._unusable("it is no text") from None
        except OSError as fault:
            raise UnusableProgressError(f"{self._path}: {fault.strerror or fault}") from None
        whole, newline, rest = text.rpartition("\n")
        if rest:
            if not newline:
                raise self._unusable("it was not written by `fluent-sim explore`")
            self._path.write_text(whole + newline, encoding="utf-8")
        return whole.splitlines()

    def _read_head(self, line: str) -> None:
        head = _object(line)
        if head.get("format") != FORMAT or not isinstance(head.get("requests"), dict):
            raise self._unusable("it was not written by this version of `fluent-sim explore`")
        for name, wanted in self._asked.items():
            if head.get(name) != wanted:
                raise self._unusable(
                    f"it is of a search with another {name}: {json.dumps(head.get(name))[:200]}"
                )
        self._passed = head["requests"]

    def _read_line(self, line: str) -> None:
        told = _object(line)
        try:
            outcome = RunOutcome.read(told["outcome"])
            self._outcomes[outcome.key] = outcome
            if told["finding"] is not None:
                self._findings[outcome.key] = Finding.read(told["finding"])
        except (KeyError, TypeError, ValueError, AttributeError):
            raise self._unusable(f"a line of it cannot be read: {line[:100]!r}") from None

    def _unusable(self, why: str) -> UnusableProgressError:
        return UnusableProgressError(f"{self._path}: {why}; take another file")


def _object(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
