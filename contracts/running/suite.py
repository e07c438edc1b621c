"""The suite of contracts, run by pytest in this process: collected first, then checked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis
import pytest
from fluent_oms_simulator.console.interrupts import Interrupted
from hypothesis.configuration import set_hypothesis_home_dir

from ..reporting.run_report import Check
from .contract_names import Contract, contract_of, modules_wanted, unknown
from .options import INTENSITY, CannotRunError, Intensity, Options
from .plugin import ContractPlugin, unreadable

PROFILE = "fluent-sim-contract"
ENDED_BY_ITSELF = (
    pytest.ExitCode.OK,
    pytest.ExitCode.TESTS_FAILED,
    pytest.ExitCode.INTERRUPTED,
    pytest.ExitCode.NO_TESTS_COLLECTED,
)


@dataclass
class _Collector:
    """Takes down what there is, and checks nothing."""

    found: list[Contract] = field(default_factory=list)
    unreadable: list[Check] = field(default_factory=list)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        self.found += map(contract_of, items)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.unreadable.append(unreadable(report))


class Suite:
    """The contracts that the options choose."""

    def __init__(self, options: Options, seed: int, folder: Path) -> None:
        self._options = options
        self._seed = seed
        self._folder = folder
        self._modules = modules_wanted(folder, options.select)

    def names(self) -> list[str]:
        """What the chosen contracts are called; no server is needed for that.

        Raises CannotRunError where something that was asked for is not there.
        """
        collector = _Collector()
        if self._pytest(collector, "--collect-only") == pytest.ExitCode.INTERRUPTED:
            raise Interrupted
        select, ignore = self._options.select, self._options.ignore
        if not collector.unreadable:
            sentences = [
                *unknown("--select", select, collector.found),
                *unknown("--ignore", () if select else ignore, collector.found),
            ]
            if sentences:
                raise CannotRunError("\n".join(sentences))
        names = [each.name for each in collector.found if each.is_wanted(select, ignore)]
        if not names and not collector.unreadable:
            raise CannotRunError("--ignore leaves no contract to check.")
        return names

    def run(self, plugin: ContractPlugin) -> bool:
        """Check the contracts; whether pytest has got on with that."""
        return self._pytest(plugin) in ENDED_BY_ITSELF

    def _pytest(self, plugin: object, *more: str) -> int:
        arguments = [
            *map(str, self._modules),
            f"--config-file={self._folder / 'pytest.ini'}",
            f"--rootdir={self._folder}",
            "--import-mode=importlib",
            "--noconftest",
            *("-p", "no:terminal", "-p", "no:cacheprovider", "-p", "no:unraisableexception"),
            *("-p", "_hypothesis_pytestplugin"),
            *("-p", "schemathesis.pytest.plugin"),
            f"--hypothesis-profile={PROFILE}",
            f"--hypothesis-seed={self._seed}",
            *more,
        ]
        marked = INTENSITY.set(Intensity(self._options.max_examples, self._seed))
        try:
            return int(pytest.main(arguments, plugins=[plugin]))
        finally:
            INTENSITY.reset(marked)


@contextmanager
def suite(options: Options, seed: int) -> Iterator[Suite]:
    """The suite in surroundings of its own; raises CannotRunError where there is no room."""
    with as_file(files("fluent_oms_simulator.contracts.suite")) as folder, _own_environment():
        hypothesis.settings.register_profile(
            PROFILE,
            hypothesis.settings.get_profile("default"),
            max_examples=options.max_examples,
            deadline=None,
            database=None,
            derandomize=False,
            print_blob=False,
            report_multiple_bugs=False,
            # A failure is told as it is: making it smaller takes minutes, and a far server's
            # requests.
            phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        yield Suite(options, seed, folder)


@contextmanager
def _own_environment() -> Iterator[None]:
    """The caller's own choices for pytest, and plugins that happen to be there, stay out."""
    with ExitStack() as kept, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        patch.delenv("PYTEST_ADDOPTS", raising=False)
        patch.delenv("PYTEST_PLUGINS", raising=False)
        try:
            folder = kept.enter_context(TemporaryDirectory(prefix="fluent-sim-contract-"))
        except OSError as fault:
            raise CannotRunError(f"There is no folder for temporary files: {fault}") from None
        set_hypothesis_home_dir(folder)
        profile = hypothesis.settings.get_current_profile_name()
        try:
            yield
        finally:
            hypothesis.settings.load_profile(profile)
            set_hypothesis_home_dir(None)
