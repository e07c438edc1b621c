"""What one load run was, did and found: the content of its result file.

Durations inside `latencies` and `Sample.latency` are milliseconds, all other times are seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from .histogram import Histogram
from .verdict import ENDED_BY_SIGNAL, Ending, Verdict

RESULT_VERSION = 2

_YEAR_10000 = 253_402_300_800
"""In seconds since 1970: a date has four digits of the year."""

Setting = str | int | float | bool | None

ACCEPT = "accept"
VISIBLE = "visible"
BATCH_COMPLETE = "batch completion"
ACCEPT_SENT = "accept, from sending"
VISIBLE_SENT = "visible, from sending"


@dataclass(frozen=True, slots=True)
class Environment:
    """Where the load was made: `versions` are those of the packages that matter."""

    python: str
    platform: str
    cores: int
    versions: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sample:
    """What happened in the `seconds` up to `t`, which is counted from the start of the run.

    `in_flight` and `queue_depth` are those at `t`; the latter is None where the server does not
    tell. `latency` has percentiles by kind, such as `{"accept": {"p50": 3.1, "p99": 20.5}}`.
    """

    t: float
    seconds: float
    deltas_accepted: int = 0
    deltas_visible: int = 0
    records: int = 0
    changed_records: int = 0
    errors: int = 0
    in_flight: int = 0
    queue_depth: int | None = None
    latency: dict[str, dict[str, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Totals:
    """The whole run; `late_starts` counts requests that the generator could not send in time.

    `deltas_watched` is the sample of accepted deltas that were looked for until they showed, which
    `deltas_visible` of them did.
    """

    requests: int = 0
    errors: int = 0
    events: int = 0
    deltas_sent: int = 0
    deltas_accepted: int = 0
    deltas_visible: int = 0
    retries: int = 0
    batches: int = 0
    records: int = 0
    changed_records: int = 0
    late_starts: int = 0
    deltas_watched: int = 0


@dataclass(frozen=True, slots=True)
class Rate:
    """The deltas a second that a run was asked to send, and those that it sent while it loaded.

    `reached` says whether the two agree, as nearly as so short a time allows.
    """

    asked: float
    sent: float
    reached: bool


@dataclass(frozen=True, slots=True)
class ObjectiveResult:
    """An objective as it was written, what was found (with its unit), and whether that meets it.

    `met` is None where that could not be found out, and `why` says what stood in the way.
    `is_default` marks one that holds because nobody has given another.
    """

    text: str
    value: str
    met: bool | None
    why: str = ""
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A rate that the search for the highest one has tried, in deltas a second.

    `met` says whether everything that is asked for held; None where what made the load fell behind.
    `sent` and `accepted` are deltas a second over `seconds`.
    """

    rate: float
    seconds: float
    sent: float
    accepted: float
    met: bool | None
    objectives: tuple[ObjectiveResult, ...] = ()
    why: str = ""


class DiscrepancyKind(StrEnum):
    """What can be the matter with a position."""

    LOST = "lost"
    DOUBLED = "doubled"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """A delta or a position that is not as the senders know it.

    `delta_id` and `request` are empty where no single delta is to blame; `expected` and `found`
    are for people, such as `120` and `118`, or `between 100 and 104`.
    """

    kind: DiscrepancyKind
    product_ref: str
    location_ref: str
    expected: str
    found: str
    delta_id: str = ""
    request: str = ""
    explanation: str = ""

    @property
    def place(self) -> tuple[str, str]:
        """The product and the location."""
        return self.product_ref, self.location_ref


@dataclass(frozen=True, slots=True)
class AuditResult:
    """What became of everything that was acknowledged.

    `positions` and `deltas` were checked; `lost` and `doubled` are deltas, `wrong` positions;
    `open` deltas may rightly count or not, as they were under way together with a count or never
    got an answer. `examples` are the first few of what is the matter. `settled` is False if the
    server was still changing when the patience of the audit ended. `by_row` positions were judged
    by their quantities, the others by their on hand.
    """

    positions: int = 0
    deltas: int = 0
    lost: int = 0
    doubled: int = 0
    wrong: int = 0
    open: int = 0
    by_row: int = 0
    requests: int = 0
    seconds: float = 0.0
    settled: bool = True
    examples: tuple[Discrepancy, ...] = ()

    @property
    def clean(self) -> bool:
        """Is everything there, once?"""
        return not (self.lost or self.doubled or self.wrong)

    @property
    def condemns(self) -> bool:
        """Whether something is surely wrong: what is lost may come while the server changes."""
        return bool(self.doubled) or (self.settled and not self.clean)


@dataclass(frozen=True, slots=True)
class RunResult:
    """One run of a scenario.

    `command` repeats it; `started_at` is seconds since 1970; `latencies` has a histogram by kind
    (`ACCEPT`, `VISIBLE`, `BATCH_COMPLETE`, or any other name); `errors` the number by code;
    `notes` are sentences that a reader has to know, such as that the generator fell behind.
    `audit` is None where none was made. `steps` are those of a search. `counted` says of each
    figure that needs it what is counted, and over what. `problem` is why a run was broken off.
    `rate` is None where the run was not asked for one, such as a search for the highest.
    """

    scenario: str
    url: str
    seed: int
    command: str
    started_at: Annotated[float, Meta(ge=0, lt=_YEAR_10000)]
    duration: float
    environment: Environment
    settings: dict[str, Setting] = field(default_factory=dict)
    series: tuple[Sample, ...] = ()
    totals: Totals = field(default_factory=Totals)
    latencies: dict[str, Histogram] = field(default_factory=dict)
    errors: dict[str, int] = field(default_factory=dict)
    objectives: tuple[ObjectiveResult, ...] = ()
    audit: AuditResult | None = None
    notes: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    counted: dict[str, str] = field(default_factory=dict)
    ending: Ending = Ending.COMPLETE
    problem: str = ""
    rate: Rate | None = None
    version: int = RESULT_VERSION

    @property
    def verdict(self) -> Verdict:
        """What came of the run: the one value behind every report and the exit code.

        A delta that is lost decides before all else; then, whether the run came to its end.
        """
        if self.ending in ENDED_BY_SIGNAL:
            return ENDED_BY_SIGNAL[self.ending]
        if self.audit is not None and self.audit.condemns:
            return Verdict.MISSED
        if self.ending is Ending.BROKEN_OFF:
            return Verdict.UNDECIDED
        if any(each.met is False for each in self.objectives):
            return Verdict.MISSED
        unsettled = self.audit is not None and not self.audit.clean
        if unsettled or any(each.met is None for each in self.objectives):
            return Verdict.UNDECIDED
        return Verdict.MET
