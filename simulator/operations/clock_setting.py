"""The simulator's time: to be read, set, stopped, moved on, and run at another rate."""

import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ..behaviour import Behaviour
from ..clock import END_OF_TIME, MovableClock, moment, timestamp
from ..errors import Fault, api_error, refused
from ..intake.parsing import parse
from ..intake.requests import Requests
from ..intake.schemas import Schemas
from .replies import Reply

SETTINGS = ("now", "frozen", "rate")
PARTS = {
    "days": 86_400_000,
    "hours": 3_600_000,
    "minutes": 60_000,
    "seconds": 1_000,
    "milliseconds": 1,
}
"""Milliseconds of each."""


def clock_told(clock: MovableClock) -> dict[str, object]:
    """What time it is, and how it goes on."""
    course, now = clock.course, clock.now()
    return {
        "now": timestamp(now),
        "milliseconds": now,
        "frozen": course.is_frozen,
        "rate": course.rate,
    }


class ClockOperations:
    """Moves the clock; what falls due on the way runs at its own time, in order."""

    def __init__(
        self,
        clock: MovableClock,
        schemas: Schemas,
        behaviour: Behaviour,
        next_due_at: Callable[[], int | None],
        settle: Callable[[], bool],
        when_set_back: Callable[[], object],
    ) -> None:
        self._clock = clock
        self._when_set_back = when_set_back
        self._requests = Requests(schemas, behaviour)
        self._next_due_at = next_due_at
        self._settle = settle
        self._on_the_way = threading.Lock()

    def show(self) -> Reply:
        """GET /__admin/clock."""
        return Reply(clock_told(self._clock))

    def change(self, body: bytes) -> Reply:
        """PUT /__admin/clock: `now`, `frozen`, `rate`; raises ApiError (400), and changes nothing.

        To set it does not run what falls due on the way in order of its time, as to advance does.
        """
        fields = self._fields("clock", body, SETTINGS)
        now = moment_of(fields)
        with self._setting():
            self._clock.change(now=now, rate=fields.get("rate"), is_frozen=fields.get("frozen"))
        return self.show()

    def follow_machine(self) -> Reply:
        """DELETE /__admin/clock: show the machine's time again."""
        with self._setting():
            self._clock.follow_machine()
        return self.show()

    def advance(self, body: bytes) -> Reply:
        """POST /__admin/clock/advance: move on, by way of each moment at which something is due.

        Raises ApiError: 400 for what is no amount, 503 when what is due does not come to its end.
        """
        fields = self._fields("clock_advance", body, PARTS)
        milliseconds = round(sum(fields.get(name, 0) * size for name, size in PARTS.items()))
        with self._on_the_way:
            until = self._clock.now() + milliseconds
            if until > END_OF_TIME:
                found = f"{milliseconds:,} milliseconds"
                raise refused([Fault("", found, f"no more than until {timestamp(END_OF_TIME)}")])
            self._settled()
            while (due := self._next_due_at()) is not None and due <= until:
                self._clock.advance(max(0, due - self._clock.now()))
                self._settled()
            self._clock.advance(max(0, until - self._clock.now()))
            self._settled()
        return self.show()

    @contextmanager
    def _setting(self) -> Iterator[None]:
        """The clock is set to something meanwhile, and may be set back."""
        with self._on_the_way:
            before = self._clock.now()
            yield
            if self._clock.now() < before:
                self._when_set_back()

    def _fields(self, kind: str, body: bytes, known: Collection[str]) -> dict[str, Any]:
        fields = self._requests.sound(kind, parse(body), body)
        if not fields:
            raise refused([Fault("", "nothing", f"at least one of {', '.join(known)}")])
        return fields

    def _settled(self) -> None:
        if not self._settle():
            raise api_error(503, "What is due still runs; the clock has been moved on to its time.")


def moment_of(fields: Mapping[str, Any], pointer: str = "/now") -> int | None:
    """What a clock is to show, in milliseconds; None where nothing is said of it.

    Raises ApiError (400) for a moment before 1970; `pointer` is where it stands.
    """
    text = fields.get("now")
    if text is None:
        return None
    found = moment(text)
    if found < 0:
        raise refused([Fault(pointer, f'"{text}"', "a moment of 1970 or later")])
    return found
