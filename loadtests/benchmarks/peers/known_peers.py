"""The peers: where each comes from, how it is given the contract, and how it is started."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .arranged import mockoon, mockserver, nothing, prism, pytest_httpserver, wiremock

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Peer:
    """A mock server of others."""

    name: str
    package: str
    version: str
    registry: Literal["npm", "PyPI"]
    arrange: Callable[[], dict[str, bytes]]
    """The files that it is started with: what they are called, and what they hold."""
    command: tuple[str, ...]
    """How it is started: {home} is where it is installed, {files} where its files are.

    A word with a `*` is the one file below {home} that has such a name.
    """
    calls: Literal["fluent", "dynamodb"] = "fluent"
    keeps_connections: bool = True
    """Whether it answers more than one request on a connection."""

    @property
    def requirement(self) -> str:
        """What is asked of the registry."""
        at = "@" if self.registry == "npm" else "=="
        return f"{self.package}{at}{self.version}"

    def started_by(self, home: Path, files: Path, port: int) -> list[str]:
        """The command to start it; FileNotFoundError where a file of it is not there."""
        return [
            str(_only(home, word.removeprefix("{home}/")))
            if "*" in word
            else word.format(home=home, files=files, port=port)
            for word in self.command
        ]


def _only(home: Path, name: str) -> Path:
    found = list(home.glob(name))
    if len(found) != 1:
        raise FileNotFoundError(errno.ENOENT, f"there are {len(found)}, not one", str(home / name))
    return found[0]


_BIN = "{home}/venv/Scripts" if sys.platform == "win32" else "{home}/venv/bin"
_MODULES = "{home}/node_modules"

PEERS = (
    Peer(
        "Prism",
        "@stoplight/prism-cli",
        "5.16.0",
        "npm",
        prism,
        (
            *("node", _MODULES + "/@stoplight/prism-cli/dist/index.js", "mock", "--errors"),
            *("--host", LOOPBACK, "--port", "{port}", "--verboseLevel", "silent"),
            "{files}/openapi.json",
        ),
    ),
    Peer(
        "WireMock",
        "wiremock",
        "3.13.2",
        "npm",
        wiremock,
        (
            *("java", "-jar", _MODULES + "/wiremock/build/wiremock-standalone-*.jar"),
            *("--bind-address", LOOPBACK, "--port", "{port}", "--root-dir", "{files}"),
            # Its journal of requests would grow without bound.
            *("--no-request-journal", "--disable-request-logging", "--disable-banner"),
            *("--use-chunked-encoding", "never"),
        ),
    ),
    Peer(
        "MockServer",
        "mockserver-node",
        "8.0.0",
        "npm",
        mockserver,
        (
            *("java", f"-Dmockserver.localBoundIP={LOOPBACK}", "-jar"),
            _MODULES + "/mockserver-node/mockserver-netty-*-jar-with-dependencies.jar",
            *(
                "run",
                "--port",
                "{port}",
                "--log-level",
                "OFF",
                "--init",
                "{files}/expectations.json",
            ),
        ),
    ),
    Peer(
        "Mockoon",
        "@mockoon/cli",
        "9.9.0",
        "npm",
        mockoon,
        (
            *("node", _MODULES + "/@mockoon/cli/bin/run.js", "start", "--disable-admin-api"),
            *("--data", "{files}/environment.json", "--hostname", LOOPBACK, "--port", "{port}"),
            *("--disable-log-to-file", "--max-transaction-logs", "0"),
        ),
    ),
    Peer(
        "pytest-httpserver",
        "pytest-httpserver",
        "1.2.0",
        "PyPI",
        pytest_httpserver,
        (_BIN + "/python", "{files}/serve.py", LOOPBACK, "{port}"),
        keeps_connections=False,
    ),
    Peer(
        "moto",
        "moto[server]",
        "5.2.5",
        "PyPI",
        nothing,
        (_BIN + "/python", "-m", "moto.server", "-H", LOOPBACK, "-p", "{port}"),
        calls="dynamodb",
        keeps_connections=False,
    ),
)
