"""Ends a command where the one who runs it was killed, and could not: a process of its own.

Its standard input is a pipe from there, which ends with that process, however that ends.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager, suppress

from .strays import carries, descendants, listed_processes

SECONDS_TO_END = 2.0
"""For what is asked to end; then it is ended."""
_LOOK = 0.5
"""Seconds between two looks at what the command has started: it may leave it, and us, later."""
_LOOK_AGAIN = 0.02
_LINE = 200
"""Bytes."""


@contextmanager
def watched(mark: str, ours: Set[int]) -> Iterator[Callable[[int], None]]:
    """See to it that what carries this mark does not outlive us; tell it the group of a command.

    `ours` are those that had come from us before, which are no business of it. It is ended with the
    block, by when the command has to be.
    """
    others = [str(pid) for pid in sorted(ours)]
    try:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", __name__, str(os.getpid()), mark, *others],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C, and what ends a terminal, are not for it
        )
    except OSError:  # as many processes as there may be: then the command cannot be started either
        yield lambda _: None
        return
    assert process.stdin is not None
    pipe = process.stdin

    def tell(group: int) -> None:
        with suppress(OSError):
            pipe.write(b"%d\n" % group)
            pipe.flush()

    try:
        yield tell
    finally:
        process.kill()
        process.wait()
        with suppress(OSError):
            pipe.close()


def watch(runner: int, mark: str, ours: Set[int]) -> None:
    """Wait for the end of our standard input, and end all that was started by then.

    `ours` are those that had come from the runner before.
    """
    seen: dict[int, int] = {}
    told = b""
    while True:
        if select.select([0], [], [], _LOOK)[0]:
            piece = os.read(0, _LINE)
            if not piece:
                break
            told += piece
        seen.update(_started_by(runner, ours))
    group = int(told) if told.strip().isdigit() else 0
    for number in (signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + SECONDS_TO_END
        asked: set[int] = set()
        while alive := _alive(seen, group, mark):
            for pid in alive - asked:
                with suppress(OSError):
                    os.kill(pid, number)
            asked |= alive
            if time.monotonic() > deadline:
                break
            time.sleep(_LOOK_AGAIN)
    if group and not sys.platform.startswith("linux"):  # nobody lists them
        with suppress(OSError):
            os.killpg(group, signal.SIGKILL)


def _started_by(runner: int, ours: Set[int]) -> dict[int, int]:
    """What has come from it since, with when it was started; not us."""
    listed = dict(listed_processes())
    begun = {pid for pid, each in listed.items() if each.parent == runner}
    below = descendants(listed, begun - ours - {os.getpid()})
    return {pid: listed[pid].started for pid in below if pid in listed}


def _alive(seen: dict[int, int], group: int, mark: str) -> set[int]:
    """What is left of it, and of what has come from it since."""
    listed = {pid: each for pid, each in listed_processes() if not each.has_ended}
    known = {
        pid
        for pid, each in listed.items()
        if seen.get(pid) == each.started or (group and each.group == group) or carries(pid, mark)
    }
    below = descendants(listed, known) & listed.keys()
    seen.update((pid, listed[pid].started) for pid in below)
    return below - {os.getpid()}


def main(arguments: Sequence[str]) -> None:
    """Watch the process that has started us."""
    runner, mark, *ours = arguments
    watch(int(runner), mark, frozenset(map(int, ours)))


if __name__ == "__main__":
    main(sys.argv[1:])
