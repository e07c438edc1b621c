"""What a terminal is shown: colours, unless NO_COLOR (https://no-color.org) or TERM=dumb is set."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console


def coloured(stream: TextIO) -> bool:
    """Whether colours may be written to this stream."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def redraws(stream: TextIO) -> bool:
    """Whether what is written to this stream can be drawn over, as a bar of progress is."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def console(*, stderr: bool = False, markup: bool = False) -> Console:
    """A console for tables and progress; without `markup`, brackets are shown as they stand."""
    from rich.console import Console

    may = coloured(sys.stderr if stderr else sys.stdout)
    return Console(
        stderr=stderr, markup=markup, highlight=False, color_system="auto" if may else None
    )
