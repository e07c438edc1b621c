"""Gives up what is awaited for too long."""

import threading
import time
from collections.abc import Generator
from multiprocessing.connection import Connection
from typing import Any, Protocol

SECONDS_BETWEEN_LOOKS = 0.5
LEFT_AT_STOP = 1.0
"""Seconds that bodies have left to arrive when the server is asked to stop."""


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
    """Knows until when each arrival is waited for, and looks after them in a thread of its own."""

    def __init__(self, stopping: Connection) -> None:
        self._stopping = stopping
        self._until: dict[Arrival, float] = {}
        self._thread = threading.Thread(target=self._look, name="deadlines", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def watch(self, arrival: Arrival, seconds: float) -> None:
        """Give up an arrival after so many seconds."""
        self._until[arrival] = time.monotonic() + seconds

    def dismiss(self, arrival: Arrival) -> None:
        """It is there, or has been given up."""
        self._until.pop(arrival, None)

    def _look(self) -> None:
        while not self._stopping.poll(SECONDS_BETWEEN_LOOKS):
            now = time.monotonic()
            for arrival, until in list(self._until.items()):
                if now > until:
                    arrival.give_up()
        time.sleep(LEFT_AT_STOP)
        while True:
            for arrival in list(self._until):
                arrival.give_up()
            time.sleep(SECONDS_BETWEEN_LOOKS)
