"""The lines of a snapshot that tell of what came in: jobs, batches, events."""

from typing import Annotated

from msgspec import Meta, field

from ...domain.delta_outcomes import DeltaOutcome
from ...domain.events import EventStatus
from ...domain.jobs import RecordVerdict
from .stock_lines import DetailsForm
from .values import Amount, BatchLine, Form, Json, Line, Moment, Number, PlainCount, Row, Whole

EVENT_ID = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
Times = Annotated[int, Meta(ge=1, le=2**31)]
VERDICTS = {verdict.name: verdict for verdict in RecordVerdict}
OUTCOMES = {outcome.name: outcome for outcome in DeltaOutcome}


class JobLine(Line, tag="job"):
    """A job; `meta` is JSON, as it was sent."""

    number: Number
    name: str
    retailer_id: str
    created_at: Moment
    meta: str | None = None
    skips_preprocessing: bool = False


class BatchLineForm(Line, tag="batch"):
    """A batch that is COMPLETE: what became of its records, one after the other.

    `verdicts` are verdicts with how often each follows; `positions` has -1 for none. Of one that
    is not `isKept` only the event log still tells.
    """

    number: Number
    job_number: Number
    catalogue: tuple[str, str, str | None]
    source: str
    event: str
    accepted_at: Moment
    began_at: Moment = 0
    completed_at: Moment = 0
    is_kept: bool = False
    is_plain: bool = False
    verdicts: list[tuple[str, Times]] = field(default_factory=list)
    positions: list[Annotated[int, Meta(ge=-1, lt=2**31)]] = field(default_factory=list)
    amounts: list[PlainCount] = field(default_factory=list)
    quantities: list[Whole] = field(default_factory=list)
    types: list[str] | None = None
    type_codes: list[Annotated[int, Meta(ge=0, lt=2**16)]] | None = None
    faults: dict[BatchLine, tuple[str, str]] = field(default_factory=dict)
    failed_at: dict[BatchLine, tuple[str, str]] = field(default_factory=dict)
    fields_left_out: dict[BatchLine, tuple[str, ...]] = field(default_factory=dict)
    unmatched: str = ""


class ContextForm(Form):
    """The entity an event is for, and the root it belongs to."""

    entity_type: str
    entity_ref: str | None = None
    entity_id: str | None = None
    entity_subtype: str | None = None
    root_entity_type: str | None = None
    root_entity_ref: str | None = None
    root_entity_id: str | None = None


class TouchedForm(Form):
    """A position that an event touched."""

    entry: Whole
    position: Row
    before: Amount
    now: Amount
    created: bool = False


class RewriteForm(Form):
    """A quantity that was there already when an entry wrote it."""

    entry: Whole
    type: str
    before: Amount
    quantity: Amount
    status: str | None = None


class FailureForm(Form, kw_only=True):
    """Where an event failed."""

    ruleset: str | None = None
    rule: str
    position: Row | None = None


class TraceForm(Form):
    """What an event did; `outcomes` are what came of its deltas, with how often each follows."""

    at: Moment
    positions: list[TouchedForm] = field(default_factory=list)
    touched: Whole = 0
    changed: Whole = 0
    writes: Whole = 0
    told: Whole = 0
    rewrites: list[RewriteForm] = field(default_factory=list)
    failure: FailureForm | None = None
    outcomes: list[tuple[str, Times]] = field(default_factory=list)


class DeltaForm(Form, kw_only=True):
    """A relative change that is still to be applied."""

    delta_id: str | None = None
    product_ref: str
    location_ref: str
    quantity: Amount
    type: str


class UpdateForm(Form):
    """What a fulfilment is still to reserve, confirm or cancel."""

    fulfilment_id: str
    product_ref: str
    location_ref: str
    reserved: Amount = 0
    sold: Amount = 0
    corrected: Amount = 0
    cancelled: Amount = 0


class RecordForm(Form, kw_only=True):
    """A record that an event is still to apply."""

    product_ref: str
    location_ref: str
    quantity: Amount
    type: str
    ref: str | None = None
    status: str
    attributes: dict[str, Json] | None = None
    details: DetailsForm | None = None


class WorkForm(Form):
    """What an event that waits for its time will apply, or why nothing can be read of it."""

    deltas: list[DeltaForm] = field(default_factory=list)
    updates: list[UpdateForm] = field(default_factory=list)
    records: list[RecordForm] = field(default_factory=list)
    unreadable: str | None = None


class EventLine(Line, tag="event", kw_only=True):
    """An event; `ended` is its place among those that have ended, and none where it waits.

    One with a `batch` stands for all that the records of that batch have raised.
    """

    id: Annotated[str, Meta(pattern=EVENT_ID)]
    name: str
    retailer_id: str
    context: ContextForm
    accepted_at: Moment
    body: str
    catalogue_ref: str = ""
    source: str | None = None
    category: str
    type: str
    status: EventStatus
    outcome: str | None = None
    entity_id: str | None = None
    trace: TraceForm | None = None
    ended_at: Moment = 0
    scheduled_at: Moment = 0
    work: WorkForm | None = None
    ended: Whole | None = None
    batch: Number | None = None


class EndLine(Line, tag="end"):
    """The last line: how many lines of each kind come before it."""

    lines: dict[str, Whole]


WorkLine = JobLine | BatchLineForm | EventLine | EndLine
