"""`fluent-sim snapshot`: keep the state of a running simulator by a name, and go back to it."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

import click

from ..client.answers import object_or_empty
from ..console.saying import say
from ..console.variables import tell_unknown
from ..settings import ENV_PREFIX, variables
from ..text.printable import printable
from .control_api import ControlApi, VerbGroup, before_the_verb, simulator_options

PATH = "/__admin/snapshots"
STANDARD_OUTPUT = "-"
_GZIP = 16 + zlib.MAX_WBITS
_MOST_OF_A_HEAD = 64 * 1024
"""Bytes of a file's first line that are looked at for the name of the snapshot."""


@click.group(name="snapshot", cls=VerbGroup)
@before_the_verb
def command() -> None:
    """Keep the state of a running simulator by a name, and go back to it.

    Its stock, jobs, events, clock and switches; they are kept in its memory until it ends, or as
    files for this simulator or another.
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


@command.command()
@click.argument("name")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--overwrite", is_flag=True, help="In place of a file that is there.")
@simulator_options
def save(name: str, file: Path, overwrite: bool, url: str, token: str) -> None:
    """Write one to FILE, - is standard output; where there is none of this name, it is taken.

    The file has lines of JSON, packed with gzip: zcat FILE shows what is in it.
    """
    api = _api(url, token)
    is_file = str(file) != STANDARD_OUTPUT
    if file.is_file() and is_file and not overwrite:
        raise api.refusal(f"{file} is there already: choose another file, or add --overwrite.")
    listed = api.document("GET", f"{PATH}?count=100")["snapshots"]
    if name not in {each["name"] for each in listed}:
        api.call("PUT", _path(name), {})
    content = api.call("GET", f"{_path(name)}/file").received
    if not is_file:
        click.echo(content, nl=False)
        say(f"{name}: {len(content):,} bytes.")
        return
    try:
        file.write_bytes(content)
    except OSError as error:
        raise api.refusal(f"{file} cannot be written: {error.strerror}.") from None
    click.echo(printable(f"{name}: {len(content):,} bytes in {file}."))


@command.command()
@click.argument("file", type=click.File("rb"))
@click.argument("name", required=False)
@click.option("--replace", is_flag=True, help="In place of one of the same name.")
@click.option("--restore", "is_restored", is_flag=True, help="Go back to it at once.")
@simulator_options
def load(
    file: BinaryIO, name: str | None, replace: bool, is_restored: bool, url: str, token: str
) -> None:
    """Keep what FILE holds by NAME, or by the name that it had; - is standard input."""
    api = _api(url, token)
    content = file.read()
    name = name or _name_in(content)
    if not name:
        raise api.refusal(f"{file.name} does not begin as the file of a snapshot does.")
    query = "?replace=true" if replace else ""
    told = api.document(
        "PUT", f"{_path(name)}/file{query}", content, content_type="application/gzip"
    )
    click.echo(f"{told['name']}: {told['positions']:,} positions, as of {told['takenAt']}.")
    click.echo(printable(f"Not in the file: {'; '.join(told['notInTheFile'])}."))
    if is_restored:
        api.call("POST", f"{_path(name)}/restore")
        click.echo(f"It is as it was at {told['takenAt']}.")


def _name_in(content: bytes) -> str:
    """What the snapshot in a file was called; empty where the file does not say."""
    begin = content[:_MOST_OF_A_HEAD]
    try:
        if content.startswith(b"\x1f\x8b"):
            begin = zlib.decompressobj(_GZIP).decompress(begin, _MOST_OF_A_HEAD)
    except zlib.error:
        return ""
    name = object_or_empty(begin.partition(b"\n")[0]).get("name")
    return name if isinstance(name, str) else ""


def _api(url: str, token: str) -> ControlApi:
    return ControlApi("snapshot", url, token)


def _path(name: str) -> str:
    return f"{PATH}/{quote(name, safe='')}"
