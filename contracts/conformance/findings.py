"""What was seen and what was found, in a bounded space: numbers, the first, the last, examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from typing import NamedTuple

from fluent_oms_simulator.clock import timestamp
from fluent_oms_simulator.errors import shortened

from ..checking import Explained
from ..rules.rule import Batch, Event, Finding, Job
from .observing import Observed

MOST_EXAMPLES = 20
LONGEST_TEXT = 2_000
MOST_EXPLANATIONS = 100
"""Of different kinds; what is explained in more ways than these is told beside what explains it."""


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
    logged: int | None = None
    """Its id in the log of requests."""

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


class RuleFindings:
    """What one rule has found: how often, the first time, the last, and examples."""

    def __init__(self, example: Example) -> None:
        self.times = 1
        self.examples = [example]
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

    def with_(self, other: RuleFindings) -> RuleFindings:
        """Both, as one that is new."""
        examples = sorted([*self.examples, *other.examples], key=_when)
        joined = RuleFindings(examples[0])
        joined.times = self.times + other.times
        joined.examples = examples[:MOST_EXAMPLES]
        joined.last = max(self.last, other.last, key=_when)
        return joined


def _when(example: Example) -> tuple[int, bool]:
    return example.request.number, example.at_end


class Resets(NamedTuple):
    """How often the simulator was reset while this was seen, and when, in milliseconds."""

    times: int
    first: int
    last: int


class TrafficFindings:
    """What the traffic has shown: numbers, and what each rule has found; a report is made of it."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._asked = self._arrived = 0  # besides signing in
        self.entries: dict[str, RuleFindings] = {}
        # What rules explain that a report may leave out: by the rule, and by those that explain.
        self._explained: dict[tuple[str, frozenset[str]], RuleFindings] = {}
        self.last_request: Request | None = None
        self.resets: Resets | None = None

    def count(self, seen: Observed) -> Request:
        """One more exchange."""
        request = _request(seen)
        self.last_request = request
        counts = self.counts
        counts["requests"] += 1
        counts["refused requests"] += request.status >= 400
        signs_in = seen.call.operation == "issueToken"
        counts["sign-ins"] += signs_in
        came_to_nothing = request.status >= 400 or seen.call.details.refusal is not None
        asks = not signs_in and request.method != "OPTIONS"
        self._asked += asks
        self._arrived += asks and not came_to_nothing
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

    @property
    def nothing_arrived(self) -> bool:
        """Whether all that was asked for was refused; signing in is not asking for anything."""
        if self._asked:
            return not self._arrived
        return 0 < self.counts["requests"] == self.counts["refused requests"]

    def count_reset(self, at: int) -> None:
        """The simulator was reset: another stream begins."""
        first, times = (at, 0) if self.resets is None else (self.resets.first, self.resets.times)
        self.resets = Resets(times + 1, first, at)

    def add(
        self, request: Request, findings: Iterable[Finding], explained: Iterable[Explained] = ()
    ) -> None:
        """What a request has broken, and what of it is told by others."""
        for finding in findings:
            self._told(Example(request, _cut(finding)))
        for fault, by in explained:
            example = Example(request, _cut(fault))
            known = self._explained.get((fault.rule_id, by))
            if known is not None:
                known.add(example)
            elif len(self._explained) < MOST_EXPLANATIONS:
                self._explained[fault.rule_id, by] = RuleFindings(example)
            else:
                self._told(example)

    def add_missing(self, request: Request, findings: Iterable[Finding]) -> None:
        """What was still missing after a request, at which a stream has ended."""
        for finding in findings:
            self._told(Example(request, _cut(finding), at_end=True))

    def entries_of(self, rules: Collection[str]) -> dict[str, RuleFindings]:
        """What was found by these rules, with what only others would have told."""
        entries = {name: entry for name, entry in self.entries.items() if name in rules}
        for (name, by), entry in self._explained.items():
            if name in rules and by.isdisjoint(rules):
                known = entries.get(name)
                entries[name] = entry if known is None else known.with_(entry)
        return entries

    def _told(self, example: Example) -> None:
        entry = self.entries.get(example.finding.rule_id)
        if entry is None:
            self.entries[example.finding.rule_id] = RuleFindings(example)
        else:
            entry.add(example)


def _request(seen: Observed) -> Request:
    exchange, details = seen.exchange, seen.call.details
    return Request(
        exchange.number,
        exchange.at,
        shortened(exchange.method),
        shortened(exchange.path),
        exchange.status,
        details.job_id,
        details.batch_id,
        details.event_id,
        exchange.id,
    )


def _cut(finding: Finding) -> Finding:
    if max(len(finding.pointer), len(finding.found), len(finding.expected)) <= LONGEST_TEXT:
        return finding
    return finding._replace(
        pointer=finding.pointer[:LONGEST_TEXT],
        found=finding.found[:LONGEST_TEXT],
        expected=finding.expected[:LONGEST_TEXT],
    )
