"""What the traffic has broken, under /__admin/conformance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ..clock import Clock
from ..errors import api_error
from ..operations.parameters import one_of
from ..operations.replies import Reply
from .examination import Examination
from .examiner import UnknownRuleError, Wish

CONTENT_TYPES = {
    "json": "application/json",
    "text": "text/plain; charset=utf-8",
    "junit": "application/xml",
    "sarif": "application/sarif+json",
    "github": "text/plain; charset=utf-8",
    "markdown": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
}
VERDICT = "Fluent-Sim-Verdict"
"""The header that carries the verdict: passed, failed or incomplete."""
SEVERITIES = ("error", "warning")
OFF = "The conformance report is off: start the simulator with --conformance on."


class ReportReply(NamedTuple):
    """A reply that need not be JSON."""

    content_type: str
    text: str
    verdict: str


class ConformanceOperations:
    """The report on all traffic, and starting it anew."""

    def __init__(self, examination: Examination | None, clock: Clock) -> None:
        self._examination = examination
        self._clock = clock

    def report(self, query: Mapping[str, str]) -> ReportReply:
        """GET /__admin/conformance, once all that came in before has been examined."""
        examination = self._on()
        wanted_format = one_of(query, "format", tuple(CONTENT_TYPES))
        fail_on = one_of(query, "failOn", SEVERITIES)
        wish = Wish(wanted_format, _ids(query, "select"), _ids(query, "ignore"), fail_on)
        with examination.examined() as (examiner, not_examined):
            try:
                told = examiner.report(self._clock.now(), not_examined, wish)
            except UnknownRuleError as fault:
                raise api_error(400, str(fault)) from None
        return ReportReply(CONTENT_TYPES[wanted_format], told.text, told.verdict)

    def reset(self) -> Reply:
        """POST /__admin/conformance/reset: forget what was seen."""
        self._on().reset()
        return Reply({"status": "reset"})

    def _on(self) -> Examination:
        if self._examination is None:
            raise api_error(409, OFF)
        return self._examination


def _ids(query: Mapping[str, str], name: str) -> list[str]:
    """Ids or beginnings of ids, separated by commas."""
    return [part for part in query.get(name, "").replace(",", " ").split() if part]
