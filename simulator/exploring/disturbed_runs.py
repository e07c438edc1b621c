"""Runs a connector's command in a fresh world under a schedule, and tells what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..client.target_server import Target
from ..connector.command import CommandEnd, run_command
from ..connector.connector_variables import FurtherVariables, connector_variables
from .disturbed_world import ControlOfWorlds, DisturbedWorld
from .fault_schedules import Schedule, key_of
from .run_judgement import Breaks, Complaint, NotExploredError, ObservedRun, complaints

LEAST_SECONDS = 90.0
TIMES_LONGER = 10
"""A disturbed run may take so many times as long as the undisturbed one; and 90 s at least, so that
one that waits a minute for a reply is not taken for one that never ends."""
UNDISTURBED_WITHIN = 300.0
LAST_WORDS = 400
"""Characters of what a connector printed that are told."""


class RunOutcome(NamedTuple):
    """What is kept of a run."""

    key: str
    complaints: Sequence[Complaint]
    exit_code: int | None
    """None where it had to be ended."""
    seconds: float
    came_to_all: bool
    """Whether each of its faults has struck; else it tells no more than a smaller schedule."""

    @property
    def breaks(self) -> frozenset[Breaks]:
        """What it did wrong."""
        return frozenset(each.breaks for each in self.complaints)

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "schedule": self.key,
            "complaints": [each._asdict() for each in self.complaints],
            "exitCode": self.exit_code,
            "seconds": round(self.seconds, 3),
            "cameToAll": self.came_to_all,
        }

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> RunOutcome:
        """What `document` has made; raises KeyError, TypeError or ValueError."""
        found = [Complaint(Breaks(each["breaks"]), each["why"]) for each in told["complaints"]]
        return cls(told["schedule"], found, told["exitCode"], told["seconds"], told["cameToAll"])


class Ran(NamedTuple):
    """A run, with all that there is to see of it."""

    outcome: RunOutcome
    observed: ObservedRun
    end: CommandEnd


@dataclass
class DisturbedRuns:
    """One connector on one server; each run has a world of its own."""

    control: ControlOfWorlds
    command: Sequence[str]
    inherited: Mapping[str, str]
    """What the connector finds in its environment beside where the simulator is."""
    seed: int
    expected: bytes | None = None
    within: float | None = None
    further: FurtherVariables | None = None
    """Other names for what it is told."""
    undisturbed: ObservedRun | None = None
    """What disturbed runs are held against."""
    passed_over: frozenset[Breaks] = frozenset()
    """What it does undisturbed too, and is not told again."""
    count: int = 0

    def run(self, schedule: Schedule = ()) -> Ran:
        """Run it once; raises CannotStartError."""
        self.count += 1
        within = self.within or UNDISTURBED_WITHIN
        with DisturbedWorld(self.control, f"run-{self.count}", schedule, self.seed) as world:
            told = self._environment(world.url)
            end = run_command(self.command, told, within=within, keep_output=True)
            observed = world.observe(self.expected)
        found = complaints(
            observed, self.undisturbed, has_ended=end.exit_code is not None, within=within
        )
        found = [each for each in found if each.breaks not in self.passed_over]
        came_to_all = len(observed.struck) == len(schedule)
        outcome = RunOutcome(key_of(schedule), found, end.exit_code, end.seconds, came_to_all)
        return Ran(outcome, observed, end)

    def _environment(self, url: str) -> dict[str, str]:
        told = connector_variables(Target(url))
        further = {} if self.further is None else self.further.filled(told)
        return {**self.inherited, **told, **further}

    def run_undisturbed(self) -> Ran:
        """Run it without faults; raises NotExploredError unless it ends well and sent something."""
        ran = self.run()
        code, said = ran.end.exit_code, last_words(ran.end.output)
        if code is None:
            wrong = f"had not ended after {ran.end.seconds:,.0f} s, and was ended"
        elif code:
            wrong = f"ended with the exit code {code}"
        elif not ran.observed.requests:
            wrong = "sent nothing to the address in FLUENT_BASE_URL"
            if left := ran.end.left_running:
                wrong += f", and left {'a process' if left == 1 else f'{left:,} processes'} behind"
        else:
            return ran
        words = f"; it said: {said.splitlines()[-1]}" if said else "; it said nothing"
        raise NotExploredError(f"without any fault the command {wrong}{words}")

    def hold_against(self, ran: Ran) -> None:
        """Hold what follows against this run, in what it did to stock and in how long it took."""
        self.undisturbed = ran.observed
        self.passed_over = ran.outcome.breaks
        if self.within is None:
            self.within = max(LEAST_SECONDS, TIMES_LONGER * ran.end.seconds)


def last_words(output: bytes) -> str:
    """The end of what a connector printed; empty where it printed nothing."""
    text = output.decode("utf-8", "replace").strip()
    return text[-LAST_WORDS:]
