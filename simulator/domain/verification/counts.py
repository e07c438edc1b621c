"""How many there should be of something, and whether there are."""

from typing import NamedTuple

from .verdicts import Judged


class Count(NamedTuple):
    """From `least` to `most`, which may be None."""

    least: int = 0
    most: int | None = None

    def judge(self, found: int, possible: int) -> Judged:
        """Of `found` and up to `possible` more, of which nobody can tell any longer."""
        most_there_are = found + possible
        if most_there_are < self.least or (self.most is not None and found > self.most):
            return Judged.FAILED
        if found >= self.least and (self.most is None or most_there_are <= self.most):
            return Judged.PASSED
        return Judged.UNKNOWN

    @property
    def words(self) -> str:
        """The same for a sentence."""
        if self.most is None:
            return f"at least {self.least:,}"
        if self.least == self.most:
            return f"exactly {self.least:,}" if self.least else "none"
        if not self.least:
            return f"at most {self.most:,}"
        return f"{self.least:,} to {self.most:,}"
