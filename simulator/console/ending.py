"""How every command ends: its exit code, and a sentence where it could not do its work.

One place for what any command can meet: output that cannot be written, a reader that has gone, a
signal, a file or folder that the machine refuses, memory that does not suffice.
"""

from __future__ import annotations

import errno
import io
import sys
from typing import NoReturn

import click

from .interrupts import Interrupts, ended_by, let_go
from .saying import say, say_lines
from .standard_streams import Output, finish, reason, take_over

FAILED = 2
"""The exit code where the work, or telling of it, could not be done; 1 is for what was found."""


def run(command: click.Command, name: str = "fluent-sim") -> NoReturn:
    """Run the command line, and end the process as its users are told that it ends."""
    output = take_over()
    Interrupts().begin()
    try:
        code = _code(command, name, output)
        ended = ended_by()
        if ended is not None and code != ended.exit_code:  # the command has not told of it
            _tell(name, f"{ended}.")
    except KeyboardInterrupt:  # a second one, while the first was told of
        code = FAILED
    let_go()
    lost = finish(output)
    ended = ended_by()
    if ended is not None:
        code = ended.exit_code
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
    except BaseException as fault:
        # After an interrupt whatever goes wrong is its doing, such as a server that has ended, too.
        return FAILED if ended_by() is not None else _of_fault(fault, name, output)


def _of_fault(fault: BaseException, name: str, output: Output) -> int:
    """The exit code of a command that has not come to its end; why, in a sentence."""
    match fault:
        case click.ClickException():
            shown = io.StringIO()
            fault.show(shown)
            say_lines(shown.getvalue())
            return fault.exit_code
        case click.Abort() | KeyboardInterrupt():
            _tell(name, "no answer, so nothing was done.")
        case MemoryError():
            _tell(name, "there is not enough memory for this.")
        case OSError():
            if output.fault is None:  # of which is told at the end
                _tell(name, reason(fault))
        case _:  # a fault of ours; not 1, which says that something was found
            sys.excepthook(type(fault), fault, fault.__traceback__)
    return FAILED


def _of_exit(end: SystemExit) -> int:
    """The exit code that a command has chosen, or a sentence in its place."""
    if end.code is None or isinstance(end.code, int):
        return end.code or 0
    say(str(end.code))
    return FAILED


def _tell(name: str, sentence: str) -> None:
    words = [name, *sys.argv[1:2]] if sys.argv[1:2] and sys.argv[1].isidentifier() else [name]
    say(f"{' '.join(words)}: {sentence}")
