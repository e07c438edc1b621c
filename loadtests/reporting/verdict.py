"""What a run comes to, and the exit code that says the same."""

from __future__ import annotations

from enum import StrEnum


class Ending(StrEnum):
    """How a run ended: as it should, because somebody wanted it to, or because it had to."""

    COMPLETE = "complete"
    INTERRUPTED = "interrupted"
    TERMINATED = "terminated"
    HUNG_UP = "hung up"
    BROKEN_OFF = "broken off"


class Verdict(StrEnum):
    """Whether a server did what was asked of it."""

    MET = "met"
    MISSED = "missed"
    UNDECIDED = "could not be found out"
    INTERRUPTED = "interrupted"
    TERMINATED = "terminated"
    HUNG_UP = "hung up"

    @property
    def exit_code(self) -> int:
        """What the command ends with."""
        return _EXIT_CODES[self]

    @property
    def is_by_signal(self) -> bool:
        """Whether somebody wanted the run to end: Ctrl-C, SIGTERM, a terminal that was closed."""
        return self in ENDED_BY_SIGNAL.values()


_EXIT_CODES = {
    Verdict.MET: 0,
    Verdict.MISSED: 1,
    Verdict.UNDECIDED: 2,
    Verdict.INTERRUPTED: 130,
    Verdict.TERMINATED: 143,
    Verdict.HUNG_UP: 129,
}
"""For a signal what a shell reports: 128 and its number."""

ENDED_BY_SIGNAL = {
    Ending.INTERRUPTED: Verdict.INTERRUPTED,
    Ending.TERMINATED: Verdict.TERMINATED,
    Ending.HUNG_UP: Verdict.HUNG_UP,
}
