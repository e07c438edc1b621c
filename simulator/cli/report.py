"""`fluent-sim report`: what callers have got wrong while a simulator ran."""

from __future__ import annotations

import json
import sys
from http.client import HTTPException
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import ProxyHandler, Request, build_opener

import click

from ..operations.conformance import CONTENT_TYPES, SEVERITIES, VERDICT
from ..settings import ENV_PREFIX
from . import Refusal

URL = "http://127.0.0.1:4141"
PATH = "/__admin/conformance"
SECONDS_TO_ANSWER = 60
"""The simulator takes up to half a minute to look at what it has not looked at yet."""
REPORT_FILES = {"json": "report.json", "junit": "report.xml", "sarif": "report.sarif"}
EXIT_CODES = {"conforming": 0, "findings": 1}
UNDECIDED = 2


class Answer(NamedTuple):
    """A report in one format, and its verdict in a word."""

    text: str
    verdict: str


@click.command(name="report")
@click.option("--url", default=URL, show_default=True, help="The simulator.")
@click.option(
    "--token",
    envvar=f"{ENV_PREFIX}ADMIN_TOKEN",
    default="",
    metavar="TEXT",
    help="What a simulator that other machines can reach has printed at its start."
    f" [{ENV_PREFIX}ADMIN_TOKEN]",
)
@click.option("--select", multiple=True, metavar="RULE", help="Tell of these rules only.")
@click.option("--ignore", multiple=True, metavar="RULE", help="Leave these rules out.")
@click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    default=SEVERITIES[0],
    show_default=True,
    help="What makes the exit code 1.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", *(name for name in CONTENT_TYPES if name != "text")]),
    default="text",
    show_default=True,
)
@click.option(
    "--report-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write report.json, report.xml (JUnit) and report.sarif as well.",
)
@click.option("--reset", is_flag=True, help="Let the simulator start anew afterwards.")
def command(
    url: str,
    token: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str,
    format_: str,
    report_dir: Path | None,
    reset: bool,
) -> None:
    """Tell what a running simulator has seen that breaks a rule.

    A RULE is an id or the beginning of one; several have commas between them.

    The exit code is 0 when the traffic conforms, 1 when it does not, 2 when that cannot be said:
    there is no simulator, it has seen nothing, or more than it could look at.
    """
    source = _Source(url, token)
    query = {"failOn": fail_on, "select": ",".join(select), "ignore": ",".join(ignore)}
    answer = source.report(format_, query)
    click.echo(answer.text, nl=False)
    if report_dir is not None:
        _write(report_dir, source, query)
    if reset:
        source.call("POST", f"{PATH}/reset")
    code = EXIT_CODES.get(answer.verdict, UNDECIDED)
    if code == UNDECIDED:
        click.echo(f"There is no verdict on the traffic: {answer.verdict}.", err=True)
    sys.exit(code)


class _Source:
    """The simulator whose report is wanted."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        if urlsplit(self._url).scheme not in ("http", "https"):
            raise Refusal(f"fluent-sim report: --url: found {url!r}, expected one such as {URL}")
        # Never through a proxy of the environment: simulators are near.
        self._opener = build_opener(ProxyHandler({}))

    def report(self, format_: str, query: dict[str, str]) -> Answer:
        """The report in one format."""
        asked = {name: value for name, value in query.items() if value} | {"format": format_}
        return self.call("GET", f"{PATH}?{urlencode(asked)}")

    def call(self, method: str, path: str) -> Answer:
        """A call that has to succeed; refuses with a sentence when it does not."""
        try:
            request = Request(self._url + path, headers=self._headers, method=method)
            with self._opener.open(request, timeout=SECONDS_TO_ANSWER) as reply:
                verdict = reply.headers.get(VERDICT)
                if verdict is None and method == "GET":
                    raise Refusal(f"fluent-sim report: at {self._url} is no simulator.")
                return Answer(reply.read().decode("utf-8"), verdict or "")
        except HTTPError as error:
            raise Refusal(f"fluent-sim report: {self._why(error)}") from None
        except (OSError, HTTPException, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            raise Refusal(
                f"fluent-sim report: no simulator answers at {self._url} ({reason});"
                " start one with `fluent-sim serve`, or name it with --url"
            ) from None

    def _why(self, error: HTTPError) -> str:
        with error:
            try:
                return str(json.load(error)["errors"][0]["message"])
            except (ValueError, KeyError, IndexError, TypeError, OSError):
                return f"at {self._url} is no simulator: it answers {error.code}."


def _write(folder: Path, source: _Source, query: dict[str, str]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for format_, name in REPORT_FILES.items():
            text = source.report(format_, query).text
            (folder / name).write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise Refusal(f"fluent-sim report: the reports cannot be written: {error}") from None
