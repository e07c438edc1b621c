"""The Job API: jobs, batches, and what became of them.

Fluent docs: Job API, 20 Feb 2025; Batch API, 10 Dec 2024; Inventory Batch API, 24 Mar 2025.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from itertools import chain, islice
from threading import Lock
from typing import Any, Literal

import orjson

from ..behaviour import Behaviour
from ..clock import Clock, timestamp
from ..domain.account.account_settings import BATCH_PREPROCESSING
from ..domain.account.ports import CatalogueStore
from ..domain.as_of import AsOf
from ..domain.bounds import LineFullError
from ..domain.inventory import ACTIVE
from ..domain.jobs import (
    INVENTORY_CHANGED,
    BatchStatus,
    InventoryBatch,
    Job,
    JobStatus,
    Place,
    QuantityCondition,
    RecordFault,
    RecordVerdict,
    skips_preprocessing,
)
from ..domain.refs import LONGEST_REF, CatalogueRef, default_catalogue
from ..domain.sizes import compact, widened
from ..domain.workflow.batch_run import BatchRun
from ..domain.workflow.workflow import why_no_workflow
from ..errors import ApiError, Fault, api_error, listed, not_found, refused, shortened
from ..intake.parsing import parse
from ..intake.records import InventoryRecordReader, entities_of
from ..intake.requests import Requests, as_in, check_retailer
from ..intake.schemas import Schemas
from ..settings import Settings
from ..stores.batch_log import BatchLog
from ..stores.jobs import JobStore
from .batch_views import BatchViews
from .replies import Reply, overloaded
from .start_and_count import page_of

LARGE_BATCH = 64 * 1024
"""Bytes. Larger ones are read one at a time: threads that take turns at the interpreter are done no
sooner, and whoever else wants it waits for each of them. In one process with three senders of full
batches, 1 wait in 100 was for 15 ms of their work, and is for 6 ms since only one is at it."""
MOST_ERRORS_OF_BATCH = 100
"""Told in the results of its job; the batch's own results tell all of them."""


