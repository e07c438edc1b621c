"""A request as granian hands it over, whole, without a network."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any

from fluent_oms_simulator.app import create_app
from fluent_oms_simulator.serving.door.door import Door
from fluent_oms_simulator.serving.door.environ import environ_of
from fluent_oms_simulator.serving.door.granian_loop import Steps
from fluent_oms_simulator.serving.door.raw_answers import RawAnswer, call_wsgi
from fluent_oms_simulator.simulator import Simulator

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

SECONDS = 60


class Headers:
    """The headers of a request, their names in small letters."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._pairs = list(pairs)

    def keys(self) -> list[str]:
        return [name for name, _ in self._pairs]

    def items(self) -> list[tuple[str, str]]:
        return self._pairs

    def get(self, name: str, default: Any = None) -> Any:
        return next(iter(self.get_all(name)), default)

    def get_all(self, name: str) -> list[str]:
        return [value for key, value in self._pairs if key == name]

    def __len__(self) -> int:
        return len(self.keys())

    def __contains__(self, name: str) -> bool:
        return bool(self.get_all(name))


@dataclass
class Scope:
    """What granian tells of a request."""

    method: str
    path: str
    query_string: str
    headers: Headers
    http_version: str = "1.1"
    server: str = "127.0.0.1:4141"
    client: str = "127.0.0.1:50000"
    authority: str | None = None


@dataclass(frozen=True)
class Call:
    """A request with a whole body; None where there is none."""

    method: str
    path: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    twice: tuple[tuple[str, str], ...] = ()
    """Headers that stand there once more."""

    def scope(self) -> Scope:
        """The same, as granian tells it."""
        headers = {"host": "localhost:4141"} | {
            name.lower(): value for name, value in self.headers.items()
        }
        if self.body is not None:
            headers["content-length"] = str(len(self.body))
        pairs = [*headers.items(), *((name.lower(), value) for name, value in self.twice)]
        return Scope(self.method, self.path, self.query, Headers(pairs))


class _There:
    """Something that has arrived."""

    def __init__(self, loop: Steps, piece: bytes) -> None:
        self._loop = loop
        self._piece = piece

    def add_done_callback(self, callback: Any, *, context: Any = None) -> None:
        self._loop.call_soon(callback, self, context=context)

    def cancel(self) -> bool:
        return False

    def result(self) -> bytes:
        return self._piece


class Protocol:
    """Hands the body over, and takes the answer."""

    def __init__(self, loop: Steps, body: bytes) -> None:
        self._loop = loop
        self._pieces = [body, b""]
        self._is_answered = threading.Event()
        self._answer: RawAnswer | None = None

    def __call__(self) -> _There:
        return _There(self._loop, self._pieces[0])

    def __aiter__(self) -> "Protocol":
        return self

    def __anext__(self) -> _There:
        if not self._pieces:
            raise StopAsyncIteration
        return _There(self._loop, self._pieces.pop(0))

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self._answer = RawAnswer(status, headers, body)
        self._is_answered.set()

    def answer(self) -> RawAnswer:
        """What was answered."""
        assert self._is_answered.wait(SECONDS)
        assert self._answer is not None
        return self._answer


class AtTheDoor:
    """A simulator that can be called through the door, and past it."""

    def __init__(
        self,
        simulator: Simulator,
        application: "WSGIApplication | None" = None,
        when_ready: Callable[[], object] = lambda: None,
    ) -> None:
        self.simulator = simulator
        self._application = application or create_app(simulator)
        self._loop = Steps()
        self._door = Door(simulator, self._application, when_ready)

    def __enter__(self) -> "AtTheDoor":
        self.simulator.start()
        self._door.__rsgi_init__(self._loop)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._door.finish()

    def through(self, call: Call) -> RawAnswer:
        """What the door answers."""
        protocol = Protocol(self._loop, call.body or b"")
        self._loop.create_task(self._door.__rsgi__(call.scope(), protocol))
        return protocol.answer()

    def past(self, call: Call) -> RawAnswer:
        """What Flask answers."""
        return call_wsgi(self._application, environ_of(call.scope(), call.body or b""))
