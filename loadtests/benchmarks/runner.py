"""Runs the benchmarks that were asked for, prints each as it ends, writes all of them."""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import click
from fluent_oms_simulator.client.client_errors import ClientError
from fluent_oms_simulator.console.interrupts import Ended, Interrupts
from fluent_oms_simulator.console.named_file import fault_of_named_file
from fluent_oms_simulator.console.refusal import Refusal
from fluent_oms_simulator.console.report_folder import try_folder, unwritable
from fluent_oms_simulator.console.reports import refusal
from fluent_oms_simulator.console.saying import say
from fluent_oms_simulator.console.standard_streams import reason
from fluent_oms_simulator.console.terminal import console as plain_console
from rich.console import Console

from .figures import Report
from .output import RESULTS, show, show_targets, write
from .peers.installing import FOLDER, install
from .peers.known_peers import PEERS

FAILED = 2
BENCHMARKS = (
    "startup",
    "delta_events",
    "control_plane",
    "beside_peers",
    "cores",
    "batch_accept",
    "batch_apply",
    "graphql_walk",
    "validate_files",
    "latency_under_load",
    "many_connections",
    "steady_stream",
    "memory",
    "world_a_test",
)


@click.command()
@click.option("--only", multiple=True, type=click.Choice(BENCHMARKS), help="Run just this one.")
@click.option("--quick", is_flag=True, help="Smaller and shorter, for a first look.")
@click.option(
    "--json",
    "json_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write the figures  [default: bench-results/<time>.json]",
)
@click.option("--overwrite", is_flag=True, help="Replace the file of --json.")
@click.option(
    "--install-peers",
    is_flag=True,
    help=f"Only install other mock servers to compare with, from npm and PyPI, into {FOLDER}.",
)
def main(
    only: Sequence[str],
    quick: bool,
    json_file: Path | None,
    overwrite: bool,
    install_peers: bool,
) -> None:
    """Measure the simulator, beside what it is to be compared with."""
    console = plain_console()
    if install_peers:
        install_all(console)
        return
    _try(json_file, overwrite=overwrite)  # before hours are lost
    names = [name for name in BENCHMARKS if name in only] if only else list(BENCHMARKS)
    began = time.monotonic()
    reports: list[Report] = []
    failed: list[str] = []
    is_told = False
    # Nothing more is measured once nothing can be told, of which the end of the command says why;
    # where a reader has gone, rich would have the program end.
    with Interrupts() as interrupts, interrupts.heeded(), suppress(OSError, SystemExit):
        for name in names:
            console.print(f"{name} ...", style="dim")
            try:
                reports.append(run(name, quick=quick))
            except (OSError, ClientError) as fault:
                interrupts.check()  # a server may have had the same Ctrl-C
                told = reason(fault) if isinstance(fault, OSError) else fault
                console.print(f"{name}: {told}")
                failed.append(name)
            except Exception:  # what the others measured must not be lost
                interrupts.check()
                console.print_exception()
                failed.append(name)
            else:
                show(reports[-1], console)
        is_told = True
    ended = interrupts.ended_by
    if ended is not None and not reports:
        sys.exit(_told_of_the_end(ended, "nothing was measured", console))
    is_lost = not is_told and ended is None
    if is_lost and not reports:
        sys.exit(FAILED)
    written = write(reports, command(names, quick), quick, json_file, ended)
    verb = "was" if len(reports) == 1 else "were"
    measured = f"of {len(names)} benchmarks {len(reports)} {verb} measured"
    if is_lost:
        say(f"fluent-sim bench: {measured}; figures in {written}")
        sys.exit(FAILED)
    if len(reports) > 1:
        console.rule("targets")
        show_targets(reports, console)
    console.print(f"{time.monotonic() - began:.0f} seconds; figures in {written}", soft_wrap=True)
    console.print(f"again: {command(names, quick)}", soft_wrap=True)
    if ended is not None:
        sys.exit(_told_of_the_end(ended, measured, console))
    if failed:
        raise Refusal(f"could not be measured: {', '.join(failed)}")


def install_all(console: Console) -> None:
    """Install every peer; Refusal names those that could not be installed."""
    missing: list[str] = []
    for peer in PEERS:
        console.print(f"{peer.name}: {peer.requirement} from {peer.registry} ...", style="dim")
        reason = install(peer)
        console.print(f"{peer.name}: {reason or 'installed'}", soft_wrap=True, markup=False)
        if reason is not None:
            missing.append(peer.name)
    if missing:
        raise Refusal(f"could not be installed: {', '.join(missing)}; the others take part")


def _try(json_file: Path | None, *, overwrite: bool) -> None:
    """Refuse where the figures could not be written, or would replace others unasked."""
    if json_file is not None:
        if why := fault_of_named_file("--json", json_file, overwrite=overwrite):
            raise refusal(why)
        return
    try:
        try_folder(RESULTS)
    except OSError as fault:
        raise refusal(unwritable(RESULTS, fault)) from None


def _told_of_the_end(ended: Ended, measured: str, console: Console) -> int:
    """Say last that a signal has ended it; the exit code of that."""
    console.print(f"{ended}: {measured}", soft_wrap=True)
    code: int = ended.exit_code
    return code


def run(name: str, *, quick: bool) -> Report:
    """Run one benchmark by its name, which is the name of its module."""
    module = importlib.import_module(f"{__package__}.{name}")
    report: Report = module.run(quick=quick)
    return report


def command(names: Sequence[str], quick: bool) -> str:
    """What to type to run the same again."""
    words = [Path(sys.executable).name, "-m", __package__ or ""]
    if len(names) < len(BENCHMARKS):
        words += [f"--only {name}" for name in names]
    return " ".join([*words, "--quick"] if quick else words)
