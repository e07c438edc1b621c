"""Server processes to measure: pinned to a core, their memory and CPU time known."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import psutil
from fluent_oms_simulator.client.simulator_process import started

SERVER_CORE = 0
CLIENT_CORE = 1


@dataclass(slots=True)
class Server:
    """A running server."""

    url: str
    processes: list[psutil.Process] = field(default_factory=list)

    def memory(self) -> int:
        """Resident bytes of the server and whatever it has started."""
        return sum(process.memory_info().rss for process in self.processes)

    def cpu_seconds(self) -> float:
        """CPU time that the server has used so far, on all its threads."""
        times = [process.cpu_times() for process in self.processes]
        return sum(spent.user + spent.system for spent in times)


@contextmanager
def pinned(core: int | None) -> Iterator[None]:
    """Run on one core for a while; processes started meanwhile stay there. Linux and Windows."""
    this = psutil.Process()
    if core is None or core >= (os.cpu_count() or 1) or not hasattr(this, "cpu_affinity"):
        yield
        return
    before = this.cpu_affinity()
    this.cpu_affinity([core])
    try:
        yield
    finally:
        this.cpu_affinity(before)


def can_pin() -> bool:
    """Whether server and client can each have a core."""
    return hasattr(psutil.Process, "cpu_affinity") and (os.cpu_count() or 1) > CLIENT_CORE


def bare_command(application: str = "view") -> list[str]:
    """How the benchmarks start a yardstick, such as a bare Flask view, on the same server."""
    module = "fluent_oms_simulator.loadtests.benchmarks.bare_server"
    return [sys.executable, "-m", module, application]


@contextmanager
def running(command: Sequence[str] | None = None, core: int | None = None) -> Iterator[Server]:
    """Start a server, a simulator unless a command is given, and end it in any case."""
    with ExitStack() as stack:
        with pinned(core):
            server = stack.enter_context(started(command))
        parent = psutil.Process(server.pid)
        yield Server(server.url, [parent, *parent.children(recursive=True)])
