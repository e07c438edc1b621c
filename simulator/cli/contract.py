"""`fluent-sim contract`: does this server honour the contract?"""

from __future__ import annotations

import sys
from errno import EPIPE
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from ..console.credentials import credentials
from ..console.interrupts import Interrupts
from ..console.named_file import fault_of_replacing
from ..console.refusal import Refusal
from ..console.report_folder import ReportFolder
from ..console.reports import FOLDER_HELP, report_folder, report_options
from ..console.saying import say, say_lines
from ..console.standard_streams import was_closed
from ..console.terminal import coloured
from ..console.words import Word
from ..switches import PROFILES
from .lone_options import refuse_beside

if TYPE_CHECKING:
    from fluent_oms_simulator.contracts.reporting.run_report import Check, Report
    from fluent_oms_simulator.contracts.running.options import Options

GROUPS = ("shape", "stateful", "security", "semantic", "observations")
UNDECIDED = 2


class _Contract(click.Group):
    """Runs the contracts, unless it is told to do something else."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([("replay FILE", "Send what a recorded failure has sent, again.")])


@click.group(name="contract", cls=_Contract, invoke_without_command=True)
@click.option("--url", metavar="URL", help="The server; without it a simulator is started.")
@credentials("FLUENT_CONTRACT_", "")
@click.option(
    "--prefix",
    default="",
    metavar="TEXT",
    help="What the names of all that is written begin with; default random, and shown.",
)
@click.option(
    "--max-rate",
    type=click.FloatRange(0, min_open=True),
    metavar="N",
    help="Most requests a second; default 5 where the server is no simulator.",
)
@click.option("--yes", is_flag=True, help="Write to a server that is no simulator, unasked.")
@click.option("--seed", type=click.IntRange(1), default=None, help="Repeat a run; default random.")
@click.option(
    "--max-examples",
    type=click.IntRange(1, 10_000),
    default=30,
    show_default=True,
    help="Examples that each contract is tried with.",
)
@click.option(
    "--select",
    multiple=True,
    metavar="NAME",
    help=f"Only these: a group ({', '.join(GROUPS)}), or a part of a name as it is printed. May be"
    " given again.",
)
@click.option("--ignore", multiple=True, metavar="NAME", help="Not these; as --select.")
@click.option("--list", "only_list", is_flag=True, help="Tell what contracts there are.")
@click.option(
    "--profile",
    type=Word(PROFILES),
    help="The profile of the simulator that is started  [default: strict]",
)
@click.option(
    "--behaviour",
    "behaviours",
    multiple=True,
    metavar="NAME=VALUE",
    help="A behaviour switch of that simulator, over its profile. May be given again.",
)
@report_options(
    f"{FOLDER_HELP} Each failure comes with the requests that show it.", "the file of --learn"
)
@click.option(
    "--learn",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the settings that a simulator needs to behave the same: the nearest profile, and"
    " the behaviour switches that differ from it.",
)
@click.pass_context
def command(
    context: click.Context,
    /,
    form: str,
    behaviours: tuple[str, ...],
    only_list: bool,
    overwrite: bool,
    **given: Any,
) -> None:
    """Check that a server honours the contract of the inventory APIs.

    Exit code 0: it does. 1: it does not, or not in every point. 2: that could not be found out, or
    not of every contract. 130, 143, 129: the run was ended by Ctrl-C, SIGTERM, or SIGHUP. What was
    written to a server that is no simulator is taken back in any case.
    """
    given["behaviours"] = _switches(behaviours)
    if context.invoked_subcommand is not None:
        context.obj = _Asked(given, form, overwrite)
        return
    with _Ending("fluent-sim contract"):
        from fluent_oms_simulator.contracts.running import contract_run as runner
        from fluent_oms_simulator.contracts.running.option_checks import check_options

        options = _options(given)
        if only_list:
            refuse_beside("--list", *(given.keys() - {"report_dir", "learn"}))
            click.echo("\n".join(runner.listed(options)))
            return
        say("Reading the contracts")
        check_options(options)
        learn = options.learn
        if learn and (why := fault_of_replacing("--learn", learn, overwrite=overwrite)):
            raise Refusal(f"fluent-sim contract: {why}")
        folder = report_folder(options.report_dir, overwrite=overwrite)
        progress = _Progress(folder)
        watcher = runner.Watcher(_confirm, progress.begin, progress.tell)
        report = runner.run(options, watcher)
        sys.exit(_told(report, form, folder))


class _Asked(NamedTuple):
    """The options that stood before a sub-command; the format, and whether to replace a report."""

    given: dict[str, Any]
    form: str
    overwrite: bool


@command.command(name="replay")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def replay(asked: _Asked, file: Path) -> None:
    """Send what a recorded failure has sent, again, and compare the answers.

    Options such as --url stand before `replay`; without --url a simulator is started, with the
    profile and the behaviour switches of the recorded run. Exit code 1: the failure shows again.
    """
    with _Ending("fluent-sim contract replay"):
        from fluent_oms_simulator.contracts.running import replay as replaying
        from fluent_oms_simulator.contracts.running.option_checks import check_options

        options = _options(asked.given)
        report_dir = options.report_dir
        if report_dir is not None and file.resolve().is_relative_to(report_dir.resolve()):
            raise Refusal(
                f"fluent-sim contract replay: {file} lies in the folder of --report-dir, where the"
                " report of the replay would replace it: name another folder"
            )
        check_options(options)
        folder = report_folder(report_dir, overwrite=asked.overwrite)
        story, report = replaying.replay(file, options, confirm=_confirm)
        sys.exit(_told(report, asked.form, folder, story))


class _Ending:
    """What the runner has for its own end: a stop that a library swallowed, a reason to refuse."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._interrupts = Interrupts()

    def __enter__(self) -> None:
        if was_closed(1):
            raise Refusal(f"{self._name}: standard output is closed, so nothing was done.")
        self._interrupts.begin()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if isinstance(fault, KeyboardInterrupt | click.Abort):
            self._interrupts.note()
        ended = self._interrupts.ended_by
        self._interrupts.end()
        if isinstance(fault, SystemExit):  # what was checked is told
            return
        if ended is not None:
            say(f"{self._name}: {ended}; nothing more was checked.")
            sys.exit(ended.exit_code)
        if isinstance(fault, _refusals()):
            raise Refusal(f"{self._name}: {fault}") from None


