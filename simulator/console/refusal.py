"""A command that cannot do its work: a sentence, and exit code 2."""

from typing import IO, Any

import click

from .saying import say


class Refusal(click.ClickException):
    """A sentence for the person at the keyboard, and exit code 2."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the sentence, without more."""
        say(self.message, file)
