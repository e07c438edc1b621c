"""A simulator of its own for every test, without seed data; how hypothesis makes its examples."""

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

import pytest
from hypothesis import is_hypothesis_test
from hypothesis import settings as hypothesis_settings

try:
    from fluent_oms_simulator import Settings, Simulator, build
    from fluent_oms_simulator.clock import VirtualClock

    from .support import Client
except ImportError as error:
    raise pytest.UsageError(
        f"Our own code cannot be imported: {error}. Whether files import each other in a circle,"
        " and which, is told without importing it:"
        " .venv/bin/pytest --noconftest tests/guards/test_imports.py"
    ) from error

NOON = 1_767_268_800_000
"""2026-01-01T12:00:00Z in milliseconds."""


FIXED, RANDOM = "fixed", "random"
hypothesis_settings.register_profile(FIXED, derandomize=True, deadline=None, database=None)
hypothesis_settings.register_profile(RANDOM, deadline=None, print_blob=True)


def pytest_configure(config: pytest.Config) -> None:
    """The same examples in every run; a person who asks for the slow tests gets new ones.

    `--hypothesis-profile` decides otherwise, as it does in CI, where a red run must be about the
    change.
    """
    # A shell has what runs in the background, or under nohup, ignore these two, and they have to
    # reach what is tested.
    for name, action in (("SIGINT", signal.default_int_handler), ("SIGHUP", signal.SIG_DFL)):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, action)
    if config.getoption("hypothesis_profile", None) is None:
        slow = config.getoption("markexpr") == "slow"
        hypothesis_settings.load_profile(RANDOM if slow else FIXED)


def pytest_xdist_auto_num_workers() -> int:
    """Half as many again as there are processors: a third of the time is spent in waiting."""
    sharing = getattr(os, "sched_getaffinity", None)
    processors = len(sharing(0)) if sharing else os.cpu_count() or 1
    return processors + (processors + 1) // 2


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every property is a slow test too, where its examples are new ones."""
    if hypothesis_settings.get_current_profile_name() == RANDOM:
        for item in items:
            if is_hypothesis_test(getattr(item, "obj", None)):
                item.add_marker(pytest.mark.slow)


class MakeSimulator(Protocol):
    """Starts a simulator; `delta_duplicate="reject"` sets the switch `delta.duplicate`."""

    def __call__(
        self,
        *,
        clock: VirtualClock | None = None,
        settings: Settings | None = None,
        **behaviours: str,
    ) -> Simulator: ...


@pytest.fixture
def make_simulator() -> Iterator[MakeSimulator]:
    started: list[Simulator] = []

    def make(
        *,
        clock: VirtualClock | None = None,
        settings: Settings | None = None,
        **behaviours: str,
    ) -> Simulator:
        chosen = settings or Settings(seed_data="none")
        switches = {name.replace("_", ".", 1): value for name, value in behaviours.items()}
        simulator = build(replace(chosen, behaviours={**chosen.behaviours, **switches}), clock)
        started.append(simulator)
        simulator.start()
        return simulator

    yield make
    for simulator in started:
        simulator.close()


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(NOON)


@pytest.fixture
def simulator(make_simulator: MakeSimulator) -> Simulator:
    return make_simulator()


@pytest.fixture
def client(simulator: Simulator) -> Client:
    return Client(simulator)
