"""Validates files: reads, checks, locates, and keeps what a person is to be told."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from fluent_oms_simulator.console.interrupts import Interrupts
from fluent_oms_simulator.domain.jobs import MOST_RECORDS
from fluent_oms_simulator.intake.written_numbers import as_written
from fluent_oms_simulator.switches import STRICT, Profile

from ..checking import Checker
from ..reporting.run_report import Check, Outcome, Place, Report, Reported, Verdict, judged_by
from ..rules.batches.batch import TooManyRecords
from ..rules.rule import Batch, Event, Finding, Observation, Severity
from .chunks import Chunk
from .file_faults import ENGINES, PAYLOADS, UNKNOWN, FileFinding, FileRule, told
from .kinds import Kind
from .payload_reader import Reader
from .rule_choice import Choice
from .sources import (
    STANDARD_INPUT,
    BudgetSpentError,
    Metered,
    Problem,
    Source,
    cannot_be_read,
    opened,
)

MOST_BYTES = 4 * 1024**3
"""Unpacked bytes that are checked unless more are asked for: some minutes' work."""
LEAST_OF_ROW = 40
"""Bytes that a row counts as at least: about the shortest that can be a record."""
COST_OF_FINDING = 4_000
"""Bytes that may be checked in the time of a finding, which counts as so many once none is kept."""

NOTHING_CHECKED = "Nothing was checked: there was no payload."


class SecondOpinion(Protocol):
    """Another engine's judgement on each payload."""

    def findings(self, observation: Observation, kind: str = "") -> Iterable[Finding]:
        """Where the engines differ; `kind` of a document that is only a part of a payload."""
        ...


@dataclass(frozen=True, slots=True)
class ValidationOptions:
    """What is asked of a run; with a second opinion each payload is judged by two engines."""

    choice: Choice
    kind: Kind | None = None
    fail_on: Severity = Severity.ERROR
    retailer_id: str | None = None
    most_findings: int = 1000
    most_bytes: int = MOST_BYTES
    second_opinion: SecondOpinion | None = None
    profile: Profile = STRICT


@dataclass(slots=True)
class Validated:
    """What a run came to; `problems` are what kept it from checking all that it was given."""

    report: Report
    problems: list[Problem] = field(default_factory=list)
    payloads: int = 0
    size: int = 0
    unpacked: int = 0


class Watcher:
    """Is told how far a run has come; this one does nothing about it."""

    def read(self, size: int) -> None:
        """So many more bytes were read."""

    def unpack(self, size: int) -> None:
        """So many more bytes were unpacked."""

    def judge(self, rows: int) -> None:
        """So many more rows are judged: records and deltas, or what else stands in a row."""


