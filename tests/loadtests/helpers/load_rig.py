"""Runs `fluent-sim load` as a person does: in a process of its own, on loopback."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
from fluent_oms_simulator import Settings, Simulator, build
from fluent_oms_simulator.client.simulator_process import started
from fluent_oms_simulator.loadtests.reporting import result_file
from fluent_oms_simulator.loadtests.reporting.run_result import RunResult
from fluent_oms_simulator.serving.served_here import Wrap, serving

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SECONDS = 300
SMALL = ("--products", "20", "--locations", "4", "--users", "8", "--grace", "200")

needs_locust = pytest.mark.skipif(find_spec("locust") is None, reason="the extra 'loadtests'")


def environment(**extra: str) -> dict[str, str]:
    """The environment, without what would change a run."""
    kept = {name: value for name, value in os.environ.items() if "FLUENT_" not in name}
    return {**kept, **extra}


def load(
    scenario: str, *arguments: str, folder: Path, **extra: str
) -> subprocess.CompletedProcess[str]:
    """Run a scenario to its end."""
    words = [scenario, *SMALL, *arguments, "--report-dir", str(folder)]
    return subprocess.run(
        program("load", *words),
        capture_output=True,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        timeout=SECONDS,
        env=environment(**extra),
        check=False,
    )


def program(*arguments: str) -> list[str]:
    """`fluent-sim`, as a process of its own."""
    return [sys.executable, "-m", "fluent_oms_simulator", *arguments]


def result_of(folder: Path) -> RunResult:
    """The result that a run has written."""
    return result_file.read(folder / "result.json")


def of_someone_else(app: WSGIApplication) -> WSGIApplication:
    """A server without our control API, as the real platform is."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith("/__"):
            start("404 NOT FOUND", [("Content-Type", "text/html")])
            return [b"<h1>Not found</h1>"]
        return app(environ, start)

    return answer


@contextmanager
def simulator() -> Iterator[str]:
    """The address of a simulator in a process of its own."""
    with started() as server:
        yield server.url


@contextmanager
def server(wrap: Wrap) -> Iterator[tuple[str, Simulator]]:
    """A simulator behind a wrapper: its address, and the simulator to look into."""
    simulator = build(Settings(seed_data="none"))
    with serving(simulator, wrap) as url:
        yield url, simulator


def stock(simulator: Simulator) -> dict[str, int]:
    """What every position of the simulator has on hand."""
    assert simulator.settle()
    found: dict[str, int] = {}
    for ref in simulator.store.refs():
        with simulator.store.transaction(ref) as catalogue:
            assert catalogue is not None
            for number in range(len(catalogue.positions)):
                found[catalogue.ref_of(number)] = catalogue.on_hand(number)
    return found


def below(pid: int) -> list[psutil.Process]:
    """Every process that a process has started, directly or not."""
    return psutil.Process(pid).children(recursive=True)
