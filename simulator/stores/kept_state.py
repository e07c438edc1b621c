"""What a simulator held at a moment."""

from collections.abc import Mapping
from typing import NamedTuple

from ..clock import Course
from ..domain.account.account import Account
from ..domain.bounds import Tally
from .event_log import KeptEvents
from .jobs import KeptJobs


class KeptState(NamedTuple):
    """What a simulator held at a moment, to go back to as often as is wanted."""

    at: int
    """Milliseconds, by its clock."""
    course: Course
    switches: Mapping[str, str]
    account: Account
    jobs: KeptJobs
    events: KeptEvents

    def tallies(self) -> list[Tally]:
        """How much it holds of all that has a bound."""
        return [*self.account.holdings.tallies(), *self.jobs.tallies, *self.events.tallies]
