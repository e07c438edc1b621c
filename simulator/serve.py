"""Runs a simulator on granian, from checking its settings to the last request in flight."""

import contextlib
import json
import multiprocessing
import os
import secrets
import signal
import socket
import sys
import threading
import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import MPServer

from .banner import banner
from .behaviour import Behaviour
from .settings import Settings
from .switches import UnknownBehaviour

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

# Calls wait for the store's lock, not for a disk or a network, and Python runs one at a time: more
# threads only add switching. Four keep an answer coming while others wait behind a large body.
BLOCKING_THREADS = 4

# A call takes milliseconds, a full batch well under a second; what takes longer hangs.
SECONDS_TO_FINISH = 10

SECONDS_BETWEEN_POLLS = 0.01


class ServeError(Exception):
    """Why a simulator cannot be started, as a sentence for the person who tried."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server listens, and under which name it is reached."""

    ip: str
    port: int
    url: str


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or Ctrl-C; raises ServeError when that cannot begin."""
    check(settings)
    if not settings.is_loopback:
        settings = replace(settings, admin_token=secrets.token_urlsafe(24))
    address, claim = claim_address(settings.host, settings.port)
    with claim:
        server = _Server(replace(settings, port=address.port), address)
        try:
            server.serve(target_loader=partial(_application, server.settings), wrap_loader=False)
        except SystemExit:
            # A signal reaches the worker too; one that had not yet begun to listen just ends.
            if not server.interrupt_signal:
                when = "stopped" if server.ready.is_set() else "could not be started"
                raise ServeError(f"the simulator {when}: its worker process ended") from None


def check(settings: Settings) -> None:
    """Refuse what the worker process would stumble over, while a sentence can still be given."""
    try:
        Behaviour.from_options(settings.behaviours)
    except UnknownBehaviour as fault:
        raise ServeError(str(fault)) from None
    if settings.seed_data in ("demo", "none"):
        return
    from .assembly import build
    from .seeding import SeedError, read_seed

    simulator = build(settings)
    try:
        read_seed(settings, simulator.schemas, simulator.behaviour)
    except SeedError as fault:
        raise ServeError(str(fault)) from None


def claim_address(host: str, port: int) -> tuple[Address, socket.socket]:
    """An address that nobody else listens on, and the socket that keeps it ours.

    granian binds with SO_REUSEPORT on Linux, where two simulators would silently share a port and
    each get a part of the calls. Hence a first bind that shares with nobody.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as fault:
        raise ServeError(f"--host {host}: {fault.strerror or fault}") from None
    # `localhost` is often both; clients try IPv4 first.
    family, _, _, _, where = min(found, key=lambda item: item[0] != socket.AF_INET)
    claim = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            claim.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:  # a port whose last server has just closed its connections is free
            claim.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        claim.bind(where)
    except OSError as fault:
        claim.close()
        reason = fault.strerror or str(fault)
        raise ServeError(
            f"cannot listen on {host} port {port}: {reason}; choose another with --port"
            " (0 picks a free one) or --host"
        ) from None
    ip, free_port = claim.getsockname()[:2]
    if sys.platform == "linux":
        # Kept bound, never listening: granian may join, a second simulator's first bind may not.
        claim.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
        claim.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    else:
        claim.close()
    return Address(ip, free_port, f"http://{_reachable(host)}:{free_port}"), claim


def _reachable(host: str) -> str:
    """The host as a client on this machine writes it."""
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"[{name}]" if ":" in name else name


class _Server(MPServer):
    """granian, with an announcement once the simulator answers."""

    def __init__(self, settings: Settings, address: Address) -> None:
        super().__init__(
            "fluent_oms_simulator",
            address=address.ip,
            port=address.port,
            interface=Interfaces.WSGI,
            workers=1,  # the catalogue is in one process's memory
            # granian warns on standard error above this many for the processors there are
            blocking_threads=min(BLOCKING_THREADS, 2 * multiprocessing.cpu_count() + 1),
            websockets=False,
            log_level=LogLevels(settings.log_level),
            log_dictconfig=_logging(settings.log_level),
            log_access=settings.log_level in ("debug", "info"),
            workers_kill_timeout=SECONDS_TO_FINISH,
        )
        self.settings = settings
        self.url = address.url
        self.ready = threading.Event()

    def startup(self, spawn_target: Any, target_loader: Any) -> None:
        """Start the worker, and only then a thread: a fork would not copy it."""
        super().startup(spawn_target, target_loader)  # type: ignore[no-untyped-call]
        threading.Thread(target=self._announce, name="announce", daemon=True).start()

    def _announce(self) -> None:
        """One line of JSON for programs on standard output, the rest for people."""
        while not _is_ready(self.url, self.settings.admin_token):
            if self.main_loop_interrupt.wait(SECONDS_BETWEEN_POLLS):
                return
        self.ready.set()
        with contextlib.suppress(OSError):  # whoever started it may have closed the pipe
            print(json.dumps({"url": self.url, "pid": os.getpid()}), flush=True)
        with contextlib.suppress(OSError):
            print(banner(self.settings, self.url), file=sys.stderr, flush=True)


def _is_ready(url: str, token: str | None) -> bool:
    from http.client import HTTPConnection, HTTPException

    connection = HTTPConnection(url.removeprefix("http://"), timeout=5)
    try:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        connection.request("GET", "/__admin/ready", headers=headers)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _application(settings: Settings) -> "WSGIApplication":
    """The WSGI application with its simulator, made in the worker process."""
    # A fork inherits the main process's handlers, which would swallow a signal sent before
    # granian sets the worker's own.
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()

    from .app import create_app
    from .assembly import build
    from .process import tune

    simulator = build(settings)
    simulator.start()
    tune()
    return create_app(simulator)


def _end_with_parent() -> None:
    """A worker whose main process was killed would go on answering, and keep the port."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(SECONDS_TO_FINISH)
        os._exit(1)


def _logging(level: str) -> dict[str, Any]:
    """Everything to standard error: standard output carries the one ready line."""
    console = {"class": "logging.StreamHandler", "stream": "ext://sys.stderr"}
    return {
        "handlers": {
            "console": {**console, "formatter": "generic"},
            "access": {**console, "formatter": "access"},
        },
        "root": {"handlers": ["console"], "level": level.upper()},
    }
