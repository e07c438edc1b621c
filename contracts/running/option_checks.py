"""What is wrong with the options of a run, told before any server is asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from fluent_oms_simulator.behaviour import Behaviour
from fluent_oms_simulator.client.server_address import fault_of_address
from fluent_oms_simulator.console.report_folder import try_folder
from fluent_oms_simulator.switches import UnknownBehaviour

from ..target.names import LONGEST_PREFIX
from .options import CannotRunError, Options


def check_options(options: Options) -> None:
    """Raise CannotRunError with a sentence for everything that cannot be done as it is asked."""
    sentences = list(_faults(options))
    if sentences:
        raise CannotRunError("\n".join(sentences))


def _faults(options: Options) -> Iterator[str]:
    if options.url is not None:
        if fault := fault_of_address(options.url):
            yield fault
        if options.behaviours:
            yield "--behaviour is for the simulator in this process: leave out --url"
        if options.profile is not None:
            yield "--profile is for the simulator in this process: leave out --url"
    else:
        try:
            Behaviour.from_options(options.behaviours)
        except UnknownBehaviour as unknown:
            yield str(unknown)
    prefix = options.prefix
    if len(prefix) > LONGEST_PREFIX or not prefix.isprintable() or set(prefix) & set(" :"):
        yield (
            f"--prefix: found {prefix!r}, expected at most {LONGEST_PREFIX} characters,"
            " and no blank or colon"
        )
    if options.report_dir is not None:
        yield from _faults_of_folder("--report-dir", options.report_dir)
    if options.learn is not None:
        yield from _faults_of_folder("--learn", options.learn.parent)


def _faults_of_folder(option: str, folder: Path) -> Iterator[str]:
    """Make the folder if need be, and try to write there."""
    try:
        try_folder(folder)
    except OSError as fault:
        yield f"{option}: {folder} cannot be written to: {fault.strerror or fault}"
