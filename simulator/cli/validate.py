"""`fluent-sim validate`: holds payload files against the schemas and the rules."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from ..contracts.reporting.render import FORMATS, render
from ..contracts.rules.model import Severity
from ..contracts.validation.choosing import UnknownRule, choose
from ..contracts.validation.kinds import GIVEN, Kind
from ..contracts.validation.run import MOST_BYTES, Options, Outcome, Validation
from ..contracts.validation.sources import Source, find_sources
from ..contracts.validation.statistics import statistics
from . import Refusal

FOUND = 1
INCOMPLETE = 2
INTERRUPTED = 130
REPORT_FILES = {"json": "report.json", "junit": "report.xml", "sarif": "report.sarif"}


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in GIVEN]),
    help="What the documents are  [default: what their content says]",
)
@click.option("--retailer", metavar="ID", help="The retailer of the job that batches are for.")
@click.option("--select", multiple=True, metavar="RULE", help="Hold to these rules only.")
@click.option("--ignore", multiple=True, metavar="RULE", help="Leave these rules out.")
@click.option(
    "--fail-on",
    type=click.Choice([severity.value for severity in Severity]),
    default=Severity.ERROR.value,
    show_default=True,
    help="What makes the exit code 1.",
)
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option(
    "--report-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write report.json, report.xml (JUnit) and report.sarif as well.",
)
@click.option(
    "--max-findings",
    type=click.IntRange(min=1),
    default=1000,
    show_default=True,
    help="How many findings to tell; the others are counted.",
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
    retailer: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str,
    format_: str,
    report_dir: Path | None,
    max_findings: int,
    max_bytes: int,
    stats: bool,
) -> None:
    """Check payload files: batches, events, jobs, records.

    PATH is a file, a folder, a pattern, or - for standard input: JSON or NDJSON, gzip or not. A
    RULE is an id or the beginning of one; several have commas between them.

    The exit code is 0 when nothing was found, 1 when something was, 2 when not everything could
    be checked or there was nothing to check.
    """
    try:
        choice = choose(select, ignore)
    except UnknownRule as unknown:
        raise Refusal(str(unknown)) from None
    severity = Severity(fail_on)
    wanted = Kind(kind) if kind else None
    options = Options(choice, wanted, severity, retailer, max_findings, max_bytes)
    try:
        began = time.perf_counter()
        outcome = _validated(paths, options)
        if stats:
            outcome.report.notes = [
                *outcome.report.notes,
                *statistics(outcome, time.perf_counter() - began),
            ]
        click.echo(_rendered(outcome, format_, severity), nl=False)
        if report_dir is not None:
            _write(report_dir, outcome, severity)
    except KeyboardInterrupt:
        click.echo("Interrupted; nothing more was checked.", err=True)
        sys.exit(INTERRUPTED)
    sys.exit(_exit_code(outcome, severity))


def _validated(paths: tuple[str, ...], options: Options) -> Outcome:
    sources = list(find_sources(paths))
    size = sum(source.size for source in sources if isinstance(source, Source))
    with _progress(size) as (advance, unpack):
        return Validation(options, advance, unpack).run(sources)


@contextmanager
def _progress(size: int) -> Iterator[tuple[Callable[[int], None], Callable[[int], None]]]:
    """What to tell of bytes that were read, and of bytes that were unpacked.

    A bar on standard error when it is a terminal. A small file may unpack into very much.
    """
    if not sys.stderr.isatty():
        yield lambda _: None, lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("checking", total=size or None)
        unpacked = 0

        def unpack(count: int) -> None:
            nonlocal unpacked
            unpacked += count
            progress.update(task, description=f"checking, {unpacked // 1_000_000:,} MB unpacked")

        yield lambda count: progress.advance(task, count), unpack


def _rendered(outcome: Outcome, format_: str, fail_on: Severity) -> str:
    colour = sys.stdout.isatty()
    text: str = render(outcome.report, format_, colour=colour, fail_on=fail_on)
    return text


def _write(folder: Path, outcome: Outcome, fail_on: Severity) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for format_, name in REPORT_FILES.items():
            text = render(outcome.report, format_, fail_on=fail_on)
            (folder / name).write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise Refusal(f"The reports cannot be written: {error}") from None


def _exit_code(outcome: Outcome, fail_on: Severity) -> int:
    for problem in outcome.problems:
        click.echo(problem.sentence, err=True)
    if outcome.problems:
        return INCOMPLETE
    if outcome.report.fails(fail_on):
        return FOUND
    if not outcome.payloads:
        click.echo("Nothing was checked: there was no payload.", err=True)
        return INCOMPLETE
    return 0
