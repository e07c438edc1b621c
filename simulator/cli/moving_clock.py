"""`fluent-sim clock`: read and move the time of a running simulator."""

from __future__ import annotations

import click

from ..console.variables import tell_unknown
from ..settings import ENV_PREFIX, variables
from .control_api import ControlApi, VerbGroup, before_the_verb, simulator_options

PATH = "/__admin/clock"


@click.group(name="clock", cls=VerbGroup)
@before_the_verb
def command() -> None:
    """Read and move the time of a running simulator.

    It drives all that depends on time: tokens, the midnight at which jobs close, scheduled events,
    and every timestamp.
    """
    tell_unknown(ENV_PREFIX, variables())


@command.command()
@simulator_options
def show(url: str, token: str) -> None:
    """Tell the time, and how it goes."""
    _tell(_api(url, token), "GET")


@command.command(name="set")
@click.argument("moment")
@click.option("--frozen", is_flag=True, help="Let it stand still there.")
@simulator_options
def set_clock(moment: str, frozen: bool, url: str, token: str) -> None:
    """Set it to a MOMENT, such as 2026-11-26T23:59:58Z."""
    wanted: dict[str, object] = {"now": moment}
    if frozen:
        wanted["frozen"] = True
    _tell(_api(url, token), "PUT", wanted)


@command.command()
@simulator_options
def freeze(url: str, token: str) -> None:
    """Let it stand still."""
    _tell(_api(url, token), "PUT", {"frozen": True})


@command.command()
@simulator_options
def unfreeze(url: str, token: str) -> None:
    """Let it go on."""
    _tell(_api(url, token), "PUT", {"frozen": False})


@command.command()
@click.argument("rate", type=float)
@simulator_options
def run(rate: float, url: str, token: str) -> None:
    """Let it run at a RATE: 3600 makes an hour of a second."""
    _tell(_api(url, token), "PUT", {"rate": rate, "frozen": False})


@command.command()
@click.option("--days", type=float)
@click.option("--hours", type=float)
@click.option("--minutes", type=float)
@click.option("--seconds", type=float)
@click.option("--milliseconds", type=float)
@simulator_options
def advance(url: str, token: str, **parts: float | None) -> None:
    """Move it on; what falls due on the way runs, in order."""
    wanted: dict[str, object] = {
        name: amount for name, amount in parts.items() if amount is not None
    }
    _tell(_api(url, token), "POST", wanted, "/advance")


@command.command()
@simulator_options
def follow(url: str, token: str) -> None:
    """Follow the machine's time again."""
    _tell(_api(url, token), "DELETE")


def _api(url: str, token: str) -> ControlApi:
    return ControlApi("clock", url, token)


def _tell(
    api: ControlApi, method: str, wanted: dict[str, object] | None = None, path: str = ""
) -> None:
    clock = api.document(method, PATH + path, wanted)
    way = "it stands still" if clock["frozen"] else f"{clock['rate']:g} times the machine's pace"
    click.echo(f"{clock['now']} ({way})")
