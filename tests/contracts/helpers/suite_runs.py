"""Runs of the contracts in this process, cut down to what a test is about."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial

import pytest
from fluent_oms_simulator.client.target_server import Target
from fluent_oms_simulator.contracts.reporting.run_report import Check, Verdict
from fluent_oms_simulator.contracts.running.contract_run import run
from fluent_oms_simulator.contracts.running.learn import Seen, contradictions
from fluent_oms_simulator.contracts.running.options import Options
from fluent_oms_simulator.contracts.target import local_simulator

OF_THE_SUITE = re.compile(r"contracts\.suite(\.|$)")
EXAMPLES = 16
IMPATIENCE = 1.5
"""Seconds to wait where something will not come about; the simulator takes milliseconds."""

NO_SWITCHES: Mapping[str, str] = {}


def checks_of(
    *select: str, behaviours: Mapping[str, str] = NO_SWITCHES, examples: int = EXAMPLES
) -> list[Check]:
    """How the contracts end whose group or name is selected."""
    options = Options(select=select, behaviours=behaviours, max_examples=examples, seed=3)
    return list(run(options).checks)


def broken(checks: list[Check]) -> list[Check]:
    """Those that did not hold, and could be asked about."""
    return [check for check in checks if check.verdict is Verdict.FAILED]


def contradicted(checks: list[Check], behaviours: Mapping[str, str] = NO_SWITCHES) -> list[str]:
    """The switches that a simulator with these behaviours was seen not to act by."""
    seen: list[Seen] = []
    for check in checks:
        if check.verdict is Verdict.OBSERVED:
            for pair in check.message.split("; "):
                name, _, value = pair.partition(" = ")
                seen.append((name, value, check.details))
    return [name for name, _ in contradictions(seen, behaviours)]


@contextmanager
def suite_read_anew() -> Iterator[None]:
    """While this lasts, the number of examples is that of the first run in it.

    It is in the suite's modules, which are read once in a process.
    """
    _forget_suite()
    yield
    _forget_suite()


def _forget_suite() -> None:
    for name in [name for name in sys.modules if OF_THE_SUITE.search(name)]:
        del sys.modules[name]


@contextmanager
def in_a_hurry(*, with_shape: bool, patience: float = 20.0) -> Iterator[None]:
    """While this lasts, runs leave out what takes time, such as the contracts of shape.

    `patience` is how many seconds they wait for what does not come about.
    """
    main = pytest.main
    # At the end of a run that plugin collects all garbage, which takes longer than the contract.
    more = ["-p", "no:unraisableexception"]
    if not with_shape:
        more += ["--ignore-glob=*/test_shape.py", "--ignore-glob=*/test_stateful.py"]

    def faster(arguments: list[str], plugins: list[object]) -> object:
        return main([*arguments, *more], plugins=plugins)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local_simulator, "Target", partial(Target, patience=patience))
        patch.setattr(pytest, "main", faster)
        yield
