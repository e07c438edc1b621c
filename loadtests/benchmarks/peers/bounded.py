"""`python -m fluent_oms_simulator.loadtests.benchmarks.peers.bounded PORT SECONDS FOLDER WORD...`

Runs a server that listens on a port of this machine, tells its address in one line of JSON, and
ends it after so many seconds, or as soon as it is asked to end or whoever started it has gone. What
the server writes into the folder that it runs in goes to FOLDER.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from typing import NoReturn

import psutil

PAUSE = 0.1
SECONDS_TO_END = 3.0
"""Fewer than whoever asks this process to end waits for it."""


def main(port: int, seconds: float, folder: str, command: list[str]) -> int:
    """Run a command for so long; its exit code, 0 where it had to be ended."""
    signal.signal(signal.SIGTERM, _end)
    until = time.monotonic() + seconds
    parent = psutil.Process(os.getppid())
    # What it prints is told only where it does not become ready.
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, cwd=folder)
    told = False
    try:
        while time.monotonic() < until and _is_there(parent) and process.poll() is None:
            if not told and _listens(port):
                url = f"http://127.0.0.1:{port}"
                print(json.dumps({"url": url, "pid": process.pid}), flush=True)
                told = True
            time.sleep(PAUSE)
        return process.poll() or 0
    finally:
        _stop(process)


def _is_there(parent: psutil.Process) -> bool:
    """Whether the parent lives; where the system hands its children on, it need not be reaped."""
    return os.getppid() == parent.pid and parent.is_running()


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _end(*_: object) -> NoReturn:
    raise SystemExit(0)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3], sys.argv[4:]))
