"""What every format says in the same words: the texts of a rule, the numbers, the verdict."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from fluent_oms_simulator.text.printable import printable

from ..all_rules import UnknownRule, rule
from ..rules.rule import Rule, Severity
from .run_report import WHY_CUT_SHORT, Check, Place, Report, Reported, Verdict

FAILING = (Verdict.FAILED, Verdict.ERROR)


class RuleTexts(NamedTuple):
    """What is known of a rule; all but the id is empty for a rule that is not in the pack."""

    id: str
    title: str = ""
    reason: str = ""
    evidence: str = ""
    hint: str = ""


def rule_texts(rule_id: str) -> RuleTexts:
    """The texts of the rule with this id."""
    found = _in_pack(rule_id)
    if found is None:
        return RuleTexts(rule_id)
    return RuleTexts(rule_id, found.title, found.reason, found.evidence, found.hint)


def _in_pack(rule_id: str) -> type[Rule] | None:
    try:
        found: type[Rule] = rule(rule_id)
    except UnknownRule:
        return None
    return found


def hint_of(reported: Reported) -> str:
    """What to do about this finding: its own hint, or that of its rule."""
    return reported.hint or rule_texts(reported.finding.rule_id).hint


def headline(reported: Reported) -> str:
    """What is wrong, in one sentence."""
    return (
        printable(reported.title)
        or rule_texts(reported.finding.rule_id).title
        or "breaks a rule that is not in the pack"
    )


def sentence(reported: Reported) -> str:
    """What is wrong, what was found and what was expected, on one line."""
    finding = reported.finding
    parts = [headline(reported)]
    if finding.found:
        parts.append(f"found {printable(finding.found)}")
    if finding.expected:
        parts.append(f"expected {printable(finding.expected)}")
    return "; ".join(parts)


def seen(reported: Reported) -> str:
    """How often, when it was more than once."""
    if reported.times < 2:
        return ""
    last = f", the last time at {where(reported.last)}" if reported.last else ""
    return f"{reported.times:,} times{last}"


def where(place: Place) -> str:
    """`source:line:column`, as far as they are known."""
    known = [place.source]
    if place.line is not None:
        known.append(str(place.line))
        if place.column is not None:
            known.append(str(place.column))
    return ":".join(known)


def grouped(report: Report) -> dict[str, list[Reported]]:
    """The findings by the file or request they are about, in the order of their first finding."""
    groups: dict[str, list[Reported]] = {}
    for reported in report.findings:
        groups.setdefault(reported.place.source, []).append(reported)
    return groups


def unexplained(report: Report) -> list[Check]:
    """The checks that failed without a finding that says why."""
    explained = {reported.place.source for reported in report.findings}
    return [
        check for check in report.checks if check.verdict in FAILING and check.name not in explained
    ]


def how_many(report: Report, severity: Severity) -> int:
    """How many findings of this severity there are, shown or not; one seen often counts once."""
    shown = sum(reported.finding.severity is severity for reported in report.findings)
    return shown + report.left_out[severity]


def counted(report: Report) -> str:
    """How much was looked at: `2 files, 1,000 records`."""
    return ", ".join(several(number, printable(what)) for what, number in report.counts.items())


def verdict(report: Report, fail_on: Severity) -> str:
    """The last line: what was found, also what is not shown, and what that comes to."""
    found = {each: how_many(report, each) for each in Severity}
    parts = [several(number, f"{severity}s") for severity, number in found.items() if number]
    parts += _checks_told(report)
    return f"{', '.join(parts) or 'nothing found'}: {report.outcome(fail_on)}"


def _checks_told(report: Report) -> list[str]:
    """How many checks failed; in a run that was cut short, those without a verdict are told apart:
    what could not be looked at has not failed.
    """
    ended = Counter(check.verdict for check in report.checks)
    failed, undecided = ended[Verdict.FAILED], ended[Verdict.ERROR]
    if report.cut_short is None:
        failed, undecided = failed + undecided, 0
    else:
        undecided += ended[Verdict.SKIPPED]
    told = [f"{failed:,} of {several(len(report.checks), 'checks')} failed"] if ended else []
    return told + ([f"{undecided:,} without a verdict"] if undecided else [])


def cut_short(report: Report) -> str:
    """That the run did not get to its end; empty when it did."""
    return "" if report.cut_short is None else WHY_CUT_SHORT[report.cut_short]


def left_out(report: Report) -> str:
    """That there is more than the report shows; empty when there is not."""
    return more_left_out(report.left_out.total()) if report.left_out else ""


def more_left_out(number: int) -> str:
    """That so many findings are not shown."""
    return f"{several(number, 'more findings')} left out"


def several(number: int, what: str) -> str:
    """A number of things, in the singular where it is one: `1 batch`."""
    if number == 1:
        what = "batch" if what == "batches" else what.removesuffix("s")
    return f"{number:,} {what}"
