"""What a run of an event did with each of its deltas."""

from enum import IntEnum


class DeltaOutcome(IntEnum):
    """What came of a delta each time that it arrived; a byte for each is all that a run leaves."""

    WAITING = 0
    APPLIED = 1
    """For the first time, as far as the catalogue knows."""
    REPEATED = 2
    """Its quantity was there with the same amount: nothing has changed."""
    REPLACED = 3
    """Its quantity was there with another amount, and has been given this one."""
    ADDED = 4
    """Its quantity was there, and this has been added to it."""
    LEFT_OUT = 5
    FAILED = 6
    NO_MATCH = 7
    REFUSED = 8
    """Its request was: it was never taken in."""
