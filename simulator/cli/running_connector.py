"""`fluent-sim run`: a command, a connector's tests as a rule, with a simulator of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from ..client.client_errors import StartError
from ..client.readiness import listens
from ..client.simulator_process import simulator_command, started
from ..client.target_server import Target
from ..connector.command import CannotStartError, CommandEnd, run_command
from ..connector.connector_variables import FurtherVariables, VariablesError, connector_variables
from ..console.refusal import Refusal
from ..console.reports import report_folder
from ..console.saying import say, say_lines
from ..console.spans import span
from ..console.standard_streams import reason
from ..console.variables import tell_unknown
from ..settings import (
    ADMIN_TOKEN_ENV,
    ENV_PREFIX,
    SETTINGS,
    Settings,
    SettingsError,
    resolve,
    variables,
)
from ..text.setting_values import UnusableError, one_of
from .control_api import ControlApi
from .run_checks import CHECKS, CONFORMANT, RECONCILED, held, settle
from .serve import setting_options

TIMED_OUT = 124
FOUND, UNDECIDED = 1, 2
NOT_FOR_A_RUN = ("host", "port", "log_level")


def _checks(_context: click.Context, option: click.Parameter, texts: tuple[str, ...]) -> list[str]:
    words = [word.strip() for text in texts for word in text.split(",") if word.strip()]
    try:
        return list(dict.fromkeys(map(one_of(*CHECKS), words)))
    except UnusableError as fault:
        raise click.BadParameter(f"expected {fault.expected}", param=option) from None


def _span(_context: click.Context, _option: click.Parameter, value: str | None) -> float | None:
    return None if value is None else span(value)


@click.command(name="run", context_settings={"allow_interspersed_args": False})
@click.argument("command_line", metavar="-- COMMAND...", nargs=-1, required=True)
@click.option(
    "--verify",
    "checks",
    multiple=True,
    metavar="NAMES",
    callback=_checks,
    help=f"What to hold the run against afterwards, of {', '.join(CHECKS)}.",
)
@click.option(
    "--expect",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help=f"For {RECONCILED}: the stock or the deltas that there should be, as `reconcile` takes"
    " them. COMMAND may write it.",
)
@click.option(
    "--env-file",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Further variables for COMMAND, such as OMS_URL=${FLUENT_BASE_URL}, one on a line.",
)
@click.option(
    "--timeout",
    callback=_span,
    metavar="SPAN",
    help="End COMMAND after so long, such as 30s or 5m.  [default: never]",
)
@click.option(
    "--report-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write the reports of --verify as files, each in a folder below.",
)
@click.option("--overwrite", is_flag=True, help="Replace the reports of an earlier run there.")
@setting_options(without=NOT_FOR_A_RUN, defaults={"seed_data": "none"})
def command(
    command_line: tuple[str, ...],
    checks: list[str],
    expect: Path | None,
    env_file: str | None,
    timeout: float | None,
    report_dir: Path | None,
    overwrite: bool,
    config: str | None,
    **flags: Any,
) -> None:
    """Start a simulator on a free port, run COMMAND with it, and end both.

    COMMAND is told where it is and as whom to sign in, in FLUENT_BASE_URL, FLUENT_ACCOUNT,
    FLUENT_RETAILER_ID, FLUENT_CLIENT_ID, FLUENT_CLIENT_SECRET, FLUENT_USERNAME and
    FLUENT_PASSWORD. Its standard output is that of this command; what is told of it goes to
    standard error.

    The exit code is that of COMMAND: 128 and the number of the signal where one ended it, 127 where
    it was not found, 126 where it could not be started, 124 where its time was over. Where that is
    0, it is 1 when --verify finds a fault, and 2 when that cannot be said, or the simulator does
    not start.
    """
    tell_unknown(ENV_PREFIX, variables())
    if (expect is not None) != (RECONCILED in checks):
        raise _refusal(f"--verify {RECONCILED} and --expect FILE go together")
    if not checks and (report_dir is not None or overwrite):
        option = "--overwrite" if report_dir is None else "--report-dir"
        raise _refusal(f"{option} is for the reports of --verify: say what to verify")
    settings = _settings(flags, config)
    if CONFORMANT in checks and settings.conformance == "off":
        raise _refusal(f"--verify {CONFORMANT} cannot be with {settings.given['conformance']} off")
    told = _further(env_file)
    verification = _Verification(checks, expect, report_dir, overwrite=overwrite)
    with _simulator(settings, flags, config) as url:
        try:
            ended = run_command(command_line, _environment(url, settings, told), within=timeout)
        except CannotStartError as fault:
            say(f"fluent-sim run: {fault}.")
            sys.exit(fault.exit_code)
        code = _told_code(ended, timeout)
        found = _gone(url) or verification.exit_code(url, settings.admin_token or "")
    sys.exit(code or found)


class _Verification:
    """What the run is held against, and where that is reported."""

    def __init__(
        self, checks: list[str], expect: Path | None, report_dir: Path | None, *, overwrite: bool
    ) -> None:
        self._checks = checks
        self._expect = expect
        self._folders = {
            name: report_folder(report_dir and report_dir / name, overwrite=overwrite)
            for name in checks
        }

    def exit_code(self, url: str, token: str) -> int:
        """What it comes to; all of it is told, on standard error."""
        if not self._checks:
            return 0
        api = ControlApi("run", url, token)
        try:
            settle(api)
        except Refusal as fault:
            fault.show()
            return UNDECIDED
        codes = [self._told(name, api) for name in self._checks]
        return FOUND if FOUND in codes else max(codes)

    def _told(self, name: str, api: ControlApi) -> int:
        """What one check comes to; where it cannot be made, the others are."""
        try:
            outcome = held(name, api, self._expect)
            say_lines(outcome.text)
            folder = self._folders[name]
            if folder is not None:
                folder.write_reports(outcome.in_format)
        except Refusal as fault:
            fault.show()
            return UNDECIDED
        except OSError as fault:  # the file of what is expected, as a rule
            say(f"fluent-sim run: {reason(fault)}")
            return UNDECIDED
        return outcome.exit_code


def _settings(flags: Mapping[str, Any], config: str | None) -> Settings:
    try:
        return resolve(flags, os.environ, config)
    except SettingsError as fault:
        raise _refusal(str(fault)) from None


def _further(path: str | None) -> FurtherVariables | None:
    try:
        return None if path is None else FurtherVariables(path)
    except VariablesError as fault:
        raise _refusal(str(fault)) from None


@contextmanager
def _simulator(settings: Settings, flags: Mapping[str, Any], config: str | None) -> Iterator[str]:
    """The URL of a simulator that ends with this; it starts empty unless it was told otherwise."""
    options = ["--host=127.0.0.1", *_as_written(flags)]
    if config is not None:
        options.append(f"--config={config}")
    if "seed_data" in settings.given:  # wherever; without it there would be none
        options.append(f"--seed-data={settings.seed_data}")
    try:
        with started(simulator_command(*options), environment=os.environ) as running:
            yield running.url
    except StartError as fault:
        said = fault.said.strip().splitlines() or [str(fault)]
        raise _refusal(f"the simulator did not start: {said[-1]}") from None


def _as_written(flags: Mapping[str, Any]) -> Iterator[str]:
    for row in SETTINGS:
        given = flags.get(row.name)
        if given is not None:
            yield from (f"{row.flag}={each}" for each in (given if row.repeatable else [given]))


def _environment(url: str, settings: Settings, further: FurtherVariables | None) -> dict[str, str]:
    target = Target(
        url,
        account=settings.account,
        retailer_id=settings.retailers[0],
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        username=settings.username,
        password=settings.password,
    )
    told = connector_variables(target)
    if settings.admin_token is not None:
        told[ADMIN_TOKEN_ENV] = settings.admin_token
    return {**os.environ, **told, **(further.filled(told) if further else {})}


def _gone(url: str) -> int:
    """0, or what the run comes to where the simulator is gone: nobody can say what was sent."""
    if listens(url):
        return 0
    say(f"fluent-sim run: the simulator at {url} has ended before the command did.")
    return UNDECIDED


def _told_code(ended: CommandEnd, within: float | None) -> int:
    """The exit code of the command; what was odd about its end is told."""
    if ended.exit_code is None:
        say(f"fluent-sim run: the command went on after {within:g} s, and was ended.")
        return TIMED_OUT
    if some := ended.left_running:
        left = (
            f"{some} processes running, which were" if some > 1 else "a process running, which was"
        )
        say(f"fluent-sim run: the command left {left} ended.")
    return ended.exit_code


def _refusal(why: str) -> Refusal:
    return Refusal(f"fluent-sim run: {why}")
