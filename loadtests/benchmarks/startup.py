"""How long from starting the command to the first answer, beside a bare Flask view."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from fluent_oms_simulator.client.simulator_process import simulator_command, started

from ..server.processes import bare_command
from ..server.raw_client import connect, read_reply, request_bytes
from .bench_api import BenchApi
from .bench_payloads import delta_event
from .figures import Report, ratio

QUESTION = "seconds from starting the process to its first answer, beside a bare Flask view"
MOST_TIMES_BARE = 2.0
EVENT = "/api/v4.1/event/async"
HEALTH = b"GET /__admin/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
NOTHING = f"POST {EVENT} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n".encode()


class Start(NamedTuple):
    """A server to start, what it is asked first, and with which status it answers."""

    label: str
    command: Sequence[str]
    request: bytes
    status: bytes


def run(*, quick: bool) -> Report:
    """Start the servers in turn."""
    report = Report("startup", QUESTION)
    rounds = 5 if quick else 21
    demo = simulator_command("--seed-data", "demo")
    starts = [
        Start("bare Flask view", bare_command(), NOTHING, b"202"),
        Start("simulator, empty catalogue", simulator_command(), HEALTH, b"200"),
        Start("simulator, demo seed", demo, HEALTH, b"200"),
    ]
    taken: dict[str, list[float]] = {start.label: [] for start in starts}
    to_delta: list[float] = []
    with _bytecode_is_kept():
        for attempt in range(rounds + 1):
            for start in starts:
                seconds = first_answer(start)
                if attempt:  # the first one has compiled everything
                    taken[start.label].append(seconds)
            to_delta.append(first_delta(demo))
    bare, *ours = [report.add(label, "s", seconds) for label, seconds in taken.items()]
    report.add("simulator, demo seed, to its first delta", "s", to_delta[1:])
    for sample in ours:
        ratios = list(map(ratio, sample.values, bare.values))
        found = report.add(f"{sample.label} / bare view", "ratio", ratios)
        report.aim(
            f"first answer, {sample.label}", found.median, "at most", MOST_TIMES_BARE, " times bare"
        )
    report.notes.append(f"{rounds} rounds, each server once in each; ratios are of one round.")
    return report


def first_answer(start: Start) -> float:
    """Seconds until one fresh process has answered."""
    began = time.perf_counter()
    with started(start.command) as server, connect(server.url) as connection:
        connection.sendall(start.request)
        read_reply(connection, start.status)
        return time.perf_counter() - began


def first_delta(command: Sequence[str]) -> float:
    """Seconds until one fresh simulator has signed somebody in, and taken a delta from them."""
    began = time.perf_counter()
    with started(command) as server, connect(server.url) as connection:
        api = BenchApi(server.url)
        connection.sendall(request_bytes(server.url, EVENT, delta_event(1), api.token))
        read_reply(connection, b"200")
        seconds = time.perf_counter() - began
        api.close()
    return seconds


@contextmanager
def _bytecode_is_kept() -> Iterator[None]:
    """Let processes find modules compiled, as after an installation, whatever is set here."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = folder
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)
