"""How much of a server one kind of request may take at a time."""

import threading
import time
from types import TracebackType
from typing import Self

from ..errors import api_error

MOST_LONG = 2
"""Long searches at a time: the server has a few threads, and deltas need them as well."""
SHORT = 200
"""Pieces of work, of about a third of a millisecond each, that a search does for nothing."""
BYTES_OF_PIECE = 4_096
"""Of the body of an event whose audit rows are made: with few it is one piece, with many more."""
SLICE = 10
"""Pieces of work after which others go first."""
STEPS = 1_000
"""Steps, of a few microseconds each, after which others go first."""
SECONDS_FOR_OTHERS = 0.001


class Slots:
    """Room for as many requests of a kind as may be under way at a time."""

    def __init__(self, most: int, what: str, advice: str) -> None:
        self._free = threading.Semaphore(most)
        self._sentence = (
            f"{most} {what} are under way, and no more are taken at a time: "
            f"ask again after Retry-After seconds, or {advice}."
        )

    def take(self) -> None:
        """Take a slot; raises ApiError (503) when there is none."""
        if not self._free.acquire(blocking=False):
            raise api_error(503, self._sentence, headers={"Retry-After": "1"})

    def give_back(self) -> None:
        """Give a slot back."""
        self._free.release()


class Place:
    """The slot of one request, which it takes when it needs one, and has until its end."""

    def __init__(self, slots: Slots) -> None:
        self._slots = slots
        self._has_slot = False

    def take(self) -> None:
        """Take a slot, unless the request has one; raises ApiError (503)."""
        if not self._has_slot:
            self._slots.take()
            self._has_slot = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._has_slot:
            self._slots.give_back()


class SearchPace(Place):
    """Lets others go first while one request works; one that works long needs a slot."""

    def __init__(self, slots: Slots) -> None:
        super().__init__(slots)
        self._steps = 0
        self._pieces = 0

    def step(self) -> None:
        """One entry looked at."""
        self._steps += 1
        if self._steps % STEPS == 0:
            time.sleep(SECONDS_FOR_OTHERS)

    def work(self, pieces: int) -> None:
        """So many pieces of work that came to nothing; raises ApiError (503)."""
        slices = -(self._pieces // SLICE)
        self._pieces += pieces
        slices += self._pieces // SLICE
        if slices:
            time.sleep(slices * SECONDS_FOR_OTHERS)
        if self._pieces >= SHORT:
            self.take()
