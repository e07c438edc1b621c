"""What validation, contracts and conformance report, before it is put into any format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, NamedTuple

from fluent_oms_simulator.behaviour import told
from fluent_oms_simulator.console.interrupts import Ended
from fluent_oms_simulator.switches import Profile

from ..rules.rule import Finding, Severity


class Place(NamedTuple):
    """Where something was found: a file, or a request; line and column from 1."""

    source: str
    line: int | None = None
    column: int | None = None


class Reported(NamedTuple):
    """A finding at its place; `times` is how often, and `last` where it was found the last time.

    `title` says what is wrong where no rule of the pack does.
    """

    finding: Finding
    place: Place
    hint: str = ""
    times: int = 1
    last: Place | None = None
    title: str = ""


class Verdict(StrEnum):
    """How a check ended; `observed` is a behaviour that the platform leaves open."""

    PASSED = "passed"
    FAILED = "failed"
    OBSERVED = "observed"
    SKIPPED = "skipped"
    ERROR = "error"


class Outcome(StrEnum):
    """What a whole run comes to, in the word of its last line; every word has its exit code.

    `incomplete`: something kept the run from looking at all of it; `interrupted`, `terminated` and
    `hung-up`: a person, a machine or a terminal that was closed ended it before that. What was
    looked at until then is in the report.
    """

    PASSED = "passed"
    FAILED = "failed"
    INCOMPLETE = "incomplete"
    INTERRUPTED = Ended.INTERRUPTED.value
    TERMINATED = Ended.TERMINATED.value
    HUNG_UP = Ended.HUNG_UP.value

    @property
    def exit_code(self) -> int:
        """0, 1 or 2, and for a signal what a shell reports: 128 and the signal's number."""
        return EXIT_CODES[self]


EXIT_CODES: Mapping[Outcome, int] = {
    Outcome.PASSED: 0,
    Outcome.FAILED: 1,
    Outcome.INCOMPLETE: 2,
    **{Outcome(ended): ended.exit_code for ended in Ended},
}

WHY_CUT_SHORT: Mapping[Outcome, str] = {
    Outcome.INCOMPLETE: "Not everything could be looked at: what is missing here was not checked.",
    Outcome.INTERRUPTED: "Interrupted: what is missing here was not checked.",
    Outcome.TERMINATED: "Terminated: what is missing here was not checked.",
    Outcome.HUNG_UP: "The terminal was closed: what is missing here was not checked.",
}


class Check(NamedTuple):
    """One thing that was checked as a whole: a file, or a contract; `seconds` it took."""

    name: str
    verdict: Verdict
    message: str = ""
    details: str = ""
    seconds: float = 0.0


class JudgedBy(NamedTuple):
    """Which choices a verdict belongs to, where the documentation leaves several.

    The name of a profile, empty where there is none; in words also what goes over it.
    """

    profile: Profile | Literal[""] = ""
    words: str = ""


NO_CHOICE = JudgedBy()
"""Where none bears on it."""


def judged_by(profile: Profile, behaviours: Mapping[str, str]) -> JudgedBy:
    """By a profile, and the switches that are set over it."""
    return JudgedBy(profile, told(profile, behaviours))


@dataclass(slots=True)
class Report:
    """All that a run found out.

    `counts` say how much was looked at (files, documents, records, requests); `left_out` is how
    many findings a bound has cost, by severity. `cut_short` is set where the run did not get to its
    end: no such run has passed, whatever it has found.
    """

    title: str
    findings: list[Reported] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    counts: Mapping[str, int] = field(default_factory=dict)
    left_out: Counter[Severity] = field(default_factory=Counter)
    notes: Sequence[str] = ()
    cut_short: Outcome | None = None
    judged_by: JudgedBy = NO_CHOICE

    @property
    def remarks(self) -> list[str]:
        """The notes, after what the verdict belongs to."""
        words = self.judged_by.words
        return [f"judged by {words}", *self.notes] if words else [*self.notes]

    def outcome(self, fail_on: Severity) -> Outcome:
        """What the run comes to; a run that was cut short is that, even if something failed."""
        if self.cut_short is not None:
            return self.cut_short
        return Outcome.FAILED if self.fails(fail_on) else Outcome.PASSED

    def fails(self, on: Severity) -> bool:
        """Whether there is a finding this severe, or a check that failed."""
        severities = (Severity.ERROR,) if on is Severity.ERROR else tuple(Severity)
        return any(found.finding.severity in severities for found in self.findings) or any(
            check.verdict in (Verdict.FAILED, Verdict.ERROR) for check in self.checks
        )
