"""The one way to standard error for sentences: whatever they quote, a sentence stays one line."""

from __future__ import annotations

from typing import IO, Any

import click

from ..text.printable import printable, printable_lines


def say(sentence: str, file: IO[Any] | None = None) -> None:
    """Print a sentence on one line, however odd the file name or the answer that it quotes."""
    click.echo(printable(sentence), file, err=True)


def say_lines(text: str) -> None:
    """Print a text whose lines are meant to be several."""
    for line in printable_lines(text):
        click.echo(line, err=True)
