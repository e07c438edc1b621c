"""Holds one exchange after the other against the rules."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from fluent_oms_simulator.conformance.examiner import JobFacts
from fluent_oms_simulator.conformance.failed_work import FailedWork
from fluent_oms_simulator.conformance.traffic import Exchange
from fluent_oms_simulator.domain.bounds import Tally
from fluent_oms_simulator.intake.written_numbers import WrittenNumbers
from fluent_oms_simulator.switches import STRICT, Profile
from fluent_oms_simulator.text.redaction import Redaction, credentials_of

from ..all_rules import FAMILIES, RULES
from ..checking import ALL, Checker, Defects, Explained
from ..rules.obligations.refusals import RefusedRequest
from ..rules.rule import Call, Finding, Severity
from .findings import Example, Request, RuleFindings, TrafficFindings
from .observing import Observed, Observer
from .sent_work import SentWork, WorkSeen, aftermath

LONG = 16 * 1024
"""Bytes of a payload, at 40 rules: a longer one takes milliseconds to examine."""

_STREAMS = next(letter for letter, about in FAMILIES.items() if about == "streams")


class RuleExaminer:
    """All rules at work on what one simulator is sent."""

    def __init__(
        self,
        job_facts: JobFacts,
        profile: Profile = STRICT,
        redaction: Redaction | None = None,
    ) -> None:
        self._profile = profile
        self._redaction = redaction or Redaction()
        self.defects = Defects()
        self.found = TrafficFindings()
        self._observer = Observer(job_facts)
        self._remember_nothing()

    def _remember_nothing(self) -> None:
        self._work = WorkSeen()
        self._taken = Checker(RULES, self.defects, self._profile)
        # What was refused is no part of a stream: the corrected payload takes its place.
        self._alone = Checker(
            [rule for rule in RULES if rule.id[5] != _STREAMS and Call not in rule.sees],
            self.defects,
            self._profile,
        )

    def examine(
        self, exchange: Exchange, give_way: Callable[[], None], *, is_late: bool = False
    ) -> tuple[str, ...]:
        """Take in one exchange; the ids of the rules that it has broken. Never raises.

        Others may go first after each rule that has looked at a long payload. One that is late
        began before the last reset and was answered after it: it is looked at by itself, since it
        is a part of neither stream.
        """
        try:
            return self._examine(exchange, give_way, is_late=is_late)
        except Exception as error:
            self.defects.add(ALL, error)
            return ()

    def _examine(
        self, exchange: Exchange, give_way: Callable[[], None], *, is_late: bool
    ) -> tuple[str, ...]:
        seen = self._observer.observe(exchange, knows_jobs=not is_late)
        request = self.found.count(seen)
        findings: list[Finding] = [] if seen.unreadable is None else [seen.unreadable]
        explained: list[Explained] = []
        if seen.payload is not None:
            is_of_stream = seen.was_taken and not is_late
            checker = self._taken if is_of_stream else self._alone
            is_long = len(exchange.sent) > LONG
            checked = checker.examine(seen.payload, give_way if is_long else None)
            numbers = WrittenNumbers(exchange.sent if isinstance(exchange.sent, bytes) else b"")
            findings += (_as_sent(each, numbers) for each in checked.findings)
            explained += (
                each._replace(fault=_as_sent(each.fault, numbers)) for each in checked.explained
            )
        if not is_late:
            findings += self._taken.check(seen.call)
        findings, refusals = _without_refusals(findings, explained)
        if not is_late:
            after, told_already = self._failed_before(seen, request, findings)
            findings += after
            explained += told_already
        if findings or explained or refusals:
            redaction = self._redaction_for(exchange)
            self.found.add(
                request,
                [_without_secrets(each, redaction) for each in findings],
                [
                    each._replace(fault=_without_secrets(each.fault, redaction))
                    for each in (*explained, *refusals)
                ],
            )
        return tuple(sorted({finding.rule_id for finding in findings}))

    def take_failure(self, work: FailedWork) -> tuple[int, tuple[str, ...]] | None:
        """Take in what was accepted and has failed; see Examiner."""
        try:
            sent = self._work.failed(work)
            if sent is None:
                return None
            findings, explained = aftermath(sent, work)
            self.found.add(sent.request, findings, explained)
            return sent.logged, tuple(sorted({finding.rule_id for finding in findings}))
        except Exception as error:
            self.defects.add(ALL, error)
            return None

    def _failed_before(
        self, seen: Observed, request: Request, found: Sequence[Finding]
    ) -> tuple[list[Finding], list[Explained]]:
        """What has failed already of what an exchange has brought."""
        key = seen.work
        if key is None:
            return [], []
        work = SentWork.of(request, seen.exchange.id, found)
        failed = self._work.sent(key, work)
        return ([], []) if failed is None else aftermath(work, failed)

    def _redaction_for(self, exchange: Exchange) -> Redaction:
        """What also knows the secrets that this exchange names as such."""
        sent = exchange.sent if isinstance(exchange.sent, bytes) else b""
        return self._redaction.knowing(
            [
                *credentials_of(exchange.authorization),
                *self._redaction.secrets_of(exchange.query, sent),
            ]
        )

    def begin_anew(self, at: int) -> None:
        """Start rules without a memory of what came before; what was found stays.

        After a reset of the simulator a deltaId is new again, and job 1 is another one.
        """
        missing = self._taken.missing(at / 1000)
        if self.found.last_request is not None:
            self.found.add_missing(self.found.last_request, missing)
        self.found.count_reset(at)
        self._remember_nothing()

    def tallies(self) -> list[Tally]:
        """How much the rules hold."""
        return [*self._taken.tallies(), *self._work.tallies()]

    def broken(self) -> tuple[int, int]:
        """How many rules were broken until now: those of errors, those of warnings."""
        severities = [entry.first.finding.severity for entry in list(self.found.entries.values())]
        errors = severities.count(Severity.ERROR)
        return errors, len(severities) - errors

    def entries(self, at: int, rules: Collection[str]) -> dict[str, RuleFindings]:
        """What was found by each of these rules, and would be missing if the traffic ended now."""
        entries = self.found.entries_of(rules)
        last = self.found.last_request
        if last is None:
            return entries
        for finding in self._taken.missing(at / 1000):
            if finding.rule_id in rules:
                missing = RuleFindings(Example(last, finding, at_end=True))
                known = entries.get(finding.rule_id)
                entries[finding.rule_id] = missing if known is None else known.with_(missing)
        return entries


def _as_sent(finding: Finding, numbers: WrittenNumbers) -> Finding:
    """The finding with a number as it was sent."""
    return finding._replace(found=numbers.told(finding.found, finding.pointer))


def _without_secrets(finding: Finding, redaction: Redaction) -> Finding:
    return finding._replace(
        pointer=redaction.text(finding.pointer), found=redaction.text(finding.found)
    )


def _without_refusals(
    findings: list[Finding], explained: list[Explained]
) -> tuple[list[Finding], list[Explained]]:
    """The findings, and the refusals of which one of them may be the reason.

    Without an error among the others the refusal itself is told: that a request was refused is
    never lost.
    """
    others = [finding for finding in findings if finding.rule_id != RefusedRequest.id]
    faults = [*others, *(fault for fault, _ in explained)]
    reasons = frozenset(f.rule_id for f in faults if f.severity is Severity.ERROR)
    refusals = [f for f in findings if f.rule_id == RefusedRequest.id]
    if not reasons:
        return findings, []
    return others, [Explained(refusal, reasons) for refusal in refusals]
