"""From jobs, batches and events to the lines of a snapshot."""

from collections.abc import Iterator

from ...domain.delta_outcomes import DeltaOutcome
from ...domain.events import (
    BatchEvents,
    Event,
    FulfilmentUpdate,
    InventoryDelta,
    Trace,
    Unreadable,
    Work,
)
from ...domain.jobs import InventoryBatch, RecordVerdict
from ..event_log import KeptEvents
from ..jobs import KeptJobs
from .runs import written_runs
from .work_lines import (
    BatchLineForm,
    ContextForm,
    DeltaForm,
    EventLine,
    FailureForm,
    JobLine,
    RecordForm,
    RewriteForm,
    TouchedForm,
    TraceForm,
    UpdateForm,
    WorkForm,
)
from .written_stock import details_form


def job_lines(jobs: KeptJobs, events: KeptEvents) -> Iterator[JobLine | BatchLineForm]:
    """The jobs, and every batch that they or the events know."""
    for job in jobs.jobs:
        yield JobLine(
            number=job.number,
            name=job.name,
            retailer_id=job.retailer_id,
            created_at=job.created_at,
            meta=None if job.meta is None else job.meta.decode(),
            skips_preprocessing=job.skips_preprocessing,
        )
    kept = {batch.number for batch in jobs.complete}
    for batch in jobs.complete:
        yield _batch(batch, is_kept=True)
    for event in events.events:
        if isinstance(event, BatchEvents) and event.batch.number not in kept:
            kept.add(event.batch.number)
            yield _batch(event.batch, is_kept=False)


def event_lines(events: KeptEvents) -> Iterator[EventLine]:
    """The events, in order of arrival."""
    places = {event.id: place for place, event in enumerate(events.ended)}
    for event in events.events:
        yield _event(event, places.get(event.id))


def _batch(batch: InventoryBatch, *, is_kept: bool) -> BatchLineForm:
    return BatchLineForm(
        number=batch.number,
        job_number=batch.job_number,
        catalogue=batch.catalogue,
        source=batch.source,
        event=batch.event,
        accepted_at=batch.accepted_at,
        began_at=batch.began_at,
        completed_at=batch.completed_at,
        is_kept=is_kept,
        is_plain=batch.is_plain,
        verdicts=written_runs(RecordVerdict(verdict).name for verdict in batch.verdicts),
        positions=batch.positions.tolist(),
        amounts=batch.amounts.tolist(),
        quantities=batch.quantities.tolist(),
        types=None if batch.types is None else list(batch.types),
        type_codes=None if batch.type_codes is None else batch.type_codes.tolist(),
        faults={line: (fault.code, fault.message) for line, fault in batch.faults.items()},
        failed_at=dict(batch.failed_at),
        fields_left_out=dict(batch.fields_left_out),
        unmatched=batch.unmatched,
    )


def _event(event: Event, place: int | None) -> EventLine:
    return EventLine(
        id=event.id,
        name=event.name,
        retailer_id=event.retailer_id,
        context=ContextForm(**event.context._asdict()),
        accepted_at=event.accepted_at,
        body=event.body.decode(),
        catalogue_ref=event.catalogue_ref,
        source=event.source,
        category=event.category,
        type=event.type,
        status=event.status,
        outcome=event.outcome,
        entity_id=event.entity_id,
        trace=None if event.trace is None else _trace(event.trace),
        ended_at=event.ended_at,
        scheduled_at=event.scheduled_at,
        work=_work(event.work) if event.work else None,
        ended=place,
        batch=event.batch.number if isinstance(event, BatchEvents) else None,
    )


def _trace(trace: Trace) -> TraceForm:
    failure = trace.failure
    return TraceForm(
        at=trace.at,
        positions=[
            TouchedForm(
                entry=touched.entry,
                position=touched.position,
                before=touched.before,
                now=touched.now,
                created=bool(touched.created),
            )
            for touched in trace.positions()
        ],
        touched=trace.touched,
        changed=trace.changed,
        writes=trace.writes,
        told=trace.told,
        rewrites=[RewriteForm(**rewrite._asdict()) for rewrite in trace.rewrites],
        failure=None
        if failure is None
        else FailureForm(
            ruleset=failure.step.ruleset, rule=failure.step.rule, position=failure.position
        ),
        outcomes=written_runs(DeltaOutcome(outcome).name for outcome in trace.outcomes),
    )


def _work(work: Work | Unreadable) -> WorkForm:
    if isinstance(work, Unreadable):
        return WorkForm(unreadable=work.reason)
    form = WorkForm()
    for entry in work:
        if isinstance(entry, InventoryDelta):
            form.deltas.append(DeltaForm(**entry._asdict()))
        elif isinstance(entry, FulfilmentUpdate):
            form.updates.append(UpdateForm(**entry._asdict()))
        else:
            fields = entry._asdict()
            fields["attributes"] = None if entry.attributes is None else dict(entry.attributes)
            fields["details"] = details_form(entry.details)
            form.records.append(RecordForm(**fields))
    return form
