"""`fluent-sim explore`: which faults break a connector."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import click

from ..client.client_errors import StartError
from ..client.simulator_process import simulator_command, started
from ..connector.command import CannotStartError
from ..connector.connector_variables import FurtherVariables, VariablesError
from ..console.interrupts import Interrupts
from ..console.refusal import Refusal
from ..console.report_folder import FAILURES, ReportFolder
from ..console.reports import report_folder
from ..console.saying import say
from ..console.terminal import redraws
from ..exploring.disturbed_runs import DisturbedRuns
from ..exploring.exploration import Exploration, Plan
from ..exploring.finding_file import Repeatable, UnusableFindingError
from ..exploring.pasted_test import pytest_text
from ..exploring.progress_file import NotKept, ProgressFile, UnusableProgressError
from ..exploring.repeated_finding import repeat
from ..exploring.run_judgement import NotExploredError
from ..exploring.shown_progress import ShownProgress
from ..exploring.told_exploration import document, finding_lines, text
from ..text.printable import printable
from .control_api import ControlApi
from .search_options import DEFAULT_FOLDER, REPORT, search_options

NAME = "explore"
SERVED = ("demo", "none")
KEPT_MINUTES = "100000"
MOST_BYTES = 64 * 1024 * 1024
FOUND, NOT_FOUND_OUT = 1, 2
REFUSALS = (NotExploredError, UnusableProgressError, CannotStartError)


@click.group(name=NAME, invoke_without_command=True)
@search_options
@click.pass_context
def command(context: click.Context, /, line: str | None, **given: Any) -> None:
    """Find the faults that break a connector.

    Its command is run again and again, each time in a fresh world under another schedule of faults,
    at requests that it sent undisturbed. Told is every schedule with which it loses, doubles or
    reorders stock, leaves a batch unpolled, or never ends. It finds where to send, and who signs
    in, in its environment: FLUENT_BASE_URL, FLUENT_ACCOUNT, FLUENT_RETAILER_ID, FLUENT_CLIENT_ID,
    FLUENT_CLIENT_SECRET, FLUENT_USERNAME, FLUENT_PASSWORD.

    The exit code is 0 when all was tried and nothing was found, 1 when something was, 2 when that
    could not be found out, as when the budget is used up first.
    """
    if context.invoked_subcommand is None:
        if line is None:
            raise _refusal("it needs --command: how the connector is started.")
        sys.exit(_Search(_words(line), **given).run())


@command.command(name="replay")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--command", "line", metavar="TEXT", help="Another command.  [default: as then]")
@click.option("--as-test", is_flag=True, help="Run nothing: print it as a pytest test to paste.")
def replay_one(file: Path, line: str | None, *, as_test: bool) -> None:
    """Repeat a finding: one undisturbed run, then one under the faults that a FILE names.

    The exit code is 1 when the connector does it again, 0 when it does not.
    """
    try:
        wanted = Repeatable.read(_finding_in(file))
    except (UnusableFindingError, OSError) as fault:
        raise Refusal(f"fluent-sim explore replay: {file}: {fault}") from None
    if line is not None:
        wanted = wanted._replace(command=_words(line))
    if as_test:
        click.echo(pytest_text(wanted.finding, wanted.command, wanted.within), nl=False)
        return
    expected = None if wanted.expected is None else wanted.expected.encode()
    further = _further(wanted.env_file)
    with _refusing(), _server(wanted.server) as api:
        runs = DisturbedRuns(
            api, wanted.command, os.environ, wanted.seed, expected, further=further
        )
        found = repeat(wanted, runs)
    if found is None:
        click.echo(f"It does not do that any more: {wanted.finding.key or 'undisturbed'}.")
        return
    click.echo(printable(found.headline))
    for each in finding_lines(found):
        click.echo(printable(f"  {each}"))
    sys.exit(FOUND)


class _Search:
    """One search, and what is told of it."""

    def __init__(
        self,
        words: Sequence[str],
        *,
        expect: BinaryIO | None,
        env_file: str | None,
        within: float | None,
        seed_data: str,
        profile: str | None,
        behaviours: tuple[str, ...],
        state: Path | None,
        report_dir: Path | None,
        overwrite: bool,
        form: str,
        **plan: Any,
    ) -> None:
        self._words = words
        self._plan = Plan(**plan)
        self._within = within
        self._env_file = None if env_file is None else str(Path(env_file).resolve())
        self._further = _further(env_file)
        self._expected = None if expect is None else _content(expect)
        self._server = _server_options(seed_data, profile, behaviours)
        self._state = state
        self._form = form
        self._folder = report_folder(report_dir, overwrite=overwrite)

    def run(self) -> int:
        """Search and tell; the exit code."""
        with Interrupts() as interrupts:
            explored = None
            try:
                with interrupts.heeded(), _refusing(), self._begun() as explored:
                    explored.go()
            except Refusal as fault:
                if explored is None or not explored.findings:
                    raise
                explored.ended_early = fault.message  # what was found before is told
            ended = interrupts.ended_by
            if explored is None:
                return NOT_FOUND_OUT  # ended before anything was run: told as of any command
            if ended is not None:
                explored.ended_early = ended.value
            self._tell(explored)
        if ended is not None:
            return ended.exit_code
        if explored.findings:
            return FOUND
        return 0 if explored.is_whole else NOT_FOUND_OUT

    @contextmanager
    def _begun(self) -> Iterator[Exploration]:
        """A search with all that it needs, for as long as it goes on."""
        kept = self._kept()
        if kept.went_on_from:
            say(f"{kept.went_on_from:,} schedules were tried before: {self._state}.")
        with _server(self._server) as api:
            plan = self._plan
            runs = DisturbedRuns(
                api,
                self._words,
                os.environ,
                plan.seed,
                self._expected,
                self._within,
                self._further,
            )
            shown = ShownProgress(is_live=redraws(sys.stderr))
            try:
                yield Exploration(plan, runs, kept, shown)
            finally:
                shown.end()

    def _kept(self) -> NotKept | ProgressFile:
        if self._state is None:
            return NotKept()
        expected = b"" if self._expected is None else self._expected
        return ProgressFile(
            self._state,
            {
                "command": list(self._words),
                "seed": self._plan.seed,
                "server": self._server,
                "env_file": self._env_file,
                "expected": hashlib.sha256(expected).hexdigest(),
            },
        )

    def _tell(self, explored: Exploration) -> None:
        within = explored.runs.within or 0.0
        tests = [pytest_text(each, self._words, within) for each in explored.findings]
        try:
            files = self._write(explored, tests)
        except Refusal as fault:  # it is told all the same
            say(fault.message)
            files = [""] * len(tests)
        if self._form == "json":
            click.echo(json.dumps(document(explored, files, tests), indent=2))
            return
        for each in text(explored, files, tests):
            click.echo(printable(each))

    def _write(self, explored: Exploration, tests: Sequence[str]) -> list[str]:
        """Write the report and a file for each finding; their names."""
        if self._folder is None and not explored.findings:
            return []  # a folder that nobody has named is there for findings
        folder = self._folder or ReportFolder(DEFAULT_FOLDER, overwrite=True, refuse=_refusal)
        folder.begin()
        (folder.path / FAILURES).mkdir(exist_ok=True)
        expected = None if self._expected is None else self._expected.decode("utf-8", "replace")
        files = []
        for number, finding in enumerate(explored.findings, 1):
            repeatable = Repeatable(
                self._words,
                self._server,
                self._plan.seed,
                explored.runs.within or 0.0,
                expected,
                self._env_file,
                finding,
            )
            file = folder.write(f"{FAILURES}/finding-{number}.json", repeatable.written())
            files.append(str(file))
        folder.write(REPORT, json.dumps(document(explored, files, tests), indent=2) + "\n")
        return files


@contextmanager
def _server(options: Sequence[str]) -> Iterator[ControlApi]:
    """A simulator for a while, by options of `fluent-sim serve`, and its control API.

    However long a run goes on without a call, its world is kept.
    """
    with started(simulator_command("--namespace-idle", KEPT_MINUTES, *options)) as server:
        yield ControlApi(NAME, server.url, "")


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except StartError as fault:
        said = str(fault).strip().splitlines()[-1]
        raise _refusal(f"the simulator does not start: {said}") from None
    except REFUSALS as fault:
        raise _refusal(f"{str(fault).rstrip('.')}.") from None


def _server_options(seed_data: str, profile: str | None, behaviours: Sequence[str]) -> list[str]:
    where = seed_data if seed_data in SERVED else str(Path(seed_data).resolve())
    options = ["--seed-data", where]
    if profile is not None:
        options += ["--profile", profile]
    for each in behaviours:
        options += ["--behaviour", each]
    return options


def _further(path: str | None) -> FurtherVariables | None:
    try:
        return None if path is None else FurtherVariables(path)
    except VariablesError as fault:
        raise _refusal(f"{fault}.") from None


def _words(line: str) -> list[str]:
    try:
        words = shlex.split(line)
    except ValueError as fault:
        raise _refusal(f"--command: {line!r} cannot be read: {str(fault).lower()}.") from None
    if not words:
        raise _refusal("--command: expected the words of a command, found none.")
    return words


def _content(file: BinaryIO) -> bytes:
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise _refusal(f"--expect: {file.name} has more than {MOST_BYTES // 1024**2} MiB.")
    return content


def _finding_in(file: Path) -> bytes:
    """What stands in it; raises UnusableFindingError for what may have no end."""
    if not file.is_file():
        raise UnusableFindingError("it is no plain file")
    if file.stat().st_size > MOST_BYTES:
        raise UnusableFindingError(f"it has more than {MOST_BYTES // 1024**2} MiB")
    return file.read_bytes()


def _refusal(why: str) -> Refusal:
    return Refusal(f"fluent-sim {NAME}: {why}")
