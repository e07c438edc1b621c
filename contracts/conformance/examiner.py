"""Holds one exchange after the other against the rules."""

from __future__ import annotations

from fluent_oms_simulator.examination import JobFacts
from fluent_oms_simulator.traffic import Exchange

from ..rules.model import Call, Finding
from ..rules.pack import FAMILIES, RULES
from .guarded import Defects, GuardedChecker
from .ledger import Entry, Example, Ledger
from .observing import Observer

_STREAMS = next(letter for letter, about in FAMILIES.items() if about == "streams")


class Examiner:
    """All rules at work on what one simulator is sent."""

    def __init__(self, job_facts: JobFacts) -> None:
        self.defects = Defects()
        self.ledger = Ledger()
        self._observer = Observer(job_facts)
        self._remember_nothing()

    def _remember_nothing(self) -> None:
        self._taken = GuardedChecker(RULES, self.defects)
        # What was refused is no part of a stream: the corrected payload takes its place.
        self._refused = GuardedChecker(
            [rule for rule in RULES if rule.id[5] != _STREAMS and Call not in rule.sees],
            self.defects,
        )

    def examine(self, exchange: Exchange) -> None:
        """Take in one exchange; never raises."""
        try:
            self._examine(exchange)
        except Exception as error:
            self.defects.add("the examination", error)

    def _examine(self, exchange: Exchange) -> None:
        seen = self._observer.observe(exchange)
        request = self.ledger.count(seen)
        findings: list[Finding] = [] if seen.unreadable is None else [seen.unreadable]
        if seen.payload is not None:
            checker = self._taken if seen.was_taken else self._refused
            findings += checker.check(seen.payload)
        findings += self._taken.check(seen.call)
        if findings:
            self.ledger.add(request, findings)

    def begin_anew(self, at: int) -> None:
        """Start rules without a memory of what came before; what was found stays.

        After a reset of the simulator a deltaId is new again, and job 1 is another one.
        """
        missing = self._taken.missing(at / 1000)
        if self.ledger.last_request is not None and missing:
            self.ledger.add(self.ledger.last_request, missing, at_end=True)
        self.ledger.count_reset(at)
        self._remember_nothing()

    def entries(self, at: int) -> dict[str, Entry]:
        """What was found by each rule, with what would be missing if the traffic ended now."""
        last = self.ledger.last_request
        missing = self._taken.missing(at / 1000)
        if last is None or not missing:
            return self.ledger.entries
        entries = dict(self.ledger.entries)
        for finding in missing:
            known = entries.get(finding.rule_id)
            example = Example(last, finding, at_end=True)
            entry = Entry(example)
            if known is not None:
                entry.times, entry.examples = known.times, list(known.examples)
            entry.add(example)
            entries[finding.rule_id] = entry
        return entries
