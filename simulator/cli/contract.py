"""`fluent-sim contract`: does this server honour the contract?"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from . import Refusal
from .credentials import credentials

GROUPS = ("shape", "stateful", "security", "semantic", "observations")
FORMATS = ("text", "json", "junit", "sarif", "github")


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
    help=f"Only these: a group ({', '.join(GROUPS)}) or a part of a name. May be given again.",
)
@click.option("--ignore", multiple=True, metavar="NAME", help="Not these; as --select.")
@click.option(
    "--behaviour",
    "behaviours",
    multiple=True,
    metavar="NAME=VALUE",
    help="A behaviour switch of the simulator that is started. May be given again.",
)
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option(
    "--report-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where failures are written, each with the requests that show it.",
)
@click.option(
    "--learn",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the behaviour switches that a simulator needs to behave the same.",
)
@click.pass_context
def command(
    context: click.Context, /, form: str, behaviours: tuple[str, ...], **given: Any
) -> None:
    """Check that a server honours the contract of the inventory APIs.

    Exit code 0: it does. 1: it does not, or not in every point. 2: that could not be found out.
    """
    given["behaviours"] = _switches(behaviours)
    options = _options(given)
    if context.invoked_subcommand is not None:
        context.obj = options
        return
    runner = import_module("fluent_oms_simulator.contracts.running.runner")
    rendering = import_module("fluent_oms_simulator.contracts.reporting.render")
    try:
        outcome = runner.run(options, confirm=_confirm, on_check=_progress())
    except _cannot_run() as fault:
        raise Refusal(f"fluent-sim contract: {fault}") from None
    except KeyboardInterrupt:
        sys.exit(130)
    colour = form == "text" and sys.stdout.isatty()
    click.echo(rendering.render(outcome.report, form, colour=colour), nl=False)
    sys.exit(int(outcome.code))


@command.command(name="replay")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def replay(options: Any, file: Path) -> None:
    """Send what a recorded failure has sent, again, and compare the answers.

    Options such as --url stand before `replay`; without --url a simulator is started, with the
    behaviour switches of the recorded run. Exit code 1: the failure shows again.
    """
    replaying = import_module("fluent_oms_simulator.contracts.running.replay")
    failures = import_module("fluent_oms_simulator.contracts.running.failures")
    try:
        story, again = replaying.replay(file, options, confirm=_confirm)
    except (_cannot_run(), failures.UnreadableError) as fault:
        raise Refusal(f"fluent-sim contract replay: {fault}") from None
    click.echo(story)
    sys.exit(1 if again else 0)


def _options(given: dict[str, Any]) -> Any:
    given["seed"] = given["seed"] or 0
    running = import_module("fluent_oms_simulator.contracts.running.options")
    return running.Options(**given)


def _cannot_run() -> type[Exception]:
    running = import_module("fluent_oms_simulator.contracts.running.options")
    error: type[Exception] = running.CannotRunError
    return error


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
    click.echo(told, err=True)
    if not sys.stdin.isatty():
        raise Refusal(
            "fluent-sim contract: nobody can be asked here, so nothing was sent: give --yes to"
            " agree"
        )
    return click.confirm("Go on?", err=True)


def _progress() -> Any:
    """A line on the terminal for each contract that ends; nothing where there is no terminal."""
    if not sys.stderr.isatty():
        return lambda _check: None
    return lambda check: click.echo(f"{check.verdict:<8} {check.name}"[:100], err=True)
