"""One run of the contracts: a target, the suite in this process, a report."""

from __future__ import annotations

import os
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import IntEnum
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis
import pytest
from fluent_oms_simulator.contracts.reporting.model import Check, Report, Verdict
from fluent_oms_simulator.contracts.target.names import Names, random_prefix
from hypothesis.configuration import set_hypothesis_home_dir

from .careful import announcement
from .cleaning import CleanUp, clean_up
from .failures import Failure, write_failure
from .intensity import INTENSITY, Intensity
from .learn import contradictions, write_switches
from .naming import modules_wanted
from .options import CannotRunError, Options
from .plugin import ContractPlugin
from .targets import Chosen, chosen_target
from .written import Written

FAILURES = "failures"
PROFILE = "fluent-sim-contract"


class Exit(IntEnum):
    """How a run ended."""

    HONOURED = 0
    BROKEN = 1
    INTERRUPTED = 130


@dataclass(slots=True)
class Outcome:
    """What a run found out, and the exit code that says it."""

    report: Report
    code: Exit


def run(
    options: Options,
    *,
    confirm: Callable[[str], bool],
    on_check: Callable[[Check], None] = lambda _check: None,
) -> Outcome:
    """Check the contracts; raises CannotRunError where that is impossible or not wanted.

    `confirm` is asked before anything is written to a server that is no simulator.
    """
    seed = options.seed or secrets.randbelow(2**31) + 1
    prefix = options.prefix or random_prefix()
    written = Written()
    with ExitStack() as stack:
        chosen = stack.enter_context(chosen_target(options))
        api = chosen.api
        if not chosen.target.is_ours:
            told = announcement(chosen.target, options, prefix, chosen.rate)
            if not options.yes and not confirm(told):
                raise CannotRunError("Nothing was sent.")
            api.wire.listeners.append(written)
        plugin = ContractPlugin(
            api,
            Names(prefix, seed),
            options.select,
            options.ignore,
            on_check,
            _recorder(options, chosen, prefix, seed),
        )
        try:
            _run_suite(plugin, options, seed)
        finally:
            cleaned = CleanUp(()) if chosen.target.is_ours else clean_up(api, written, prefix)
    if not plugin.checks and not plugin.was_interrupted:
        raise CannotRunError("No contract has such a name; see --select and --ignore.")
    if options.url is None:
        # A simulator of our own acts by its switches, so what is open for others is not for it.
        plugin.checks += _unlike_its_switches(plugin, options)
    if cleaned.left:
        plugin.checks.append(_left_behind(cleaned))
    report = _report(plugin, options, chosen, prefix, seed, cleaned)
    if options.learn is not None:
        write_switches(plugin.observations, options.learn)
    return Outcome(report, _exit(plugin, report))


def _left_behind(cleaned: CleanUp) -> Check:
    name = "clean-up: what was written is taken back"
    return Check(name, Verdict.ERROR, cleaned.told[0], "\n".join(cleaned.left))


def _unlike_its_switches(plugin: ContractPlugin, options: Options) -> Iterator[Check]:
    for name, sentence in contradictions(plugin.observations, options.behaviours):
        yield Check(f"observations: the switch {name} is acted by", Verdict.FAILED, sentence)


def _run_suite(plugin: ContractPlugin, options: Options, seed: int) -> None:
    hypothesis.settings.register_profile(
        PROFILE,
        hypothesis.settings.get_profile("default"),
        max_examples=options.max_examples,
        deadline=None,
        database=None,
        derandomize=False,
        print_blob=False,
        report_multiple_bugs=False,
        # A failure is told as it is: making it smaller takes minutes, and a far server's requests.
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    with as_file(files("fluent_oms_simulator.contracts.suite")) as folder, _own_environment():
        arguments = [
            *map(str, modules_wanted(folder, options.select)),
            f"--config-file={folder / 'pytest.ini'}",
            f"--rootdir={folder}",
            "--import-mode=importlib",
            "--noconftest",
            *("-p", "no:terminal", "-p", "no:cacheprovider", "-p", "no:unraisableexception"),
            *("-p", "_hypothesis_pytestplugin"),
            *("-p", "schemathesis.pytest.plugin"),
            f"--hypothesis-profile={PROFILE}",
            f"--hypothesis-seed={seed}",
        ]
        marked = INTENSITY.set(Intensity(options.max_examples, seed))
        try:
            pytest.main(arguments, plugins=[plugin])
        finally:
            INTENSITY.reset(marked)


@contextmanager
def _own_environment() -> Iterator[None]:
    """The caller's own choices for pytest, and plugins that happen to be there, stay out."""
    with ExitStack() as kept, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        patch.delenv("PYTEST_ADDOPTS", raising=False)
        patch.delenv("PYTEST_PLUGINS", raising=False)
        folder = kept.enter_context(TemporaryDirectory(prefix="fluent-sim-contract-"))
        set_hypothesis_home_dir(folder)
        profile = hypothesis.settings.get_current_profile_name()
        try:
            yield
        finally:
            hypothesis.settings.load_profile(profile)
            set_hypothesis_home_dir(None)


def _recorder(options: Options, chosen: Chosen, prefix: str, seed: int) -> Callable[[Failure], str]:
    context = {
        "seed": seed,
        "prefix": prefix,
        "maxExamples": options.max_examples,
        "url": options.url,
        "account": chosen.target.account,
        "retailerId": chosen.target.retailer_id,
        "behaviours": dict(options.behaviours),
    }

    def record(failure: Failure) -> str:
        if options.report_dir is None:
            return f"replay: run it again with --report-dir, --seed {seed}"
        path = write_failure(failure, options.report_dir / FAILURES, context)
        return f"replay: fluent-sim contract replay {_shown(path)}"

    return record


def _shown(path: Path) -> str:
    try:
        return path.resolve().relative_to(os.getcwd()).as_posix()
    except ValueError:
        return str(path)


def _report(
    plugin: ContractPlugin,
    options: Options,
    chosen: Chosen,
    prefix: str,
    seed: int,
    cleaned: CleanUp,
) -> Report:
    where = chosen.target.url if options.url else "a simulator in this process"
    notes = [*_by_group(plugin.checks), f"seed {seed}, prefix {prefix}"]
    notes += cleaned.told
    if options.learn is not None:
        notes.append(f"{len(plugin.observations)} observations are in {_shown(options.learn)}")
    if plugin.was_interrupted:
        notes.append("Interrupted: some contracts were not checked.")
    counts = {"contracts": len(plugin.checks), "requests": chosen.api.wire.requests_sent}
    return Report(f"Contracts of {where}", checks=plugin.checks, counts=counts, notes=notes)


def _by_group(checks: list[Check]) -> Iterator[str]:
    groups: dict[str, Counter[Verdict]] = {}
    for check in checks:
        groups.setdefault(check.name.partition(":")[0], Counter())[check.verdict] += 1
    for name, counted in groups.items():
        told = ", ".join(f"{counted[verdict]} {verdict}" for verdict in Verdict if counted[verdict])
        yield f"{name}: {told}"


def _exit(plugin: ContractPlugin, report: Report) -> Exit:
    if plugin.was_interrupted:
        return Exit.INTERRUPTED
    broken = any(check.verdict in (Verdict.FAILED, Verdict.ERROR) for check in report.checks)
    return Exit.BROKEN if broken else Exit.HONOURED
