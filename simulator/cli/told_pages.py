"""What commands that list something have in common: what they ask for, what is not shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import click

Value = TypeVar("Value")


def chosen(filters: Mapping[str, Value | None]) -> dict[str, Value]:
    """The filters that were given, by the names that the control API has for them."""
    return {name: value for name, value in filters.items() if value is not None}


def tell_that_there_are_more(answer: Mapping[str, Any]) -> None:
    """Say so where the list goes on beyond this page."""
    if answer["hasMore"]:
        click.echo("There are more: --start and --count page them.")


def tell_what_is_dropped(answer: Mapping[str, Any]) -> None:
    """Say how many were let go of to stay within a bound."""
    if answer["dropped"]:
        click.echo(f"{answer['dropped']:,} older ones are no longer kept.")
