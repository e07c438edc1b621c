"""Rules that cannot break what they look at: with a defect of a rule there is no verdict."""

from __future__ import annotations

import copy
import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from typing import TypeVar

from ..checking import Checker
from ..rules.rule import Finding, Rule

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


class GuardedChecker(Checker):
    """A checker whose rules may raise: the others go on, and have seen everything once."""

    def __init__(self, rules: Iterable[type[Rule]], defects: Defects) -> None:
        super().__init__(rules)
        self._defects = defects

    def missing(self, at: float) -> list[Finding]:
        """What would be missing if nothing more came; the rules themselves go on."""
        return [
            finding
            for rule in self._rules.values()
            if type(rule).finish is not Rule.finish
            for finding in self._asked(rule, partial(_finished, rule, at))
        ]

    def _asked(self, rule: Rule, answer: Callable[[], Iterable[T]]) -> Iterator[T]:
        """What a rule answers, as far as it gets."""
        try:
            yield from answer()
        except Exception as error:
            self._defects.add(rule.id, error)


def _finished(rule: Rule, at: float) -> Iterable[Finding]:
    return copy.deepcopy(rule).finish(at)
