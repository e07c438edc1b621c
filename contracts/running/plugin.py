"""What pytest needs to run the suite: its fixtures, and an ear for how each contract ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from fluent_oms_simulator.client.client_errors import UnreachableError
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.client.target_server import Target
from fluent_oms_simulator.console.interrupts import Interrupts
from hypothesis.stateful import RuleBasedStateMachine

from ..reporting.run_report import Check, Verdict
from ..target.names import Names
from .contract_names import contract_of, group_of, name_of
from .failures import Failure
from .last_exchange import exchanges_told, reason_of, verdict_on

TRIES = 3
"""How often a server that did not answer is asked whether it is still there."""


class Observation(NamedTuple):
    """What a server does about an open point: the switch, its value there, and what shows it."""

    switch: str
    value: str
    why: str


Observe = Callable[[str, str, str], None]


@dataclass
class ContractPlugin:
    """Gives the suite its target, and collects checks, observations and failures."""

    api_in_use: Api
    names_in_use: Names
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    on_check: Callable[[Check], None] = lambda _check: None
    on_failure: Callable[[Failure], str] = lambda _failure: ""
    checks: list[Check] = field(default_factory=list)
    interrupts: Interrupts = field(default_factory=Interrupts)
    observations: list[Observation] = field(default_factory=list)
    gone: str = ""
    """Why the run was given up: the server does not answer any more."""
    _seen_now: list[Observation] = field(default_factory=list)

    # -- fixtures ------------------------------------------------------------------------------
    # All of the session's scope, so that hypothesis may use them in every example.

    @pytest.fixture(scope="session")
    def api(self) -> Api:
        """The server, signed in."""
        return self.api_in_use

    @pytest.fixture(scope="session")
    def target(self) -> Target:
        """What the server and its account are called."""
        return self.api_in_use.target

    @pytest.fixture(scope="session")
    def names(self) -> Names:
        """Fresh names under the run's prefix."""
        return self.names_in_use

    @pytest.fixture(scope="session")
    def observe(self) -> Observe:
        """Record what the server does about an open point."""

        def observe(switch: str, value: str, why: str) -> None:
            seen = Observation(switch, value, why)
            if seen not in self._seen_now:
                self._seen_now.append(seen)

        return observe

    # -- which contracts -----------------------------------------------------------------------

    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Leave out what was not asked for."""
        wanted = [item for item in items if contract_of(item).is_wanted(self.select, self.ignore)]
        config.hook.pytest_deselected(items=[item for item in items if item not in wanted])
        items[:] = wanted

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A module of the suite that cannot be read is an error of ours."""
        if report.failed:
            self._add(unreadable(report))

    # -- how they end --------------------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self) -> None:
        """No contract is begun once the run was asked to stop."""
        self.interrupts.check()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Keep the exchanges of the last example only, which is the one that failed."""
        self._begin()
        inner = getattr(getattr(item, "obj", None), "hypothesis", None)
        if inner is not None:
            inner.inner_test = self._restarting(inner.inner_test)
        with self._watching_machines():
            return (yield)

    def pytest_runtest_setup(self) -> None:
        """Forget what the contract before has shown."""
        self._seen_now.clear()
        self._begin()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Turn the end of a contract into a check."""
        report = yield
        if self.interrupts.ended_by is not None:
            return report  # whatever became of it, it was not checked to its end
        if report.skipped:
            self._add(Check(name_of(item), Verdict.SKIPPED, _skip_reason(report)))
        elif call.excinfo is not None and report.failed:
            self._add(self._failed(item, call))
            if isinstance(call.excinfo.value, UnreachableError) and not self._is_there():
                self.gone = str(call.excinfo.value)
                item.session.shouldstop = self.gone
        elif call.when == "call":
            self._add(self._passed(item, call.duration))
        return report

    def pytest_keyboard_interrupt(self) -> None:
        """The run ends early: it was asked to, or the server has gone."""
        if not self.gone:
            self.interrupts.note()

    def _is_there(self) -> bool:
        """Whether the server gives any answer at all."""
        for _ in range(TRIES):
            with suppress(UnreachableError):
                self.api_in_use.call("GET", "/api/v4.1/event?count=1", token=None)
                return True
            time.sleep(self.api_in_use.target.pause)
        return False

    def _passed(self, item: pytest.Item, seconds: float) -> Check:
        seen = list(self._seen_now)
        if not seen:
            return Check(name_of(item), Verdict.PASSED, seconds=seconds)
        self.observations += [each for each in seen if each not in self.observations]
        values = "; ".join(f"{each.switch} = {each.value}" for each in seen)
        reasons = "\n".join(dict.fromkeys(each.why for each in seen))
        return Check(name_of(item), Verdict.OBSERVED, values, reasons, seconds)

    def _failed(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Check:
        assert call.excinfo is not None
        fault = call.excinfo.value
        verdict = Verdict.ERROR if call.when != "call" else verdict_on(fault)
        message, more = reason_of(fault)
        exchanges = list(self.api_in_use.wire.exchanges)
        name = name_of(item)
        how = self.on_failure(Failure(name, item.name, group_of(item), message, exchanges, verdict))
        details = "\n".join(part for part in (more, exchanges_told(exchanges), how) if part)
        return Check(name, verdict, message, details, call.duration)

    def _add(self, check: Check) -> None:
        self.checks.append(check)
        self.on_check(check)

    # -- examples ------------------------------------------------------------------------------

    def _begin(self) -> None:
        self.api_in_use.wire.exchanges.clear()

    def _restarting(self, test: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(test)
        def example(*args: Any, **kwargs: Any) -> Any:
            self._begin()
            return test(*args, **kwargs)

        return example

    @contextmanager
    def _watching_machines(self) -> Iterator[None]:
        """While this lasts, every new state machine begins a new example."""
        begin = self._begin
        initialise = RuleBasedStateMachine.__init__

        def beginning(machine: RuleBasedStateMachine) -> None:
            begin()
            initialise(machine)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(RuleBasedStateMachine, "__init__", beginning)
            yield


def unreadable(report: pytest.CollectReport) -> Check:
    """A module of the suite that could not be read."""
    name = Path(report.nodeid).stem or "suite"
    return Check(name, Verdict.ERROR, "could not be read", str(report.longrepr))


def _skip_reason(report: pytest.TestReport) -> str:
    if isinstance(report.longrepr, tuple):
        return report.longrepr[2].removeprefix("Skipped: ")
    return str(report.longrepr or "")
