"""Rules that cannot break what they look at: a defect of a rule is a remark in the report."""

from __future__ import annotations

import copy
import logging
from collections import Counter
from collections.abc import Iterable

from ..checking import Checker
from ..rules.model import Call, Finding, Observation, Rule

log = logging.getLogger(__name__)


class Defects:
    """What went wrong in rules: the first time of each is logged, all are counted."""

    def __init__(self) -> None:
        self._times: Counter[str] = Counter()
        self._errors: dict[str, str] = {}

    def add(self, name: str, error: Exception) -> None:
        """Note that a rule has raised."""
        self._times[name] += 1
        if name not in self._errors:
            self._errors[name] = f"{type(error).__name__}: {error}"[:200]
            log.error("the rule %s has a defect", name, exc_info=error)

    def notes(self) -> list[str]:
        """A sentence for each rule that has one."""
        return [
            f"{name} could not judge {times:,} times, for a defect of its own: {self._errors[name]}"
            for name, times in self._times.items()
        ]


class GuardedChecker(Checker):
    """A checker whose rules may raise: the others go on, and have seen everything once."""

    def __init__(self, rules: Iterable[type[Rule]], defects: Defects) -> None:
        super().__init__(rules)
        self._defects = defects

    def check(self, observation: Observation) -> list[Finding]:
        """What the observation breaks."""
        kind = type(observation)
        findings: list[Finding] = []
        if isinstance(observation, Call) or isinstance(observation.document, dict):
            for rule in self._seeing.get(kind, ()):
                try:
                    findings += rule.see(observation)
                except Exception as error:
                    self._defects.add(rule.id, error)
        for shape in self._shapes.get(kind, ()):
            try:
                faults = list(shape.see(observation))
                told = self._told(findings) if faults and findings else ()
            except Exception as error:
                self._defects.add(shape.id, error)
            else:
                findings[:0] = [fault for fault in faults if fault.pointer not in told]
        return findings

    def missing(self, at: float) -> list[Finding]:
        """What would be missing if nothing more came; the rules themselves go on."""
        found: list[Finding] = []
        for rule in self._rules.values():
            if type(rule).finish is Rule.finish:
                continue
            try:
                found += copy.deepcopy(rule).finish(at)
            except Exception as error:
                self._defects.add(rule.id, error)
        return found

    def _told(self, findings: Iterable[Finding]) -> set[str]:
        """Where a fault of the schema would say no more than these findings."""
        return {
            pointer
            for finding in findings
            for pointer in self._rules[finding.rule_id].explains(finding)
        }
