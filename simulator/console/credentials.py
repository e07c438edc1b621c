"""The options that say who signs in on a server; all may come from the environment instead."""

from collections.abc import Callable
from typing import Any

import click

from .variables import tell_unknown

CREDENTIALS = (
    ("account", "The account, such as FCTRAIN1001."),
    ("retailer", "The retailer whose catalogue is written to."),
    ("client-id", "OAuth client id."),
    ("client-secret", "OAuth client secret."),
    ("username", "User name of the password grant."),
    ("password", "Password of the password grant."),
)


def credentials(env_prefix: str, default: str | None) -> Callable[[Any], Any]:
    """Adds the options to a command; `default` is the value of one that is not given.

    A variable with the prefix that names none of them is told of.
    """
    variables = {name: env_prefix + name.upper().replace("-", "_") for name, _ in CREDENTIALS}

    def told(_context: click.Context, _parameter: click.Parameter, value: Any) -> Any:
        tell_unknown(env_prefix, variables.values())
        return value

    def add(function: Any) -> Any:
        for name, text in reversed(CREDENTIALS):
            env = variables[name]
            target = "retailer_id" if name == "retailer" else name.replace("-", "_")
            option = click.option(
                f"--{name}",
                target,
                envvar=env,
                default=default,
                help=f"{text} [{env}]",
                metavar="TEXT",
                # once, when a command is to run
                callback=told if name == CREDENTIALS[0][0] else None,
            )
            function = option(function)
        return function

    return add
