"""What is seen while a load runs: one line that changes on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time

from fluent_oms_simulator.console import terminal
from fluent_oms_simulator.text.printable import printable
from rich.live import Live
from rich.text import Text

from ..reporting.run_result import ACCEPT, BATCH_COMPLETE, VISIBLE, Sample

PLAIN_LINE_EVERY = 5.0


class Progress:
    """Shows samples and sentences on standard error."""

    def __init__(self, live: bool) -> None:
        console = terminal.console(stderr=True)
        self._live = Live(console=console, transient=True, auto_refresh=False) if live else None
        self._console = console
        self._next_line = 0.0
        if self._live is not None:
            self._live.start()

    def show(self, what: Sample | str) -> None:
        """Show what happens."""
        if isinstance(what, str):
            self._console.print(Text(printable(what)), soft_wrap=True)
        elif self._live is not None:
            self._live.update(Text(line(what)), refresh=True)
        elif time.monotonic() >= self._next_line:
            self._next_line = time.monotonic() + PLAIN_LINE_EVERY
            self._console.print(Text(line(what)), soft_wrap=True)

    def end(self) -> None:
        """Leave the terminal as it was."""
        if self._live is not None:
            self._live.stop()


def line(sample: Sample) -> str:
    """A sample as a line: how much a second, how long it takes, what waits."""
    seconds = sample.seconds or 1.0
    parts = [f"{sample.t:6.1f} s"]
    if sample.deltas_accepted:
        parts.append(f"{sample.deltas_accepted / seconds:,.0f} deltas/s")
    if sample.records:
        parts.append(f"{sample.records / seconds:,.0f} records/s")
    parts += [
        f"{name} p99 {sample.latency[name]['p99']:,.1f} ms"
        for name in (ACCEPT, VISIBLE, BATCH_COMPLETE)
        if name in sample.latency
    ]
    waiting = sample.in_flight if sample.queue_depth is None else sample.queue_depth
    parts.append(f"{waiting:,} {'in flight' if sample.queue_depth is None else 'in line'}")
    if sample.errors:
        parts.append(f"{sample.errors:,} errors")
    return "   ".join(parts)
