"""Options that take one of some words: told as settings are, wherever the word comes from."""

from typing import Any

import click

from ..text.setting_values import UnusableError, one_of


class Word(click.Choice[str]):
    """One of some words as it is written; another is told with the nearest."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word, or a usage error."""
        try:
            return one_of(*self.choices)(value)
        except UnusableError as fault:
            self.fail(f"found {value!r}, expected {fault.expected}", param, ctx)
