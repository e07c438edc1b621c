"""What a process that makes load hears from the one that leads the run, and tells it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import gevent
from locust import User
from locust.env import Environment

from ..traffic.load_options import DELTA_USERS, LOAD_USERS, CannotRunError, LoadOptions
from .deltas import DeltaUser, LoadTestUser
from .loads import BatchUser
from .process_state import ProcessState

TELLS_EVERY = 0.1
SECONDS_BETWEEN_GREETINGS = 0.5
PIECE = 512 * 1024
USERS: dict[str, type[LoadTestUser]] = {DELTA_USERS: DeltaUser, LOAD_USERS: BatchUser}


def user_classes(sends: Sequence[str], process: ProcessState) -> list[type[User]]:
    """The users that a scenario needs, on behalf of a process."""
    return [
        type(USERS[each].__name__, (USERS[each],), {"process": process, "abstract": False})
        for each in sends
    ]


class Reporter:
    """Tells the leading process what a process has measured and sent."""

    def __init__(self, runner: Any, process: ProcessState) -> None:
        self._runner = runner
        self._process = process
        self._teller: gevent.Greenlet | None = None
        self._greeter: gevent.Greenlet | None = None

    @property
    def part(self) -> int:
        """Which of the processes this is."""
        return max(0, int(self._runner.worker_index))

    def greet(self) -> None:
        """Tell that this process listens, until it was heard: a leading one waits for that.

        What is told before that is lost: locust connects a process before it can listen.
        """
        self._greeter = gevent.spawn(self._keep_greeting)

    def was_heard(self) -> None:
        """The leading process has said what to do, and so knows of this one."""
        if self._greeter is not None:
            self._greeter.kill()

    def tell_regularly(self) -> None:
        """Tell what was measured, a few times a second from now on."""
        if self._teller is None:
            self._teller = gevent.spawn(self._keep_telling)

    def tell_tally(self, lag: float = 0.0) -> None:
        """Tell what was measured, and how long this process had to wait for a processor."""
        process = self._process
        tally = process.take_tally().as_message()
        cpu = time.process_time()
        self.tell("fluent_tick", tally=tally, in_flight=process.in_flight, cpu=cpu, lag=lag)

    def tell_ledger(self) -> None:
        """Tell all that was sent, in pieces."""
        with TemporaryDirectory(prefix="fluent-load-") as folder:
            path = Path(folder) / "ledger.jsonl"
            self._process.ledger.save(path)
            left = path.stat().st_size
            with path.open("rb") as file:
                while True:
                    piece = file.read(PIECE)
                    left -= len(piece)
                    self.tell("fluent_ledger", piece=piece, last=left <= 0)
                    if left <= 0:
                        return
                    gevent.sleep(0)

    def tell(self, name: str, **message: object) -> None:
        """Send a message."""
        self._runner.send_message(name, {"part": self.part, **message})

    def _keep_greeting(self) -> None:
        while True:
            self.tell("fluent_came")
            gevent.sleep(SECONDS_BETWEEN_GREETINGS)

    def _keep_telling(self) -> None:
        while True:
            due = time.monotonic() + TELLS_EVERY
            gevent.sleep(TELLS_EVERY)
            self.tell_tally(time.monotonic() - due)


class MessageListener:
    """Does what the leading process says, which may be this one."""

    def __init__(self, environment: Environment, process: ProcessState, own: LoadOptions) -> None:
        runner: Any = environment.runner
        self._reporter = Reporter(runner, process)
        self._process = process
        self._own = own
        for name, listener in (
            ("fluent_prepare", self._on_prepare),
            ("fluent_begin", self._on_begin),
            ("fluent_hold", self._on_hold),
            ("fluent_drain", self._on_drain),
            ("fluent_report", self._on_report),
        ):
            runner.register_message(name, listener, concurrent=True)
        self._reporter.greet()

    def _on_prepare(self, msg: Any, **_: object) -> None:
        self._reporter.was_heard()
        problem = ""
        try:
            options = self._own.as_told(msg.data["options"])
            self._process.prepare(options, self._reporter.part, msg.data["parts"])
        except CannotRunError as fault:
            problem = str(fault)
        self._reporter.tell("fluent_prepared", problem=problem)
        if not problem:
            self._reporter.tell_regularly()

    def _on_begin(self, msg: Any, **_: object) -> None:
        self._process.begin(msg.data["rate"], msg.data["name"])

    def _on_hold(self, **_: object) -> None:
        self._process.hold()

    def _on_drain(self, **_: object) -> None:
        self._process.drain()
        self._reporter.tell_tally()
        self._reporter.tell("fluent_drained")

    def _on_report(self, **_: object) -> None:
        self._reporter.tell_ledger()
