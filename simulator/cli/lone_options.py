"""Options that leave others nothing to do: who gives both is told, and nothing is passed over."""

from __future__ import annotations

import click
from click.core import ParameterSource

from ..console.refusal import Refusal


def refuse_beside(option: str, *heeded: str) -> None:
    """Raise Refusal if the command was given anything beside an option that goes unheeded then.

    `option` is as it is typed; `heeded` are the parameters that have an effect beside it, by the
    names that the command's function has for them. Which simulator is meant always has one.
    """
    context = click.get_current_context()
    unheeded = [
        _typed(each)
        for each in context.command.params
        if each.name not in {*heeded, "url", "token"}
        and context.get_parameter_source(str(each.name)) is ParameterSource.COMMANDLINE
    ]
    if others := [each for each in unheeded if each != option]:
        raise Refusal(
            f"{context.command_path}: {option} goes without {' and '.join(others)}, which would"
            " do nothing beside it."
        )


def _typed(parameter: click.Parameter) -> str:
    """As its user writes it: `--status`, `TEXT`."""
    if isinstance(parameter, click.Option):
        return parameter.opts[0]
    return parameter.human_readable_name.strip("[]")
