"""`fluent-sim snapshot`: keep the state of a running simulator by a name, and go back to it."""

from __future__ import annotations

from urllib.parse import quote

import click

from ..console.variables import tell_unknown
from ..settings import ENV_PREFIX, variables
from .control_api import ControlApi, before_the_verb, simulator_options

PATH = "/__admin/snapshots"


@click.group(name="snapshot")
@before_the_verb
def command() -> None:
    """Keep the state of a running simulator by a name, and go back to it.

    Its stock, jobs, events, clock and switches; they are kept in its memory until it ends.
    """
    tell_unknown(ENV_PREFIX, variables())


@command.command(name="list")
@simulator_options
def list_all(url: str, token: str) -> None:
    """Tell of each when it was taken, and how many positions are in it."""
    for each in _api(url, token).document("GET", f"{PATH}?count=100")["snapshots"]:
        click.echo(f"{each['name']} ({each['takenAt']}, {each['positions']:,} positions)")


@command.command()
@click.argument("name")
@click.option("--replace", is_flag=True, help="In place of one of the same name.")
@simulator_options
def take(name: str, replace: bool, url: str, token: str) -> None:
    """Take one, once all that was accepted is applied."""
    wanted = {"replace": True} if replace else {}
    taken = _api(url, token).document("PUT", _path(name), wanted)
    click.echo(f"{taken['name']}: {taken['positions']:,} positions, at {taken['takenAt']}.")


@command.command()
@click.argument("name")
@simulator_options
def restore(name: str, url: str, token: str) -> None:
    """Go back to one: all is as it was."""
    taken = _api(url, token).document("POST", f"{_path(name)}/restore")
    click.echo(f"It is as it was at {taken['takenAt']}: {taken['positions']:,} positions.")


@command.command()
@click.argument("name")
@simulator_options
def drop(name: str, url: str, token: str) -> None:
    """Drop one; the state of now stays."""
    _api(url, token).call("DELETE", _path(name))


def _api(url: str, token: str) -> ControlApi:
    return ControlApi("snapshot", url, token)


def _path(name: str) -> str:
    return f"{PATH}/{quote(name, safe='')}"
