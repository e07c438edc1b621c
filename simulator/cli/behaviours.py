"""`fluent-sim behaviours`: every open point of the documentation, and how to set it."""

import json
from collections.abc import Callable

import click

from ..behaviour import describe
from ..console.terminal import console
from ..switches import SwitchDescription


def _table(switches: list[SwitchDescription]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(show_lines=True, title="Set one with: fluent-sim serve --behaviour NAME=VALUE")
    table.add_column("switch and values", no_wrap=True)
    table.add_column("what it changes, and the evidence")
    for switch in switches:
        values = [
            f"  {value} (default)" if value == switch.default else f"  {value}"
            for value in switch.values
        ]
        if switch.default not in switch.values:
            values.append(f"  {switch.default} (default)")
        table.add_row(
            "\n".join([switch.name, *values]),
            Text.assemble(switch.effect, "\n", (switch.evidence, "dim")),
        )
    console().print(table)


def _json(switches: list[SwitchDescription]) -> None:
    click.echo(json.dumps([_as_dict(switch) for switch in switches], indent=2))


def _markdown(switches: list[SwitchDescription]) -> None:
    click.echo("| switch | values | default | what it changes | evidence |")
    click.echo("|---|---|---|---|---|")
    for switch in switches:
        values = ", ".join(f"`{v}`" if " " not in v else v for v in switch.values)
        click.echo(
            f"| `{switch.name}` | {values} | `{switch.default}` | {_cell(switch.effect)}"
            f" | {_cell(switch.evidence)} |"
        )


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _as_dict(switch: SwitchDescription) -> dict[str, object]:
    return {
        "name": switch.name,
        "values": list(switch.values),
        "default": switch.default,
        "effect": switch.effect,
        "evidence": switch.evidence,
    }


_PRINTERS: dict[str, Callable[[list[SwitchDescription]], None]] = {
    "table": _table,
    "json": _json,
    "markdown": _markdown,
}


@click.command(name="behaviours")
@click.option(
    "--format", "form", type=click.Choice(list(_PRINTERS)), default="table", show_default=True
)
def command(form: str) -> None:
    """List the behaviour switches: values, default, what each changes, and the evidence.

    Set one with `fluent-sim serve --behaviour NAME=VALUE`.
    """
    _PRINTERS[form](describe())
