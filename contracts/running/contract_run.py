"""One run of the contracts: a target, the suite in this process, a report."""

from __future__ import annotations

import os
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from fluent_oms_simulator.console.interrupts import Interrupts
from fluent_oms_simulator.console.report_folder import FAILURES, LEFT_BEHIND

from ..engines.reply_judgements import Replies
from ..reporting.run_report import Check, JudgedBy, Outcome, Report, Verdict, judged_by
from ..target.names import Names, random_prefix
from .cleaning import CleanUp, clean_up
from .failures import Failure, write_failure
from .learn import contradictions, nearest_profile, write_switches
from .option_checks import check_options
from .options import CannotRunError, Options
from .plugin import ContractPlugin
from .suite import Suite, suite
from .targets import Chosen, announcement, chosen_target
from .writes import Written


@dataclass
class Watcher:
    """Who wants to know how a run gets on, and is asked before anything is written elsewhere."""

    confirm: Callable[[str], bool] = lambda _told: False
    on_begin: Callable[[int], None] = lambda _contracts: None
    on_check: Callable[[Check], None] = lambda _check: None


def listed(options: Options) -> list[str]:
    """What the chosen contracts are called; raises CannotRunError. No server is asked."""
    check_options(options)
    with suite(options, seed=1) as chosen:
        return chosen.names()


def run(options: Options, watcher: Watcher | None = None) -> Report:
    """Check the contracts; raises CannotRunError where that is impossible or not wanted.

    A run that is asked to stop, whose server goes away, or that cannot write what it should, still
    cleans up and reports; the report says that it was cut short.
    """
    check_options(options)
    return _Run(options, watcher or Watcher()).report()


