"""`fluent-sim serve`: its options are the table of settings."""

import os
from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

import click

from ..console.refusal import Refusal
from ..console.variables import tell_unknown
from ..settings import (
    CONFIG_ENV,
    ENV_PREFIX,
    SETTINGS,
    Setting,
    SettingsError,
    default_of,
    resolve,
    variables,
)

Function = TypeVar("Function", bound=Callable[..., None])


def setting_options(
    *, without: Collection[str] = (), defaults: Mapping[str, str] = MappingProxyType({})
) -> Callable[[Function], Function]:
    """One option for each setting; the texts are parsed in one place, `resolve`.

    `without` are the names of those that a command has no use for; `defaults` what some are for it
    if they are not given.
    """

    def add(function: Function) -> Function:
        for row in reversed(SETTINGS):
            if row.name not in without:
                function = click.option(
                    row.flag,
                    row.name,
                    multiple=row.repeatable,
                    metavar=row.metavar,
                    help=_help(row, defaults.get(row.name)),
                )(function)
        return click.option(
            "--config", metavar="FILE", help=f"A TOML file of settings. [{CONFIG_ENV}]"
        )(function)

    return add


def _help(row: Setting, other_default: str | None) -> str:
    default = default_of(row) if other_default is None else other_default
    shown = (" ".join(default) if isinstance(default, tuple) else default) or "none"
    again = " May be given again." if row.repeatable else ""
    return f"{row.help}{again} [{row.env}; default {shown}]"


@click.command(name="serve")
@setting_options()
@click.option(
    "--end-with-stdin",
    is_flag=True,
    help="End when standard input does: a pipe from whoever started it ends with that process.",
)
def command(config: str | None, end_with_stdin: bool, **flags: Any) -> None:
    """Run the simulator until SIGTERM or Ctrl-C.

    A flag wins over an environment variable, that over the file, that over the default. When
    ready, standard output carries one line of JSON with the url and the pid.
    """
    from ..serving.addresses import ServeError
    from ..serving.server import serve

    tell_unknown(ENV_PREFIX, variables())
    try:
        serve(resolve(flags, os.environ, config), end_with_stdin=end_with_stdin)
    except (SettingsError, ServeError) as fault:
        raise Refusal(f"fluent-sim serve: {fault}") from None
