"""What a command has started comes to us when its own parent ends (Linux), however it went away.

Another session, a cleared environment, closed files: who is whose child stays.
"""

import ctypes
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

MARK = "FLUENT_CONNECTOR_RUN"
"""A variable of each command's own, by which what it has started is found again."""
_PROCESSES = Path("/proc")

SET_CHILD_SUBREAPER, GET_CHILD_SUBREAPER = 36, 37
"""Of prctl(2)."""


class Listed(NamedTuple):
    """A process, as the system lists it."""

    parent: int
    group: int
    has_ended: bool
    started: int
    """When, in ticks since the system began: with its number it is that process and no other."""


@contextmanager
def adopted() -> Iterator[None]:
    """Be the parent of what our children leave behind; where the system has no such thing, not."""
    if sys.platform != "linux":
        yield
        return
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    was = ctypes.c_int(0)
    prctl(GET_CHILD_SUBREAPER, ctypes.byref(was), 0, 0, 0)
    prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        prctl(SET_CHILD_SUBREAPER, was.value, 0, 0, 0)


def listed_processes() -> Iterator[tuple[int, Listed]]:
    """All there are; none where the system does not list them."""
    for folder in _PROCESSES.glob("[0-9]*"):
        with suppress(OSError):
            words = (folder / "stat").read_bytes().rpartition(b")")[2].split()
            state, parent, group = words[:3]
            has_ended = state in (b"Z", b"X")
            yield int(folder.name), Listed(int(parent), int(group), has_ended, int(words[19]))


def carries(pid: int, mark: str) -> bool:
    """Whether a process has this mark; not one that has ended, or is somebody else's."""
    try:
        environment = (_PROCESSES / str(pid) / "environ").read_bytes()
    except OSError:
        return False
    return f"{MARK}={mark}".encode() in environment.split(b"\0")


def children(listed: Mapping[int, Listed]) -> set[int]:
    """Those of this process."""
    return {pid for pid, each in listed.items() if each.parent == os.getpid()}


def family(listed: Mapping[int, Listed]) -> frozenset[int]:
    """All that come from this process; where one ends, those below it come to us, and are ours."""
    return frozenset(descendants(listed, children(listed)))


def descendants(listed: Mapping[int, Listed], roots: set[int]) -> set[int]:
    """These, and all that come from them."""
    below: dict[int, list[int]] = {}
    for pid, each in listed.items():
        below.setdefault(each.parent, []).append(pid)
    found: set[int] = set()
    ahead = list(roots)
    while ahead:
        pid = ahead.pop()
        if pid not in found:
            found.add(pid)
            ahead += below.get(pid, [])
    return found


def bury(pids: set[int]) -> None:
    """Let the system forget those of our children that have ended."""
    for pid in pids:
        with suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
