"""The rows that batches write into the event log.

Fluent docs: inventory batch events, 4 July 2025: CREATE and BATCH_COMPLETE, not operational for
batches that go through Batch Pre-Processing. Category, source and attributes of CREATE are those of
the page's sample, of 2020.
"""

from datetime import datetime

import orjson

from ..behaviour import Behaviour
from ..clock import Clock, instant
from ..domain.events import (
    INVENTORY_CATALOGUE,
    ORCHESTRATION,
    ORCHESTRATION_AUDIT,
    BatchEvents,
    Event,
    EventContext,
    EventStatus,
    Outcome,
)
from ..domain.jobs import InventoryBatch, RecordVerdict
from ..domain.workflow.batch_run import BatchRun
from ..domain.workflow.batch_story import APPLIED
from .event_log import EventLog

BUCKET = "batch-inventory-simulator"
"""Of the place that a CREATE row names: there is none here, and nothing lies there."""
SOURCE = "Fluent-API"


class BatchLog:
    """Logs when batches arrive and end, and what their records have raised."""

    def __init__(
        self, event_log: EventLog, behaviour: Behaviour, clock: Clock, account: str
    ) -> None:
        self._log = event_log
        self.behaviour = behaviour
        self._clock = clock
        self._account = account

    def accepted(self, run: BatchRun) -> None:
        """A batch was accepted."""
        if not self._logs(run):
            return
        batch, now = run.batch, self._clock.now()
        stored = {
            "S3_bucket": BUCKET,
            "S3_object": _place(self._account, batch, instant(now), now),
        }
        self._write(
            batch,
            "CREATE",
            Outcome(EventStatus.PENDING, "the batch waits to be applied", str(batch.number)),
            now,
            category="ORDER WORKFLOW",
            kind=ORCHESTRATION,
            body=orjson.dumps({"attributes": stored}),
        )

    def completed(self, run: BatchRun) -> None:
        """Every record of a batch has its verdict."""
        batch, now = run.batch, self._clock.now()
        if not batch.number:
            return
        self._log.note(self._raised_by(batch, now))
        if not self._logs(run):
            return
        counts = {
            "applied": sum(map(batch.verdicts.count, APPLIED)),
            **{
                verdict.name.lower().replace("_", " "): batch.verdicts.count(verdict)
                for verdict in RecordVerdict
                if verdict not in APPLIED
            },
        }
        told = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)
        self._write(
            batch,
            "BATCH_COMPLETE",
            Outcome(EventStatus.COMPLETE, f"records: {told}", str(batch.number)),
            now,
            # In the vendor client's sample (0.1.56) it tells what happened.
            category="BATCH",
            kind=ORCHESTRATION_AUDIT,
        )

    def _logs(self, run: BatchRun) -> bool:
        setting = self.behaviour.batch_events
        if not run.batch.number or setting == "never":
            return False
        return setting == "always" or not run.preprocessing

    def _raised_by(self, batch: InventoryBatch, at: int) -> BatchEvents:
        """What stands in the log for the events of a batch's records."""
        event = BatchEvents(
            id=self._log.new_id(),
            name=batch.event,
            retailer_id=batch.catalogue.retailer_id,
            context=EventContext(INVENTORY_CATALOGUE, str(batch.catalogue)),
            accepted_at=at,
            body=b"{}",
            catalogue_ref=str(batch.catalogue),
            source=batch.source,
            batch=batch,
        )
        event.end(Outcome(EventStatus.COMPLETE, ""), at)
        return event

    def _write(
        self,
        batch: InventoryBatch,
        name: str,
        outcome: Outcome,
        at: int,
        *,
        category: str,
        kind: str,
        body: bytes = b"{}",
    ) -> None:
        batch_id, job_id = str(batch.number), str(batch.job_number)
        event = Event(
            id=self._log.new_id(),
            name=name,
            retailer_id=batch.catalogue.retailer_id,
            context=EventContext("BATCH", batch_id, batch_id, None, "JOB", job_id, job_id),
            accepted_at=at,
            body=body,
            source=SOURCE,
            category=category,
            type=kind,
        )
        event.end(outcome)
        self._log.note(event)


def _place(account: str, batch: InventoryBatch, day: datetime, now: int) -> str:
    return (
        f"batch/account={account}/type=INVENTORY/year={day:%Y}/month={day:%m}/date={day:%d}/"
        f"{batch.number}-{now}"
    )
