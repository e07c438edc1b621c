"""The steps of a call among fault rules, each to be made by whoever serves the call.

The door makes them without a thread that waits, a host of WSGI in the thread that it has for it.
"""

from collections.abc import Callable, Generator
from typing import Any, NamedTuple

from ..domain.as_of import AsOf
from ..operations.fault_setting import HEADER
from ..stores.armed_rule import ArmedRule, Strike
from ..stores.request import Request
from ..stores.set_aside import KeptAside
from .access import OWN_PATHS
from .made_up_answers import FinalAnswer

FAULT_HEADER = HEADER.lower()
ENVIRON_FAULT_HEADER = "HTTP_" + HEADER.upper().replace("-", "_")


class Arrived(NamedTuple):
    """The head of a request; its path as WSGI has it (PEP 3333)."""

    method: str
    path: str
    query: str
    address: str
    agent: str
    authorization: str | None
    encoding: str | None
    asked: str | None
    """What its own header wants."""

    @property
    def can_be_struck(self) -> bool:
        """Whether it is one of Fluent's calls, or could be: never one of the simulator's own."""
        path = self.path.lstrip("/")
        return self.method in ("GET", "POST") and bool(path) and not path.startswith(OWN_PATHS)


class Wait(NamedTuple):
    """Go on in so many seconds, or as soon as the rule is removed."""

    seconds: float
    armed: ArmedRule


class ReadBody(NamedTuple):
    """Read the body: its bytes are wanted, or why there are none."""


class Pass(NamedTuple):
    """Have the call answered and recorded as any other: Performed is wanted."""


class Perform(NamedTuple):
    """Have the call answered, as of a moment if there is one: Performed is wanted.

    What it puts in line is kept, if so told.
    """

    keeps_work: bool = False
    as_of: AsOf | None = None


class AskIfGone(NamedTuple):
    """Whether nobody waits for the reply any longer is wanted; False where nobody can tell."""


class Until(NamedTuple):
    """Go on when this is so."""

    is_so: Callable[[], bool]


class Send(NamedTuple):
    """Send the answer, as a strike would have it sent; without an answer none comes.

    Whether it came whole is wanted where it is sent bit by bit.
    """

    answer: FinalAnswer | None
    strike: Strike | None = None


Step = Wait | ReadBody | Pass | Perform | AskIfGone | Until | Send


class Performed(NamedTuple):
    """How a call was answered, and what was to be recorded of it."""

    answer: FinalAnswer
    request: Request | None = None
    kept: KeptAside | None = None


Course = Generator[Step, Any, None]
