"""A run that locust leads itself: it decides when it begins and ends, this does the rest."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import gevent
from locust.env import Environment
from locust.exception import StopTest
from locust.runners import LocalRunner, MasterRunner, WorkerRunner

from ..ledger.ledger import Ledger
from ..reporting.verdict import Ending
from ..server.target import known_target
from ..traffic.load_options import CannotRunError, LoadOptions
from ..users.process_messages import Reporter
from ..users.process_state import ProcessState
from .collector import Collector
from .objectives import parse_all
from .outcome import Course, audit, outcome
from .result_folder import try_report_folder
from .result_output import tell

log = logging.getLogger("locust.fluent")
DEFAULT_HOST = "http://127.0.0.1:4141"
"""Where `fluent-sim serve` listens unless it is told otherwise."""
SECONDS_A_SAMPLE = 0.5
SECONDS_TO_REPORT = 60.0
ARGUMENTS: tuple[tuple[str, type, Any, str], ...] = (
    ("rate", float, 100.0, "Deltas a second, of all users together"),
    ("products", int, 200, "Products of the shop"),
    ("locations", int, 10, "Locations of the shop"),
    ("coverage", float, 0.3, "The share of products that a location has"),
    ("seed", int, 1, "Decides the traffic"),
    ("prefix", str, "", "What the names of products begin with; default random"),
    ("objectives", str, "", "What must hold, separated by spaces, such as delta.visible.p99<250ms"),
    ("report-dir", str, "", "Where the result goes"),
)


def add_arguments(parser: Any) -> None:
    """The options beside locust's own, on its command line and its web page."""
    for name, kind, default, text in ARGUMENTS:
        parser.add_argument(f"--fluent-{name}", type=kind, default=default, help=text)
    parser.add_argument(
        "--fluent-overwrite", action="store_true", help="Replace the result that is there"
    )
    for name, kind, default in (("run", str, ""), ("parts", int, 1)):
        parser.add_argument(
            f"--fluent-{name}", type=kind, default=default, include_in_web_ui=False, help="Internal"
        )


