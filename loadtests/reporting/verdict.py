"""What a run comes to, and the exit code that says the same."""

from __future__ import annotations

from enum import StrEnum


class Ending(StrEnum):
    """How a run ended: as it should, because somebody wanted it to, or because it had to."""

    COMPLETE = "complete"
    INTERRUPTED = "interrupted"
    BROKEN_OFF = "broken off"


class Verdict(StrEnum):
    """Whether a server did what was asked of it."""

    MET = "met"
    MISSED = "missed"
    UNDECIDED = "could not be found out"
    INTERRUPTED = "interrupted"

    @property
    def exit_code(self) -> int:
        """What the command ends with."""
        return _EXIT_CODES[self]


_EXIT_CODES = {
    Verdict.MET: 0,
    Verdict.MISSED: 1,
    Verdict.UNDECIDED: 2,
    Verdict.INTERRUPTED: 130,
}
