"""Searches in a test: of connectors of this folder, on one simulator."""

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fluent_oms_simulator.cli.control_api import ControlApi
from fluent_oms_simulator.exploring.disturbed_runs import DisturbedRuns
from fluent_oms_simulator.exploring.exploration import Counts, Exploration, Kept, Plan
from fluent_oms_simulator.exploring.fault_schedules import Schedule
from fluent_oms_simulator.exploring.found_breaks import Finding
from fluent_oms_simulator.exploring.progress_file import NotKept

FOLDER = Path(__file__).parent
PLAIN_PYTHON = (sys.executable, "-I", "-S")


def connector(manner: str, sales: int = 1) -> list[str]:
    """The command of a connector of that manner."""
    return [*PLAIN_PYTHON, str(FOLDER / "connector.py"), manner, str(sales)]


def batch_sender(polls: int, *counts: int) -> list[str]:
    """The command of one that sends counts."""
    return [*PLAIN_PYTHON, str(FOLDER / "batch_sender.py"), str(polls), *map(str, counts)]


@dataclass
class Watched:
    """What progress was told; `stop_after` so many schedules somebody presses Ctrl-C."""

    stop_after: int | None = None
    tried_keys: list[str] = field(default_factory=list)

    def begin(self, counts: Counts) -> None:
        """Nothing to do."""

    def tried(self, _counts: Counts, schedule: Schedule) -> None:
        """Note it."""
        self.tried_keys.append(" + ".join(fault.key for fault in schedule))
        if len(self.tried_keys) == self.stop_after:
            raise KeyboardInterrupt

    def found(self, finding: Finding) -> None:
        """Nothing to do."""


def exploration(
    url: str,
    command: Sequence[str],
    kept: Kept | None = None,
    watched: Watched | None = None,
    expected: bytes | None = None,
    **plan: Any,
) -> Exploration:
    """A search that has not begun."""
    api = ControlApi("explore", url, "")
    chosen = Plan(**plan)
    runs = DisturbedRuns(api, command, os.environ, chosen.seed, expected)
    return Exploration(chosen, runs, kept or NotKept(), watched or Watched())


def explored(url: str, command: Sequence[str], **how: Any) -> Exploration:
    """One that has come to its end."""
    search = exploration(url, command, **how)
    search.go()
    return search


def found(search: Exploration) -> dict[str, str]:
    """What each schedule does, by its key."""
    return {finding.key: finding.title for finding in search.findings}


def processes_named(mark: str) -> Iterator[int]:
    """Those with a word in their command line."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line, state = (process / "cmdline").read_bytes(), (process / "stat").read_text()
        except OSError:
            continue
        if mark.encode() in line and state.rpartition(")")[2].split()[0] not in "ZX":
            yield int(process.name)
