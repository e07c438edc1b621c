"""A run as the workflow commands that GitHub shows beside a job."""

from __future__ import annotations

from collections.abc import Iterator

from fluent_oms_simulator.text.printable import printable

from .run_result import RunResult
from .verdict import Verdict
from .wording import headline, objective_found, objective_text, objective_word, rate_sent

_OF_VERDICT = {Verdict.MET: "notice", Verdict.MISSED: "error"}


def github_report(result: RunResult) -> str:
    """A command for each objective that is not met, and one for the verdict."""
    return "".join(f"{command}\n" for command in _commands(result))


def _commands(result: RunResult) -> Iterator[str]:
    title = f"load {result.scenario}"
    for each in result.objectives:
        if not each.met:
            name = "warning" if each.met is None else "error"
            found = f"{objective_text(each)}: found {objective_found(each)}"
            yield _command(name, f"{title}: {objective_word(each)}", found)
    rate = [] if result.rate is None else [f"{rate_sent(result.rate)}."]
    closing = "\n".join([*rate, *result.notes, headline(result)])
    yield _command(_OF_VERDICT.get(result.verdict, "warning"), title, closing)


def _command(name: str, title: str, message: str) -> str:
    head = _data(printable(title)).replace(":", "%3A").replace(",", "%2C")
    return f"::{name} title={head}::{_data(printable(message))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
