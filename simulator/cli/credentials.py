"""The options that say who signs in on a server; all may come from the environment instead."""

from collections.abc import Callable
from typing import Any

import click

CREDENTIALS = (
    ("account", "The account, such as FCTRAIN1001."),
    ("retailer", "The retailer whose catalogue is written to."),
    ("client-id", "OAuth client id."),
    ("client-secret", "OAuth client secret."),
    ("username", "User name of the password grant."),
    ("password", "Password of the password grant."),
)


def credentials(env_prefix: str, default: str | None) -> Callable[[Any], Any]:
    """Adds the options to a command; `default` is the value of one that is not given."""

    def add(function: Any) -> Any:
        for name, text in reversed(CREDENTIALS):
            env = env_prefix + name.upper().replace("-", "_")
            target = "retailer_id" if name == "retailer" else name.replace("-", "_")
            option = click.option(
                f"--{name}",
                target,
                envvar=env,
                default=default,
                help=f"{text} [{env}]",
                metavar="TEXT",
            )
            function = option(function)
        return function

    return add
