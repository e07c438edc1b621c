"""`fluent-sim report`: what callers have got wrong while a simulator ran."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import click

from ..conformance.conformance_api import SEVERITIES, VERDICT
from ..console.report_folder import REPORT_FILES
from ..console.reports import report_folder, report_options
from ..console.saying import say
from ..console.variables import tell_unknown
from ..console.words import Word
from ..settings import ENV_PREFIX, variables
from .control_api import ControlApi, simulator_options

PATH = "/__admin/conformance"
SECONDS_TO_ANSWER = 60.0
"""The simulator takes up to half a minute to look at what it has not looked at yet."""
MOST_TRIES = 20
EXIT_CODES = {"passed": 0, "failed": 1}
UNDECIDED = 2


class ReportText(NamedTuple):
    """A report in one format, and its verdict in a word."""

    text: str
    verdict: str


@click.command(name="report")
@simulator_options
@click.option("--select", multiple=True, metavar="RULE", help="Tell of these rules only.")
@click.option("--ignore", multiple=True, metavar="RULE", help="Leave these rules out.")
@click.option(
    "--fail-on",
    type=Word(SEVERITIES),
    default=SEVERITIES[0],
    show_default=True,
    help="What makes the exit code 1.",
)
@report_options()
@click.option("--reset", is_flag=True, help="Let the simulator start anew afterwards.")
def command(
    url: str,
    token: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str,
    form: str,
    report_dir: Path | None,
    overwrite: bool,
    reset: bool,
) -> None:
    """Tell what a running simulator has seen that breaks a rule.

    A RULE is an id or the beginning of one; several have commas between them.

    The exit code is 0 when the traffic conforms, 1 when it does not, 2 when that cannot be said:
    there is no simulator, it has seen nothing, or more than it could look at.
    """
    tell_unknown(ENV_PREFIX, variables())
    source = ConformanceSource(ControlApi("report", url, token, seconds=SECONDS_TO_ANSWER))
    folder = report_folder(report_dir, overwrite=overwrite)
    query = {"failOn": fail_on, "select": ",".join(select), "ignore": ",".join(ignore)}
    forms = [form] if folder is None else [form, *REPORT_FILES]
    texts, verdict = source.reports(forms, query)
    if folder is not None:
        folder.write_reports(texts.__getitem__)
    click.echo(texts[form], nl=False)
    if reset:
        source.reset()
    code = EXIT_CODES.get(verdict, UNDECIDED)
    if code == UNDECIDED:
        say(f"There is no verdict on the traffic: {verdict}.")
    sys.exit(code)


class ConformanceSource:
    """The simulator whose report is wanted."""

    def __init__(self, api: ControlApi) -> None:
        self._api = api

    def reports(self, forms: Iterable[str], query: dict[str, str]) -> tuple[dict[str, str], str]:
        """The report in several formats, which all say the same, and their verdict."""
        for _ in range(MOST_TRIES):
            answers = {form: self.report(form, query) for form in forms}
            verdicts = {answer.verdict for answer in answers.values()}
            if len(verdicts) == 1:
                return {form: answer.text for form, answer in answers.items()}, verdicts.pop()
        raise self._api.refusal(
            "the verdict changes while it is asked for, since the traffic goes on; ask again when"
            " it has ended"
        )

    def report(self, form: str, query: dict[str, str]) -> ReportText:
        """The report in one format."""
        asked = {name: value for name, value in query.items() if value} | {"format": form}
        answer = self._api.call("GET", f"{PATH}?{urlencode(asked)}")
        verdict = answer.headers.get(VERDICT)
        if verdict is None:
            raise self._api.refusal("there is no simulator at this address")
        return ReportText(answer.received.decode("utf-8", "replace"), verdict)

    def reset(self) -> None:
        """Let it start anew."""
        self._api.call("POST", f"{PATH}/reset")
