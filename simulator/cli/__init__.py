"""The command `fluent-sim`; each sub-command is a module of this folder, imported when called.

May import: simulator/client, simulator/connector, simulator/exploring, simulator/console,
simulator/serving, simulator/intake, simulator/basics (and what that may), simulator/conformance,
contracts/validation, contracts/engines, contracts/running, contracts/reporting, contracts,
contracts/rules, loadtests/running, loadtests/reporting, loadtests/generation, loadtests/traffic,
loadtests/benchmarks.
"""

from importlib import import_module
from typing import NamedTuple

import click

from ..console.refusal import Refusal
from ..release import DISTRIBUTION


class SubCommand(NamedTuple):
    """What a sub-command is for, and the extra it cannot run without."""

    summary: str
    extra: str = ""
    probe: str = ""  # a module that is there when the extra is installed
    module: str = ""  # where it lives, if not under its own name


COMMANDS = {
    "serve": SubCommand("Run the simulator."),
    "wait": SubCommand("Wait until a simulator is ready.", module="waiting"),
    "open": SubCommand("Show the page of a running simulator in a browser.", module="opening"),
    "run": SubCommand(
        "Run a connector's command with a simulator of its own.", module="running_connector"
    ),
    "demo": SubCommand("Show the whole story once: load, deltas, what became of them."),
    "validate": SubCommand("Check payload files: do they conform?"),
    "generate": SubCommand(
        "Write payload files of a made-up retailer.", extra="loadtests", probe="faker"
    ),
    "report": SubCommand("Tell what callers got wrong while a simulator ran."),
    "clock": SubCommand("Read and move the time of a running simulator.", module="moving_clock"),
    "requests": SubCommand("Tell what a running simulator has been sent.", module="seen_requests"),
    "stock": SubCommand(
        "Tell what a running simulator has in stock, and how it came about.", module="told_stock"
    ),
    "jobs": SubCommand("Tell how far the batches of a running simulator are.", module="told_jobs"),
    "events": SubCommand(
        "Tell what came of events, and what to do about it.", module="told_events"
    ),
    "namespaces": SubCommand(
        "List, make and drop worlds of their own on a running simulator.", module="named_worlds"
    ),
    "snapshot": SubCommand("Keep the state of a running simulator by a name, and go back."),
    "seed": SubCommand("Add stock and what else an account has to a running simulator."),
    "verify": SubCommand("Tell whether a running simulator has seen what was expected."),
    "ledger": SubCommand(
        "Tell what came of each delta that a running simulator was sent.", module="told_ledger"
    ),
    "reconcile": SubCommand(
        "Hold what a source system believes against a running simulator.", module="reconciling"
    ),
    "bisect": SubCommand("Tell which request made the stock of a position what it is not to be."),
    "faults": SubCommand(
        "Choose what goes wrong on purpose at a running simulator.", module="arming"
    ),
    "webhooks": SubCommand(
        "Choose where a running simulator posts events, and see what it posted.",
        module="posted_events",
    ),
    "explore": SubCommand("Find the faults that break a connector."),
    "settle": SubCommand("Have a running simulator apply all that it accepted, and wait for it."),
    "settling": SubCommand(
        "Choose how fast a running simulator applies what it accepts.", module="settling_pace"
    ),
    "rules": SubCommand("List the rules, and what each is for."),
    "behaviours": SubCommand("List the behaviour switches."),
    "contract": SubCommand(
        "Check that a server honours the contract.", extra="contracts", probe="schemathesis"
    ),
    "load": SubCommand(
        "Load a server with retail traffic: what does it sustain, was anything lost?",
        extra="loadtests",
        probe="locust",
    ),
    "bench": SubCommand("Measure speed and memory.", extra="loadtests", probe="psutil"),
}


# click gives every hook a context; the table needs none.
# ruff: noqa: ARG002
class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        command: click.Command = import_module(f".{entry.module or cmd_name}", __name__).command
        return command if _is_installed(entry) else _without_extra(command, entry.extra)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])


def _is_installed(entry: SubCommand) -> bool:
    from importlib.util import find_spec

    return not entry.extra or find_spec(entry.probe) is not None


def _without_extra(command: click.Command, extra: str) -> click.Command:
    """The command with all its help, which refuses to be run, and so do those below it."""

    def refuse(**_given: object) -> None:
        context = click.get_current_context()
        if context.invoked_subcommand is None:
            raise Refusal(
                f"{context.command_path} needs the extra '{extra}':"
                f" pip install '{DISTRIBUTION}[{extra}]'"
            )

    from copy import copy

    stand_in = copy(command)
    stand_in.callback = refuse
    if isinstance(stand_in, click.Group):
        below = stand_in.commands.items()
        stand_in.commands = {name: _without_extra(each, extra) for name, each in below}
    return stand_in


@click.group("fluent-sim", cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name=DISTRIBUTION, prog_name="fluent-sim")
def main() -> None:
    """An offline stand-in for the inventory APIs of Fluent OMS."""
