"""What a run comes to, and the exit code that says the same."""

from __future__ import annotations

from enum import StrEnum

from fluent_oms_simulator.console.interrupts import Ended


class Ending(StrEnum):
    """How a run ended: as it should, because somebody wanted it to, or because it had to."""

    COMPLETE = "complete"
    INTERRUPTED = Ended.INTERRUPTED.value
    TERMINATED = Ended.TERMINATED.value
    HUNG_UP = Ended.HUNG_UP.value
    BROKEN_OFF = "broken off"


class Verdict(StrEnum):
    """Whether a server did what was asked of it."""

    MET = "met"
    MISSED = "missed"
    UNDECIDED = "could not be found out"
    INTERRUPTED = Ended.INTERRUPTED.value
    TERMINATED = Ended.TERMINATED.value
    HUNG_UP = Ended.HUNG_UP.value

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
    **{Verdict(ended): ended.exit_code for ended in Ended},
}

ENDED_BY_SIGNAL = {Ending(ended): Verdict(ended) for ended in Ended}
