"""`fluent-sim reconcile`: what a source system believes, held against a running simulator."""

from __future__ import annotations

import secrets
import sys
from collections import Counter
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlencode

import click
from fluent_oms_simulator.contracts.reporting.render import render
from fluent_oms_simulator.contracts.reporting.run_report import Outcome, Place, Report, Reported
from fluent_oms_simulator.contracts.rules.rule import Finding, Severity

from ..client.upload_parts import CSV, UploadPart, upload_parts
from ..console.reports import report_folder, report_options
from ..console.terminal import coloured
from ..console.variables import tell_unknown
from ..settings import ENV_PREFIX, variables
from .control_api import ControlApi, simulator_options

PATH = "/__admin/reconcile"
MOST_FINDINGS = 1000
MISSING, DIFFERENT, EXTRA = "RECONCILE-MISSING", "RECONCILE-DIFFERENT", "RECONCILE-EXTRA"
UNREADABLE = "RECONCILE-UNREADABLE"
"""What each kind of finding is called, where the formats want the id of a rule."""


@click.command(name="reconcile")
@click.argument("file", type=click.File("rb", lazy=False))
@simulator_options
@click.option("--catalogue-ref", metavar="REF", help="The catalogue.  [default: the first one]")
@click.option("--complete", is_flag=True, help="Tell also of what the file does not name.")
@report_options()
@click.option(
    "--max-findings",
    type=click.IntRange(min=1),
    default=MOST_FINDINGS,
    show_default=True,
    help="How many findings to tell; the others are counted.",
)
def command(
    file: BinaryIO,
    url: str,
    token: str,
    catalogue_ref: str | None,
    complete: bool,
    form: str,
    report_dir: Path | None,
    overwrite: bool,
    max_findings: int,
) -> None:
    """Hold what a source system believes against a running simulator.

    FILE is CSV with the header productRef,locationRef,onHand, or, for the deltas that it meant to
    send, deltaId,productRef,locationRef,qty; or NDJSON with these keys; - is standard input. It may
    have any length: it is sent in parts, and each part is compared with the stock of that moment.

    The exit code is 0 when all agrees, 1 when something does not, 2 when not every line could be
    read, or there was nothing to compare.
    """
    tell_unknown(ENV_PREFIX, variables())
    api = ControlApi("reconcile", url, token)
    folder = report_folder(report_dir, overwrite=overwrite)
    report = reconciled(
        api, file, catalogue_ref=catalogue_ref, complete=complete, most=max_findings
    )
    click.echo(render(report, form, colour=coloured(sys.stdout)), nl=False)
    if folder is not None:
        folder.write_reports(lambda wanted: render(report, wanted))
    sys.exit(report.outcome(Severity.ERROR).exit_code)


def reconciled(
    api: ControlApi,
    file: BinaryIO,
    *,
    catalogue_ref: str | None = None,
    complete: bool = False,
    most: int = MOST_FINDINGS,
) -> Report:
    """What came of comparing a file, of any length, with a running simulator."""
    run = _Run(api, getattr(file, "name", "-"), catalogue_ref, most)
    for part in upload_parts(file):
        run.compare(part)
    if complete and run.has_begun:
        run.look_for_others()
    report = run.report()
    if not report.counts["lines"]:
        raise api.refusal("there is nothing to compare: the file has no line of data")
    return report


