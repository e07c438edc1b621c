"""Time as a value: the simulator asks a clock, never the machine."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Whatever can tell the time."""

    def now(self) -> int:
        """Milliseconds since 1970, UTC."""


class SystemClock:
    """The machine's own time."""

    def now(self) -> int:
        """Milliseconds since 1970, UTC."""
        return time.time_ns() // 1_000_000


class VirtualClock:
    """A clock that stands still until it is told to move."""

    def __init__(self, start: int) -> None:
        self._now = start

    def now(self) -> int:
        """Milliseconds since 1970, UTC."""
        return self._now

    def advance(self, milliseconds: int) -> None:
        """Move forward."""
        self._now += milliseconds


def moment(text: str) -> int:
    """Milliseconds since 1970 of an ISO 8601 time, in UTC unless it says otherwise.

    Raises ValueError for any other text.
    """
    try:
        read = datetime.fromisoformat(text)
        return milliseconds(read if read.tzinfo else read.replace(tzinfo=UTC))
    except OverflowError as error:
        raise ValueError(text) from error


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def timestamp(milliseconds: int) -> str:
    """The platform's form of an instant: `2026-02-05T06:31:56.895+00:00`.

    Fluent docs: orchestration audit events, 26 Feb 2025.
    """
    return instant(milliseconds).isoformat(timespec="milliseconds")


def instant(milliseconds: int) -> datetime:
    """The same moment as an aware datetime; exact, without a detour over floats."""
    return _EPOCH + timedelta(milliseconds=milliseconds)


def milliseconds(moment: datetime) -> int:
    """Milliseconds since 1970 of an aware datetime."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)
