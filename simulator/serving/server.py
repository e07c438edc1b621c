"""Runs a simulator on granian, from checking its settings to the last request in flight."""

import contextlib
import gc
import json
import multiprocessing
import os
import secrets
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import MPServer

from ..behaviour import Behaviour
from ..settings import Settings
from ..switches import UnknownBehaviour
from .addresses import Address, ServeError, claim_address, most_connections
from .banner import banner
from .door.granian_loop import LOOP
from .logs import logging_to_standard_error
from .strangers import closed_to_strangers

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from granian.constants import Loops

    from ..simulator import Simulator
    from .door.door import Door

# More than the worker takes for what is on its way, in hand, and accepted (door/caretaker.py).
SECONDS_TO_FINISH = 25

SECONDS_BETWEEN_POLLS = 0.005
STANDARD_INPUT = 0
IS_IT_READY = b"GET /__admin/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

HANGUP: signal.Signals | None = getattr(signal, "SIGHUP", None)  # Windows has none
SIGNALS = [number for number in (signal.SIGINT, signal.SIGTERM, HANGUP) if number is not None]


def serve(settings: Settings, *, end_with_stdin: bool = False) -> None:
    """Serve until SIGTERM or Ctrl-C; raises ServeError when that cannot begin."""
    check(settings)
    host_from = settings.given.get("host", "--host")
    address, claim = claim_address(settings.host, settings.port, host_from)
    with claim:
        settings = closed_to_strangers(replace(settings, bound_to=address.ip))
        made_up = None
        if not settings.is_loopback and settings.admin_token is None:
            made_up = secrets.token_urlsafe(24)
            settings = replace(settings, admin_token=made_up)
        is_picked = settings.port == 0
        server = _Server(
            replace(settings, port=address.port),
            address,
            made_up,
            is_picked=is_picked,
            end_with_stdin=end_with_stdin,
        )
        try:
            load = partial(_door, server.settings, server.stopping)
            server.serve(target_loader=load, wrap_loader=False)  # type: ignore[arg-type]
        except SystemExit:
            # A signal reaches the worker too; one that had not yet begun to listen just ends.
            if not server.interrupt_signal:
                when = "stopped" if server.ready.is_set() else "could not be started"
                raise ServeError(f"the simulator {when}: its worker process ended") from None
        if server.untold is not None:
            raise ServeError(
                "the port that was picked cannot be told, for standard output cannot be written:"
                f" {server.untold.strerror or server.untold}; name one with --port"
            )


def check(settings: Settings) -> None:
    """Refuse what the worker process would stumble over, while a sentence can still be given."""
    try:
        Behaviour.from_options(settings.behaviours, settings.profile)
    except UnknownBehaviour as fault:
        raise ServeError(str(fault)) from None
    is_plain = settings.seed_data in ("demo", "none") and settings.faults == "none"
    if is_plain and not settings.webhooks and settings.webhook_key == "none":
        return
    from ..assembly import build
    from ..intake.seeding import SeedError, read_seed
    from ..operations.fault_setting import UnusableFaultsError
    from ..operations.webhook_setting import UnusableWebhooksError

    simulator = build(settings)
    try:
        if read_seed(settings, simulator.schemas, simulator.behaviour).listed:
            simulator.start()  # only the mutations know what they refuse
            simulator.close()
        simulator.fault_setting.load(settings.faults)
        simulator.webhook_setting.load(settings.webhooks)
    except (SeedError, UnusableFaultsError, UnusableWebhooksError) as fault:
        raise ServeError(str(fault)) from None
    finally:
        simulator.webhook_setting.drop_all()


