"""A simulator of its own for every test, without seed data."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

import pytest
from fluent_oms_simulator import Settings, Simulator, build
from fluent_oms_simulator.clock import VirtualClock

from .support import Client

NOON = 1_767_268_800_000
"""2026-01-01T12:00:00Z in milliseconds."""


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
