"""`fluent-sim validate`: holds payload files against the schemas and the rules."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click
from fluent_oms_simulator.contracts.reporting.render import render
from fluent_oms_simulator.contracts.rules.rule import Severity
from fluent_oms_simulator.contracts.validation.kinds import GIVEN, Kind
from fluent_oms_simulator.contracts.validation.rule_choice import UnknownRule, choose_for_files
from fluent_oms_simulator.contracts.validation.run import (
    MOST_BYTES,
    NOTHING_CHECKED,
    Validated,
    Validation,
    ValidationOptions,
    Watcher,
)
from fluent_oms_simulator.contracts.validation.sources import Source, find_sources

from ..console.interrupts import ended_by
from ..console.refusal import Refusal
from ..console.reports import report_folder, report_options
from ..console.saying import say
from ..console.terminal import coloured, console
from ..console.words import Word
from ..release import DISTRIBUTION
from ..switches import PROFILES, STRICT, Profile

if TYPE_CHECKING:
    from fluent_oms_simulator.contracts.engines.payload_judgements import SecondOpinion
    from rich.progress import Progress

MEGABYTE = 1_000_000
MOST_SLOW = 5
SECONDS_BETWEEN_LINES = 10.0
"""Of progress, where nobody sits at a terminal."""


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option(
    "--kind",
    type=Word([kind.value for kind in GIVEN]),
    help="What the documents are  [default: what their content says]",
)
@click.option(
    "--profile",
    type=Word(PROFILES),
    default=STRICT,
    show_default=True,
    help="What the verdict belongs to; what only the pages warn of is no error in documented.",
)
@click.option("--retailer", metavar="ID", help="The retailer of the job that batches are for.")
@click.option("--select", multiple=True, metavar="RULE", help="Hold to these rules only.")
@click.option("--ignore", multiple=True, metavar="RULE", help="Leave these rules out.")
@click.option(
    "--fail-on",
    type=Word([severity.value for severity in Severity]),
    default=Severity.ERROR.value,
    show_default=True,
    help="What makes the exit code 1.",
)
@report_options()
@click.option(
    "--max-findings",
    type=click.IntRange(min=1),
    default=1000,
    show_default=True,
    help="How many findings to tell; the others are counted.",
)
@click.option(
    "--engine",
    type=Word(["fast", "reference"]),
    default="fast",
    show_default=True,
    help="With reference, a second validator judges each payload too (slow; extra 'contracts').",
)
@click.option(
    "--max-bytes",
    type=click.IntRange(min=1),
    default=MOST_BYTES,
    show_default="4 GiB",
    help="How many bytes to check, unpacked, in all files together.",
)
@click.option("--stats", is_flag=True, help="Tell how fast it was, and what took longest.")
def command(
    paths: tuple[str, ...],
    kind: str | None,
    profile: Profile,
    retailer: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str,
    form: str,
    report_dir: Path | None,
    overwrite: bool,
    max_findings: int,
    engine: str,
    max_bytes: int,
    stats: bool,
) -> None:
    """Check payload files: batches, events, jobs, records.

    PATH is a file, a folder, a pattern, or - for standard input: JSON or NDJSON, gzip or not. A
    RULE is an id or the beginning of one; several have commas between them.

    The exit code is 0 when nothing was found, 1 when something was, 2 when not everything could
    be checked or there was nothing to check; 130, 143, 129 when Ctrl-C, SIGTERM or SIGHUP has ended
    it: what was checked until then is reported.
    """
    try:
        choice = choose_for_files(select, ignore)
    except UnknownRule as unknown:
        raise Refusal(f"fluent-sim validate: {unknown}") from None
    severity = Severity(fail_on)
    second_opinion = _second_opinion() if engine == "reference" else None
    wanted = Kind(kind) if kind else None
    options = ValidationOptions(
        choice, wanted, severity, retailer, max_findings, max_bytes, second_opinion, profile
    )
    folder = report_folder(report_dir, overwrite=overwrite)
    began = time.perf_counter()
    outcome = _validated(paths, options)
    if stats:
        outcome.report.notes = [
            *outcome.report.notes,
            *_speed(outcome, time.perf_counter() - began),
        ]
    click.echo(_rendered(outcome, form, severity), nl=False)
    if folder is not None:
        try:
            folder.write_reports(lambda form: render(outcome.report, form, fail_on=severity))
        except Refusal as fault:
            say(fault.message)
            sys.exit(ended.exit_code if (ended := ended_by()) else fault.exit_code)
    for problem in outcome.problems:
        say(problem.sentence)
    if NOTHING_CHECKED in outcome.report.notes:
        say(NOTHING_CHECKED)
    sys.exit(outcome.report.outcome(severity).exit_code)


def _second_opinion() -> SecondOpinion:
    if find_spec("jsonschema") is None:
        extra = f"pip install '{DISTRIBUTION}[contracts]'"
        raise Refusal(
            f"fluent-sim validate: --engine reference needs the extra 'contracts': {extra}"
        )
    from fluent_oms_simulator.contracts.engines.payload_judgements import SecondOpinion

    return SecondOpinion()


def _validated(paths: tuple[str, ...], options: ValidationOptions) -> Validated:
    sources = list(find_sources(paths))
    size = sum(source.size for source in sources if isinstance(source, Source))
    with _watcher(size) as watcher:
        return Validation(options, watcher).run(sources)


@contextmanager
def _watcher(size: int) -> Iterator[Watcher]:
    """A bar on standard error when it is a terminal, else a line now and then.

    Both tell of what was unpacked, too: a small file may unpack into very much.
    """
    if not sys.stderr.isatty():
        yield _Lines(size)
        return
    from rich.progress import Progress

    with Progress(console=console(stderr=True), transient=True) as progress:
        yield _Bar(progress, size)


class _Bar(Watcher):
    """Moves a bar."""

    def __init__(self, progress: Progress, size: int) -> None:
        self._progress = progress
        self._task = progress.add_task("checking", total=size or None)
        self._unpacked = 0

    def read(self, size: int) -> None:
        """Move on."""
        self._progress.advance(self._task, size)

    def unpack(self, size: int) -> None:
        """Tell how much."""
        self._unpacked += size
        told = f"checking, {self._unpacked // MEGABYTE:,} MB unpacked"
        self._progress.update(self._task, description=told)


class _Lines(Watcher):
    """Prints a line while a run takes long."""

    def __init__(self, size: int) -> None:
        self._of = f" of {size:,}" if size else ""
        self._read = self._unpacked = self._rows = 0
        self._told_at = time.monotonic()

    def read(self, size: int) -> None:
        """Count."""
        self._read += size

    def unpack(self, size: int) -> None:
        """Count."""
        self._unpacked += size
        self._tell()

    def judge(self, rows: int) -> None:
        """Count."""
        self._rows += rows
        self._tell()

    def _tell(self) -> None:
        now = time.monotonic()
        if now - self._told_at > SECONDS_BETWEEN_LINES:
            self._told_at = now
            say(
                f"checking: {self._read:,}{self._of} bytes read, {self._unpacked:,} unpacked,"
                f" {self._rows:,} rows"
            )


def _speed(outcome: Validated, seconds: float) -> Iterator[str]:
    """The rates, and the files that took longest, in sentences."""
    seconds = max(seconds, 1e-9)
    counts = outcome.report.counts
    rates = [
        f"{counts[what] / seconds:,.0f} {what}/s"
        for what in ("records", "deltas", "events")
        if counts.get(what)
    ]
    rates.append(f"{outcome.size / MEGABYTE / seconds:,.1f} MB/s")
    yield f"{outcome.size:,} bytes read in {seconds:.2f} s: {', '.join(rates)}"
    slow = sorted(outcome.report.checks, key=lambda check: -check.seconds)[:MOST_SLOW]
    if len(slow) > 1:
        yield f"slowest: {', '.join(f'{check.name} {check.seconds:.2f} s' for check in slow)}"


def _rendered(outcome: Validated, form: str, fail_on: Severity) -> str:
    colour = coloured(sys.stdout)
    return render(outcome.report, form, colour=colour, fail_on=fail_on)
