"""One run from beginning to end: prepare, load, drain, audit, judge, leave things as they were."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import gevent
from fluent_oms_simulator.client.client_errors import ClientError
from fluent_oms_simulator.client.manners import HEALTH
from fluent_oms_simulator.console.interrupts import SIGNALS

from ..ledger.ledger import Ledger
from ..reporting.run_result import RunResult, Sample, Step
from ..reporting.verdict import Ending
from ..reporting.wording import number, told
from ..server.target import caller
from ..traffic.load_options import OUT_OF_TIME, CannotRunError, LoadOptions
from .clean_up import clean_up
from .collector import Collector
from .load_processes import InterruptedRunError, LoadProcesses
from .objectives import Objective, parse_all
from .outcome import Course, audit, outcome, step_of, strain_on
from .ramp import search

SECONDS_A_SAMPLE = 0.5
MOST_SAMPLES = 600
STEP_SECONDS = (2.0, 15.0)
STEPS = 10
WARM_UP_SECONDS = 2.0
WARM_UP_RATE = 100.0
RECOVERS_WITHIN = 5.0
DEFAULT_OF_RAMP = ("delta.visible.p99<250ms", "errors<0.1%")


class LoadRun:
    """A run that is led from here; `watch` is told every sample and, in words, what happens."""

    def __init__(
        self, options: LoadOptions, watch: Callable[[Sample | str], None], port: int | None
    ) -> None:
        default = DEFAULT_OF_RAMP if options.scenario == "ramp" else ()
        self._objectives: tuple[Objective, ...] = parse_all(options.objectives, default)
        self._options = options
        self._watch = watch
        self._collector = Collector()
        self._caller = caller(options)
        self._every = max(SECONDS_A_SAMPLE, options.duration / MOST_SAMPLES)
        self._steps: list[Step] = []
        self._notes: list[str] = []
        self._processes = LoadProcesses(options, self._collector, port)

    def interrupt(self, how: Ending) -> None:
        """End the run soon, because somebody wants it to."""
        self._processes.ended_by = InterruptedRunError(how)

    def out_of_time(self) -> None:
        """End the run soon, because it takes too long."""
        self._processes.ended_by = CannotRunError(
            f"the run was not over {self._options.grace:.0f} s after its duration"
        )

    def run(self) -> RunResult:
        """The result, also of a run that ended early.

        Raises CannotRunError and InterruptedRunError where it ended before there was any load.
        """
        options, processes = self._options, self._processes
        ledger: Ledger | None = None
        course = Course(0.0)
        try:
            with self._processes_at_work():
                self._watch("loading the opening stock")
                processes.prepare()
                course = self._make_load()
                if course.ending is Ending.COMPLETE:
                    course, ledger = self._with_ledger(course)
            if ledger is not None and course.ending is Ending.COMPLETE:
                course = self._audited(course, ledger)
        finally:
            if not options.is_ours and not options.keep:
                self._leave(ledger)
        course = replace(course, notes=tuple(self._notes), steps=tuple(self._steps))
        return outcome(options, self._collector, course, self._objectives)

    def _make_load(self) -> Course:
        """Make the load; how far it went."""
        ending, problem = Ending.COMPLETE, ""
        began, sending = time.monotonic(), 0.0
        self._collector.begin()
        try:
            self._load()
            sending = time.monotonic() - began
            self._watch("waiting for what is under way")
            self._processes.drain()
        except InterruptedRunError as end:
            ending = end.ending
        except CannotRunError as fault:
            ending, problem = Ending.BROKEN_OFF, str(fault)
        if ending is not Ending.COMPLETE:
            sending = sending or time.monotonic() - began
            self._processes.let_go()
        # what ends after the last moment counts, and so does the time that it took
        seconds = time.monotonic() - began
        self._watch(self._collector.end(self._queue_depth()))
        return Course(seconds, ending, problem, sending=sending)

    def _with_ledger(self, course: Course) -> tuple[Course, Ledger | None]:
        """What the processes say that they have sent; None where that cannot be known."""
        try:
            return course, self._processes.ledger()
        except InterruptedRunError as end:
            return replace(course, ending=end.ending), None
        except CannotRunError as fault:
            return replace(course, ending=Ending.BROKEN_OFF, problem=str(fault)), None

    def _audited(self, course: Course, ledger: Ledger) -> Course:
        self._watch("audit: reading every position back")
        reading = gevent.spawn(self._read_back, course, ledger)
        try:
            while not reading.ready():
                self._processes.wait(0.05)
        except InterruptedRunError as end:
            reading.kill()
            return replace(course, ending=end.ending)
        except CannotRunError as fault:
            reading.kill()
            return replace(course, ending=Ending.BROKEN_OFF, problem=str(fault))
        read: Course = reading.get()
        return read

    def _read_back(self, course: Course, ledger: Ledger) -> Course:
        try:
            return replace(course, found=audit(ledger, self._options))
        except CannotRunError as fault:
            return replace(course, ending=Ending.BROKEN_OFF, problem=str(fault))

    @contextmanager
    def _processes_at_work(self) -> Iterator[None]:
        try:
            yield
        finally:
            self._processes.quit()

    def _load(self) -> None:
        options = self._options
        if options.scenario == "ramp":
            self._search()
            return
        self._processes.begin(options.rate, "s")
        self._pass_time(options.duration)

    def _pass_time(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0.01:
            self._processes.wait(min(left, self._every))
            self._sample()

    def _sample(self) -> None:
        self._watch(self._collector.cut(self._queue_depth()))

    def _queue_depth(self) -> int | None:
        """How much waits in the server, where it is one that tells."""
        if not self._options.is_ours:
            return None
        try:
            waiting = self._caller.call("GET", HEALTH, token=None).fields.get("waiting")
        except ClientError:
            return None
        return sum(waiting.values()) if isinstance(waiting, dict) else None

    # -- ramp ----------------------------------------------------------------------------------

    def _search(self) -> None:
        options = self._options
        target = ", ".join(each.text for each in self._objectives if not each.of_audit)
        self._watch(f"looking for the highest rate that holds {target}")
        each = min(max(options.duration / STEPS, STEP_SECONDS[0]), STEP_SECONDS[1])
        self._warm_up(min(options.rate, WARM_UP_RATE))
        ends = time.monotonic() + options.duration
        search(
            lambda rate: self._step(rate, each),
            options.rate,
            lambda: time.monotonic() + each <= ends + 0.5,
        )

    def _warm_up(self, rate: float) -> None:
        """Have the first connections and requests, which take longer, before the first step."""
        self._watch(f"warming up at {number(rate)} deltas/s")
        self._processes.begin(rate, "w")
        self._pass_time(WARM_UP_SECONDS)
        self._recover()
        self._notes.append(
            f"Before the first step, {WARM_UP_SECONDS:g} s at {number(rate)} deltas/s warmed the"
            " server and its connections up: they are in the figures of the whole run, and in no"
            " step."
        )

    def _step(self, rate: float, seconds: float) -> Step:
        """Try a rate."""
        self._watch(f"trying {number(rate)} deltas/s")
        self._processes.begin(rate, f"p{len(self._collector.samples)}")
        self._collector.open_window()
        self._pass_time(seconds)
        measured = self._collector.window()
        strain = strain_on(self._options, self._collector, rate)
        step = step_of(rate, measured, self._objectives, strain)
        self._steps.append(step)
        self._watch(told(step))
        if not step.met:
            self._recover()
        return step

    def _recover(self) -> None:
        """Let what a rate has left behind pass, before the next is tried."""
        self._processes.hold()
        deadline = time.monotonic() + RECOVERS_WITHIN
        while time.monotonic() < deadline:
            self._processes.wait(SECONDS_A_SAMPLE)
            self._sample()
            if not self._collector.in_flight and not self._collector.samples[-1].queue_depth:
                break

    # -- afterwards ----------------------------------------------------------------------------

    def _leave(self, ledger: Ledger | None) -> None:
        self._watch("counting everything down to 0")
        known = ledger if ledger is not None else self._processes.local_ledger
        for sentence in clean_up(self._options, known, 1.0):
            self._notes.append(sentence)
            self._watch(sentence)


def ends_on_signals(load_run: LoadRun) -> None:
    """Ctrl-C, a polite kill and a closed terminal end the run soon, with everything put away."""
    for name, ended in SIGNALS.items():
        if (each := getattr(signal, name, None)) is not None:
            gevent.signal_handler(each, load_run.interrupt, Ending(ended))
    if OUT_OF_TIME is not None:
        gevent.signal_handler(OUT_OF_TIME, load_run.out_of_time)
