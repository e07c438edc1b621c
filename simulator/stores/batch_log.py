"""The rows that batches write into the event log.

Fluent docs: inventory batch events, 4 July 2025: CREATE and BATCH_COMPLETE, not operational for
batches that go through Batch Pre-Processing.
"""

from ..behaviour import Behaviour
from ..clock import Clock
from ..domain.events import (
    ORCHESTRATION,
    ORCHESTRATION_AUDIT,
    Event,
    EventContext,
    EventStatus,
    Outcome,
)
from ..domain.jobs import RecordVerdict
from ..domain.workflow.batch_run import BatchRun
from .event_log import EventLog


class BatchLog:
    """Logs when batches arrive and end, and when their records come to nothing."""

    def __init__(self, event_log: EventLog, behaviour: Behaviour, clock: Clock) -> None:
        self._log = event_log
        self._behaviour = behaviour
        self._clock = clock

    def accepted(self, run: BatchRun) -> None:
        """A batch was accepted."""
        if self._logs(run):
            self._write(run, "CREATE", EventStatus.PENDING, "the batch waits to be applied")

    def completed(self, run: BatchRun) -> None:
        """Every record of a batch has its verdict."""
        batch = run.batch
        if not batch.number:
            return
        unmatched = batch.verdicts.count(RecordVerdict.NO_MATCH)
        if unmatched:
            reason = (
                f"no ruleset is named {batch.event!r}, or {batch.catalogue} does not exist: "
                f"{unmatched:,} records of batch {batch.number} came to nothing"
            )
            self._write(run, batch.event, EventStatus.NO_MATCH, reason)
        if batch.faults:
            line, fault = next(iter(batch.faults.items()))
            reason = (
                f"{len(batch.faults):,} records of batch {batch.number} failed; "
                f"the first, /entities/{line}: {fault.message}"
            )
            self._write(run, batch.event, EventStatus.FAILED, reason)
        if self._logs(run):
            verdicts = batch.verdicts
            told = ", ".join(
                f"{verdicts.count(verdict):,} {verdict.name.lower().replace('_', ' ')}"
                for verdict in RecordVerdict
                if verdicts.count(verdict)
            )
            self._write(run, "BATCH_COMPLETE", EventStatus.COMPLETE, f"records: {told}")

    def _logs(self, run: BatchRun) -> bool:
        setting = self._behaviour.batch_events
        if not run.batch.number or setting == "never":
            return False
        return setting == "always" or not run.preprocessing

    def _write(self, run: BatchRun, name: str, status: EventStatus, reason: str) -> None:
        batch = run.batch
        batch_id, job_id = str(batch.number), str(batch.job_number)
        event = Event(
            id=self._log.new_id(),
            name=name,
            retailer_id=batch.catalogue.retailer_id,
            context=EventContext("BATCH", batch_id, batch_id, None, "JOB", job_id, job_id),
            accepted_at=self._clock.now(),
            body=b"{}",
            source=batch.source,
            category="BATCH",
            # In the vendor client's sample (0.1.56) it tells what happened.
            type=ORCHESTRATION_AUDIT if name == "BATCH_COMPLETE" else ORCHESTRATION,
        )
        event.end(Outcome(status, reason, batch_id))
        self._log.note(event)
