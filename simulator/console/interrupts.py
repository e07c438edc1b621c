"""Being asked to end: by Ctrl-C, by SIGTERM, by a terminal that is closed.

Heeded at once, and never lost: the one mechanism for the command line, and for every run that still
tells what it has done so far. It needs the standard library only, for it is there before anything
else is imported.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from types import FrameType, TracebackType
from typing import Any

SECONDS_TO_REMIND = 0.05


class Ended(StrEnum):
    """What a command comes to that a signal has ended: the word in its last line and its report."""

    INTERRUPTED = "interrupted"
    TERMINATED = "terminated"
    HUNG_UP = "hung-up"

    @property
    def exit_code(self) -> int:
        """What a shell reports of a program that a signal ended: 128 and the signal's number."""
        return 128 + _NUMBERS[self]

    @property
    def signal(self) -> signal.Signals:
        """The signal itself."""
        return signal.Signals(_NUMBERS[self])


SIGNALS = {"SIGINT": Ended.INTERRUPTED, "SIGTERM": Ended.TERMINATED, "SIGHUP": Ended.HUNG_UP}
"""What asks a command to end, where there is such a signal."""

_NUMBERS = {Ended.INTERRUPTED: 2, Ended.TERMINATED: 15, Ended.HUNG_UP: 1}  # Windows lacks SIGHUP


class Interrupted(KeyboardInterrupt):
    """A signal asks the command to end; what stands in `finally` is done first.

    A class of its own, for Python ends with the signal, whatever exit code was chosen, once a plain
    KeyboardInterrupt has passed through code that was run by `exec`, as much of an import is.
    """


class _Heard:
    """What those that listen together know."""

    first: Ended | None = None
    """It decides how the command ends, whatever comes after it."""
    is_heeded = False
    is_reminder = False


class Interrupts:
    """While it is entered, a signal raises Interrupted and is kept in `ended_by`.

    Entered inside another, as a run is inside its command, it is one with that. The interrupt may
    be lost on its way. Where Python ignores it, as in a callback of the garbage collector, it is
    raised again; where a library catches everything, `check` finds it. A signal that is to be
    ignored (nohup, a job in the background) stays ignored.
    """

    def __init__(self) -> None:
        self._heard = _Heard()
        self._before: dict[signal.Signals, Any] = {}
        self._hook = sys.unraisablehook

    @property
    def ended_by(self) -> Ended | None:
        """What the first signal makes of the command; None before there is one."""
        return self._heard.first

    def begin(self) -> None:
        """Listen, unless somebody does already."""
        global _listening
        if _listening is not None:
            self._heard = _listening._heard
        elif threading.current_thread() is threading.main_thread():
            _listening = self
            for name in SIGNALS:
                number = getattr(signal, name, None)
                if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                    self._before[number] = signal.signal(number, self._receive)
            self._hook, sys.unraisablehook = sys.unraisablehook, self._ignored

    def end(self) -> None:
        """Leave signals to whom they were left before; of two that are one, the first does."""
        global _listening
        if _listening is not self:
            return
        _listening = None
        self._heard.is_heeded = True
        sys.unraisablehook = self._hook
        for number, handler in self._before.items():
            if signal.getsignal(number) == self._receive:
                signal.signal(number, handler if handler is not None else signal.SIG_DFL)
        self._before.clear()

    def let_go(self) -> None:
        """Have a signal end the process at once, unless it was left to somebody else meanwhile."""
        for number in self._before:
            if signal.getsignal(number) == self._receive:
                signal.signal(number, signal.SIG_DFL)

    def __enter__(self) -> Interrupts:
        self.begin()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _fault: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.end()

    def check(self) -> None:
        """Raise Interrupted if a signal has come."""
        if self._heard.first is not None:
            raise Interrupted

    def note(self) -> None:
        """The interrupt has arrived where it is heeded, whoever has raised it."""
        self._heard.first = self._heard.first or Ended.INTERRUPTED
        self._heard.is_heeded = True

    @contextmanager
    def heeded(self) -> Iterator[None]:
        """What is broken off ends here, as whatever the interrupt arrives.

        Libraries wrap it (Python itself does while it makes a class), or fail of it in their way.
        """
        try:
            yield
        except KeyboardInterrupt:
            self.note()
        except Exception:
            if self._heard.first is None:
                raise
            self.note()

    def _receive(self, number: int, _frame: FrameType | None) -> None:
        heard = self._heard
        was_reminded, heard.is_reminder = heard.is_reminder, False
        if was_reminded and heard.is_heeded:
            return
        heard.first = heard.first or SIGNALS[signal.Signals(number).name]
        raise Interrupted

    def _ignored(self, unraisable: Any) -> None:
        """Python has ignored an exception; if it was ours, it is not to be lost."""
        if unraisable.exc_type is not Interrupted:
            self._hook(unraisable)
        elif not self._heard.is_heeded:
            reminder = threading.Timer(SECONDS_TO_REMIND, self._remind)
            reminder.daemon = True
            reminder.start()

    def _remind(self) -> None:
        if self._before and not self._heard.is_heeded:
            self._heard.is_reminder = True
            signal.raise_signal(next(iter(self._before)))


_listening: Interrupts | None = None


def ended_by() -> Ended | None:
    """What a signal makes of the command that runs, even if a library has swallowed it."""
    return None if _listening is None else _listening.ended_by


def let_go() -> None:
    """From here on a signal ends the process at once, and without a traceback."""
    if _listening is not None:
        _listening.let_go()
