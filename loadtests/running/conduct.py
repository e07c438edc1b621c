"""One run from beginning to end: prepare, load, drain, audit, judge, leave things as they were."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import gevent
from fluent_oms_simulator.loadtests.reporting.model import (
    RunResult,
    Sample,
)
from fluent_oms_simulator.loadtests.traffic.ledger import Ledger

from .calls import Caller
from .collector import Collector
from .crew import Crew
from .objectives import Objective, judge, parse
from .options import LoadOptions
from .outcome import audit, late_share, outcome, told
from .ramp import Probe, search
from .target import clean_up

SECONDS_A_SAMPLE = 0.5
MOST_SAMPLES = 600
PROBE_SECONDS = (2.0, 15.0)
PROBES = 10
RECOVERS_WITHIN = 5.0
MOST_LATE = 0.05
DEFAULT_OF_RAMP = ("delta.visible.p99<250ms", "errors<0.1%")


class Conductor:
    """Leads one run; `watch` is told every sample and, in words, what happens."""

    def __init__(
        self, options: LoadOptions, watch: Callable[[Sample | str], None], port: int | None
    ) -> None:
        texts = options.objectives or (DEFAULT_OF_RAMP if options.scenario == "ramp" else ())
        self._objectives = tuple(parse(text) for text in texts)
        self._options = options
        self._watch = watch
        self._collector = Collector()
        self._caller = Caller(options)
        self._every = max(SECONDS_A_SAMPLE, options.duration / MOST_SAMPLES)
        self._probes: list[Probe] = []
        self._notes: list[str] = []
        self._crew = Crew(options, self._collector, port)

    def interrupt(self) -> None:
        """End the run soon."""
        self._crew.interrupted = True

    def run(self) -> RunResult:
        """The result; raises CannotRunError and InterruptedRunError."""
        options, crew = self._options, self._crew
        ledger: Ledger | None = None
        try:
            with self._crew_at_work():
                self._watch("loading the opening stock")
                crew.prepare()
                began = time.monotonic()
                self._collector.begin()
                self._load()
                self._watch("waiting for what is under way")
                crew.drain()
                # what ends after the last moment counts, and so does the time that it took
                seconds = time.monotonic() - began
                self._watch(self._collector.end(self._queue_depth()))
                ledger = crew.ledger()
            self._watch("audit: reading every position back")
            found = audit(ledger, options)
        finally:
            if not options.is_ours and not options.keep:
                self._leave(ledger)
        return outcome(
            options,
            self._collector,
            seconds,
            found,
            self._objectives,
            self._probes,
            self._notes,
        )

    @contextmanager
    def _crew_at_work(self) -> Iterator[None]:
        try:
            yield
        finally:
            self._crew.quit()

    def _load(self) -> None:
        options = self._options
        if options.scenario == "ramp":
            self._search()
            return
        self._crew.begin(options.rate, "s")
        self._pass_time(options.duration)

    def _pass_time(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0.01:
            self._crew.wait(min(left, self._every))
            self._sample()

    def _sample(self) -> None:
        self._watch(self._collector.cut(self._queue_depth()))

    def _queue_depth(self) -> int | None:
        """How much waits in the server, where it is one that tells."""
        if not self._options.is_ours:
            return None
        document = self._caller.look("/__admin/health").document
        waiting = document.get("waiting") if isinstance(document, dict) else None
        return sum(waiting.values()) if isinstance(waiting, dict) else None

    # -- ramp ----------------------------------------------------------------------------------

    def _search(self) -> None:
        options = self._options
        each = min(max(options.duration / PROBES, PROBE_SECONDS[0]), PROBE_SECONDS[1])
        ends = time.monotonic() + options.duration
        self._probes = search(
            lambda rate: self._probe(rate, each),
            options.rate,
            lambda: time.monotonic() + each <= ends + 0.5,
        )

    def _probe(self, rate: float, seconds: float) -> Probe:
        """What is not met at a rate."""
        self._watch(f"trying {rate:,.0f} deltas/s")
        self._crew.begin(rate, f"p{len(self._collector.samples)}")
        self._collector.open_window()
        self._pass_time(seconds)
        measured = self._collector.window()
        trouble = [
            f"{result.text} (found {result.value})"
            for result in judge(self._while_running(), measured)
            if not result.met
        ]
        late = late_share(measured)
        if not trouble and late > MOST_LATE:
            trouble.append(f"{late:.0%} of the events could not be sent in time")
        probe = Probe(rate, "; ".join(trouble), self._collector.starved)
        self._watch(told(probe))
        if trouble:
            self._recover()
        return probe

    def _while_running(self) -> tuple[Objective, ...]:
        return tuple(each for each in self._objectives if not each.of_audit)

    def _recover(self) -> None:
        """Let what a rate that was too high has left behind pass, before the next is tried."""
        self._crew.hold()
        deadline = time.monotonic() + RECOVERS_WITHIN
        while time.monotonic() < deadline:
            self._crew.wait(SECONDS_A_SAMPLE)
            self._sample()
            if not self._collector.in_flight and not self._collector.samples[-1].queue_depth:
                break

    # -- afterwards ----------------------------------------------------------------------------

    def _leave(self, ledger: Ledger | None) -> None:
        self._watch("counting everything down to 0")
        known = ledger if ledger is not None else self._crew.local_ledger
        self._notes.append(clean_up(self._options, known.positions(), 1.0))
        self._watch(self._notes[-1])


def ends_on_signals(conductor: Conductor) -> None:
    """Ctrl-C and a polite kill end the run soon, with everything put away."""
    for number in (signal.SIGINT, signal.SIGTERM):
        gevent.signal_handler(number, conductor.interrupt)