@dataclass
class _Run:
    """What is known of a run while it lasts."""

    options: Options
    watcher: Watcher
    interrupts: Interrupts = field(default_factory=Interrupts)
    written: Written = field(default_factory=Written)
    cleaned: CleanUp = field(default_factory=lambda: CleanUp(()))
    unwritten: list[str] = field(default_factory=list)
    contracts: int = 0
    requests: int = 0
    got_on: bool = True
    where: str = "a simulator in this process"
    plugin: ContractPlugin | None = None
    replies: Replies | None = None

    def __post_init__(self) -> None:
        self.seed = self.options.seed or secrets.randbelow(2**31) + 1
        self.prefix = self.options.prefix or random_prefix()
        if self.options.url:
            self.where = self.options.url.rstrip("/")

    def report(self) -> Report:
        """Run, and tell what came of it."""
        with (
            self.interrupts,
            self.interrupts.heeded(),
            suite(self.options, self.seed) as contracts,
        ):
            self.contracts = len(contracts.names())
            self._check_on_target(contracts)
        return self._report()

    def _check_on_target(self, contracts: Suite) -> None:
        with ExitStack() as stack:
            chosen = stack.enter_context(chosen_target(self.options))
            api, is_ours = chosen.api, chosen.target.is_ours
            api.job_name = f"{self.prefix}-Contract"
            if not is_ours:
                told = announcement(chosen.target, self.options, self.prefix, chosen.rate)
                if not self.options.yes and not self.watcher.confirm(told):
                    self.interrupts.check()  # Ctrl-C is an answer, too
                    raise CannotRunError("Nothing was sent.")
                api.wire.listeners.append(self.written)
            self.replies = Replies(chosen.target.url)
            api.wire.listeners.append(self.replies)
            self.plugin = ContractPlugin(
                api,
                Names(self.prefix, self.seed),
                self.options.select,
                self.options.ignore,
                self.watcher.on_check,
                self._recorder(chosen),
                interrupts=self.interrupts,
            )
            self.watcher.on_begin(self.contracts)
            api.wire.gate = self.interrupts.check
            try:
                with self.interrupts.heeded():
                    self.got_on = contracts.run(self.plugin)
            finally:
                api.wire.gate = lambda: None
                if not is_ours:
                    self.cleaned = clean_up(api, self.written, self.prefix)
                self.requests = api.wire.requests_sent

    def _recorder(self, chosen: Chosen) -> Callable[[Failure], str]:
        options = self.options
        context = {
            "seed": self.seed,
            "prefix": self.prefix,
            "maxExamples": options.max_examples,
            "url": options.url,
            "account": chosen.target.account,
            "retailerId": chosen.target.retailer_id,
            "profile": options.started_as,
            "behaviours": dict(options.behaviours),
        }

        def record(failure: Failure) -> str:
            if options.report_dir is None:
                return f"replay: run it again with --report-dir, --seed {self.seed}"
            try:
                path = write_failure(failure, options.report_dir / FAILURES, context)
            except OSError as fault:
                self._cannot_write(options.report_dir / FAILURES, fault)
                return f"replay: run it again, --seed {self.seed}"
            return f"replay: fluent-sim contract replay {_shown(path)}"

        return record

    # -- what came of it -----------------------------------------------------------------------

    def _report(self) -> Report:
        checks = list(self.plugin.checks) if self.plugin else []
        counts = {"contracts": len(checks), "requests": self.requests}
        if self.options.url is None and self.plugin:
            # A simulator of our own acts by its switches: what is open for others is not for it.
            checks += _unlike_its_switches(self.plugin, self.options)
        checks += self.replies.checks if self.replies else []
        if self.cleaned.left:
            checks.append(self._left_behind())
        notes = [*_by_group(checks), f"seed {self.seed}, prefix {self.prefix}"]
        notes += [self.replies.note] if self.replies else []
        notes += self.cleaned.told
        notes += self._learnt()
        notes += self._kept_from(len(checks)) + self.unwritten
        cut_short = self._cut_short(counts["contracts"])
        return Report(
            f"Contracts of {self.where}",
            self.replies.findings if self.replies else [],
            checks,
            counts=counts,
            judged_by=self._judged_by(),
            notes=notes,
            cut_short=cut_short,
        )

    def _judged_by(self) -> JudgedBy:
        """How the server acts where the documentation leaves a choice."""
        if self.options.url is None:
            return judged_by(self.options.started_as, self.options.behaviours)
        seen = self.plugin.observations if self.plugin else []
        if not seen:
            words = "no profile: nothing was observed of what the documentation leaves open"
            return JudgedBy(words=words)
        profile, differing = nearest_profile(seen)
        if not differing:
            return JudgedBy(profile, f"profile {profile}, as far as it was observed")
        but_for = ", ".join(sorted(differing))
        return JudgedBy(profile, f"nearest to profile {profile}, but for {but_for}")

    def _cut_short(self, checked: int) -> Outcome | None:
        if self.interrupts.ended_by is not None:
            return Outcome(self.interrupts.ended_by)
        is_whole = self.got_on and not self.unwritten and checked >= self.contracts
        return None if is_whole and not self._undecided() else Outcome.INCOMPLETE

    def _undecided(self) -> int:
        """How many contracts ended without a verdict on the server."""
        checks = self.plugin.checks if self.plugin else []
        return sum(check.verdict is Verdict.ERROR for check in checks)

    def _kept_from(self, checked: int) -> list[str]:
        told = []
        if self.plugin and self.plugin.gone:
            told.append(f"The server does not answer any more: {self.plugin.gone}")
        if not self.got_on:
            told.append("The suite ended by a fault of its own.")
        if undecided := self._undecided():
            told.append(f"Contracts that could not be checked to their end: {undecided:,}.")
        if checked < self.contracts:
            told.append(f"Of {self.contracts:,} contracts {checked:,} were checked.")
        return told

    def _left_behind(self) -> Check:
        told = "\n".join(self.cleaned.left)
        if self.options.report_dir is not None:
            path = self.options.report_dir / LEFT_BEHIND
            try:
                path.write_text(told + "\n", encoding="utf-8", errors="backslashreplace")
            except OSError as fault:
                self._cannot_write(path, fault)
        name = "clean-up: what was written is taken back"
        return Check(name, Verdict.ERROR, self.cleaned.told[0], told)

    def _learnt(self) -> list[str]:
        path = self.options.learn
        if path is None or self.plugin is None:
            return []
        try:
            learnt = write_switches(self.plugin.observations, path)
        except OSError as fault:
            self._cannot_write(path, fault)
            return []
        return [learnt.told(_shown(path))]

    def _cannot_write(self, path: Path, fault: OSError) -> None:
        sentence = f"{path} cannot be written: {fault.strerror or fault}"
        if sentence not in self.unwritten:
            self.unwritten.append(sentence)


def _unlike_its_switches(plugin: ContractPlugin, options: Options) -> Iterator[Check]:
    for name, sentence in contradictions(
        plugin.observations, options.behaviours, options.started_as
    ):
        yield Check(f"observations: the switch {name} is acted by", Verdict.FAILED, sentence)


def _shown(path: Path) -> str:
    try:
        return path.resolve().relative_to(os.getcwd()).as_posix()
    except (OSError, ValueError):
        return str(path)


def _by_group(checks: list[Check]) -> Iterator[str]:
    groups: dict[str, Counter[Verdict]] = {}
    for check in checks:
        groups.setdefault(check.name.partition(":")[0], Counter())[check.verdict] += 1
    for name, counted in groups.items():
        told = ", ".join(f"{counted[verdict]} {verdict}" for verdict in Verdict if counted[verdict])
        yield f"{name}: {told}"
