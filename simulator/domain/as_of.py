"""As of when somebody reads who does not see what is new."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class MadeSoFar(NamedTuple):
    """How many positions and quantities of a catalogue had been made."""

    positions: int = 0
    quantities: int = 0


class Mark(NamedTuple):
    """How far an account had come: so many states superseded, so many changes of stock on hand."""

    states: int = 0
    changes: int = 0
    made: Mapping[int, MadeSoFar] = {}
    """By the number of the catalogue."""

    def is_within(self, other: "Mark") -> bool:
        """Whether an account that has come as far as the other may have come by this one."""
        return self.states <= other.states and self.changes <= other.changes


THE_BEGINNING = Mark()


@dataclass(slots=True)
class AsOf:
    """A reader at `now` sees things as they were `at` a moment, in milliseconds.

    What was there when the reader `began` to be late, at which the account had come to a mark, is
    seen in any case, however new it is.
    """

    at: int
    now: int
    began: int | None = None
    mark: Mark = THE_BEGINNING
    untold: str = ""
    """Why what was cannot be told, where that is so."""

    @property
    def moment(self) -> int:
        """Whose time it is for the reader."""
        return self.at if self.began is None else max(self.at, self.began)

    def is_unseen(self, moment: int) -> bool:
        """Whether what has happened then is not seen; a clock may have been set back since."""
        return self.at < moment <= self.now and (self.began is None or moment >= self.began)