class Standalone:
    """Listens to what locust says of its test; on workers, and where they are led from."""

    def __init__(self, environment: Environment, process: ProcessState) -> None:
        self._environment = environment
        self._process = process
        self._collector = Collector()
        self._folder = TemporaryDirectory(prefix="fluent-load-")
        self._options = LoadOptions()
        self._running = False
        self._most_users = 0
        self._sending = 0.0
        runner: Any = environment.runner
        self._runner = runner
        self._leads = isinstance(runner, MasterRunner)
        self._reporter = Reporter(runner, process)
        self._told: set[int] = set()
        if isinstance(runner, WorkerRunner):
            runner.register_message("fluent_report", self._on_report, concurrent=True)
        else:
            runner.register_message("fluent_tick", self._on_tick)
            runner.register_message("fluent_ledger", self._on_ledger)
        # Ctrl-C ends the run as locust has it, in whichever greenlet Python raises it: no traceback
        gevent.get_hub().NOT_ERROR += (KeyboardInterrupt,)
        # what was imported took its time, which locust would take off that of the test
        gevent.get_hub().loop.update_now()
        if not environment.host:
            environment.host = DEFAULT_HOST
            log.warning("No --host was given: the load goes to %s.", DEFAULT_HOST)
        hooks: Any = environment.events
        hooks.test_start.add_listener(self._guarded(self._begin))
        hooks.test_stopping.add_listener(self._guarded(self._drain))
        hooks.test_stop.add_listener(self._guarded(self._end))

    def _guarded(self, step: Callable[[], None]) -> Callable[..., None]:
        """Locust goes on after a listener that fails; this ends the run with the sentence.

        What locust offers for that is for its web page: elsewhere it ends in a traceback.
        """

        def listener(**_: object) -> None:
            try:
                step()
            except CannotRunError as fault:
                log.error("%s", fault)
                self._environment.process_exit_code = 2
                gevent.spawn(self._runner.quit)
                if self._environment.web_ui is None:
                    raise gevent.GreenletExit from None
                raise StopTest(str(fault)) from None

        return listener

    def _begin(self) -> None:
        given: Any = self._environment.parsed_options
        if not isinstance(self._runner, WorkerRunner):
            given.fluent_run = secrets.token_hex(4)
            given.fluent_prefix = given.fluent_prefix or f"LOAD{secrets.token_hex(3).upper()}-"
            given.fluent_parts = max(1, self._runner.worker_count)
        values = {
            name: getattr(given, f"fluent_{name}".replace("-", "_")) for name, *_ in ARGUMENTS
        }
        values["report_dir"] = values.pop("report-dir")
        values["objectives"] = tuple(values["objectives"].split())
        parse_all(values["objectives"])
        options = LoadOptions(
            scenario="mixed",
            url=(self._environment.host or DEFAULT_HOST).rstrip("/"),
            run=given.fluent_run,
            command=f"locust -f {self._environment.locustfile} --host {self._environment.host}",
            overwrite=given.fluent_overwrite,
            **values,
        )
        if not isinstance(self._runner, WorkerRunner):
            try_report_folder(options)
        self._options = known_target(options, None)
        if not isinstance(self._runner, WorkerRunner) and self._environment.shape_class is None:
            self._refuse_too_few_users(given.num_users or 1)
        self._collector = Collector()
        if not self._leads:
            part = max(0, int(self._runner.worker_index))
            self._process.prepare(self._options, part, given.fluent_parts)
            self._process.begin(self._options.rate, "s")
            self._reporter.tell_regularly()
        if not isinstance(self._runner, WorkerRunner):
            self._collector.begin()
            self._running = True
            self._most_users = 0
            gevent.spawn(self._sample)

    def _refuse_too_few_users(self, users: int) -> None:
        """Locust leaves out, without a word, a kind of users that all others leave no room for."""
        counts = [kind.fixed_count for kind in self._environment.user_classes]
        if users <= sum(counts) and not all(counts):
            given = "1 user is" if users == 1 else f"{users} users are"
            raise CannotRunError(
                f"{given} too few: {sum(counts)} send the batches of full loads, and none is left"
                f" to send deltas; give {sum(counts) + 1} or more (-u), or name BatchUser alone"
            )

    def _drain(self) -> None:
        self._sending = self._collector.age
        if not self._leads:
            self._process.drain()
            self._reporter.tell_tally()

    def _end(self) -> None:
        began, self._running = self._running, False
        if isinstance(self._runner, WorkerRunner):
            return
        if not began:
            if self._environment.process_exit_code is None:
                log.error("The test ended before its opening stock was loaded: nothing was sent.")
            self._environment.process_exit_code = 2
            return
        seconds = self._collector.age
        course = Course(seconds, sending=self._sending)
        try:
            ledger = self._ledger()
            self._collector.end(None)
            course = replace(course, found=audit(ledger, self._options))
        except CannotRunError as fault:
            course = replace(course, ending=Ending.BROKEN_OFF, problem=str(fault))
        objectives = parse_all(self._options.objectives)
        options = replace(self._options, users=max(1, self._most_users))
        result = outcome(options, self._collector, course, objectives)
        self._environment.process_exit_code = tell(result, options)

    def _ledger(self) -> Ledger:
        if isinstance(self._runner, LocalRunner):
            return self._process.ledger
        parts: int = getattr(self._environment.parsed_options, "fluent_parts", 1)
        self._runner.send_message("fluent_report", {})
        deadline = time.monotonic() + SECONDS_TO_REPORT
        while len(self._told) < parts:
            if time.monotonic() > deadline:
                raise CannotRunError(f"{len(self._told)} of {parts} workers told what they sent")
            gevent.sleep(0.05)
        self._told.clear()
        whole = Ledger()
        for file in sorted(Path(self._folder.name).glob("*.jsonl")):
            whole.merge(Ledger.read(file))
            file.unlink()
        return whole

    def _on_report(self, **_: object) -> None:
        """Locust may ask for the end of a test before it has told the workers so."""
        self._drain()
        self._reporter.tell_ledger()

    def _sample(self) -> None:
        collector = self._collector
        while self._running and collector is self._collector:
            gevent.sleep(SECONDS_A_SAMPLE)
            self._most_users = max(self._most_users, self._runner.user_count)
            collector.cut(None)

    def _on_tick(self, msg: Any, **_: object) -> None:
        self._collector.take(msg.data["part"], msg.data)

    def _on_ledger(self, msg: Any, **_: object) -> None:
        with (Path(self._folder.name) / f"{msg.data['part']}.jsonl").open("ab") as file:
            file.write(msg.data["piece"])
        if msg.data["last"]:
            self._told.add(msg.data["part"])
