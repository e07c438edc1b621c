"""The search: schedules of one fault, then of two, each in a fresh world; what convicts is reduced.

What a small schedule has convicted is not tried again inside larger ones, nor at other requests.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from .candidate_faults import Candidates, candidates
from .disturbed_runs import DisturbedRuns, Ran, RunOutcome, last_words
from .disturbed_world import story
from .fault_schedules import Schedule, how_many, key_of, schedules
from .found_breaks import Finding
from .passed_points import PassedPoints
from .run_judgement import Breaks, NotExploredError, ObservedRun, levels

MOST_OF_A_STORY = 12
UNTIL = ("first", "each", "all")
"""End with the first finding; or try no fault again that has convicted; or try every schedule."""


class Plan(NamedTuple):
    """What is to be tried."""

    depth: int = 2
    seed: int = 1
    until: str = "each"
    most_requests: int = 5
    only: Collection[str] = ()
    budget: float | None = None
    """Seconds."""


@dataclass
class Counts:
    """Of the schedules of one size."""

    size: int
    all: int
    tried: int = 0
    convicted: int = 0
    known: int = 0
    """Not tried, for a fault in it has convicted, or the same at another request."""
    in_vain: int = 0
    """Of those that were tried: not all of its faults were met."""

    @property
    def left(self) -> int:
        """Not tried for another reason, such as the budget."""
        return self.all - self.tried - self.known


class Kept(Protocol):
    """What was tried before, and where it is kept that something was."""

    def begin(self, passed: PassedPoints) -> None:
        """The undisturbed run has passed these points; raises where it did not before."""

    def outcome(self, key: str) -> RunOutcome | None:
        """Of a schedule that was tried."""

    def finding(self, key: str) -> Finding | None:
        """What a schedule that convicts was reduced to."""

    def keep(self, outcome: RunOutcome, finding: Finding | None) -> None:
        """Keep what came of one."""


class Watch(Protocol):
    """Who is told of progress."""

    def begin(self, counts: Counts) -> None:
        """Schedules of a size are tried from now on."""

    def tried(self, counts: Counts, schedule: Schedule) -> None:
        """One more."""

    def found(self, finding: Finding) -> None:
        """One has convicted."""


@dataclass
class Exploration:
    """One search; what it has found so far is there also when it is broken off."""

    plan: Plan
    runs: DisturbedRuns
    kept: Kept
    watch: Watch
    passed: PassedPoints = field(default_factory=lambda: PassedPoints({}))
    found: Candidates = field(default_factory=lambda: Candidates([], [], 0, []))
    counts: list[Counts] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    ended_early: str = ""
    """Why it has not tried all there was, in a word or two."""
    undisturbed_seconds: float = 0.0
    left_running: int = 0
    """Processes that it left behind undisturbed."""

    def go(self) -> None:
        """Search; raises NotExploredError where the undisturbed run is none to hold others to."""
        deadline = None if self.plan.budget is None else time.monotonic() + self.plan.budget
        self.ended_early = "interrupted"
        if self._is_broken_undisturbed():
            self.ended_early = "it is wrong undisturbed"
            return
        self.kept.begin(self.passed)
        plan = self.plan
        self.found = candidates(self.passed, plan.seed, plan.most_requests, plan.only)
        for size in range(1, plan.depth + 1):
            total = how_many(self.found, size)
            if total:
                self.counts.append(Counts(size, total))
        for counts in self.counts:
            self.watch.begin(counts)
            for schedule in self._untried(counts):
                if deadline is not None and time.monotonic() >= deadline:
                    self.ended_early = "the budget is used up"
                    return
                self._try(schedule, counts)
                if self.findings and plan.until == "first":
                    self.ended_early = "--until first"
                    return
        self.ended_early = ""

    @property
    def is_whole(self) -> bool:
        """Whether all that was to be tried was, and there was something to try."""
        return not self.ended_early and any(each.tried for each in self.counts)

    def _is_broken_undisturbed(self) -> bool:
        """Run it twice without faults: does it end well, and do the same again?"""
        first = self.runs.run_undisturbed()
        self.passed = PassedPoints.of(first.observed.requests)
        self.undisturbed_seconds = first.end.seconds
        self.left_running = first.end.left_running
        if first.outcome.complaints:
            self.findings.append(finding_of((), first, first.observed, is_steady=True))
            self.watch.found(self.findings[-1])
            if first.outcome.breaks != {Breaks.UNPOLLED} or self.plan.until == "first":
                return True
        self.runs.hold_against(first)
        second = self.runs.run_undisturbed()
        if second.outcome.complaints:
            why = "; ".join(each.why for each in second.outcome.complaints)
            raise NotExploredError(
                f"two undisturbed runs of it differ, so that no run can be held against them: {why}"
            )
        return False

    def _untried(self, counts: Counts) -> Iterator[Schedule]:
        """The schedules of a size that are worth trying, as long as nothing of them convicts."""
        found = self.found
        if self.plan.until != "all" and counts.size > 1:
            convicted = {each for known in self._convicted() if len(known) == 1 for each in known}
            found = found._replace(
                faults=[each for each in found.faults if each.alike not in convicted],
                after_expiry=[each for each in found.after_expiry if each.alike not in convicted],
            )
            counts.known += counts.all - how_many(found, counts.size)
        for schedule in schedules(found, counts.size):
            if self.plan.until != "all" and self._is_known(schedule):
                counts.known += 1
            else:
                yield schedule

    def _convicted(self) -> list[Counter[tuple[str, str]]]:
        return [
            Counter(each.alike for each in finding.schedule)
            for finding in self.findings
            if finding.schedule
        ]

    def _is_known(self, schedule: Schedule) -> bool:
        alike = Counter(each.alike for each in schedule)
        return any(known <= alike for known in self._convicted())

    def _try(self, schedule: Schedule, counts: Counts) -> None:
        key = key_of(schedule)
        outcome = self.kept.outcome(key)
        finding = self.kept.finding(key)
        if outcome is None:
            ran = self.runs.run(schedule)
            outcome = ran.outcome
            finding = self._reduced(schedule, ran) if outcome.complaints else None
            self.kept.keep(outcome, finding)
        counts.tried += 1
        counts.in_vain += not outcome.came_to_all
        counts.convicted += finding is not None
        if finding is not None and self._is_new(finding):
            self.findings.append(finding)
            self.watch.found(finding)
        self.watch.tried(counts, schedule)

    def _is_new(self, finding: Finding) -> bool:
        return all(key_of(each.schedule) != key_of(finding.schedule) for each in self.findings)

    def _reduced(self, schedule: Schedule, ran: Ran) -> Finding:
        """The fewest of its faults that do the same, found by running, and run once more."""
        smallest, last = schedule, ran
        is_smaller = len(schedule) > 1
        while is_smaller:
            is_smaller = False
            for fault in smallest if len(smallest) > 1 else ():
                fewer = tuple(each for each in smallest if each is not fault)
                again = self.runs.run(fewer)
                if again.outcome.breaks & ran.outcome.breaks:
                    smallest, last, is_smaller = fewer, again, True
                    break
        repeated = self.runs.run(smallest)
        is_steady = bool(repeated.outcome.breaks & last.outcome.breaks)
        return finding_of(smallest, last, self.runs.undisturbed, is_steady=is_steady)


def finding_of(
    schedule: Schedule, ran: Ran, undisturbed: ObservedRun | None, *, is_steady: bool
) -> Finding:
    """What a run has shown, and what there is to see of it."""
    outcome = ran.outcome
    return Finding(
        schedule,
        outcome.complaints,
        outcome.exit_code,
        last_words(ran.end.output),
        story(ran.observed.requests, MOST_OF_A_STORY),
        is_steady,
        [] if undisturbed is None else levels(undisturbed),
    )


def not_tried(counts: Sequence[Counts]) -> int:
    """How many schedules are left."""
    return sum(each.left for each in counts)