class JobOperations:
    """Creates jobs, accepts batches, reports on both."""

    def __init__(
        self,
        jobs: JobStore,
        store: CatalogueStore,
        schemas: Schemas,
        settings: Settings,
        behaviour: Behaviour,
        clock: Clock,
        submit: Callable[[BatchRun], None],
        batch_log: BatchLog,
    ) -> None:
        self._jobs = jobs
        self._store = store
        self._schemas = schemas
        self._settings = settings
        self._behaviour = behaviour
        self._clock = clock
        self._submit = submit
        self._batch_log = batch_log
        self._requests = Requests(schemas, behaviour)
        self._reader = InventoryRecordReader(self._requests, behaviour)
        self._views = BatchViews(behaviour)
        self._reads_large_one = Lock()

    def create_job(self, body: bytes) -> Reply:
        """POST /api/v4.1/job."""
        fields = self._requests.sound("job", parse(body), body)
        retailer_id = check_retailer(fields["retailerId"], self._settings)
        meta = fields.get("meta")
        job = self._jobs.create(
            fields["name"],
            retailer_id,
            self._clock.now(),
            None if meta is None else compact(orjson.dumps(meta)),
            skips_preprocessing=skips_preprocessing(meta),
        )
        return Reply({"id": str(job.number)})

    def add_batch(self, job_id: str, body: bytes) -> Reply:
        """POST /api/v4.1/job/{jobId}/batch: accept the batch; the worker applies it."""
        job = self._job(job_id)
        if self._status(job) is JobStatus.CLOSED:
            raise api_error(
                int(self._behaviour.job_closed_status),
                f"Job {job_id} is CLOSED (behaviour job.closes={self._behaviour.job_closes}): "
                "create a new job.",
            )
        with self._reads_large_one if len(body) > LARGE_BATCH else nullcontext():
            batch = self._read_batch(job, body)
        preprocesses = job.preprocesses(self._preprocessing_setting(job))
        run = BatchRun(batch, preprocesses, self._behaviour)
        try:
            with self._jobs.add_batch(job, batch):
                self._batch_log.accepted(run)
        except LineFullError as full:
            raise overloaded(full, self._behaviour) from None
        except LookupError:
            raise _no_job(job_id) from None
        self._submit(run)
        return Reply({"id": str(batch.number)})

    def _preprocessing_setting(self, job: Job) -> Literal["true", "false"]:
        """The setting that turns Batch Pre-Processing off, as written, else as the switch says."""
        written = self._store.setting(BATCH_PREPROCESSING, job.retailer_id)
        if written is None:
            return self._behaviour.preprocessing_account_setting
        return "false" if written.strip().lower() == "false" else "true"

    def _read_batch(self, job: Job, body: bytes) -> InventoryBatch:
        """The batch in a body; raises ApiError with every fault that it is refused for."""
        document = parse(body)
        schema_holds = self._schemas.is_valid("batch", document)
        entities = entities_of(document)
        if entities is None or not isinstance(document, dict):
            faults, total = self._schemas.faults("batch", document)
            raise refused(as_in(body, faults), total)
        faults = []
        if not schema_holds:
            document, faults, _ = self._requests.read("batch_envelope", document)
        catalogue = default_catalogue(job.retailer_id)
        if not faults:
            catalogue, faults = self._catalogue_of(document, job)
        read = self._reader.read(entities, job.retailer_id, catalogue, schema_holds=schema_holds)
        refuses_batch = self._behaviour.batch_invalid_record == "refuse_batch"
        if faults or (read.faults and refuses_batch):
            every = [*faults, *chain.from_iterable(read.faults.values())]
            raise refused(as_in(body, every))
        return InventoryBatch(
            number=0,  # it gets one when it is accepted
            job_number=job.number,
            catalogue=catalogue,
            source=document.get("source", "batch"),
            event=document.get("event", INVENTORY_CHANGED),
            accepted_at=self._clock.now(),
            records=read.records,
            conditions=_conditions(document.get("conditions")),
            is_plain=read.is_plain,
            faults={
                line: RecordFault.told("; ".join(fault.message for fault in found))
                for line, found in read.faults.items()
            },
            failed_at={
                line: place
                for line in read.faults
                if (place := _place(document["entities"][line])) is not None
            },
            text_bytes=widened(body) + read.attribute_bytes,
        )

    def job_status(self, job_id: str, query: Mapping[str, str], as_of: AsOf | None = None) -> Reply:
        """GET /api/v4.1/job/{jobId}: the job and a page of its batches.

        A late reader is not told of those that were accepted since.
        """
        job = self._job(job_id)
        batches = _seen(job, as_of)
        page = page_of(batches, query, self._behaviour.batch_largest_page)
        return Reply(
            {
                "id": str(job.number),
                "jobId": str(job.number),
                "name": job.name,
                "retailerId": job.retailer_id,
                "status": self._status(job, as_of),
                "meta": None if job.meta is None else orjson.loads(job.meta),
                "createdOn": timestamp(job.created_at),
                **self._views.paging(page.start, len(page.items), len(batches)),
                "batch": [self._views.summary(batch, as_of) for batch in page.items],
            }
        )

    def batch_status(
        self, job_id: str, batch_id: str, query: Mapping[str, str], as_of: AsOf | None = None
    ) -> Reply:
        """GET /api/v4.1/job/{jobId}/batch/{batchId}: its status, and a page of its results.

        A late reader, who knows the id and so that it is there, is told PENDING of a new one.
        """
        job = self._job(job_id)
        batch = self._jobs.find_batch(job, batch_id)
        if batch is None:
            raise not_found(f"Job {job_id} has no batch {shortened(batch_id)!r}.")
        with self._store.reading(str(batch.catalogue)) as catalogue:
            if self._jobs.find(job_id) is not job:  # a reset has come between
                raise _no_job(job_id)
            was_preprocessed = job.preprocesses(self._behaviour.preprocessing_account_setting)
            return Reply(
                self._views.batch(batch, query, catalogue, as_of, was_preprocessed=was_preprocessed)
            )

    def job_results(self, job_id: str, as_of: AsOf | None = None) -> Reply:
        """GET /api/v4.1/job/{jobId}/results, which only the vendor's client calls."""
        if self._behaviour.job_results == "absent":
            raise not_found("There is no such path (behaviour job.results=absent).")
        job = self._job(job_id)
        batches = _seen(job, as_of)
        complete = [batch for batch in batches if batch.status_seen(as_of) is BatchStatus.COMPLETE]
        failed = [batch for batch in complete if batch.faults]
        most = self._behaviour.batch_largest_page
        return Reply(
            {
                "id": str(job.number),
                "status": self._status(job, as_of),
                "totalBatches": len(batches),
                "successfulBatches": len(complete) - len(failed),
                "failedBatches": len(failed),
                "results": _results(batches[:most], most, as_of),
            }
        )

    def _job(self, job_id: str) -> Job:
        job = self._jobs.find(job_id)
        if job is None:
            raise _no_job(job_id)
        return job

    def _status(self, job: Job, as_of: AsOf | None = None) -> JobStatus:
        at = self._clock.now() if as_of is None else as_of.moment
        return job.status(at, self._behaviour.job_closes)

    def _catalogue_of(
        self, document: Mapping[str, Any], job: Job
    ) -> tuple[CatalogueRef, list[Fault]]:
        own = default_catalogue(job.retailer_id)
        ref = document.get("catalogueRef") or str(own)
        found = orjson.dumps(ref).decode()
        with self._store.reading(ref) as catalogue:
            known_ref = None if catalogue is None else catalogue.ref
            no_workflow = None if catalogue is None else why_no_workflow(catalogue, self._behaviour)
        if known_ref is not None:
            if (
                known_ref.retailer_id != job.retailer_id
                and self._behaviour.retailer_mismatch == "refuse"
            ):
                return own, [Fault("/catalogueRef", found, f"the retailer's catalogue, {own}")]
            if no_workflow is not None and self._behaviour.batch_unknown_catalogue == "refuse":
                expected = f"a catalogue that batches are applied to: {no_workflow}"
                return own, [Fault("/catalogueRef", shortened(found), expected)]
            return known_ref, []
        if self._behaviour.batch_unknown_catalogue == "refuse":
            known = listed(self._store.refs())
            return own, [Fault("/catalogueRef", shortened(found), f"one that exists: {known}")]
        catalogue_type, _, retailer_id = ref.partition(":")
        return CatalogueRef(catalogue_type, retailer_id, ref), []


