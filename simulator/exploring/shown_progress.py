"""What is seen while a search runs: one line that changes on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ..console import terminal
from ..console.saying import say
from ..text.printable import printable
from .exploration import Counts
from .fault_schedules import Schedule, key_of
from .found_breaks import Finding

if TYPE_CHECKING:
    from rich.live import Live

PLAIN_LINE_EVERY = 10.0
"""Seconds."""


class ShownProgress:
    """Shows on standard error how far a search is; `is_live` where lines can be drawn over."""

    def __init__(self, *, is_live: bool) -> None:
        self._live: Live | None = None
        self._next_line = time.monotonic() + PLAIN_LINE_EVERY
        self._found = 0
        if is_live:
            from rich.live import Live

            shown = terminal.console(stderr=True)
            self._live = Live(console=shown, transient=True, auto_refresh=False)
            self._live.start()

    def begin(self, counts: Counts) -> None:
        """Schedules of a size are tried from now on."""
        self._show(line(counts, "", self._found))

    def tried(self, counts: Counts, schedule: Schedule) -> None:
        """One more."""
        self._show(line(counts, key_of(schedule), self._found))

    def found(self, finding: Finding) -> None:
        """One has convicted; told at once, for a search may take long."""
        self._found += 1
        if self._live is None:
            say(finding.headline)
        else:
            from rich.text import Text

            self._live.console.print(Text(printable(finding.headline)), soft_wrap=True)

    def end(self) -> None:
        """Leave the terminal as it was."""
        if self._live is not None:
            self._live.stop()

    def _show(self, what: str) -> None:
        if self._live is not None:
            from rich.text import Text

            self._live.update(
                Text(printable(what), no_wrap=True, overflow="ellipsis"), refresh=True
            )
        elif time.monotonic() >= self._next_line:
            self._next_line = time.monotonic() + PLAIN_LINE_EVERY
            say(what)


def line(counts: Counts, key: str, found: int) -> str:
    """How far it is."""
    faults = "1 fault" if counts.size == 1 else f"{counts.size} faults"
    done = counts.tried + counts.known
    told = f"{found:,} found, schedules of {faults}: {done:,} of {counts.all:,}"
    return f"{told}  {key}" if key else told
