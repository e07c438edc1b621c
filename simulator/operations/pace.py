"""How much of a server one kind of request may take at a time."""

import threading
import time
from types import TracebackType

from ..errors import api_error

MOST_LONG = 2
"""Long searches at a time: the server has a few threads, and deltas need them as well."""
SHORT = 200
"""Pieces of work, of about a third of a millisecond each, that a search does for nothing."""
SLICE = 10
"""Pieces of work after which others go first."""
STEPS = 1_000
"""Steps, of a few microseconds each, after which others go first."""
SECONDS_FOR_OTHERS = 0.001


class Slots:
    """Room for as many long searches as may be under way at a time."""

    def __init__(self) -> None:
        self._free = threading.Semaphore(MOST_LONG)

    def take(self) -> None:
        """Take a slot; raises ApiError (503) when there is none."""
        if not self._free.acquire(blocking=False):
            raise api_error(
                503,
                f"{MOST_LONG} searches that read far into the event log are under way, and no more "
                "are taken at a time: search again after Retry-After seconds, or narrow the search "
                "with from and to.",
                headers={"Retry-After": "1"},
            )

    def give_back(self) -> None:
        """Give a slot back."""
        self._free.release()


class SearchPace:
    """Lets others go first while one request works; one that works long needs a slot."""

    def __init__(self, slots: Slots) -> None:
        self._slots = slots
        self._steps = 0
        self._pieces = 0
        self._has_slot = False

    def step(self) -> None:
        """One entry looked at."""
        self._steps += 1
        if self._steps % STEPS == 0:
            time.sleep(SECONDS_FOR_OTHERS)

    def work(self) -> None:
        """One piece of work that came to nothing; raises ApiError (503)."""
        self._pieces += 1
        if self._pieces % SLICE == 0:
            time.sleep(SECONDS_FOR_OTHERS)
        if self._pieces == SHORT:
            self._slots.take()
            self._has_slot = True

    def __enter__(self) -> "SearchPace":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._has_slot:
            self._slots.give_back()
