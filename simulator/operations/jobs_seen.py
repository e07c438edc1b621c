"""GET /__admin/jobs and /__admin/batches: what is kept of them, and how far they are."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from ..behaviour import Behaviour
from ..clock import Clock, timestamp
from ..domain.jobs import BatchStatus, InventoryBatch, Job, RecordVerdict
from ..errors import Fault, not_found, refused, shortened
from ..stores.jobs import JobStore
from .ledger_records import VERDICTS
from .parameters import either, nearest
from .replies import Reply
from .request_finder import Made, RequestFinder
from .start_and_count import start_and_count

BATCH_FILTERS = ("job", "status")
MOST_AT_ONCE = 1_000
MOST_COUNTED = 1_000
"""Batches whose records are counted for one list of jobs."""
MOST_REASONS = 3
"""Of a batch: why records of it failed."""


class JobsSeen:
    """Tells of jobs and batches."""

    def __init__(
        self, jobs: JobStore, finder: RequestFinder, behaviour: Behaviour, clock: Clock
    ) -> None:
        self._jobs = jobs
        self._finder = finder
        self._behaviour = behaviour
        self._clock = clock

    def list_jobs(self, query: Mapping[str, str]) -> Reply:
        """The newest first, also those without a batch.

        The records of so many batches are counted, the newest of each job first; `counted` tells of
        how many of its own.
        """
        start, count = start_and_count(query, MOST_AT_ONCE)
        page = self._jobs.jobs_newest_first(start, count + 1)
        shown = page[:count]
        made = self._finder.near({Made("job", str(job.number)): job.created_at for job in shown})
        room = MOST_COUNTED
        views = []
        for job in shown:
            batches = self._jobs.batches_of(job)
            counted = batches[:room]
            room -= len(counted)
            view = self._job(job, batches, counted)
            views.append(view | {"request": made.get(Made("job", str(job.number)))})
        return Reply(
            {
                "start": start,
                "count": count,
                "dropped": self._jobs.dropped_jobs,
                "hasMore": len(page) > count,
                "results": views,
            }
        )

    def list_batches(self, query: Mapping[str, str]) -> Reply:
        """The newest first, of a `job`, and of a `status` or several with commas between.

        Raises ApiError: 400 for a status that there is not, 404 where there is no such job.
        """
        start, count = start_and_count(query, MOST_AT_ONCE)
        statuses = _statuses(query.get("status"))
        wanted = query.get("job")
        job = self._jobs.find(wanted) if wanted else None
        if wanted and job is None:
            raise not_found(f"There is no job {shortened(wanted)!r}, or it is no longer kept.")
        batches = self._jobs.batches_newest_first() if job is None else self._jobs.batches_of(job)
        found = (each for each in batches if each.status in statuses)
        page = list(islice(found, start, start + count + 1))
        shown = page[:count]
        made = self._finder.near(
            {Made("batch", str(batch.number)): batch.accepted_at for batch in shown}
        )
        views = [
            _batch(each) | {"request": made.get(Made("batch", str(each.number)))} for each in shown
        ]
        return Reply(
            {
                "start": start,
                "count": count,
                "dropped": self._jobs.dropped_batches,
                "hasMore": len(page) > count,
                "results": views,
            }
        )

    def _job(
        self, job: Job, batches: Sequence[InventoryBatch], counted: Sequence[InventoryBatch]
    ) -> dict[str, object]:
        statuses = [batch.status for batch in batches]
        ended = [batch.completed_at for batch in batches if batch.status is BatchStatus.COMPLETE]
        return {
            "id": str(job.number),
            "name": job.name,
            "retailerId": job.retailer_id,
            "status": job.status(self._clock.now(), self._behaviour.job_closes),
            "createdOn": timestamp(job.created_at),
            "preprocessing": job.preprocesses(self._behaviour.preprocessing_account_setting),
            "batches": {
                "total": len(batches),
                **{str(status): statuses.count(status) for status in BatchStatus},
            },
            "records": fates_of(counted),
            "counted": len(counted),
            "firstBatchOn": _moment(batches[-1].accepted_at if batches else None),
            "lastBatchOn": _moment(batches[0].accepted_at if batches else None),
            "lastVisibleOn": _moment(max(ended, default=None)),
        }


def _batch(batch: InventoryBatch) -> dict[str, object]:
    fates = fates_of([batch])
    is_complete = batch.status is BatchStatus.COMPLETE
    began = batch.began_at or None
    return {
        "id": str(batch.number),
        "job": str(batch.job_number),
        "status": batch.status,
        "catalogueRef": str(batch.catalogue),
        "event": batch.event,
        "source": batch.source,
        "size": batch.size,
        "done": batch.size - fates["waiting"],
        "records": fates,
        "acceptedOn": timestamp(batch.accepted_at),
        "beganOn": _moment(began),
        "visibleOn": _moment(batch.completed_at if is_complete else None),
        "millisecondsToVisible": batch.completed_at - batch.accepted_at if is_complete else None,
        "reasons": _reasons(batch),
    }


def fates_of(batches: Iterable[InventoryBatch]) -> dict[str, int]:
    """How many of their records had which fate, as the ledger of records names them."""
    counts: dict[RecordVerdict, int] = dict.fromkeys(RecordVerdict, 0)
    for batch in batches:
        verdicts = batch.verdicts
        left = len(verdicts)
        for verdict in RecordVerdict:
            if left:
                found = verdicts.count(verdict)
                counts[verdict] += found
                left -= found
    return {fate: sum(counts[each] for each in verdicts) for fate, verdicts in VERDICTS.items()}


def _reasons(batch: InventoryBatch) -> list[str]:
    """Why records came to nothing, each reason once, the first of them."""
    told = [batch.unmatched] if batch.unmatched else []
    for fault in list(batch.faults.values()):
        if fault.message not in told:
            told.append(fault.message)
            if len(told) == MOST_REASONS:
                break
    return told[:MOST_REASONS]


def _statuses(text: str | None) -> frozenset[BatchStatus]:
    if not text:
        return frozenset(BatchStatus)
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if name not in BatchStatus.__members__:
            expected = nearest(name, BatchStatus.__members__) or either(BatchStatus.__members__)
            raise refused([Fault("?status", f'"{shortened(name)}"', expected)])
    return frozenset(BatchStatus[name] for name in names)


def _moment(at: int | None) -> str | None:
    return None if at is None else timestamp(at)
