"""What a clean world costs a test under pytest, beside a test that asks for none."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import NamedTuple

import orjson
from fluent_oms_simulator.client.client_errors import StartError

from .figures import Report

QUESTION = "milliseconds that a clean world adds to a test, made before it and dropped after it"
TESTS = 200
MOST_MILLISECONDS = 3.0

HOOKS = """
import json, time
import psutil, pytest

taken = []
cpu = []

def used():
    there = [psutil.Process(), *psutil.Process().children(recursive=True)]
    return 1e3 * sum(sum(process.cpu_times()[:2]) for process in there)

@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(nextitem):
    began = time.perf_counter()
    try:
        return (yield)
    finally:
        taken.append((time.perf_counter() - began) * 1e3)
        if nextitem and len(taken) in (1, TESTS - 1):
            cpu.append(used())

def pytest_sessionfinish():
    with open("taken.json", "w") as file:
        json.dump({"taken": taken[1:-1], "cpu": (cpu[1] - cpu[0]) / (TESTS - 2)}, file)
"""


class Taken(NamedTuple):
    """Milliseconds of a test: of each by the clock, and of CPU time on average."""

    by_the_clock: list[float]
    cpu: float


def run(*, quick: bool) -> Report:
    """Run the tests in turn, with and without."""
    report = Report("world_a_test", QUESTION)
    rounds = 1 if quick else 5
    bare: list[float] = []
    by_the_clock: list[float] = []
    cpu: list[float] = []
    for _ in range(rounds):
        without, with_one = tests(""), tests("fluent_oms")
        bare.append(median(without.by_the_clock))
        by_the_clock.append(median(with_one.by_the_clock) - bare[-1])
        cpu.append(with_one.cpu - without.cpu)
    report.add("a test that asks for nothing", "ms", bare)
    report.add("what a world adds, by the clock", "ms", by_the_clock)
    added = report.add("what a world adds, CPU time of tests and server", "ms", cpu)
    report.aim("what a world adds", added.median, "at most", MOST_MILLISECONDS, " ms")
    report.notes.append(
        f"{rounds} rounds of {TESTS} tests; what starts the server and what ends it is left out."
    )
    return report


def tests(fixture: str) -> Taken:
    """What each of the tests takes, from the first thing done for it to the last.

    Raises StartError where they do not all pass.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        hooks = HOOKS.replace("TESTS", str(TESTS))
        (folder / "conftest.py").write_text(hooks, encoding="utf-8")
        test = f"def test_it(number{', ' if fixture else ''}{fixture}): ..."
        text = f"import pytest\n\n@pytest.mark.parametrize('number', range({TESTS}))\n{test}\n"
        (folder / "test_it.py").write_text(text, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "fluent_oms", "-p", "no:cacheprovider"],
            cwd=folder,
            env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise StartError(f"the tests could not be run:\n{done.stdout[-2000:]}{done.stderr}")
        told = orjson.loads((folder / "taken.json").read_bytes())
    return Taken(told["taken"], told["cpu"])
