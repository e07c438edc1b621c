"""Being asked to stop: heeded at once, and remembered even if a library swallows it."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Any, NoReturn

from fluent_oms_simulator.contracts.reporting.model import Outcome

SIGNALS = {
    "SIGINT": Outcome.INTERRUPTED,
    "SIGTERM": Outcome.TERMINATED,
    "SIGHUP": Outcome.TERMINATED,
}
"""What asks a run to stop, where there is such a signal, and what the run then comes to."""


class Stopping:
    """While it is entered, a signal raises KeyboardInterrupt and is kept in `outcome`.

    The interrupt may be lost on its way, in a callback or in code that catches everything: whoever
    goes on for long asks `check` now and then. A signal that is to be ignored stays ignored.
    """

    def __init__(self) -> None:
        self.outcome: Outcome | None = None
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Stopping:
        if threading.current_thread() is threading.main_thread():
            for name in SIGNALS:
                number = getattr(signal, name, None)
                if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                    self._before[number] = signal.signal(number, self._receive)
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _fault: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
        self._before.clear()

    def check(self) -> None:
        """Raise KeyboardInterrupt if the run was asked to stop."""
        if self.outcome is not None:
            raise KeyboardInterrupt

    def note(self) -> None:
        """A KeyboardInterrupt has arrived, whoever has raised it."""
        self.outcome = self.outcome or Outcome.INTERRUPTED

    def _receive(self, number: int, _frame: FrameType | None) -> NoReturn:
        self.outcome = self.outcome or SIGNALS[signal.Signals(number).name]
        raise KeyboardInterrupt
