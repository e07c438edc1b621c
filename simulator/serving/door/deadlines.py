"""Gives up what is awaited for too long."""

import time
from collections.abc import Generator
from typing import Any, Protocol


class Awaited(Protocol):
    """What granian gives for something that arrives."""

    def add_done_callback(self, callback: Any, *, context: Any = None) -> None:
        """Call back once it is there."""

    def cancel(self) -> bool:
        """Give it up; False where it is there already."""

    def result(self) -> Any:
        """What arrived; raises why it did not."""


class Arrival:
    """Awaits what arrives, for a time; has it, or the exception that tells why it did not come."""

    __slots__ = ("_awaited", "_deadlines")

    def __init__(self, awaited: Awaited, deadlines: "Deadlines", seconds: float) -> None:
        self._awaited = awaited
        self._deadlines = deadlines
        deadlines.watch(self, seconds)

    def __await__(self) -> Generator["Arrival", None, Any]:
        yield self
        self._deadlines.dismiss(self)
        try:
            return self._awaited.result()
        except BaseException as fault:  # a cancellation is one of these
            return fault

    def add_done_callback(self, callback: Any, *, context: Any) -> None:
        """Called by the one who walks through the coroutine that awaits this."""
        self._awaited.add_done_callback(callback, context=context)

    def give_up(self) -> None:
        """Let the one who waits go on without it."""
        self._awaited.cancel()


class Deadlines:
    """Knows until when each arrival is waited for, and looks after them."""

    def __init__(self) -> None:
        self._until: dict[Arrival, float] = {}

    def watch(self, arrival: Arrival, seconds: float) -> None:
        """Give up an arrival after so many seconds."""
        self._until[arrival] = time.monotonic() + seconds

    def dismiss(self, arrival: Arrival) -> None:
        """It is there, or has been given up."""
        self._until.pop(arrival, None)

    def give_up(self, *, all_of_them: bool = False) -> None:
        """Give up what has been waited for too long."""
        now = time.monotonic()
        # A copy in one go: others watch and dismiss meanwhile, and while a list is built.
        for arrival, until in self._until.copy().items():
            if all_of_them or now > until:
                arrival.give_up()
