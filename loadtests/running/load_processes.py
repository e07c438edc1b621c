"""The processes that make the load, led through locust: this one, or its workers."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import gevent
from locust.env import Environment
from locust.runners import MasterRunner

from ..ledger.ledger import Ledger
from ..reporting.verdict import Ending
from ..traffic.load_options import DELTA_USERS, LOAD_USERS, CannotRunError, LoadOptions
from ..users.process_messages import MessageListener, user_classes
from ..users.process_state import ProcessState
from .collector import Collector

SECONDS_TO_MEET = 120.0
SECONDS_TO_OPEN = 300.0
SECONDS_TO_REPORT = 120.0
SECONDS_TO_LET_GO = 3.0


class InterruptedRunError(Exception):
    """Somebody wants the run to end; `ending` says by which signal."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending.value)
        self.ending = ending


class LoadProcesses:
    """Prepares the processes, begins and ends the load, and gathers what they know."""

    def __init__(self, options: LoadOptions, collector: Collector, port: int | None) -> None:
        logging.getLogger("locust").setLevel(logging.ERROR)
        self.options = options
        self.ended_by: Exception | None = None
        """Why the run is to end soon; raised by whoever waits."""
        self._collector = collector
        self._process = ProcessState()
        self._parts = max(1, options.workers)
        self._told: dict[str, dict[int, Any]] = {
            name: {} for name in ("came", "prepared", "drained", "ledger")
        }
        self._folder: TemporaryDirectory[str] | None = None
        self._environment = Environment(
            user_classes=user_classes(options.definition.sends, self._process), host=options.url
        )
        try:
            if port is None:
                self._runner: Any = self._environment.create_local_runner()
                MessageListener(self._environment, self._process, options)
            else:
                host = options.master_host
                self._runner = self._environment.create_master_runner(host, port)
        except (OSError, SystemExit):  # locust ends the process where it cannot listen
            raise CannotRunError(
                f"workers cannot be led from {options.master_host} port {port}: choose another"
                " --master-port or --master-host"
            ) from None
        for name, listener in (
            ("fluent_tick", self._on_tick),
            ("fluent_came", self._on_came),
            ("fluent_prepared", self._on_prepared),
            ("fluent_drained", self._on_drained),
            ("fluent_ledger", self._on_ledger),
        ):
            self._runner.register_message(name, listener)

    def prepare(self) -> None:
        """Wait for the workers, and have each load the opening stock of its part."""
        if isinstance(self._runner, MasterRunner):
            came = self._told["came"]
            self._until(
                lambda: len(came) >= self._parts,
                SECONDS_TO_MEET,
                lambda: f"{len(came)} of {self._parts} workers came",
            )
        told = {"options": self.options.as_json(secrets=False), "parts": self._parts}
        self._tell("fluent_prepare", told)
        prepared = self._told["prepared"]
        self._until(
            lambda: len(prepared) >= self._parts or any(prepared.values()),
            SECONDS_TO_OPEN,
            lambda: f"the opening stock was not loaded within {SECONDS_TO_OPEN:.0f} s",
        )
        for problem in filter(None, prepared.values()):
            raise CannotRunError(problem)

    def begin(self, rate: float, name: str) -> None:
        """Begin to send, or go on at another rate."""
        self._tell("fluent_begin", {"rate": rate, "name": name})
        if self._runner.user_count == 0:
            users = self._users()
            self._runner.start(users, spawn_rate=users)

    def hold(self) -> None:
        """Send no more events until something else is begun."""
        self._tell("fluent_hold", {})

    def drain(self) -> None:
        """Send nothing more; return when nothing is under way."""
        self._tell("fluent_drain", {})
        drained = self._told["drained"]
        self._until(
            lambda: len(drained) >= self._parts,
            SECONDS_TO_REPORT,
            lambda: f"{len(drained)} of {self._parts} processes came to an end",
        )
        drained.clear()
        self._runner.stop()

    def let_go(self) -> None:
        """The same for a run that is to end soon: what is under way then has not ended."""
        self._tell("fluent_drain", {})
        drained = self._told["drained"]
        deadline = time.monotonic() + SECONDS_TO_LET_GO
        while len(drained) < self._parts and time.monotonic() < deadline:
            gevent.sleep(0.02)
        drained.clear()
        self._runner.stop()

    def ledger(self) -> Ledger:
        """What all processes have sent; raises CannotRunError if one of them does not tell."""
        if not isinstance(self._runner, MasterRunner):
            return self._process.ledger
        self._tell("fluent_report", {})
        told = self._told["ledger"]
        self._until(
            lambda: len(told) >= self._parts and all(told.values()),
            SECONDS_TO_REPORT,
            lambda: f"{sum(map(bool, told.values()))} of {self._parts} workers told what they sent",
        )
        whole = Ledger(0.0)
        for part in sorted(told):
            whole.merge(Ledger.read(self._file(part)))
        return whole

    @property
    def local_ledger(self) -> Ledger:
        """What this process has sent so far."""
        return self._process.ledger

    def quit(self) -> None:
        """Let go of everything."""
        self._runner.quit()
        if self._folder is not None:
            self._folder.cleanup()

    def wait(self, seconds: float) -> None:
        """Let time pass; raises what the run is ended by."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if self.ended_by is not None:
                raise self.ended_by
            gevent.sleep(min(left, 0.05))

    def _users(self) -> int:
        sends, options = self.options.definition.sends, self.options
        deltas = max(options.users, self._parts) if DELTA_USERS in sends else 0
        loads = max(options.at_once, self._parts) if LOAD_USERS in sends else 0
        for each in self._environment.user_classes:
            if each.__name__ == "BatchUser" and deltas:
                each.fixed_count = loads
        return deltas + loads

    def _tell(self, name: str, message: dict[str, Any]) -> None:
        self._runner.send_message(name, message)

    def _until(self, done: Callable[[], bool], within: float, trouble: Callable[[], str]) -> None:
        deadline = time.monotonic() + within
        while not done():
            if time.monotonic() > deadline:
                raise CannotRunError(trouble())
            self.wait(0.02)

    def _file(self, part: int) -> Path:
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="fluent-load-")
        return Path(self._folder.name) / f"{part}.jsonl"

    def _on_tick(self, msg: Any, **_: object) -> None:
        self._collector.take(msg.data["part"], msg.data)

    def _on_came(self, msg: Any, **_: object) -> None:
        self._told["came"][msg.data["part"]] = True

    def _on_prepared(self, msg: Any, **_: object) -> None:
        self._told["prepared"][msg.data["part"]] = msg.data["problem"]

    def _on_drained(self, msg: Any, **_: object) -> None:
        self._told["drained"][msg.data["part"]] = True

    def _on_ledger(self, msg: Any, **_: object) -> None:
        """A piece of the file in which a worker has kept its ledger; the last one ends it."""
        part, piece = msg.data["part"], msg.data["piece"]
        with self._file(part).open("ab") as file:
            file.write(piece)
        self._told["ledger"][part] = msg.data["last"]