def _no_job(job_id: str) -> ApiError:
    return not_found(f"There is no job {shortened(job_id)!r}; create one: POST /api/v4.1/job")


def _conditions(conditions: Mapping[str, Any] | None) -> frozenset[QuantityCondition] | None:
    related: Sequence[Mapping[str, str]] | None = (conditions or {}).get(
        "hasRelatedInventoryQuantities"
    )
    if related is None:
        return None
    return frozenset(
        QuantityCondition(condition["type"], condition.get("status", ACTIVE))
        for condition in related
    )


def _seen(job: Job, as_of: AsOf | None) -> list[InventoryBatch]:
    batches = list(job.batches.values())
    if as_of is None:
        return batches
    return [batch for batch in batches if not as_of.is_unseen(batch.accepted_at)]


def _results(
    batches: Iterable[InventoryBatch], most_errors: int, as_of: AsOf | None
) -> list[dict[str, object]]:
    """How batches went, with so many errors of all of them, the first of each."""
    results: list[dict[str, object]] = []
    for batch in batches:
        status = batch.status_seen(as_of)
        waiting = batch.verdicts.count(RecordVerdict.WAITING)
        faults = list(islice(batch.faults.items(), min(most_errors, MOST_ERRORS_OF_BATCH)))
        if status is not batch.status:  # how far it was then, nobody has noted
            waiting, faults = batch.size, []
        most_errors -= len(faults)
        results.append(
            {
                "batchId": str(batch.number),
                "status": status,
                "processedEntities": batch.size - waiting,
                "errors": [
                    {"code": fault.code, "message": fault.message, "entityIndex": line}
                    for line, fault in faults
                ],
            }
        )
    return results


def _place(entity: object) -> Place | None:
    """The product and location that a record names which cannot be used; None where it does not."""
    refs = [entity.get(name) for name in ("skuRef", "locationRef")] if type(entity) is dict else []
    match refs:
        case [str(product), str(location)] if max(len(product), len(location)) <= LONGEST_REF:
            return product, location
    return None
