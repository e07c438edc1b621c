"""Time as a value: the simulator asks a clock, never the machine."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Protocol


class Clock(Protocol):
    """Whatever can tell the time."""

    def now(self) -> int:
        """Milliseconds since 1970, UTC."""


class Course(NamedTuple):
    """How a clock goes: what it showed when it was last touched, and how it goes on from there."""

    since: int
    """The machine's nanoseconds when it was touched."""
    shown: int
    """Milliseconds since 1970 that it showed then."""
    rate: float = 1
    """How much faster than the machine's it goes."""
    is_frozen: bool = False

    @property
    def follows_machine(self) -> bool:
        """Whether it shows what the machine does."""
        return self == Course(self.since, self.since // 1_000_000)


class MovableClock:
    """The machine's time, until it is set, stopped, moved on or run at another rate."""

    def __init__(self, machine: Callable[[], int] = time.time_ns) -> None:
        self._machine = machine
        self._lock = threading.Lock()
        self.follow_machine()

    @property
    def course(self) -> Course:
        """How it goes now."""
        return self._course

    def now(self) -> int:
        """Milliseconds since 1970, UTC; it stops at the end of the year 9999."""
        since, shown, rate, is_frozen = self._course
        if is_frozen:
            return shown
        return min(shown + int((self._machine() - since) * rate) // 1_000_000, END_OF_TIME)

    def follow_machine(self) -> None:
        """Show the machine's time again, and go as it does."""
        with self._lock:
            since = self._machine()
            self._course = Course(since, since // 1_000_000)

    def change(
        self, *, now: int | None = None, rate: float | None = None, is_frozen: bool | None = None
    ) -> None:
        """Go on from `now`, at this rate, or stand still; what is None stays as it is."""
        with self._lock:
            before = self._course
            self._course = Course(
                self._machine(),
                self.now() if now is None else now,
                before.rate if rate is None else rate,
                before.is_frozen if is_frozen is None else is_frozen,
            )

    def follow(self, course: Course, shown: int) -> None:
        """Go on from what it showed when it went this way, or with the machine if it did."""
        if course.follows_machine:
            self.follow_machine()
        else:
            self.change(now=shown, rate=course.rate, is_frozen=course.is_frozen)

    def advance(self, milliseconds: int) -> None:
        """Move forward at once."""
        with self._lock:
            moved = min(self.now() + milliseconds, END_OF_TIME)
            self._course = self._course._replace(since=self._machine(), shown=moved)


class VirtualClock(MovableClock):
    """A clock that stands still until it is told to move."""

    def __init__(self, start: int) -> None:
        super().__init__()
        self.change(now=start, is_frozen=True)


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


END_OF_TIME = milliseconds(datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=UTC))
"""The last moment that can be written."""
