"""The worlds of tests under pytest: on which server they are, how each is, and when it ends."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import Any, Protocol, Unpack

import pytest

from ..client.client_errors import ClientError
from ..settings import Settings, given_admin_token
from .fluent_oms import FluentOms
from .fluent_server import FluentServer
from .starting import running, start
from .unstruck_faults import checked_unstruck
from .world_options import WorldOptions, check_options

__tracebackhide__ = True  # pytest shows the line of the test that has called

PROCESS, IN_PROCESS = "process", "in-process"
MARKER = "fluent_oms"
WORLDS = pytest.StashKey[list[FluentOms]]()
"""The worlds that a test has, while it has them."""


UNSTRUCK_FAULTS = "fluent-oms-unstruck-faults"


class UnstruckFaultWarning(pytest.PytestWarning):
    """A fault was to strike certain requests, and has struck none."""


class MakeFluentOms(Protocol):
    """Makes a world that ends with the test."""

    def __call__(self, *, own_server: bool = False, **options: Unpack[WorldOptions]) -> FluentOms:
        """`own_server` gives it a server to itself, and so an address without a path."""
        ...


@contextmanager
def server_of(config: pytest.Config) -> Iterator[FluentServer]:
    """The server of a session."""
    where = config.getoption("fluent_oms_server") or config.getini("fluent_oms_server")
    with ExitStack() as stack:
        if where in (PROCESS, IN_PROCESS):
            settings = Settings(seed_data="none")
            url = stack.enter_context(running(settings, in_this_process=where == IN_PROCESS))
            server = FluentServer(url, is_in_process=where == IN_PROCESS)
        elif "://" in where:
            server = FluentServer(where, token=given_admin_token())
        else:
            pytest.fail(
                f"fluent_oms_server is {where!r}: expected {PROCESS}, {IN_PROCESS}, or the URL of a"
                " simulator such as http://127.0.0.1:4141",
                pytrace=False,
            )
        stack.callback(server.close)
        yield server


class UnstruckFaults:
    """A plugin of pytest's: a test in which a fault has struck nothing does not pass silently."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Look at the faults of its worlds once a test has passed."""
        result = yield
        for world in item.stash.get(WORLDS, ()):
            note = "" if world.unstruck == "ignore" else world.faults.unstruck()
            if note and world.unstruck == "fail":
                pytest.fail(note, pytrace=False)
            if note:
                item.warn(UnstruckFaultWarning(note))
        return result


class WorldsOfTest:
    """Makes the worlds of one test, and ends them."""

    def __init__(self, node: pytest.Item, server: FluentServer) -> None:
        self._node = node
        self._server = server
        self._defaults = _of_every_world(node.config)
        self._stack = ExitStack()

    def __enter__(self) -> WorldsOfTest:
        self._node.stash[WORLDS] = []
        plugins = self._node.config.pluginmanager
        if not plugins.has_plugin(UNSTRUCK_FAULTS):
            plugins.register(UnstruckFaults(), UNSTRUCK_FAULTS)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for world in self._node.stash[WORLDS]:
            world.unstruck = "ignore"  # it was looked at, or the test has failed before
        del self._node.stash[WORLDS]
        self._stack.close()

    def make(self, *, own_server: bool = False, **options: Unpack[WorldOptions]) -> FluentOms:
        """A world; raises TypeError for an option that there is not."""
        check_options(options, "make_fluent_oms")
        merged = merge(self._defaults, options)
        if own_server:
            world = self._stack.enter_context(start(**merged))
        else:
            world = self._server.make(self._node.name, **merged)
            self._stack.callback(self._server.drop, world)
        self._node.stash[WORLDS].append(world)
        return world


def marked(node: pytest.Item, make: MakeFluentOms) -> FluentOms:
    """The world that the markers of a test ask for; those nearer to it count."""
    options: WorldOptions = {}
    wrong = ""
    for mark in reversed(list(node.iter_markers(MARKER))):
        if mark.args:
            wrong = f"found {mark.args[0]!r} without a name, expected such as seed=3"
        try:
            check_options(mark.kwargs, "it")
        except TypeError as fault:
            wrong = str(fault)
        options = merge(options, mark.kwargs)
    if not wrong:
        try:
            return make(**options)
        except ClientError as fault:
            if not options:
                raise
            wrong = str(fault)
        except (AttributeError, TypeError, ValueError) as fault:
            wrong = f"{fault}; expected the words of make_fluent_oms, each with a value of its kind"
    pytest.fail(f"The marker {MARKER}: {wrong}", pytrace=False)


def merge(first: WorldOptions, second: Mapping[str, Any]) -> WorldOptions:
    """Both, of which the second counts where they differ; behaviours one by one."""
    both: dict[str, Any] = {**first, **second}
    if "behaviours" in first and "behaviours" in second:
        both["behaviours"] = {**first["behaviours"], **second["behaviours"]}
    merged: Any = both
    result: WorldOptions = merged
    return result


def _of_every_world(config: pytest.Config) -> WorldOptions:
    """What the ini options say."""
    found: WorldOptions = {}
    profile = config.getini("fluent_oms_profile")
    if profile:
        found["profile"] = profile
    behaviours: dict[str, str] = {}
    for line in config.getini("fluent_oms_behaviours"):
        name, equals, value = line.partition("=")
        if not equals:
            pytest.fail(
                f"fluent_oms_behaviours: found {line!r}, expected NAME=VALUE", pytrace=False
            )
        behaviours[name.strip()] = value.strip()
    if behaviours:
        found["behaviours"] = behaviours
    try:
        found["unstruck"] = checked_unstruck(config.getini("fluent_oms_unstruck"))
    except ValueError as fault:
        pytest.fail(f"fluent_oms_{fault}", pytrace=False)
    return found
