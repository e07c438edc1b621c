"""`fluent-sim behaviours`: every open point of the documentation, and how to set it."""

import json
from collections.abc import Callable

import click

from ..behaviour import describe
from ..client.server_address import URL
from ..console.saying import say
from ..console.terminal import console
from ..console.variables import tell_unknown
from ..console.words import Word
from ..settings import ADMIN_TOKEN_ENV, ENV_PREFIX, variables
from ..switches import DOCUMENTED, PROFILES, Profile, SwitchDescription
from .control_api import TOKEN_HELP, ControlApi, named_values
from .lone_options import refuse_beside

PATH = "/__admin/behaviours"
OF_RUNNING = ("form", "wanted", "restore")
"""What can be said of a simulator that runs, besides which it is."""


def _table(switches: list[SwitchDescription]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(show_lines=True, title="Set one with: fluent-sim serve --behaviour NAME=VALUE")
    table.add_column("switch and values", no_wrap=True)
    table.add_column("what it changes, and the evidence")
    for switch in switches:
        values = [f"  {value}{_mark(switch, value)}" for value in switch.values]
        if switch.default not in switch.values:
            values.append(f"  {switch.default} (default)")
        table.add_row(
            "\n".join([switch.name, *values]),
            Text.assemble(switch.effect, "\n", (switch.evidence, "dim")),
        )
    console().print(table)


def _mark(switch: SwitchDescription, value: str) -> str:
    """Which profile a value is of, where they differ; else whether it is the default."""
    if value == switch.default:
        return " (default)"
    return f" ({DOCUMENTED})" if value == switch.documented else ""


def _json(switches: list[SwitchDescription]) -> None:
    click.echo(json.dumps([_as_dict(switch) for switch in switches], indent=2))


def _markdown(switches: list[SwitchDescription]) -> None:
    click.echo("| switch | values | default | what it changes | evidence |")
    click.echo("|---|---|---|---|---|")
    for switch in switches:
        values = ", ".join(f"`{v}`" if " " not in v else v for v in switch.values)
        default = f"`{switch.default}`"
        if switch.documented != switch.default:
            default += f"; {DOCUMENTED}: `{switch.documented}`"
        click.echo(
            f"| `{switch.name}` | {values} | {default} | {_cell(switch.effect)}"
            f" | {_cell(switch.evidence)} |"
        )


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _as_dict(switch: SwitchDescription) -> dict[str, object]:
    return {
        "name": switch.name,
        "values": list(switch.values),
        "default": switch.default,
        "documented": switch.documented,
        "effect": switch.effect,
        "evidence": switch.evidence,
    }


def _of_running(api: ControlApi, wanted: tuple[str, ...], form: str, *, restore: bool) -> None:
    refuse_beside("--set" if wanted else "--restore" if restore else "--url", *OF_RUNNING)
    if form == "markdown":
        raise api.refusal("--format markdown is for all switches: leave out --url.")
    answer = api.document("DELETE" if restore else "GET", PATH)
    if wanted:
        given = named_values(api, "--set", wanted)
        switches = {name: value or None for name, value in given.items()}
        answer = api.document("PUT", PATH, {"behaviours": switches})
    if form == "json":
        click.echo(json.dumps(answer, indent=2))
        return
    for switch in answer["behaviours"]:
        if switch["value"] != switch["default"]:
            click.echo(f"{switch['name']}={switch['value']}")
    say(f"Profile {answer['profile']}; every other switch has its default.")


_PRINTERS: dict[str, Callable[[list[SwitchDescription]], None]] = {
    "table": _table,
    "json": _json,
    "markdown": _markdown,
}


@click.command(name="behaviours")
@click.option("--format", "form", type=Word(list(_PRINTERS)), default="table", show_default=True)
@click.option(
    "--profile",
    type=Word(PROFILES),
    help="Only the switches that this profile sets otherwise than the default.",
)
@click.option("--url", metavar="URL", help="Of this simulator: those that it has set otherwise.")
@click.option("--token", envvar=ADMIN_TOKEN_ENV, default="", metavar="TEXT", help=TOKEN_HELP)
@click.option(
    "--set", "wanted", multiple=True, metavar="NAME=VALUE", help="Change one there; none: NAME=."
)
@click.option("--restore", is_flag=True, help="Set them there as they were at its start.")
def command(
    form: str,
    profile: Profile | None,
    url: str | None,
    token: str,
    wanted: tuple[str, ...],
    restore: bool,
) -> None:
    """List the behaviour switches: values, default, what each changes, and the evidence.

    Set all by `fluent-sim serve --profile NAME`, one, over the profile, by --behaviour NAME=VALUE;
    of a simulator that runs by --url and --set. With --url, --format json tells all its switches.
    """
    if url is not None or wanted or restore:
        tell_unknown(ENV_PREFIX, variables())
        _of_running(ControlApi("behaviours", url or URL, token), wanted, form, restore=restore)
        return
    switches = list(describe())
    if profile is not None:
        switches = [each for each in switches if each.value_in(profile) != each.default]
        if not switches:
            say(f"The profile {profile} has every switch at its default.")
    _PRINTERS[form](switches)
