"""The worlds of one server: the one without a name, and those that a test each makes by name."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from .errors import ApiError, api_error, shortened
from .settings import Settings

BELOW = "/__ns/"
"""Begins the path of a request to a world with a name, which is its next step."""
NAMED = "x-fluent-sim-namespace"
"""The header that names the world of a request."""


class Inhabited(Protocol):
    """What a world consists of: a simulator."""

    @property
    def settings(self) -> Settings:
        """How it was set up."""
        ...

    @property
    def is_busy(self) -> bool:
        """Whether anything that was accepted is still to be applied."""
        ...

    def issued(self, authorization: str) -> bool:
        """Whether the token in this header is one of its own."""
        ...

    def start(self) -> None:
        """Begin to work."""
        ...

    def let_go(self) -> None:
        """Have what is held back applied."""
        ...

    def settle(self, timeout: float) -> bool:
        """Wait until everything that is due has been applied; False when it takes longer."""
        ...

    def close(self) -> None:
        """Stop what works in the background."""
        ...


S = TypeVar("S", bound=Inhabited)


class Destination(NamedTuple, Generic[S]):
    """Where a request goes: to which simulator, by which beginning of its path, with what left."""

    simulator: S
    base: str
    path: str


class World(Generic[S]):
    """A world with a name; `wish` is what was asked for when it was made."""

    def __init__(self, name: str, simulator: S, wish: Mapping[str, Any]) -> None:
        self.name = name
        self.simulator = simulator
        self.wish = wish
        self.seen()

    def seen(self) -> None:
        """Note that somebody has called."""
        self._seen_at = time.monotonic()

    @property
    def idle_seconds(self) -> float:
        """How long nobody has called, by the machine's clock: its own may stand still."""
        return time.monotonic() - self._seen_at


class NameTakenError(Exception):
    """There is such a world, which was made otherwise."""


class TooManyWorldsError(Exception):
    """There are as many as there may be at once."""


class Worlds(Generic[S]):
    """Finds the world of a request, makes worlds and drops them."""

    def __init__(self, home: S) -> None:
        self._home = home
        self._by_name: dict[str, World[S]] = {}
        self._making = threading.Lock()
        self.when_made: Callable[[S], object] = lambda _: None
        """Told of each new one, before it begins to work."""
        self.dropped_idle = 0
        """How many were dropped because nobody called any more."""

    @property
    def most(self) -> int:
        """How many there may be at once."""
        return self._home.settings.most_namespaces

    @property
    def longest_idle(self) -> float:
        """Seconds without a call after which a world is dropped."""
        return self._home.settings.namespace_idle * 60

    def place(self, path: str, named: str | None, authorization: str | None) -> Destination[S]:
        """The place that a request means by its path, its header, or its token.

        Raises ApiError: 404 for a world that there is not, 400 where path and header differ.
        """
        if path.startswith(BELOW):
            name, slash, rest = path[len(BELOW) :].partition("/")
            if named is not None and named != name:
                raise api_error(
                    400,
                    f"The path names the namespace {shortened(name)!r}, the header"
                    f" X-Fluent-Sim-Namespace {shortened(named)!r}: expected one of them, or the"
                    " same.",
                )
            return Destination(self._called(name), BELOW + name, slash + rest or "/")
        if named is not None:
            return Destination(self._called(named), "", path)
        if self._by_name and authorization and not self._home.issued(authorization):
            for world in list(self._by_name.values()):
                if world.simulator.issued(authorization):
                    world.seen()
                    return Destination(world.simulator, "", path)
        return Destination(self._home, "", path)

    def make(
        self, name: str, wish: Mapping[str, Any], build: Callable[[], S]
    ) -> tuple[World[S], bool]:
        """The world of this name, and whether it is new.

        Raises NameTakenError, TooManyWorldsError, and whatever `build` raises.
        """
        self.drop_idle()
        with self._making:
            world = self._by_name.get(name)
            if world is not None:
                if world.wish != wish:
                    raise NameTakenError
                world.seen()
                return world, False
            if len(self._by_name) >= self.most:
                raise TooManyWorldsError
            world = World(name, build(), wish)
            self.when_made(world.simulator)
            world.simulator.start()
            self._by_name[name] = world
            return world, True

    def find(self, name: str) -> World[S]:
        """The world of this name; raises ApiError (404)."""
        world = self._by_name.get(name)
        if world is None:
            raise _unknown(name)
        return world

    def drop(self, name: str) -> None:
        """End the world of this name; raises ApiError (404)."""
        with self._making:
            world = self._by_name.pop(name, None)
        if world is None:
            raise _unknown(name)
        world.simulator.close()

    def drop_idle(self) -> None:
        """End those that nobody has called for long, unless they still work."""
        for world in list(self._by_name.values()):
            if world.idle_seconds <= self.longest_idle or world.simulator.is_busy:
                continue
            with self._making:
                if self._by_name.get(world.name) is not world:
                    continue
                del self._by_name[world.name]
                self.dropped_idle += 1
            world.simulator.close()

    def let_go(self) -> None:
        """Have every world apply what it holds back."""
        for each in self._everyone():
            each.let_go()

    def settle(self, timeout: float) -> bool:
        """Wait until every world has applied what it accepted; False when it takes longer."""
        deadline = time.monotonic() + timeout
        return all(each.settle(max(0.0, deadline - time.monotonic())) for each in self._everyone())

    def close(self) -> None:
        """End all that have a name."""
        for world in self:
            self.drop(world.name)

    def __iter__(self) -> Iterator[World[S]]:
        return iter(list(self._by_name.values()))

    def __len__(self) -> int:
        return len(self._by_name)

    def _everyone(self) -> list[S]:
        return [self._home, *(world.simulator for world in self)]

    def _called(self, name: str) -> S:
        world = self.find(name)
        world.seen()
        return world.simulator


def _unknown(name: str) -> ApiError:
    if not name:
        return api_error(
            404,
            "The name of a namespace is missing: expected one after /__ns/, or in the header"
            " X-Fluent-Sim-Namespace. GET /__admin/namespaces lists them.",
        )
    return api_error(
        404,
        f"There is no namespace {shortened(name)!r}: PUT /__admin/namespaces/{shortened(name)}"
        " makes it. One that nobody calls for a while is dropped.",
    )
