"""Tells of environment variables that were meant for a command, and that it does not know."""

import os
from collections.abc import Iterable

import click

from ..text.environment import unknown_variables
from .saying import say


def tell_unknown(prefix: str, known: Iterable[str]) -> None:
    """A sentence on standard error for each variable with this prefix that nobody reads."""
    command = click.get_current_context().command_path
    for name, near in unknown_variables(os.environ, prefix, known):
        meant = f"; did you mean {near}?" if near else "."
        say(f"{command}: {name} is no setting, and is passed over{meant}")
