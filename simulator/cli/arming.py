"""`fluent-sim faults`: what goes wrong on purpose at a running simulator."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
import orjson

from ..console.variables import tell_unknown
from ..settings import ENV_PREFIX, variables
from ..text.json_documents import NotADocumentError, document_in
from ..text.printable import printable
from .control_api import ControlApi, VerbGroup, before_the_verb, simulator_options

PATH = "/__admin/faults"
STANDARD_INPUT = "-"
LONGEST_RULE = 200
"""Characters."""

seed_option = click.option("--seed", type=click.IntRange(0), help="What chance goes by.  [0]")
source_argument = click.argument("source", metavar="PRESET|FILE|-")


@click.group(name="faults", cls=VerbGroup)
@before_the_verb
def command() -> None:
    """See and choose what goes wrong on purpose at a running simulator.

    A fault is a preset such as lost-replies, or rules in a JSON file: {"rules": [...]}, or a bare
    list of rules.
    """
    tell_unknown(ENV_PREFIX, variables())


@command.command()
@click.option("--count", type=click.IntRange(1), default=10, show_default=True, help="Of strikes.")
@simulator_options
def show(count: int, url: str, token: str) -> None:
    """Tell which rules are armed, what they have struck last, and which presets there are."""
    told = _api(url, token).document("GET", f"{PATH}?count={count}")
    _tell(told)
    for struck in told["log"]:
        click.echo(printable(_line(struck)))
    if told["dropped"]:
        click.echo(f"{told['dropped']:,} older strikes are no longer kept.")
    click.echo("presets: " + ", ".join(preset["name"] for preset in told["presets"]))


@command.command()
@source_argument
@seed_option
@simulator_options
def arm(source: str, seed: int | None, url: str, token: str) -> None:
    """Arm a preset or the rules of a file, and no others."""
    api = _api(url, token)
    wanted = faults_wanted(api, source)
    _tell(api.document("PUT", PATH, wanted if seed is None else wanted | {"seed": seed}))


@command.command()
@source_argument
@simulator_options
def add(source: str, url: str, token: str) -> None:
    """Arm a preset or the rules of a file beside the others."""
    api = _api(url, token)
    _tell(api.document("POST", PATH, faults_wanted(api, source)))


@command.command()
@click.argument("rule_id", metavar="[ID]", required=False)
@simulator_options
def disarm(rule_id: str | None, url: str, token: str) -> None:
    """Remove a rule, or all; a call that one holds goes on at once."""
    path = PATH if rule_id is None else f"{PATH}/{rule_id}"
    _tell(_api(url, token).document("DELETE", path))


def _api(url: str, token: str) -> ControlApi:
    return ControlApi("faults", url, token)


def faults_wanted(api: ControlApi, source: str) -> dict[str, Any]:
    """What a source asks for; a name that is no file is one of a preset."""
    if source != STANDARD_INPUT and not Path(source).exists():
        return {"preset": source}
    try:
        is_piped = source == STANDARD_INPUT
        document = document_in(sys.stdin.buffer.read() if is_piped else Path(source).read_bytes())
    except OSError as fault:
        raise api.refusal(f"{source} cannot be read: {fault.strerror}") from None
    except NotADocumentError as fault:
        raise api.refusal(f"{source} is not JSON: {fault}") from None
    if isinstance(document, list):
        return {"rules": document}
    if not isinstance(document, dict):
        raise api.refusal(f"{source} holds neither a list of rules nor an object with them.")
    return document


def _tell(armed: dict[str, Any]) -> None:
    if not armed["rules"]:
        click.echo("no fault is armed")
        return
    click.echo(f"seed {armed['seed']}")
    for rule in armed["rules"]:
        about = {name: value for name, value in rule.items() if name not in ("id", *COUNTED)}
        text = printable(orjson.dumps(about).decode())
        if len(text) > LONGEST_RULE:
            text = text[: LONGEST_RULE - 1] + "…"
        click.echo(f"{rule['id']}  struck {rule['fired']:,} of {rule['matched']:,}  {text}")


COUNTED = ("matched", "fired")


def _line(struck: dict[str, Any]) -> str:
    request = "" if struck["request"] is None else f"request {struck['request']}  "
    told = (
        f"{struck['at'][:23]}  {struck['rule']}  {struck['kind']} at {struck['point']}  {request}"
    )
    told += f"{struck['method']} {struck['path']}"
    return f"{told}  ({struck['undone']})" if "undone" in struck else told
