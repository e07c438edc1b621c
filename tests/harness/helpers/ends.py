"""Processes of a test: whether they have gone, waited for as long as a busy machine may take."""

from __future__ import annotations

import time

import psutil

SECONDS = 120


def wait_until_gone(pid: int) -> None:
    """Return once there is no such process, or one that has ended; fail where it goes on."""
    deadline = time.monotonic() + SECONDS
    while is_running(pid):
        assert time.monotonic() < deadline, f"the process {pid} still runs"
        time.sleep(0.01)


def is_running(pid: int) -> bool:
    """Whether a process is at work; one that nobody has looked after is not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
