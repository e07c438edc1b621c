"""How long from starting the command to the first answer."""

from __future__ import annotations

import time

from ..server.processes import running
from ..server.raw_client import connect, read_reply
from .figures import Report

QUESTION = "seconds from starting the process to its first answer"
HEALTH = b"GET /__admin/health HTTP/1.1\r\nHost: localhost\r\n\r\n"


def run(*, quick: bool) -> Report:
    """Start the simulator several times over."""
    report = Report("startup", QUESTION)
    seconds = [first_answer() for _ in range(3 if quick else 7)]
    taken = report.add("fluent-sim serve, empty catalogue", "s", seconds)
    report.aim("first answer", taken.median, "at most", 1.0, " s")
    return report


def first_answer() -> float:
    """Seconds until one fresh process has answered GET /__admin/health."""
    started = time.perf_counter()
    with running() as server, connect(server.url) as connection:
        connection.sendall(HEALTH)
        read_reply(connection, b"200")
        return time.perf_counter() - started
