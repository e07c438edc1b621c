"""A fault rule in force, what it remembers, and one strike of it."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Generic, NamedTuple, TypeVar

from ..domain.as_of import AsOf, Mark
from ..domain.bounds import Tally
from ..domain.jobs import Job
from ..domain.trouble.fault_rules import FaultRule
from ..domain.trouble.points import Point
from ..domain.trouble.quotas import SlidingWindow
from ..domain.trouble.sightings import Sighting

Value = TypeVar("Value")
LONGEST_NAME = 120
"""Characters; of a longer one a digest takes the place."""


@dataclass(slots=True, eq=False)
class Firing:
    """One strike: which rule has met which request; `request` is its id in the log of requests."""

    number: int
    at: int
    rule: str
    kind: str
    point: Point
    seen: Sighting
    request: int | None = None
    undone: str = ""
    """Why the fault could not be made, where that is so."""


class Remembered(Generic[Value]):
    """What a rule remembers by a name, the oldest forgotten when all of them are too many."""

    def __init__(
        self, tally: Tally, when_forgotten: Callable[[Value], object] = lambda _: None
    ) -> None:
        self._tally = tally
        self._when_forgotten = when_forgotten
        self._values: OrderedDict[str, Value] = OrderedDict()

    def find(self, name: str, make: Callable[[], Value]) -> Value:
        """What has this name; made where there is none."""
        name = short(name)
        value = self._values.get(name)
        if value is None:
            value = make()
            self.keep(name, value)
        return value

    def get(self, name: str) -> Value | None:
        """What has this name, if it is remembered."""
        return self._values.get(short(name))

    def keep(self, name: str, value: Value) -> None:
        """Remember a value by a name."""
        tally, name = self._tally, short(name)
        if name not in self._values:
            tally.held += 1
        self._values[name] = value
        while tally.is_over and len(self._values) > 1:
            _, oldest = self._values.popitem(last=False)
            tally.held -= 1
            tally.lost += 1
            self._when_forgotten(oldest)

    def clear(self) -> None:
        """Forget all."""
        self._tally.held -= len(self._values)
        for value in self._values.values():
            self._when_forgotten(value)
        self._values.clear()


class Beginning(NamedTuple):
    """When a rule was armed, and how far the account had come: so much is never seen late."""

    at: int
    mark: Mark


@dataclass(eq=False)
class ArmedRule:
    """A rule in force, and what it remembers; all of that goes when it is removed.

    What one of a single call leaves behind its `keeper` has, which stands for all of those.
    """

    rule: FaultRule
    tally: Tally
    beginning: Beginning | None = None
    matched: int = 0
    fired: int = 0
    expired: int = 0
    """Tokens that were marked to expire."""
    waiting: set[Callable[[], object]] = field(default_factory=set)
    """What lets each call go on that it holds."""
    keeper: "ArmedRule | None" = None
    has_ended: bool = False

    def __post_init__(self) -> None:
        self.windows: Remembered[SlidingWindow] = Remembered(self.tally)
        self.tokens: Remembered[int] = Remembered(self.tally)
        self.jobs: Remembered[Job] = Remembered(self.tally, _open_again)

    @property
    def kept_by(self) -> "ArmedRule":
        """Where that is which is to be let go with it."""
        return self.keeper or self

    @property
    def is_gone(self) -> bool:
        """Whether it was removed."""
        return self.kept_by.has_ended

    def end(self) -> None:
        """Leave nothing behind, but for what waits."""
        self.has_ended = True
        for remembered in (self.windows, self.tokens, self.jobs):
            remembered.clear()


class Strike:
    """A fault that strikes a call: to be made by whoever answers the call."""

    __slots__ = ("armed", "delay", "firing", "retry_after")

    def __init__(
        self,
        armed: ArmedRule,
        firing: Firing,
        delay: float = 0,
        retry_after: int = 0,
    ) -> None:
        self.armed = armed
        self.firing = firing
        self.delay = delay
        """Seconds to wait."""
        self.retry_after = retry_after
        """Seconds, of a quota."""

    @property
    def rule(self) -> FaultRule:
        """What has struck."""
        return self.armed.rule

    @property
    def as_of(self) -> AsOf:
        """As of when things are to be told, by one that has them told late."""
        now = self.firing.at
        seconds = self.rule.settings["seconds"]
        return AsOf(now - int(1000 * seconds), now, *(self.armed.beginning or ()))


def short(name: str) -> str:
    """A name by which something is remembered, in little memory however long it is."""
    if len(name) <= LONGEST_NAME:
        return name
    return blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _open_again(job: Job) -> None:
    job.closes_early = False
