"""`fluent-sim serve`: its options are the table of settings."""

import os
from collections.abc import Callable
from typing import Any

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


def _options(function: Callable[..., None]) -> Callable[..., None]:
    """One option for each setting; the texts are parsed in one place, `resolve`."""
    for row in reversed(SETTINGS):
        option = click.option(
            row.flag, row.name, multiple=row.repeatable, metavar=row.metavar, help=_help(row)
        )
        function = option(function)
    return function


def _help(row: Setting) -> str:
    default = default_of(row)
    shown = " ".join(default) if isinstance(default, tuple) else default or "none"
    again = " May be given again." if row.repeatable else ""
    return f"{row.help}{again} [{row.env}; default {shown}]"


@click.command(name="serve")
@_options
@click.option("--config", metavar="FILE", help=f"A TOML file of settings. [{CONFIG_ENV}]")
def command(config: str | None, **flags: Any) -> None:
    """Run the simulator until SIGTERM or Ctrl-C.

    A flag wins over an environment variable, that over the file, that over the default. When
    ready, standard output carries one line of JSON with the url and the pid.
    """
    from ..serving.addresses import ServeError
    from ..serving.server import serve

    tell_unknown(ENV_PREFIX, variables())
    try:
        serve(resolve(flags, os.environ, config))
    except (SettingsError, ServeError) as fault:
        raise Refusal(f"fluent-sim serve: {fault}") from None
