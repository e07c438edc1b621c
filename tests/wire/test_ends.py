"""What a signal does to a server, and what stays after it."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

from ..cli.conftest import SECONDS, Server, serving
from .conftest import Wire
from .helpers.raw import connected

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows ends a process, no signal")


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as found:
        yield found


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_a_signal_ends_the_server_in_order(server: Server, name: str) -> None:
    server.printed(until="and look")

    server.process.send_signal(getattr(signal, name))

    assert server.process.wait(SECONDS) == 0
    with pytest.raises(ConnectionRefusedError), connected(server.port):
        pass
    assert "Traceback" not in server.log()


@contextlib.contextmanager
def of_its_own_terminal(*before: str) -> Iterator["tuple[subprocess.Popen[str], Wire]"]:
    """A server in a process group of its own, as a shell starts it; killed if it still runs."""
    with subprocess.Popen(
        [*before, sys.executable, "-m", "fluent_oms_simulator", "serve", "--port", "0"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            assert process.stdout is not None
            url = json.loads(process.stdout.readline())["url"]
            yield process, Wire(int(url.rpartition(":")[2]))
        finally:
            process.kill()


def test_a_closing_terminal_ends_the_server_and_its_worker() -> None:
    """The signal goes to the whole group, the worker too."""
    with of_its_own_terminal() as (process, _):
        os.killpg(process.pid, signal.SIGHUP)
        _, errors = process.communicate(timeout=SECONDS)

        assert process.returncode == 0
    assert "Traceback" not in errors
    assert "worker" not in errors


def test_under_nohup_a_closing_terminal_changes_nothing() -> None:
    with of_its_own_terminal("nohup") as (process, wire):
        os.killpg(process.pid, signal.SIGHUP)
        assert wire.is_well()
        assert process.poll() is None

        process.terminate()
        process.communicate(timeout=SECONDS)

        assert process.returncode == 0


def test_a_hangup_does_not_begin_anew(server: Server) -> None:
    wire = Wire(server.port)
    held = wire.get("/__admin/positions").document

    for worker in psutil.Process(server.process.pid).children():
        worker.send_signal(signal.SIGHUP)  # the worker alone is not for a terminal to end

    assert wire.get("/__admin/positions").document == held
    assert server.stop() == 0
