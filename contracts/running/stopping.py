"""Being asked to stop: heeded at once, and remembered even if a library swallows it."""

from __future__ import annotations

import signal
import sys
import threading
from types import FrameType, TracebackType
from typing import Any

from fluent_oms_simulator.contracts.reporting.model import Outcome

SIGNALS = {
    "SIGINT": Outcome.INTERRUPTED,
    "SIGTERM": Outcome.TERMINATED,
    "SIGHUP": Outcome.HUNG_UP,
}
"""What asks a run to stop, where there is such a signal, and what the run then comes to."""
SECONDS_TO_REMIND = 0.05


class StopRequested(KeyboardInterrupt):
    """A signal asks the run to stop.

    A class of its own, for Python ends with the signal, whatever exit code was chosen, once a plain
    KeyboardInterrupt has passed through code that was run by `exec`, as much of an import is.
    """


class Stopping:
    """While it is entered, a signal raises StopRequested and is kept in `outcome`.

    The interrupt may be lost on its way. Where Python ignores it, as in a callback of the garbage
    collector, it is raised again; where a library catches everything, `check` finds it. A signal
    that is to be ignored stays ignored.
    """

    def __init__(self) -> None:
        self.outcome: Outcome | None = None
        self._is_heeded = False
        self._is_reminder = False
        self._before: dict[signal.Signals, Any] = {}
        self._hook = sys.unraisablehook

    def __enter__(self) -> Stopping:
        if threading.current_thread() is threading.main_thread():
            for name in SIGNALS:
                number = getattr(signal, name, None)
                if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                    self._before[number] = signal.signal(number, self._receive)
            self._hook, sys.unraisablehook = sys.unraisablehook, self._ignored
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _fault: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._is_heeded = True
        if threading.current_thread() is threading.main_thread():
            sys.unraisablehook = self._hook
            for number, handler in self._before.items():
                signal.signal(number, handler if handler is not None else signal.SIG_DFL)
        self._before.clear()

    def check(self) -> None:
        """Raise StopRequested if the run was asked to stop."""
        if self.outcome is not None:
            raise StopRequested

    def note(self) -> None:
        """The interrupt has arrived where it is heeded, whoever has raised it."""
        self.outcome = self.outcome or Outcome.INTERRUPTED
        self._is_heeded = True

    def _receive(self, number: int, _frame: FrameType | None) -> None:
        was_reminded, self._is_reminder = self._is_reminder, False
        if was_reminded and self._is_heeded:
            return
        self.outcome = self.outcome or SIGNALS[signal.Signals(number).name]
        raise StopRequested

    def _ignored(self, unraisable: Any) -> None:
        """Python has ignored an exception; if it was ours, it is not to be lost."""
        if unraisable.exc_type is not StopRequested:
            self._hook(unraisable)
        elif not self._is_heeded:
            reminder = threading.Timer(SECONDS_TO_REMIND, self._remind)
            reminder.daemon = True
            reminder.start()

    def _remind(self) -> None:
        if self._before and not self._is_heeded:
            self._is_reminder = True
            signal.raise_signal(next(iter(self._before)))
