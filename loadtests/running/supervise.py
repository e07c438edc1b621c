"""Starts and ends the processes of a run: the one that leads it, its workers, and a simulator."""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace

import orjson
from fluent_oms_simulator.client.client_errors import StartError
from fluent_oms_simulator.client.simulator_process import Started, started, stop
from fluent_oms_simulator.console.interrupts import Ended, ended_by
from fluent_oms_simulator.console.standard_streams import reason

from ..reporting.verdict import Verdict
from ..server.target import announcement, known_target
from ..traffic.load_options import (
    COULD_NOT_RUN,
    OUT_OF_TIME,
    SCENARIOS,
    CannotRunError,
    LoadOptions,
)
from .objectives import parse
from .result_folder import try_report_folder

SECONDS_AFTER_AN_INTERRUPT = 90.0
SECONDS_TO_REPORT = 30.0
EXIT_CODES = frozenset(verdict.exit_code for verdict in Verdict)


def run(
    options: LoadOptions,
    *,
    given: Sequence[str] = (),
    agree: Callable[[str], bool],
    port: int | None = None,
) -> int:
    """Run a scenario in processes of its own; the exit code. Raises CannotRunError.

    Without a URL a simulator is started for the run. `given` are the credentials that the caller
    has given, `agree` is asked before anything is written to a server that is no simulator. With
    `port` the workers come from other machines, to that port.
    """
    if options.scenario not in SCENARIOS:
        raise CannotRunError(f"there is no scenario {options.scenario!r}")
    for text in options.objectives:
        parse(text)
    try_report_folder(options)
    _try_output()
    with ExitStack() as stack:
        server: int | None = None
        if not options.url:
            simulator = stack.enter_context(_simulator())
            options, server = replace(options, url=simulator.url), simulator.pid
        options = known_target(options, given)
        if not options.is_ours and not agree(announcement(options)):
            raise CannotRunError("nothing was sent")
        leads_at = port
        if options.workers and port is None:
            leads_at = _free_port()
            for _ in range(options.workers):
                order = {"role": "worker", "host": "127.0.0.1", "port": leads_at}
                stack.enter_context(_child(options, order, server))
        order = {"role": "lead", "port": leads_at}
        leader = stack.enter_context(_child(options, order, server))
        return _wait(leader, options)


def work(options: LoadOptions, host: str, port: int) -> int:
    """Make load for a run that is led from another machine; the exit code."""
    with ExitStack() as stack:
        order = {"role": "worker", "host": host, "port": port}
        process = stack.enter_context(_child(options, order, None))
        return process.wait()


def _try_output() -> None:
    """Raises CannotRunError where nothing can be printed: known before there is any load."""
    try:
        os.write(sys.stdout.fileno(), b"")
    except io.UnsupportedOperation:  # no file, and so nothing that can be full
        return
    except OSError as fault:
        raise CannotRunError(f"standard output cannot be written: {reason(fault)}") from None


def _wait(leader: subprocess.Popen[bytes], options: LoadOptions) -> int:
    """The leader's exit code, which its report says as well; a run that hangs is ended."""
    try:
        return _code(leader.wait(options.duration + options.grace))
    except subprocess.TimeoutExpired:
        _end_soon(leader, SECONDS_TO_REPORT, OUT_OF_TIME or signal.SIGTERM)
        if leader.returncode == COULD_NOT_RUN:  # and has said so
            return COULD_NOT_RUN
        raise CannotRunError(
            f"the run was not over {options.grace:.0f} s after its duration, and was ended"
        ) from None
    except KeyboardInterrupt:
        # it reports and puts things away first; a second Ctrl-C does not wait for that
        by = ended_by() or Ended.INTERRUPTED
        with suppress(KeyboardInterrupt):
            _end_soon(leader, SECONDS_AFTER_AN_INTERRUPT, by.signal)
        return by.exit_code if leader.returncode is None else _code(leader.returncode)


def _end_soon(leader: subprocess.Popen[bytes], within: float, number: int) -> None:
    """Ask the leader to report what it has and to end; then make it end."""
    leader.send_signal(number)
    try:
        leader.wait(within)
    except subprocess.TimeoutExpired:
        leader.kill()
        leader.wait()


def _code(ended_with: int) -> int:
    """An exit code that says what it should; a process that broke down has found nothing out."""
    if ended_with in EXIT_CODES:
        return ended_with
    how = f"by signal {-ended_with}" if ended_with < 0 else f"with code {ended_with}"
    raise CannotRunError(f"the process that leads the run has broken down, and ended {how}")


@contextmanager
def _child(
    options: LoadOptions, order: dict[str, object], server: int | None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that makes load; it is ended at the end, whatever it is doing."""
    line = {**order, "options": options.as_json(), "parent": os.getpid(), "server": server}
    process = subprocess.Popen(
        [sys.executable, "-m", __package__],
        stdin=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for the command, which passes it on
    )
    try:
        assert process.stdin is not None
        with suppress(BrokenPipeError):
            process.stdin.write(orjson.dumps(line) + b"\n")
            process.stdin.close()
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 2
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    stop(process)


@contextmanager
def _simulator() -> Iterator[Started]:
    try:
        with started() as server:
            yield server
    except StartError as fault:
        raise CannotRunError(str(fault)) from None


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