class _Server(MPServer):
    """granian, with an announcement once the simulator answers."""

    def __init__(
        self,
        settings: Settings,
        address: Address,
        made_up_token: str | None,
        *,
        is_picked: bool,
        end_with_stdin: bool,
    ) -> None:
        super().__init__(
            "fluent_oms_simulator",
            address=address.ip,
            port=address.port,
            interface=Interfaces.RSGI,
            loop=cast("Loops", LOOP),
            # Over HTTP/2 a stop waits for clients that are idle.
            http=HTTPModes.http1,
            workers=1,  # the catalogue is in one process's memory
            backpressure=most_connections(),
            websockets=False,
            log_level=LogLevels(settings.log_level),
            log_dictconfig=logging_to_standard_error(settings.log_level),
            log_access=settings.log_level in ("debug", "info"),
            workers_kill_timeout=1,  # once `_stop_workers` has waited
        )
        self.settings = settings
        self.url = address.url
        self.made_up_token = made_up_token
        self.is_picked = is_picked
        self.end_with_stdin = end_with_stdin
        self.untold: OSError | None = None
        self.ready = threading.Event()
        # A pipe, and no Event: to set one waits for who waits for it, who may be dead.
        self.stopping, self._stop = multiprocessing.Pipe(duplex=False)
        self.ignores_hangups = HANGUP is not None and signal.getsignal(HANGUP) is signal.SIG_IGN

    def startup(self, spawn_target: Any, target_loader: Any) -> None:
        """Start the worker, and only then a thread: a fork would not copy it."""
        with _signals_for_this_thread():
            super().startup(spawn_target, target_loader)  # type: ignore[no-untyped-call]
            threading.Thread(target=self._announce, name="announce", daemon=True).start()
            if self.end_with_stdin:
                threading.Thread(target=self._end_with_stdin, name="stdin", daemon=True).start()

    def signal_handler_reload(self, *_: Any, **__: Any) -> None:
        """Stop at a SIGHUP, which a closing terminal sends; granian would begin anew, all empty."""
        if not self.ignores_hangups:
            self.signal_handler_interrupt()  # type: ignore[no-untyped-call]

    def shutdown(self, exit_code: int = 0) -> None:
        """Stop the worker, which is told that bodies have little time left to arrive."""
        self._stop.send_bytes(b"stop")
        super().shutdown(exit_code)  # type: ignore[no-untyped-call]

    def _stop_workers(self) -> None:
        """Wait for the worker to end, again and again.

        granian looks once, and tells of a worker that would not end when another thread is just
        about to note that it has.
        """
        deadline = time.monotonic() + SECONDS_TO_FINISH
        for worker in self.wrks:
            worker.terminate()  # type: ignore[no-untyped-call]
            while worker.is_alive() and time.monotonic() < deadline:  # type: ignore[no-untyped-call]
                worker.join(SECONDS_BETWEEN_POLLS)  # type: ignore[no-untyped-call]
        super()._stop_workers()  # type: ignore[no-untyped-call]

    def _end_with_stdin(self) -> None:
        """Stop when nobody can write to standard input any more, however that process ended."""
        with contextlib.suppress(OSError):  # it is closed already
            while os.read(STANDARD_INPUT, 1024):
                pass
        self.signal_handler_interrupt()  # type: ignore[no-untyped-call]

    def _announce(self) -> None:
        """One line of JSON for programs on standard output, the rest for people."""
        while not _is_ready(self.url):
            if self.main_loop_interrupt.wait(SECONDS_BETWEEN_POLLS):
                return
        self.ready.set()
        try:
            print(json.dumps({"url": self.url, "pid": os.getpid()}), flush=True)
        except OSError as fault:  # whoever started it may have closed the pipe
            if self.is_picked:
                self.untold = fault
                self.signal_handler_interrupt()  # type: ignore[no-untyped-call]
                return
        with contextlib.suppress(OSError):
            text = banner(self.settings, self.url, self.made_up_token)
            print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def _signals_for_this_thread() -> Iterator[None]:
    """Threads that are started meanwhile leave signals to this one.

    A signal that reaches another thread does not wake this one, and Python would not act on it.
    """
    before = set_mask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        set_mask(signal.SIG_SETMASK, before)


def set_mask(how: int, signals: Iterable[int]) -> Iterable[int]:
    """`signal.pthread_sigmask`, where there is one; the signals that were blocked before."""
    if sys.platform == "win32":
        return ()
    return signal.pthread_sigmask(how, signals)


def _is_ready(url: str) -> bool:
    """Whether it answers, with its seed data; by hand, for a client would take long to load."""
    where = urlsplit(url)
    try:
        with socket.create_connection((where.hostname, where.port), timeout=5) as connection:
            connection.sendall(IS_IT_READY)
            return connection.recv(1024).startswith(b"HTTP/1.1 200 ")
    except OSError:
        return False


def _door(settings: Settings, stopping: Connection) -> "Door":
    """The way in to a simulator, made in the worker process."""
    gc.freeze()  # the main process's objects, which would be looked through again and again
    # A fork inherits the main process's handlers, which would swallow a signal sent before
    # granian sets the worker's own.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    if HANGUP is not None:  # the main process decides
        signal.signal(HANGUP, signal.SIG_IGN)
    set_mask(signal.SIG_UNBLOCK, SIGNALS)
    threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()

    from ..assembly import build
    from .door.caretaker import Caretaker
    from .door.door import Door
    from .late_application import LateApplication
    from .process import tune

    simulator = build(settings)
    simulator.start()
    tune()
    application = LateApplication(partial(_application, simulator))
    door = Door(simulator, application, application.load)
    Caretaker(door, stopping).start()
    return door


def _application(simulator: "Simulator") -> "WSGIApplication":
    from ..app import create_app  # Flask and all that is built on it

    return create_app(simulator)


def _end_with_parent() -> None:
    """A worker whose main process was killed would go on answering, and keep the port."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(SECONDS_TO_FINISH)
        os._exit(1)
