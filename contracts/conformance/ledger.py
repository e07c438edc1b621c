"""What was seen and what was found, in a bounded space: numbers, the first, the last, examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from fluent_oms_simulator.clock import timestamp
from fluent_oms_simulator.errors import shortened

from ..rules.model import Batch, Event, Finding, Job
from .observing import Seen

MOST_EXAMPLES = 20
LONGEST_TEXT = 2_000


class Request(NamedTuple):
    """Which request it was."""

    number: int
    at: int
    method: str
    path: str
    status: int
    job_id: str | None = None
    batch_id: str | None = None
    event_id: str | None = None

    @property
    def name(self) -> str:
        """The request on one line."""
        parts = [f"request {self.number:,}", f"{self.method} {self.path}"]
        if self.job_id is not None and f"/{self.job_id}" not in self.path:
            parts.append(f"job {self.job_id}")
        if self.batch_id is not None and f"/batch/{self.batch_id}" not in self.path:
            parts.append(f"batch {self.batch_id}")
        if self.event_id is not None and self.event_id not in self.path:
            parts.append(f"event {self.event_id}")
        return ", ".join([*parts, timestamp(self.at)])


class Example(NamedTuple):
    """One of the times that something was found; `at_end`: missing after the last request."""

    request: Request
    finding: Finding
    at_end: bool = False

    @property
    def name(self) -> str:
        """Where it was found, on one line."""
        return f"after {self.request.name}" if self.at_end else self.request.name


class Entry:
    """All that was found by one rule."""

    def __init__(self, example: Example) -> None:
        self.times = 0
        self.examples: list[Example] = []
        self.last = example

    @property
    def first(self) -> Example:
        """The first time."""
        return self.examples[0]

    def add(self, example: Example) -> None:
        """Once more."""
        self.times += 1
        self.last = example
        if len(self.examples) < MOST_EXAMPLES:
            self.examples.append(example)


class Resets(NamedTuple):
    """How often the simulator was reset while this was seen, and when, in milliseconds."""

    times: int
    first: int
    last: int


class Ledger:
    """Everything that a report is made of."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.entries: dict[str, Entry] = {}
        self.last_request: Request | None = None
        self.resets: Resets | None = None

    def count(self, seen: Seen) -> Request:
        """One more exchange."""
        request = _request(seen)
        self.last_request = request
        counts = self.counts
        counts["requests"] += 1
        counts["refused requests"] += request.status >= 400
        counts["sign-ins"] += seen.call.operation == "issueToken"
        payload = seen.payload
        if isinstance(payload, Event):
            counts["events"] += 1
            if isinstance(payload.document, dict):
                counts["deltas"] += len(payload.deltas)
        elif isinstance(payload, Batch):
            counts["batches"] += 1
            if isinstance(payload.document, dict):
                counts["records"] += len(payload.records)
        elif isinstance(payload, Job):
            counts["jobs"] += 1
        counts["unreadable payloads"] += seen.unreadable is not None
        return request

    def count_reset(self, at: int) -> None:
        """The simulator was reset: another stream begins."""
        first, times = (at, 0) if self.resets is None else (self.resets.first, self.resets.times)
        self.resets = Resets(times + 1, first, at)

    def add(self, request: Request, findings: Iterable[Finding], *, at_end: bool = False) -> None:
        """What a request has broken; `at_end`: what was missing after it."""
        for finding in findings:
            example = Example(request, _cut(finding), at_end)
            entry = self.entries.get(finding.rule_id)
            if entry is None:
                entry = self.entries[finding.rule_id] = Entry(example)
            entry.add(example)


def _request(seen: Seen) -> Request:
    exchange, details = seen.exchange, seen.call.details
    return Request(
        exchange.number,
        exchange.at,
        shortened(exchange.method),
        shortened(exchange.path),
        exchange.status,
        details.get("job_id"),
        details.get("batch_id"),
        details.get("event_id"),
    )


def _cut(finding: Finding) -> Finding:
    if max(len(finding.pointer), len(finding.found), len(finding.expected)) <= LONGEST_TEXT:
        return finding
    return finding._replace(
        pointer=finding.pointer[:LONGEST_TEXT],
        found=finding.found[:LONGEST_TEXT],
        expected=finding.expected[:LONGEST_TEXT],
    )
