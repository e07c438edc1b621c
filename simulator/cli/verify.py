"""`fluent-sim verify`: whether a running simulator has seen what was expected."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import click
from fluent_oms_simulator.contracts.reporting.render import render
from fluent_oms_simulator.contracts.reporting.run_report import (
    Check,
    JudgedBy,
    Outcome,
    Report,
    Verdict,
)
from fluent_oms_simulator.contracts.rules.rule import Severity

from ..console.reports import report_folder, report_options
from ..console.terminal import coloured
from ..console.variables import tell_unknown
from ..settings import ENV_PREFIX, variables
from ..text.json_documents import NotADocumentError, document_in
from .control_api import ControlApi, simulator_options

PATH = "/__admin/verify"
MOST_BYTES = 1024 * 1024
VERDICTS = {"passed": Verdict.PASSED, "failed": Verdict.FAILED, "unknown": Verdict.ERROR}


@click.command(name="verify")
@click.argument("file", type=click.File("rb"))
@report_options()
@simulator_options
def command(
    file: BinaryIO,
    url: str,
    token: str,
    form: str,
    report_dir: Path | None,
    overwrite: bool,
) -> None:
    """Tell whether a running simulator has seen what the expectations of a FILE ask for.

    FILE is JSON, `-` is standard input. The exit code is 0 when all were met, 1 when one was not,
    2 when that cannot be said: what it needs is no longer kept, or there is no simulator.
    """
    tell_unknown(ENV_PREFIX, variables())
    api = ControlApi("verify", url, token)
    folder = report_folder(report_dir, overwrite=overwrite)
    report = verified(api, _expectations(file, api), f"expectations of {file.name}")
    click.echo(render(report, form, colour=form == "text" and coloured(sys.stdout)), nl=False)
    if folder is not None:
        folder.write_reports(lambda each: render(report, each))
    sys.exit(report.outcome(Severity.ERROR).exit_code)


def _expectations(file: BinaryIO, api: ControlApi) -> dict[str, object]:
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise api.refusal(f"{file.name} has more than {MOST_BYTES:,} bytes")
    try:
        document = document_in(content)
    except NotADocumentError as fault:
        raise api.refusal(f"{file.name} is not JSON: {fault}") from None
    if not isinstance(document, dict):
        raise api.refusal(f'{file.name}: expected an object, {{"expectations": [...]}}')
    return document


def verified(api: ControlApi, expectations: Mapping[str, object], title: str) -> Report:
    """The verdicts as checks; what nobody can tell keeps the run from having passed."""
    answer = api.document("POST", PATH, expectations)
    seen, counts = answer["requests"], answer["counts"]
    only_unknown = bool(counts["unknown"]) and not counts["failed"]
    return Report(
        title,
        checks=[_check(result) for result in answer["results"]],
        counts={"expectations": len(answer["results"]), "requests": seen["kept"]},
        notes=[f"{seen['dropped']:,} older requests are no longer kept"] if seen["dropped"] else [],
        cut_short=Outcome.INCOMPLETE if only_unknown else None,
        judged_by=JudgedBy(answer["profile"], answer["judgedBy"]),
    )


def _check(result: Mapping[str, Any]) -> Check:
    told = [result["reason"]]
    if result["requests"]:
        more = result["requestsTotal"] - len(result["requests"])
        ids = ", ".join(map(str, result["requests"]))
        told.append(f"requests {ids}" + (f" and {more:,} more" if more else ""))
    details = [_near_miss(miss) for miss in result["nearMisses"]]
    verdict = VERDICTS[result["verdict"]]
    return Check(result["name"], verdict, "; ".join(told), "\n".join(details))


def _near_miss(miss: Mapping[str, Any]) -> str:
    differences = "; ".join(
        f"{each['field']}: expected {each['expected']}, found {each['found']}"
        for each in miss["differences"]
    )
    return f"near: request {miss['request']}: {differences}" if miss["request"] else differences
