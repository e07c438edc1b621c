"""A real server for a test, as a process of its own."""

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.client.target_server import Target

from .helpers.command_line import WRONG_RECORD

SECONDS = 120


@dataclass
class Server:
    """A running `fluent-sim serve`."""

    process: "subprocess.Popen[str]"
    ready_line: str
    errors: list[str] = field(default_factory=list)
    reader: threading.Thread | None = None

    @property
    def url(self) -> str:
        return str(json.loads(self.ready_line)["url"])

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(SECONDS)

    def end(self) -> None:
        """Stop it, by force if need be; the worker ends with its main process."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.stop()
        self.process.kill()
        self.log()

    def log(self) -> str:
        """All of standard error; only once the process has ended."""
        assert self.reader is not None
        self.reader.join(SECONDS)
        return "".join(self.errors)

    def printed(self, until: str) -> str:
        """What it has told on standard error, once that includes a text; it follows readiness."""
        deadline = time.monotonic() + SECONDS
        while until not in (text := "".join(self.errors)):
            assert time.monotonic() < deadline, text
            time.sleep(0.01)
        return text

    def get(self, path: str, **headers: str) -> Any:
        api = Api(Target(self.url))
        answer = api.call("GET", path, headers=headers, token=None)
        api.close()
        return answer.accepted()


@contextlib.contextmanager
def serving(*args: str, **extra: str) -> Iterator[Server]:
    """A server with these arguments, and these variables; stopped at the end if it still runs.

    At a free port: somebody may have a simulator at the usual one.
    """
    environ = {key: value for key, value in os.environ.items() if "FLUENT_SIM" not in key}
    with subprocess.Popen(
        [sys.executable, "-m", "fluent_oms_simulator", "serve", "--port", "0", *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environ | extra,
    ) as process:
        server = Server(process, "")
        server.reader = threading.Thread(target=_collect, args=(server,))
        server.reader.start()
        try:
            overdue = threading.Timer(SECONDS, process.kill)
            overdue.start()
            assert process.stdout is not None
            server.ready_line = process.stdout.readline()
            overdue.cancel()
            yield server
        finally:
            server.end()


@pytest.fixture
def start_server() -> Iterator[Callable[..., Server]]:
    """Start servers with these arguments; whatever still runs at the end is stopped."""
    with ExitStack() as stack:
        yield lambda *args, **extra: stack.enter_context(serving(*args, **extra))


def _collect(server: Server) -> None:
    assert server.process.stderr is not None
    for line in server.process.stderr:
        server.errors.append(line)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a payload file that breaks a rule."""
    (tmp_path / "payload.ndjson").write_text(WRONG_RECORD)
    return tmp_path
