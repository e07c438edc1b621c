"""A connector's command, run to its end or to the end of its time; nothing of it goes on then.

What it started is ended with it: its process group, and, where the system lists processes (Linux),
whatever left the group: its descendants, which come to us as strays, and what carries our mark.
Where we are killed, a watchdog does so.
"""

import os
import select
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import IO, NamedTuple
from uuid import uuid4

from .strays import MARK, adopted, bury, carries, children, descendants, family, listed_processes
from .watchdog import watched

KEPT_OUTPUT = 64 * 1024
"""Bytes, the last ones."""
SECONDS_TO_END = 2.0
"""For what is asked to end; then it is ended."""
_MOST_IN_PIPE = 256 * 1024
"""Bytes that may still be there when all have ended; a pipe holds 64 KiB as a rule."""
_LOOK = 0.02
"""Seconds between two looks at whether it goes on."""


class CommandEnd(NamedTuple):
    """How a command ended; `exit_code` as a shell tells it, None where its time was over first."""

    exit_code: int | None
    seconds: float
    output: bytes
    """The end of what it printed, where that was to be kept."""
    left_running: int
    """How many processes it had left behind, which have been ended."""


class CannotStartError(OSError):
    """A command that cannot be started; `exit_code` is what a shell tells of it."""

    def __init__(self, command: Sequence[str], error: OSError) -> None:
        super().__init__(f"{command[0]!r} cannot be started: {error.strerror or error}")
        self.exit_code = 127 if isinstance(error, FileNotFoundError) else 126


def run_command(
    command: Sequence[str],
    environment: Mapping[str, str],
    *,
    within: float | None = None,
    keep_output: bool = False,
) -> CommandEnd:
    """Run a command for at most so many seconds.

    What it prints passes through unless it is kept; what comes in does too, and is nothing then.

    Whatever ends this function, an interrupt too, ends the command first. Raises CannotStartError.
    """
    mark = uuid4().hex
    before = family(dict(listed_processes()))
    with adopted(), watched(mark, before) as tell_group:
        ours = family(dict(listed_processes()))
        began = time.monotonic()
        with _started(command, {**environment, MARK: mark}, keep_output=keep_output) as process:
            tell_group(process.pid)
            tail = bytearray()
            left = 0
            try:
                in_time = _await(process, tail, None if within is None else began + within)
                seconds = time.monotonic() - began
            finally:
                left = _end_all(process, mark, ours)
            for _ in range(_MOST_IN_PIPE // KEPT_OUTPUT):
                _take(process.stdout, tail)
            code = process.returncode
            exit_code = 128 - code if code < 0 else code
            left -= not in_time  # the command itself, which nobody has left behind
            return CommandEnd(exit_code if in_time else None, seconds, bytes(tail), max(0, left))


@contextmanager
def _started(
    command: Sequence[str], environment: Mapping[str, str], *, keep_output: bool
) -> Iterator[subprocess.Popen[bytes]]:
    try:
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL if keep_output else None,
            stdout=subprocess.PIPE if keep_output else None,
            stderr=subprocess.STDOUT if keep_output else None,
            start_new_session=True,  # Ctrl-C is for us, who pass it on
        )
    except OSError as error:
        raise CannotStartError(command, error) from None
    except ValueError as error:  # a sign of value 0 in a name
        raise CannotStartError(command, OSError(str(error))) from None
    try:
        yield process
    finally:
        if process.stdout is not None:
            process.stdout.close()


def _await(process: subprocess.Popen[bytes], tail: bytearray, deadline: float | None) -> bool:
    """Wait for its end, and keep the end of what it prints; False where its time is over first."""
    while process.poll() is None:
        left = None if deadline is None else deadline - time.monotonic()
        if left is not None and left <= 0:
            return False
        if process.stdout is None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(left)
        elif not _take(process.stdout, tail, _LOOK):
            time.sleep(_LOOK)  # it has closed its output, and goes on
    return True


def _take(output: IO[bytes] | None, tail: bytearray, wait: float = 0.0) -> bool:
    """Keep the end of what is there to be read, or comes in so long; False where it was closed."""
    if output is None or not select.select([output], [], [], wait)[0]:
        return output is not None
    piece = os.read(output.fileno(), KEPT_OUTPUT)
    tail += piece
    del tail[:-KEPT_OUTPUT]
    return bool(piece)


def _end_all(process: subprocess.Popen[bytes], mark: str, ours: frozenset[int]) -> int:
    """End the command and what it started; how many processes that were."""
    try:
        return _end_by((signal.SIGTERM, signal.SIGKILL), process, mark, ours)
    except KeyboardInterrupt:  # who asks a second time waits for nobody any longer
        _end_by((signal.SIGKILL,), process, mark, ours)
        raise


def _end_by(
    numbers: Sequence[signal.Signals],
    process: subprocess.Popen[bytes],
    mark: str,
    ours: frozenset[int],
) -> int:
    found: set[int] = set()
    for number in numbers:
        deadline = time.monotonic() + SECONDS_TO_END
        alive = _alive(process, mark, ours)
        told: set[int] = set()
        while alive and time.monotonic() < deadline:
            _tell(process, alive - told, number)
            told |= alive
            time.sleep(_LOOK)
            alive = _alive(process, mark, ours)
        found |= told
    process.wait()
    return len(found)


def _alive(
    process: subprocess.Popen[bytes], mark: str, ours: frozenset[int] = frozenset()
) -> set[int]:
    """Which of its processes there still are: what carries the mark, is of its group, or its child.

    `ours` are those that had come from us before.
    """
    alive = set() if process.poll() is not None else {process.pid}
    listed = dict(listed_processes())
    strays = children(listed) - ours - {process.pid}
    bury({pid for pid in strays if listed[pid].has_ended})
    below = descendants(listed, strays | {process.pid}) - {process.pid}
    for pid, each in listed.items():
        if each.has_ended or pid == process.pid:
            continue
        if pid in below or each.group == process.pid or carries(pid, mark):
            alive.add(pid)
    return alive


def _tell(process: subprocess.Popen[bytes], pids: set[int], number: signal.Signals) -> None:
    if not pids:
        return
    if process.poll() is None:  # its group cannot be another's by now
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)
    for pid in pids:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)
