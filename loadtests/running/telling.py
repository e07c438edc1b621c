"""Puts a result where it belongs: into the files of a folder, and onto standard output."""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from fluent_oms_simulator.loadtests.reporting import result_file
from fluent_oms_simulator.loadtests.reporting.github_report import github_report
from fluent_oms_simulator.loadtests.reporting.html_report import html_report
from fluent_oms_simulator.loadtests.reporting.junit_report import junit_report
from fluent_oms_simulator.loadtests.reporting.model import RunResult
from fluent_oms_simulator.loadtests.reporting.text_report import show
from rich.console import Console

from .options import COULD_NOT_RUN, INTERRUPTED, LoadOptions
from .report_folder import PAGE, TEST_REPORT


def tell(result: RunResult, options: LoadOptions) -> int:
    """Write the result and print it; the exit code, which says what the last line says.

    Where one of the two cannot be done the other still is, and the exit code is that of a verdict
    that could not be had.
    """
    folder = Path(options.report_dir or _default_folder(result, options))
    problems = [each for each in (_write(result, folder), _print(result, options, folder)) if each]
    for problem in problems:
        complain(problem)
    code: int = result.verdict.exit_code
    return COULD_NOT_RUN if problems and code != INTERRUPTED else code


def complain(sentence: str) -> None:
    """Say what went wrong, if there is anybody to read it."""
    try:
        print(f"fluent-sim load: {sentence}", file=sys.stderr or io.StringIO(), flush=True)
    except (OSError, ValueError):
        return


def _default_folder(result: RunResult, options: LoadOptions) -> str:
    stamp = datetime.fromtimestamp(result.started_at, UTC)
    return f"load-results/{stamp:%Y%m%dT%H%M%SZ}-{options.scenario}"


def _write(result: RunResult, folder: Path) -> str:
    """What went wrong with the files, if anything."""
    try:
        result_file.write(result, folder / result_file.NAME)
        (folder / PAGE).write_text(html_report(result), encoding="utf-8")
        (folder / TEST_REPORT).write_text(junit_report(result), encoding="utf-8")
    except OSError as fault:
        return f"the result cannot be written to {folder}: {fault.strerror or fault}"
    return ""


def _print(result: RunResult, options: LoadOptions, folder: Path) -> str:
    """What went wrong on standard output, if anything."""
    if sys.stdout is None:
        return f"standard output is closed; the figures are in {folder}"
    try:
        sys.stdout.buffer.write(_rendered(result, options, folder))
        sys.stdout.flush()
    except OSError as fault:
        sys.stdout = None  # nothing more is written to it, nor when the process ends
        return (
            f"standard output cannot be written to: {fault.strerror or fault}; the figures are"
            f" in {folder}"
        )
    return ""


def _rendered(result: RunResult, options: LoadOptions, folder: Path) -> bytes:
    match options.form:
        case "json":
            content: bytes = result_file.to_json(result)
            return content
        case "junit":
            return str(junit_report(result)).encode()
        case "github":
            return str(github_report(result)).encode()
        case _:
            return _text(result, folder)


def _text(result: RunResult, folder: Path) -> bytes:
    """As a terminal shows it: its width and its colours are those of standard output."""
    console = Console(highlight=False)
    with console.capture() as captured:
        console.print(f"report: {folder / PAGE}", soft_wrap=True, markup=False)
        show(result, console)
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    text: str = captured.get()
    return text.encode(encoding, "replace")
