"""Server processes to measure: started on a free port, pinned to a core, always ended."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import orjson
import psutil

from .raw_client import connect

READY_WITHIN = 30.0
SERVER_CORE = 0
CLIENT_CORE = 1


@dataclass(slots=True)
class Server:
    """A running server."""

    url: str
    pid: int
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


def simulator_command(*options: str) -> list[str]:
    """How the benchmarks start the simulator: a free port, and nothing in the catalogue."""
    serve = ["serve", "--port", "0", "--seed-data", "none", "--log-level", "warning"]
    return [sys.executable, "-m", "fluent_oms_simulator", *serve, *options]


def bare_command() -> list[str]:
    """How the benchmarks start the yardstick: a bare Flask view on the same server."""
    return [sys.executable, "-m", "fluent_oms_simulator.loadtests.benchmarks.bare_server"]


@contextmanager
def running(command: Sequence[str], core: int | None = None) -> Iterator[Server]:
    """Start a server, wait for the line that says it is ready, and end it in any case."""
    # The caller's own FLUENT_SIM_* variables would measure something else.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("FLUENT_SIM_")}
    with tempfile.TemporaryFile() as complaints:
        with pinned(core):
            process = subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=complaints,
                stdin=subprocess.DEVNULL,
                env=environment,
                cwd=tempfile.gettempdir(),
            )
        try:
            ready = _ready_line(process)
            if ready is None:
                complaints.seek(0)
                said = complaints.read().decode(errors="replace")[-2000:]
                raise RuntimeError(f"{' '.join(command)} did not become ready:\n{said}")
            _wait_until_it_listens(ready["url"])
            parent = psutil.Process(process.pid)
            yield Server(ready["url"], process.pid, [parent, *parent.children(recursive=True)])
        finally:
            stop(process)


def _ready_line(process: subprocess.Popen[bytes]) -> dict[str, str] | None:
    """The line of JSON with the address, or nothing if the server ended or took too long."""
    assert process.stdout is not None
    alarm = threading.Timer(READY_WITHIN, kill_tree, [process.pid])
    alarm.start()
    try:
        for line in process.stdout:
            if line.startswith(b"{"):
                found: dict[str, str] = orjson.loads(line)
                # Whatever else the server prints must not fill the pipe and stop it.
                threading.Thread(target=process.stdout.read, daemon=True).start()
                return found
        return None
    finally:
        alarm.cancel()


def _wait_until_it_listens(url: str) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while True:
        try:
            connect(url).close()
            return
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to end, then make it."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            kill_tree(process.pid)
            process.wait(timeout=10)


def kill_tree(pid: int) -> None:
    """End a process that does not listen, and whatever it has started."""
    with suppress(psutil.NoSuchProcess):
        parent = psutil.Process(pid)
        for process in (*parent.children(recursive=True), parent):
            with suppress(psutil.NoSuchProcess):
                process.kill()
