"""What a process that makes load does: lead a run, or work for the one that does."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import gevent
import orjson
from fluent_oms_simulator.loadtests.reporting import result_file
from fluent_oms_simulator.loadtests.reporting.html_report import html_report
from fluent_oms_simulator.loadtests.reporting.model import RunResult
from fluent_oms_simulator.loadtests.reporting.text_report import show
from fluent_oms_simulator.loadtests.users.node import Node
from fluent_oms_simulator.loadtests.users.station import USERS, Station, user_classes
from fluent_oms_simulator.printable import printable
from locust.env import Environment
from locust.log import setup_logging
from rich.console import Console

from .conduct import Conductor, ends_on_signals
from .crew import InterruptedRunError
from .options import CannotRunError, LoadOptions
from .progress import Progress

MET, MISSED, COULD_NOT_RUN, INTERRUPTED = 0, 1, 2, 130


def main() -> int:
    """Run what standard input asks for; the exit code."""
    order: dict[str, Any] = orjson.loads(sys.stdin.buffer.readline())
    options = LoadOptions.from_json(order["options"])
    gevent.spawn(_end_with, order["parent"], order.get("server"))
    if order["role"] == "worker":
        return work(options, order["host"], order["port"])
    return lead(options, order["port"])


def lead(options: LoadOptions, port: int | None) -> int:
    """Lead a run and write down what came of it."""
    progress = Progress(options.live)
    try:
        conductor = Conductor(options, progress.show, port)
        ends_on_signals(conductor)
        result = conductor.run()
    except CannotRunError as fault:
        progress.end()
        print(printable(f"fluent-sim load: {fault}"), file=sys.stderr)
        return COULD_NOT_RUN
    except (InterruptedRunError, KeyboardInterrupt):
        progress.end()
        print("fluent-sim load: interrupted, so nothing was judged", file=sys.stderr)
        return INTERRUPTED
    finally:
        progress.end()
    tell(result, options)
    return MET if result.met else MISSED


def tell(result: RunResult, options: LoadOptions) -> None:
    """Print the result, and write it as JSON and HTML."""
    stamp = datetime.fromtimestamp(result.started_at, UTC)
    folder = Path(options.report_dir or f"load-results/{stamp:%Y%m%dT%H%M%SZ}-{options.scenario}")
    written = result_file.write(result, folder / "result.json")
    page = folder / "report.html"
    page.write_text(html_report(result), encoding="utf-8")
    if options.form == "json":
        sys.stdout.buffer.write(result_file.to_json(result))
        sys.stdout.flush()
        return
    console = Console(highlight=False)
    show(result, console)
    console.print(f"report: {page}   figures: {written}", soft_wrap=True)


def work(options: LoadOptions, host: str, port: int) -> int:
    """Make load for another process until it says that it is over."""
    setup_logging("ERROR")  # type: ignore[no-untyped-call]
    node = Node()
    environment = Environment(user_classes=user_classes(tuple(USERS), node))
    try:
        runner = environment.create_worker_runner(host, port)
    except ConnectionError:
        print(printable(f"fluent-sim load: nobody leads a run at {host}:{port}"), file=sys.stderr)
        return COULD_NOT_RUN
    Station(environment, node, options)
    for number in (signal.SIGINT, signal.SIGTERM):
        gevent.signal_handler(number, runner.quit)
    runner.greenlet.join()
    return MET


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