class _Run:
    """Sends the parts of one file, and gathers what is told of them."""

    def __init__(self, api: ControlApi, source: str, catalogue_ref: str | None, most: int) -> None:
        self._api = api
        self._source = source
        self._query = {"session": secrets.token_hex(8)}
        if catalogue_ref is not None:
            self._query["catalogueRef"] = catalogue_ref
        self._most = most
        self._content_type = CSV
        self._findings: list[Reported] = []
        self._left_out: Counter[Severity] = Counter()
        self._counts: Counter[str] = Counter()
        self.has_begun = False

    def compare(self, part: UploadPart) -> None:
        """Send a part."""
        self._content_type = part.content_type
        answer = self._ask(part.body, line=str(part.first_line))
        self.has_begun = True
        for name in ("lines", "agreeing"):
            self._counts[name] += answer[name]
        for name in ("missing", "different"):
            self._counts[name] += len(answer[name])
        for fault in answer["faults"]:
            self._tell(_unreadable(fault), Place(self._source, fault["line"], fault["column"]))
        self._left_out[Severity.ERROR] += answer["faultsTotal"] - len(answer["faults"])
        self._counts["unreadable lines"] += answer["faultsTotal"]
        for told in answer["missing"]:
            self._tell(_missing(told), Place(self._source, told["line"]))
        for told in answer["different"]:
            self._tell(_different(told), Place(self._source, told["line"]))

    def look_for_others(self) -> None:
        """Ask for what no part has named, as far as there is room to tell it."""
        start, has_more = 0, True
        while has_more:
            answer = self._ask(b"", complete="true", start=str(start), count="1000")
            if not start:
                self._counts["extra"] = answer["extraTotal"]
            for told in answer["extra"]:
                self._tell(_extra(told), Place(self._source))
            start += len(answer["extra"])
            has_more = answer["hasMore"] and len(self._findings) < self._most
        self._left_out[Severity.ERROR] += max(0, self._counts["extra"] - start)

    def report(self) -> Report:
        """All that was found."""
        is_read = not self._counts["unreadable lines"]
        return Report(
            "reconcile",
            findings=self._findings,
            counts={name: self._counts[name] for name in ("lines", "agreeing")}
            | {name: count for name, count in self._counts.items() if count},
            left_out=+self._left_out,
            cut_short=None if is_read else Outcome.INCOMPLETE,
        )

    def _ask(self, body: bytes, **query: str) -> dict[str, Any]:
        path = f"{PATH}?{urlencode(self._query | query)}"
        return self._api.document("POST", path, body, content_type=self._content_type)

    def _tell(self, found: Reported, place: Place) -> None:
        if len(self._findings) < self._most:
            self._findings.append(found._replace(place=place))
        else:
            self._left_out[Severity.ERROR] += 1


def _found(rule_id: str, title: str, found: str, expected: str, hint: str) -> Reported:
    finding = Finding(rule_id, Severity.ERROR, "", found, expected)
    return Reported(finding, Place(""), hint, title=title)


def _unreadable(fault: dict[str, Any]) -> Reported:
    field = f"{fault['field']}: " if fault["field"] else ""
    title = "The line cannot be read"
    return _found(UNREADABLE, title, field + fault["found"], fault["expected"], "Correct the line.")


def _missing(told: dict[str, Any]) -> Reported:
    place = f"{told['productRef']} at {told['locationRef']}"
    why = _by(told["request"]) + told["why"]
    if "deltaId" in told:
        found = f"the delta {told['deltaId']} is not applied"
        return _found(
            MISSING, "A delta was not applied", found, f"{told['qty']:+,} of {place}", why
        )
    found = f"no position of {place}"
    return _found(MISSING, "A position is not there", found, f"{told['believed']:,}", why)


def _different(told: dict[str, Any]) -> Reported:
    place = f"{told['productRef']} at {told['locationRef']}"
    if "deltaId" in told:
        applied = told["applied"]
        found = (
            f"{applied['qty']:+,} of {applied['productRef']} at {applied['locationRef']}"
            f" ({', '.join(told['fates'])})"
        )
        why = _by(told["request"]) + (told["why"] or "began it.")
        title = f"The delta {told['deltaId']} was applied otherwise"
        return _found(DIFFERENT, title, found, f"{told['qty']:+,} of {place}", why)
    title = "The stock on hand differs"
    expected = f"{told['believed']:,}"
    return _found(DIFFERENT, title, f"{told['onHand']:,} of {place}", expected, _parting(told))


def _extra(told: dict[str, Any]) -> Reported:
    place = f"{told['productRef']} at {told['locationRef']}"
    if "deltaId" in told:
        found = f"the delta {told['deltaId']}: {told['qty']:+,} of {place}"
        why = _by(told["request"]) + "brought it."
        return _found(EXTRA, "A delta that is not in the file was applied", found, "none", why)
    found = f"{told['onHand']:,} of {place}"
    return _found(EXTRA, "A position is not in the file", found, "none", _parting(told))


def _parting(told: dict[str, Any]) -> str:
    """The change at which two histories part, or why it is not known."""
    parting = told["parting"]
    if parting is None:
        return str(told["why"] or "")
    source = parting["source"] or "what is no longer kept"
    change = f"changed it from {parting['before']:,} to {parting['after']:,} at {parting['at']}"
    why = f" {told['why']}" if told["why"] else ""
    return f"{_by(parting['request'])}{source} {change}.{why}"


def _by(request: int | None) -> str:
    return "" if request is None else f"Request {request}: "