class Validation:
    """One run over some sources, in their order: rules about streams remember across them."""

    def __init__(self, options: ValidationOptions, watcher: Watcher | None = None) -> None:
        self._options = options
        self._watcher = watcher or Watcher()
        self._rows = 0
        self._checker = Checker(options.choice.rules, profile=options.profile)
        self._around = Checker(options.choice.about_one_payload, profile=options.profile)
        self._counts: Counter[str] = Counter()
        self._severities: Counter[Severity] = Counter()
        self._found: list[Reported] = []
        self._name = ""
        self.outcome = Validated(
            Report("Payload validation", judged_by=judged_by(options.profile, {}))
        )

    def run(self, sources: Sequence[Source | Problem]) -> Validated:
        """Check all of them, or as many as a signal leaves time for: the report says which."""
        notes: list[str] = []
        with Interrupts() as interrupts, interrupts.heeded():
            for source in sources:
                interrupts.check()
                if isinstance(source, Source):
                    self._check(source)
                elif source.passed_over:
                    notes.append(source.sentence)
                else:
                    self._refuse(source)
        report = self.outcome.report
        report.counts = {name: number for name, number in self._counts.items() if number}
        nothing_checked = not (self.outcome.payloads or report.fails(self._options.fail_on))
        if interrupts.ended_by is not None:
            report.cut_short = Outcome(interrupts.ended_by)
            files = sum(isinstance(source, Source) for source in sources)
            whole = self._counts["files"]
            told = "was checked to its end" if whole == 1 else "were checked to their end"
            notes.append(f"Of {files:,} files {whole:,} {told}.")
        elif nothing_checked or self.outcome.problems:
            report.cut_short = Outcome.INCOMPLETE
        report.notes = [*notes, NOTHING_CHECKED] if nothing_checked else notes
        return self.outcome

    def _refuse(self, problem: Problem) -> None:
        self.outcome.problems.append(problem)
        check = Check(problem.path, Verdict.ERROR, problem.sentence)
        self.outcome.report.checks.append(check)

    def _check(self, source: Source) -> None:
        self._name = "<stdin>" if source.name == STANDARD_INPUT else source.name
        self._severities.clear()
        began = time.perf_counter()
        payloads = self.outcome.payloads
        try:
            with opened(source, self._read) as stream:
                metered = Metered(stream, self._spend)
                reader = Reader(metered, self._options.kind, has_lines=source.has_lines)
                for found in reader.read():
                    if isinstance(found, FileFinding):
                        self._tell(found)
                    else:
                        self._judge(found)
        except BudgetSpentError:
            self._refuse(Problem(self._name, self._spent()))
            return
        except OSError as error:
            self._refuse(Problem(self._name, cannot_be_read(self._name, error)))
            return
        except KeyboardInterrupt:
            told = f"{self._name} was not checked to its end."
            self.outcome.report.checks.append(Check(self._name, Verdict.ERROR, told))
            raise
        finally:
            self.outcome.report.findings += sorted(self._found, key=_in_order)
            self._found = []
        self._counts["files"] += 1
        self.outcome.report.checks.append(
            Check(
                self._name,
                self._verdict(self.outcome.payloads > payloads),
                _summed_up(self._severities),
                seconds=time.perf_counter() - began,
            )
        )

    def _verdict(self, found_payloads: bool) -> Verdict:
        failing = self._severities[Severity.ERROR]
        if self._options.fail_on is Severity.WARNING:
            failing += self._severities[Severity.WARNING]
        if failing:
            return Verdict.FAILED
        return Verdict.PASSED if found_payloads else Verdict.SKIPPED

    def _read(self, size: int) -> None:
        self.outcome.size += size
        self._watcher.read(size)

    def _spend(self, size: int) -> None:
        self.outcome.unpacked += size
        self._watcher.unpack(size)
        self._check_budget()

    def _check_budget(self) -> None:
        """Raise BudgetSpentError once what was looked at has cost what a run may."""
        left_out = sum(self.outcome.report.left_out.values())
        spent = max(self.outcome.unpacked, LEAST_OF_ROW * self._rows) + COST_OF_FINDING * left_out
        if spent > self._options.most_bytes:
            raise BudgetSpentError

    def _spent(self) -> str:
        most = self._options.most_bytes
        return (
            f"{self._name} was not checked to its end: {most:,} bytes, unpacked, are checked in a "
            f"run, of which a row takes {LEAST_OF_ROW} at least, and a finding that is only counted"
            f" {COST_OF_FINDING:,}. Ask for more with --max-bytes, or check fewer files at a time."
        )

    def _judge(self, chunk: Chunk) -> None:
        rows = chunk.rows
        self._rows += rows
        self._watcher.judge(rows)
        self._check_budget()
        observation = chunk.observation(self._options.retailer_id)
        if observation is None:
            found = "an object" if isinstance(chunk.document, dict) else "no object"
            unknown = told(UNKNOWN, found, PAYLOADS)
            self._tell_of(chunk, unknown.finding, UNKNOWN)
            return
        self.outcome.payloads += 1
        self._count(chunk, observation)
        self._ask_the_other_engine(chunk, observation)
        if chunk.apart is not None:
            self._judge_around(chunk, observation, chunk.apart)
            return
        for finding in self._checker.check(observation):
            if not chunk.own:
                self._tell_of(chunk, finding)
            elif f"{finding.pointer}/".startswith(f"{chunk.own}/"):
                pointer = finding.pointer.removeprefix(chunk.own)
                self._tell_of(chunk, finding._replace(pointer=pointer))

    def _ask_the_other_engine(self, chunk: Chunk, observation: Observation) -> None:
        if self._options.second_opinion is None:
            return
        kind = "batch_envelope" if chunk.apart else ""
        for finding in self._options.second_opinion.findings(observation, kind):
            pointer = finding.pointer.removeprefix(chunk.own)
            self._tell_of(chunk, finding._replace(pointer=pointer), ENGINES)

    def _judge_around(self, chunk: Chunk, observation: Observation, records: int) -> None:
        """What is wrong with a batch apart from its records, which were judged before."""
        for finding in self._around.check(observation):
            if not (records and finding.pointer == "/entities"):
                self._tell_of(chunk, finding)
        if records > MOST_RECORDS and self._options.choice.has(TooManyRecords.id):
            found, expected = f"{records:,} records", f"at most {MOST_RECORDS:,}"
            self._tell_of(chunk, TooManyRecords().finding("/entities", found, expected))

    def _count(self, chunk: Chunk, observation: Observation) -> None:
        match chunk.kind:
            case Kind.BATCH:
                self._counts["batches"] += 1
            case Kind.EVENT:
                self._counts["events"] += 1
            case Kind.JOB:
                self._counts["jobs"] += 1
            case Kind.ITEMS:
                self._counts["items"] += len(chunk.document["attributes"]["items"])
        if isinstance(chunk.document, dict):
            if isinstance(observation, Batch):
                self._counts["records"] += len(observation.records)
            elif isinstance(observation, Event):
                self._counts["deltas"] += len(observation.deltas)

    def _tell_of(self, chunk: Chunk, finding: Finding, rule: FileRule | None = None) -> None:
        """Keep a finding with its place; beyond the bound it only counts, and is not looked for."""
        if self._counted(finding):
            pointer, line, column, number = chunk.origin.spot(finding.pointer)
            place = Place(self._name, line, column)
            found = as_written(finding.found, number) if number else finding.found
            self._keep(finding._replace(pointer=pointer, found=found), place, rule)

    def _tell(self, fault: FileFinding) -> None:
        if self._counted(fault.finding):
            place = Place(self._name, fault.line, fault.column)
            self._keep(fault.finding, place, fault.rule)

    def _keep(self, finding: Finding, place: Place, rule: FileRule | None) -> None:
        title, hint = (rule.title, rule.hint) if rule else ("", "")
        self._found.append(Reported(finding, place, hint, title=title))

    def _counted(self, finding: Finding) -> bool:
        """Count a finding if it is wanted; whether there is room for it."""
        if not self._options.choice.has(finding.rule_id):
            return False
        self._severities[finding.severity] += 1
        report = self.outcome.report
        if len(report.findings) + len(self._found) < self._options.most_findings:
            return True
        report.left_out[finding.severity] += 1
        self._check_budget()
        return False


def _in_order(reported: Reported) -> tuple[int, int]:
    return reported.place.line or 0, reported.place.column or 0


def _summed_up(severities: Counter[Severity]) -> str:
    """So many errors and warnings, in words; empty when there are none."""
    return ", ".join(
        f"{number:,} {severity}{'' if number == 1 else 's'}"
        for severity in Severity
        if (number := severities[severity])
    )
