"""How every command ends: its exit code, and a sentence where it could not do its work.

One place for what any command can meet: output that cannot be written, a reader that has gone, a
signal, a file or folder that the machine refuses, memory that does not suffice.
"""

from __future__ import annotations

import errno
import io
import signal
import sys
from types import FrameType
from typing import NoReturn

import click

from .saying import say, say_lines
from .streams import Output, finish, reason, take_over

FAILED = 2
"""The exit code where the work, or telling of it, could not be done; 1 is for what was found."""

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
"""What ends a command: Ctrl-C, being asked to, a terminal that is closed; where there are such."""

_received: list[int] = []


class Interrupted(KeyboardInterrupt):
    """A signal asks the command to end; what stands in `finally` is done first."""


def interrupted() -> bool:
    """Whether a signal has asked the command to end, even if a library has swallowed that."""
    return bool(_received)


def received() -> signal.Signals | None:
    """The first signal that has asked the command to end, which decides how it does."""
    return signal.Signals(_received[0]) if _received else None


def run(command: click.Command, name: str = "fluent-sim") -> NoReturn:
    """Run the command line, and end the process as its users are told that it ends."""
    output = take_over()
    caught = _catch_signals()
    try:
        code = _code(command, name, output)
    except KeyboardInterrupt:  # a second one, while the first was told of
        code = FAILED
    for number in caught:  # one more ends the process at once, without a traceback
        if signal.getsignal(number) is _receive:
            signal.signal(number, signal.SIG_DFL)
    lost = finish(output)
    if _received:
        code = 128 + _received[0]
    elif lost is not None:
        if lost.errno != errno.EPIPE:  # who has stopped to read needs no sentence
            _tell(name, f"standard output cannot be written: {reason(lost)}")
        code = FAILED
    sys.exit(code)


def _code(command: click.Command, name: str, output: Output) -> int:
    try:
        result = command.main(prog_name=name, standalone_mode=False)
        return result if isinstance(result, int) else 0
    except SystemExit as end:
        return _of_exit(end)
    except click.ClickException as refusal:
        shown = io.StringIO()
        refusal.show(shown)
        say_lines(shown.getvalue())
        return refusal.exit_code
    except (click.Abort, KeyboardInterrupt):
        _tell(name, _end_of_work())
    except MemoryError:
        _tell(name, "there is not enough memory for this.")
    except OSError as fault:
        if output.fault is None:  # of which is told at the end
            _tell(name, reason(fault))
    except Exception:  # a fault of ours; not 1, which says that something was found
        sys.excepthook(*sys.exc_info())
    return FAILED


def _end_of_work() -> str:
    if not _received:
        return "no answer, so nothing was done."
    number = signal.Signals(_received[0])
    return "interrupted." if number is signal.SIGINT else f"ended by {number.name}."


def _of_exit(end: SystemExit) -> int:
    """The exit code that a command has chosen, or a sentence in its place."""
    if end.code is None or isinstance(end.code, int):
        return end.code or 0
    say(str(end.code))
    return FAILED


def _tell(name: str, sentence: str) -> None:
    words = [name, *sys.argv[1:2]] if sys.argv[1:2] and sys.argv[1].isidentifier() else [name]
    say(f"{' '.join(words)}: {sentence}")


def _catch_signals() -> list[signal.Signals]:
    """Have signals raise; one that is to be ignored (nohup, a job in the background) stays so."""
    default = (signal.SIG_DFL, signal.default_int_handler)
    caught = []
    for name in SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) in default:
            signal.signal(number, _receive)
            caught.append(number)
    return caught


def _receive(number: int, _frame: FrameType | None) -> NoReturn:
    _received.append(number)
    raise Interrupted
