"""Starting a simulator for tests: as a process of its own, or in this one."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Unpack

from ..client.control_calls import ControlCalls
from ..client.simulator_process import simulator_command, started
from ..settings import Settings
from .connector_credentials import ConnectorCredentials
from .fluent_oms import FluentOms
from .world_options import (
    WorldOptions,
    check_options,
    clock_of,
    faults_of,
    flags_of,
    settings_of,
    settling_of,
    unstruck_of,
)

IDLE_MINUTES = 24 * 60
"""A world is not dropped while somebody looks at it in a debugger."""


@contextmanager
def start(*, in_this_process: bool = False, **options: Unpack[WorldOptions]) -> Iterator[FluentOms]:
    """Start a simulator, and end it with the block; it ends too if this process does.

    Its address has no path, so it is for connectors that take nothing but a host, too. In this
    process it is there at once and can be stepped through, but connections are not reset there,
    and what is not whole does not arrive as it would: such faults are refused. At the end it raises
    AssertionError for a fault that was to strike certain requests and has struck none, unless
    `unstruck` says otherwise.
    """
    check_options(options, "start")
    settings, unstruck = settings_of(options), unstruck_of(options)
    with running(settings, in_this_process=in_this_process) as url:
        calls = ControlCalls(url)
        world = FluentOms(
            url,
            _signs_in(settings),
            calls=calls,
            seed=options.get("seed"),
            is_in_process=in_this_process,
            unstruck=unstruck,
        )
        try:
            _begin(world, calls, options)
            yield world
            _end(world)
        finally:
            calls.wire.close()


@contextmanager
def running(settings: Settings, *, in_this_process: bool = False) -> Iterator[str]:
    """The address of a server that runs for the length of the block.

    Raises StartError with what the server said where it does not become ready.
    """
    if in_this_process:
        from ..serving.served_here import served_here

        with served_here(settings) as url:
            yield url
        return
    idle = ("--namespace-idle", str(IDLE_MINUTES))
    command = simulator_command(*idle, *flags_of(settings))
    with started(command, leaves_interrupts=True) as server:
        yield server.url


def _begin(world: FluentOms, calls: ControlCalls, options: WorldOptions) -> None:
    """Set the clock of a world that has begun, how it settles, and what goes wrong in it."""
    clock, settling, faults = clock_of(options), settling_of(options), faults_of(options)
    if clock:
        calls.call("PUT", "/__admin/clock", clock)
    if settling:
        calls.call("PUT", "/__admin/settling", settling)
    if faults:
        world.faults.begin_with(faults)


def _end(world: FluentOms) -> None:
    """Say so where a fault has struck nothing."""
    note = "" if world.unstruck == "ignore" else world.faults.unstruck()
    if note and world.unstruck == "fail":
        raise AssertionError(note)
    if note:
        warnings.warn(note, stacklevel=4)


def _signs_in(settings: Settings) -> ConnectorCredentials:
    return ConnectorCredentials(
        account=settings.account,
        retailer_id=settings.retailers[0],
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        username=settings.username,
        password=settings.password,
    )
