"""Puts a result where it belongs: into the files of a folder, and onto standard output."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

from fluent_oms_simulator.console import terminal
from fluent_oms_simulator.console.report_folder import REPORT_FILES, RESULT
from fluent_oms_simulator.console.standard_streams import Output, finish, reason
from fluent_oms_simulator.text.printable import printable

from ..reporting import result_file
from ..reporting.github_report import github_report
from ..reporting.html_report import html_report
from ..reporting.junit_report import junit_report
from ..reporting.markdown_report import markdown_report
from ..reporting.run_result import RunResult
from ..reporting.sarif_report import sarif_report
from ..reporting.text_report import show
from ..traffic.load_options import COULD_NOT_RUN, CannotRunError, LoadOptions
from .result_folder import default_folder, report_folder


def tell(result: RunResult, options: LoadOptions, output: Output | None = None) -> int:
    """Write the result and print it; the exit code, which says what the last line says.

    Where one of the two cannot be done the other still is, and the exit code is that of a verdict
    that could not be had. `output` is standard output, where it has been taken over.
    """
    folder = Path(options.report_dir or default_folder(options.scenario, result.started_at))
    problems = [_write(result, folder, options), _print(result, options, folder, output)]
    for problem in filter(None, problems):
        complain(problem)
    code: int = result.verdict.exit_code
    return COULD_NOT_RUN if any(problems) and not result.verdict.is_by_signal else code


def complain(sentence: str) -> None:
    """Say what went wrong, if there is anybody to read it."""
    with suppress(OSError, ValueError):
        print(printable(f"fluent-sim load: {sentence}"), file=sys.stderr, flush=True)


def _write(result: RunResult, path: Path, options: LoadOptions) -> str:
    """What went wrong with the files, if anything."""
    try:
        folder = report_folder(path, options)
        folder.write(RESULT, result_file.to_json(result).decode())
        folder.write(REPORT_FILES["html"], html_report(result))
        folder.write(REPORT_FILES["markdown"], markdown_report(result))
        folder.write(REPORT_FILES["junit"], junit_report(result))
        folder.write(REPORT_FILES["sarif"], sarif_report(result))
    except CannotRunError as fault:
        return f"the result is not written: {fault}"
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
    match options.form:
        case "json":
            return result_file.to_json(result).decode()
        case "junit":
            return junit_report(result)
        case "github":
            return github_report(result)
        case "sarif":
            return sarif_report(result)
        case "markdown":
            return markdown_report(result)
        case "html":
            return html_report(result)
        case _:
            return _text(result, folder)


def _text(result: RunResult, folder: Path) -> str:
    """As a terminal shows it: its width and its colours are those of standard output."""
    console = terminal.console(markup=True)
    with console.capture() as captured:
        console.print(f"report: {folder / REPORT_FILES['html']}", soft_wrap=True, markup=False)
        show(result, console)
    return captured.get()
