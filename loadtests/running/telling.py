"""Puts a result where it belongs: into the files of a folder, and onto standard output."""

from __future__ import annotations

import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from fluent_oms_simulator.cli import terminal
from fluent_oms_simulator.cli.streams import Output, finish, reason
from fluent_oms_simulator.loadtests.reporting import result_file
from fluent_oms_simulator.loadtests.reporting.github_report import github_report
from fluent_oms_simulator.loadtests.reporting.html_report import html_report
from fluent_oms_simulator.loadtests.reporting.junit_report import junit_report
from fluent_oms_simulator.loadtests.reporting.markdown_report import markdown_report
from fluent_oms_simulator.loadtests.reporting.model import RunResult
from fluent_oms_simulator.loadtests.reporting.sarif_report import sarif_report
from fluent_oms_simulator.loadtests.reporting.text_report import show
from fluent_oms_simulator.printable import printable

from .options import COULD_NOT_RUN, LoadOptions
from .report_folder import PAGE, SARIF, SUMMARY, TEST_REPORT


def tell(result: RunResult, options: LoadOptions, output: Output | None = None) -> int:
    """Write the result and print it; the exit code, which says what the last line says.

    Where one of the two cannot be done the other still is, and the exit code is that of a verdict
    that could not be had. `output` is standard output, where it has been taken over.
    """
    folder = Path(options.report_dir or _default_folder(result, options))
    problems = [_write(result, folder), _print(result, options, folder, output)]
    for problem in filter(None, problems):
        complain(problem)
    code: int = result.verdict.exit_code
    return COULD_NOT_RUN if any(problems) and not result.verdict.is_by_signal else code


def complain(sentence: str) -> None:
    """Say what went wrong, if there is anybody to read it."""
    with suppress(OSError, ValueError):
        print(printable(f"fluent-sim load: {sentence}"), file=sys.stderr, flush=True)


def _default_folder(result: RunResult, options: LoadOptions) -> str:
    stamp = datetime.fromtimestamp(result.started_at, UTC)
    return f"load-results/{stamp:%Y%m%dT%H%M%SZ}-{options.scenario}"


def _write(result: RunResult, folder: Path) -> str:
    """What went wrong with the files, if anything."""
    try:
        result_file.write(result, folder / result_file.NAME)
        (folder / PAGE).write_text(html_report(result), encoding="utf-8")
        (folder / SUMMARY).write_text(markdown_report(result), encoding="utf-8")
        (folder / TEST_REPORT).write_text(junit_report(result), encoding="utf-8")
        (folder / SARIF).write_text(sarif_report(result), encoding="utf-8")
    except OSError as fault:
        return f"the result cannot be written to {folder}: {reason(fault)}"
    return ""


def _print(result: RunResult, options: LoadOptions, folder: Path, output: Output | None) -> str:
    """What went wrong on standard output, if anything."""
    try:
        sys.stdout.write(_rendered(result, options, folder))
        sys.stdout.flush()
    except OSError as fault:
        if output is not None:
            finish(output)
        return f"standard output cannot be written: {reason(fault)}; the figures are in {folder}"
    return ""


def _rendered(result: RunResult, options: LoadOptions, folder: Path) -> str:
    rendered: str
    match options.form:
        case "json":
            rendered = result_file.to_json(result).decode()
        case "junit":
            rendered = junit_report(result)
        case "github":
            rendered = github_report(result)
        case "sarif":
            rendered = sarif_report(result)
        case "markdown":
            rendered = markdown_report(result)
        case _:
            rendered = _text(result, folder)
    return rendered


def _text(result: RunResult, folder: Path) -> str:
    """As a terminal shows it: its width and its colours are those of standard output."""
    console = terminal.console(markup=True)
    with console.capture() as captured:
        console.print(f"report: {folder / PAGE}", soft_wrap=True, markup=False)
        show(result, console)
    text: str = captured.get()
    return text