def _refusals() -> tuple[type[Exception], ...]:
    """What the runner raises where there is nothing to report; each says why in a sentence."""
    from fluent_oms_simulator.contracts.running.failures import UnreadableError
    from fluent_oms_simulator.contracts.running.options import CannotRunError

    return CannotRunError, UnreadableError


def _told(report: Report, form: str, folder: ReportFolder | None, story: str = "") -> int:
    """Write the report, print it, and answer the exit code; files that fail cost nothing of it."""
    from fluent_oms_simulator.contracts.reporting.render import render
    from fluent_oms_simulator.contracts.reporting.run_report import Outcome
    from fluent_oms_simulator.contracts.rules.rule import Severity

    if folder is not None:
        try:
            folder.write_reports(lambda form: render(report, form))
        except Refusal as fault:
            sentence = fault.message
            report.notes = [*report.notes, sentence]
            report.cut_short = report.cut_short or Outcome.INCOMPLETE
            story = ""
            say(sentence)
    outcome = report.outcome(Severity.ERROR)
    colour = form == "text" and coloured(sys.stdout)
    text = render(report, form, colour=colour)
    try:
        click.echo(f"{story}\n" if story and form == "text" else text, nl=False)
        sys.stdout.flush()
    except OSError as fault:
        if fault.errno != EPIPE:  # who has stopped to read needs no verdict
            say(text.splitlines()[-1] if form == "text" else str(outcome))
        return UNDECIDED
    return outcome.exit_code


def _options(given: dict[str, Any]) -> Options:
    from fluent_oms_simulator.contracts.running.options import Options

    given["seed"] = given["seed"] or 0
    return Options(**given)


def _switches(texts: tuple[str, ...]) -> dict[str, str]:
    switches = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not (equals and name.strip() and value.strip()):
            raise Refusal(
                f"fluent-sim contract: --behaviour: found {text!r}, expected NAME=VALUE, such as"
                " delta.duplicate=reject"
            )
        switches[name.strip()] = value.strip()
    return switches


def _confirm(told: str) -> bool:
    """Ask the person at the keyboard; where there is none, that is a no."""
    say_lines(told)
    try:
        is_there = sys.stdin is not None and sys.stdin.isatty()
    except ValueError:  # it was closed
        is_there = False
    if not is_there:
        raise Refusal(
            "fluent-sim contract: nobody can be asked here, so nothing was sent: give --yes to"
            " agree"
        )
    try:
        return click.confirm("Go on?", err=True)
    except click.Abort:
        return False


class _Progress:
    """A line on standard error for each contract that ends, whoever reads there."""

    def __init__(self, folder: ReportFolder | None) -> None:
        self._folder = folder
        self._ended = 0
        self._contracts = 0

    def begin(self, contracts: int) -> None:
        """So many contracts are going to be checked."""
        self._contracts = contracts
        if self._folder is not None:
            self._folder.begin()
        say(f"Checking {contracts:,} contracts")

    def tell(self, check: Check) -> None:
        """One of them has ended."""
        self._ended += 1
        counted = f"{self._ended:>{len(str(self._contracts))}}/{self._contracts}"
        say(f"{counted} {check.verdict:<8} {check.name}"[:100])
