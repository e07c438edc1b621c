"""Holds what was sent against rules: one observation at a time, in the order of sending."""

from __future__ import annotations

import copy
import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple, TypeVar

from fluent_oms_simulator.domain.bounds import Tally
from fluent_oms_simulator.switches import STRICT, Profile

from .rules.rule import Aftermath, Call, Finding, Observation, Rule
from .rules.shape import ShapeRule

T = TypeVar("T")

log = logging.getLogger(__name__)

ALL = "the examination"


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

    def of(self, rules: Collection[str]) -> list[str]:
        """A sentence for each of these rules that has one, and for what is about all of them."""
        return [
            f"{name} could not judge {times:,} times, for a defect of its own: {self._errors[name]}"
            for name, times in self._times.items()
            if name in rules or name == ALL
        ]


class Explained(NamedTuple):
    """A fault of the schema that other rules tell better, and which rules they are."""

    fault: Finding
    by: frozenset[str]


class Checked(NamedTuple):
    """What one observation breaks; who leaves out the rules that explain a fault needs it back."""

    findings: list[Finding]
    explained: Sequence[Explained] = ()


class Checker:
    """Some rules at work. It has instances of its own: what they remember ends with it.

    With the rules of shape (FOMS-B000, FOMS-E000, FOMS-J000) among them, a payload is also held
    against its schema. A fault that another rule explains better is told by that rule alone, unless
    the rule only warns: what the server refuses is an error, whoever tells it, and nobody is warned
    of a value that is none.

    Given `defects`, a rule may raise: that is noted there, the other rules go on, and each has seen
    every observation once. Without, what a rule raises is raised.
    """

    def __init__(
        self,
        rules: Iterable[type[Rule]],
        defects: Defects | None = None,
        profile: Profile = STRICT,
    ) -> None:
        self._rules = {kind.id: kind() for kind in rules}
        for rule in self._rules.values():
            rule.profile = profile
        self._defects = defects
        self._seeing: dict[type[Observation], list[Rule]] = {}
        self._shapes: dict[type[Observation], list[ShapeRule]] = {}
        for rule in self._rules.values():
            for kind in rule.sees:
                if isinstance(rule, ShapeRule):
                    self._shapes.setdefault(kind, []).append(rule)
                else:
                    self._seeing.setdefault(kind, []).append(rule)

    def tallies(self) -> list[Tally]:
        """How much the rules hold of what has a bound in bytes."""
        return [tally for rule in self._rules.values() for tally in rule.tallies()]

    def check(self, observation: Observation) -> list[Finding]:
        """What the observation breaks, whatever JSON it holds."""
        return self.examine(observation).findings

    def examine(
        self, observation: Observation, give_way: Callable[[], None] | None = None
    ) -> Checked:
        """The same, with the faults that others explain; `give_way` is called after each rule."""
        kind = type(observation)
        findings: list[Finding] = []
        if isinstance(observation, Call | Aftermath) or isinstance(observation.document, dict):
            for rule in self._seeing.get(kind, ()):
                findings += self._asked(rule, partial(rule.see, observation))
                if give_way is not None:
                    give_way()
        faults = [
            fault
            for shape in self._shapes.get(kind, ())
            for fault in self._asked(shape, partial(shape.see, observation))
        ]
        if not (faults and findings):
            return Checked(faults + findings)
        telling: dict[str, list[Finding]] = {}
        for finding in findings:
            rule = self._rules[finding.rule_id]
            for pointer in self._asked(rule, partial(rule.explains, finding)):
                telling.setdefault(pointer, []).append(finding)
        told: list[Finding] = []
        explained: list[Explained] = []
        for fault in faults:
            by = frozenset(
                finding.rule_id
                for finding in telling.get(fault.pointer, ())
                if finding.severity.covers(fault.severity)
            )
            if by:
                explained.append(Explained(fault, by))
            else:
                told.append(fault)
        refused = {fault.pointer: fault.severity for fault in told}
        findings = [
            finding
            for finding in findings
            if finding.pointer not in refused or finding.severity.covers(refused[finding.pointer])
        ]
        return Checked(told + findings, explained)

    def finish(self, at: float | None = None) -> list[Finding]:
        """What is missing now that nothing more is coming; `at` is when, where that is known."""
        return [
            finding
            for rule in self._rules.values()
            for finding in self._asked(rule, partial(rule.finish, at))
        ]

    def missing(self, at: float) -> list[Finding]:
        """What would be missing if nothing more came; the rules themselves go on."""
        return [
            finding
            for rule in self._rules.values()
            if type(rule).finish is not Rule.finish
            for finding in self._asked(rule, partial(_finished, rule, at))
        ]

    def _asked(self, rule: Rule, answer: Callable[[], Iterable[T]]) -> Iterable[T]:
        """What a rule answers; here and only here it is asked about what was sent."""
        return answer() if self._defects is None else _as_far(rule, answer, self._defects)


def _as_far(rule: Rule, answer: Callable[[], Iterable[T]], defects: Defects) -> Iterator[T]:
    """What a rule answers, as far as it gets."""
    try:
        yield from answer()
    except Exception as error:
        defects.add(rule.id, error)


def _finished(rule: Rule, at: float) -> Iterable[Finding]:
    return copy.deepcopy(rule).finish(at)
