"""Whoever holds the traffic against the rules, as the simulator knows them: the contracts are one.

They know the simulator; it knows them by this alone, so that neither imports the other.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from ..domain.bounds import Tally
from .failed_work import FailedWork
from .traffic import Exchange

JobFacts = Callable[[str, int], "tuple[str, str] | None"]
"""From a job's id and a time in milliseconds to its retailer and its status then."""


class Wish(NamedTuple):
    """What is wanted of a report: its format, ids of rules or their beginnings, what fails it."""

    format: str
    select: Sequence[str]
    ignore: Sequence[str]
    fail_on: str


class Told(NamedTuple):
    """A report, and the word for what it comes to."""

    text: str
    verdict: str


class UnknownRuleError(ValueError):
    """An id, or the beginning of one, that no rule has; the message says which."""


class Examiner(Protocol):
    """Whoever holds an exchange against the rules."""

    def examine(
        self, exchange: Exchange, give_way: Callable[[], None], *, is_late: bool = False
    ) -> tuple[str, ...]:
        """Take in one exchange; the ids of the rules that it has broken. Never raises.

        If it takes long, `give_way` is called between its steps. One that is late began before the
        stream, and is no part of it.
        """
        ...

    def take_failure(self, work: FailedWork) -> tuple[int, tuple[str, ...]] | None:
        """Take in what was accepted and has failed. Never raises.

        Returns the id of the request that had brought it, and the rules that it has broken by that;
        None where nothing of it is told, or not yet.
        """
        ...

    def begin_anew(self, at: int) -> None:
        """What comes now is another stream; what was found stays. Never raises."""

    def tallies(self) -> list[Tally]:
        """How much it holds of the traffic."""
        ...

    def broken(self) -> tuple[int, int]:
        """How many rules were broken until now: those of errors, those of warnings."""
        ...

    def report(self, at: int, not_examined: int, wish: Wish) -> Told:
        """What was found until now, `at` in milliseconds; raises UnknownRuleError."""
        ...


MakeExaminer = Callable[[JobFacts], Examiner]
