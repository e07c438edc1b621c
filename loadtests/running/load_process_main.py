"""What a process that makes load does: lead a run, or work for the one that does."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from contextlib import suppress
from typing import Any

import gevent
import orjson
from fluent_oms_simulator.console.interrupts import SIGNALS, Ended
from fluent_oms_simulator.console.standard_streams import Output, finish, take_over
from locust.env import Environment
from locust.log import setup_logging

from ..reporting.verdict import ENDED_BY_SIGNAL, Ending
from ..traffic.load_options import COULD_NOT_RUN, CannotRunError, LoadOptions
from ..users.process_messages import USERS, MessageListener, user_classes
from ..users.process_state import ProcessState
from .lifecycle import LoadRun, ends_on_signals
from .load_processes import InterruptedRunError
from .progress import Progress
from .result_output import complain, tell


def main() -> int:
    """Run what standard input asks for; the exit code."""
    output = take_over()
    try:
        code = _do_as_told(output)
    except (KeyboardInterrupt, SystemExit):
        code = Ended.INTERRUPTED.exit_code
    except Exception:  # a fault of ours; not 1, which says that something was missed
        traceback.print_exc()
        code = COULD_NOT_RUN
    finish(output)
    return code


def _do_as_told(output: Output) -> int:
    order: dict[str, Any] = orjson.loads(sys.stdin.buffer.readline())
    options = LoadOptions.from_json(order["options"])
    gevent.spawn(_end_with, order["parent"], order.get("server"))
    if order["role"] == "worker":
        return work(options, order["host"], order["port"])
    return lead(options, order["port"], output)


def lead(options: LoadOptions, port: int | None, output: Output) -> int:
    """Lead a run and write down what came of it; the exit code."""
    progress = Progress(options.live)
    try:
        load_run = LoadRun(options, progress.show, port)
        ends_on_signals(load_run)
        result = load_run.run()
    except CannotRunError as fault:
        progress.end()
        complain(str(fault))
        return COULD_NOT_RUN
    except (InterruptedRunError, KeyboardInterrupt) as end:
        progress.end()
        how = end.ending if isinstance(end, InterruptedRunError) else Ending.INTERRUPTED
        complain(f"{how} before there was any load, so there is nothing to report")
        return ENDED_BY_SIGNAL[how].exit_code
    finally:
        progress.end()
    return tell(result, options, output)


def work(options: LoadOptions, host: str, port: int) -> int:
    """Make load for another process until it says that it is over."""
    setup_logging("ERROR")  # type: ignore[no-untyped-call]
    process = ProcessState()
    environment = Environment(user_classes=user_classes(tuple(USERS), process))
    try:
        runner = environment.create_worker_runner(host, port)
    except ConnectionError:
        complain(f"nobody leads a run at {host}:{port}")
        return COULD_NOT_RUN
    MessageListener(environment, process, options)
    for name in SIGNALS:
        if (number := getattr(signal, name, None)) is not None:
            gevent.signal_handler(number, runner.quit)
    runner.greenlet.join()
    return 0


def _end_with(parent: int, server: int | None) -> None:
    """End when the process that started this one has ended without saying so.

    The server that was started for the run has then nobody else to end it.
    """
    while os.getppid() == parent:
        gevent.sleep(0.5)
    if server is not None:
        with suppress(OSError):
            os.kill(server, signal.SIGTERM)
    os._exit(COULD_NOT_RUN)
