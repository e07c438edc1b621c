"""In a repository of somebody else's: nothing collides, and nothing is left running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from .helpers.strangers import bare_environment, pytest_command, run_its_tests, write_repository

SECONDS = 120
WAITS = """
import time
def test_that_takes_long(fluent_oms):
    with open("ready", "w") as file:
        file.write(fluent_oms.url)
    time.sleep(600)
"""


def test_packages_that_are_called_like_ours_do_not_collide(tmp_path: Path) -> None:
    write_repository(tmp_path)

    done = run_its_tests(tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "9 passed" in done.stdout


@pytest.mark.slow
def test_they_run_at_once_too(tmp_path: Path) -> None:
    write_repository(tmp_path)

    done = run_its_tests(tmp_path, "-n", "4")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "9 passed" in done.stdout


@pytest.mark.slow
def test_they_run_at_once_on_one_server_that_is_there(tmp_path: Path, fluent_oms_url: str) -> None:
    write_repository(tmp_path)
    server = fluent_oms_url.partition("/__ns")[0]

    done = run_its_tests(tmp_path, "-n", "2", "--fluent-oms-server", server)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "9 passed" in done.stdout


ENDINGS = [
    pytest.param((), "SIGINT", id="Ctrl-C"),
    pytest.param((), "SIGKILL", id="crash"),
    pytest.param((), "SIGTERM", id="terminated"),
    pytest.param(("-n", "2"), "SIGINT", id="Ctrl-C-xdist", marks=pytest.mark.slow),
    pytest.param(("-n", "2"), "SIGKILL", id="crash-xdist", marks=pytest.mark.slow),
]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are another matter there")
@pytest.mark.parametrize(("arguments", "how"), ENDINGS)
def test_nothing_is_left_running_however_a_run_ends(
    tmp_path: Path, arguments: tuple[str, ...], how: str
) -> None:
    write_repository(tmp_path, WAITS)

    with running(tmp_path, *arguments) as (process, children):
        assert children
        if how == "SIGINT":
            os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        else:
            process.send_signal(signal.Signals[how])
        process.wait(SECONDS)

        _, left = psutil.wait_procs(children, SECONDS)
        assert not left


@contextmanager
def running(
    folder: Path, *arguments: str
) -> Iterator[tuple[subprocess.Popen[bytes], list[psutil.Process]]]:
    """A run in the middle of a test, and all processes that it has started."""
    with subprocess.Popen(
        pytest_command(*arguments),
        cwd=folder,
        env=bare_environment(),
        stdout=subprocess.DEVNULL,
        process_group=0,
    ) as process:
        try:
            deadline = time.monotonic() + SECONDS
            while not (folder / "ready").exists():
                assert process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.01)
            children = psutil.Process(process.pid).children(recursive=True)
            yield process, children
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
