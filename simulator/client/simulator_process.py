"""A simulator as a process of its own, on a free port of this machine; ended in any case."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO, NamedTuple
from urllib.parse import urlsplit
from weakref import WeakSet

from ..settings import environment_of_others
from .answers import object_or_empty
from .client_errors import StartError

READY_WITHIN = 30.0
ENDS_WITHIN = 10.0


class Started(NamedTuple):
    """A server that listens."""

    url: str
    pid: int


def simulator_command(*options: str) -> list[str]:
    """How a simulator is started that is wanted for a while: a free port, an empty catalogue.

    It ends with the process that has started it, however that ends.
    """
    serve = ["serve", "--port", "0", "--seed-data", "none", "--log-level", "warning"]
    serve.append("--end-with-stdin")
    # -P: nothing in the folder that it is called from is taken for a module of Python's.
    return [sys.executable, "-P", "-m", "fluent_oms_simulator", *serve, *options]


@contextmanager
def started(
    command: Sequence[str] | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    leaves_interrupts: bool = False,
) -> Iterator[Started]:
    """Start a server, a simulator unless a command is given, that tells its address in JSON.

    Variables for a simulator of the caller's own are not heeded, unless an environment is given;
    then files are named as seen from the folder of this process. Ctrl-C reaches it as well, unless
    it `leaves_interrupts` to this process. Raises StartError with what the server said where it
    does not become ready.
    """
    command = command or simulator_command()
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=complaints,
            stdin=subprocess.PIPE,
            env=environment_of_others() if environment is None else environment,
            cwd=tempfile.gettempdir() if environment is None else None,
            process_group=0 if leaves_interrupts and sys.platform != "win32" else None,
        )
        _held.add(process)
        try:
            url = _address_told(process)
            if not url:
                complaints.seek(0)
                said = complaints.read().decode(errors="replace")[-2000:]
                raise StartError(f"{' '.join(command)} did not become ready:\n{said}", said)
            _wait_until_it_listens(url)
            yield Started(url, process.pid)
        finally:
            stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to end, then make it; a simulator's worker ends with it."""
    _let_go(process)
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(ENDS_WITHIN)


def _let_go(process: subprocess.Popen[bytes]) -> None:
    """Close our end of its standard input."""
    if process.stdin is not None:
        process.stdin.close()


_held: WeakSet[subprocess.Popen[bytes]] = WeakSet()
"""The servers that end when nobody holds their standard input any more."""


def _let_go_of_all() -> None:
    for process in _held:
        _let_go(process)


if hasattr(os, "register_at_fork"):
    # A copy of this process, which may outlive it, is not to keep them.
    os.register_at_fork(after_in_child=_let_go_of_all)


def _address_told(process: subprocess.Popen[bytes]) -> str:
    """The address that a server tells on a line; empty if it ends, or takes too long."""
    if process.stdout is None:
        return ""
    alarm = threading.Timer(READY_WITHIN, process.kill)
    alarm.start()
    try:
        for line in process.stdout:
            if url := object_or_empty(line).get("url"):
                # Whatever else the server prints must not fill the pipe and stop it.
                threading.Thread(target=_drain, args=(process.stdout,), daemon=True).start()
                return str(url)
        process.stdout.close()
        return ""
    finally:
        alarm.cancel()


def _drain(stream: IO[bytes]) -> None:
    with stream:
        stream.read()


def _wait_until_it_listens(url: str) -> None:
    parts = urlsplit(url)
    deadline = time.monotonic() + READY_WITHIN
    while True:
        try:
            socket.create_connection((parts.hostname or "", parts.port or 80)).close()
            return
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise StartError(f"{url} was told, but nothing listens there") from None
            time.sleep(0.01)
