"""Jobs and their batches, numbered from 1, within a bound of jobs and of records."""

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping

from ..domain.jobs import BatchStatus, InventoryBatch, Job

MOST_JOBS = 10_000
MOST_JOB_BYTES = 64 * 1024 * 1024
"""Of the bodies that created the jobs kept: their meta can be anything."""
MOST_KEPT_RECORDS = 5_000_000
"""Records whose verdicts are kept; a batch of 5,000 takes 25 kB."""
MOST_KEPT_BATCHES = 50_000


class JobStore:
    """Jobs by number; the oldest finished batches give way first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Forget every job and start numbering at 1 again."""
        with self._lock:
            self._jobs: OrderedDict[int, Job] = OrderedDict()
            self._job_bytes = 0
            self._batches: deque[InventoryBatch] = deque()
            self._kept_records = 0
            self._jobs_created = 0
            self._batches_created = 0
            self.dropped_batches = 0

    def create(
        self, name: str, retailer_id: str, at: int, meta: Mapping[str, object] | None, size: int = 0
    ) -> Job:
        """A new job; `size` is that of the body it was created with."""
        with self._lock:
            self._jobs_created += 1
            job = Job(self._jobs_created, name, retailer_id, at, meta, size)
            self._jobs[job.number] = job
            self._job_bytes += size
            while len(self._jobs) > MOST_JOBS or self._job_bytes > MOST_JOB_BYTES:
                _, oldest = self._jobs.popitem(last=False)
                self._job_bytes -= oldest.size
            return job

    def find(self, job_id: str) -> Job | None:
        """The job with this id, if it is still kept."""
        number = _number(job_id)
        return None if number is None else self._jobs.get(number)

    def finder(self) -> Callable[[str], Job | None]:
        """What finds the jobs that there are now, also after a reset."""
        with self._lock:
            jobs = dict(self._jobs)

        def find(job_id: str) -> Job | None:
            number = _number(job_id)
            return None if number is None else jobs.get(number)

        return find

    def find_batch(self, job: Job, batch_id: str) -> InventoryBatch | None:
        """The batch of this job with this id, if it is still kept."""
        number = _number(batch_id)
        return None if number is None else job.batches.get(number)

    def next_batch_number(self) -> int:
        """A number that no other batch has."""
        with self._lock:
            self._batches_created += 1
            return self._batches_created

    def add_batch(self, job: Job, batch: InventoryBatch) -> None:
        """Put a batch into its job."""
        with self._lock:
            job.batches[batch.number] = batch
            self._batches.append(batch)
            self._kept_records += batch.size
            while (
                self._kept_records > MOST_KEPT_RECORDS or len(self._batches) > MOST_KEPT_BATCHES
            ) and self._batches[0].status is BatchStatus.COMPLETE:
                self._drop(self._batches.popleft())

    def _drop(self, batch: InventoryBatch) -> None:
        self._kept_records -= batch.size
        self.dropped_batches += 1
        job = self._jobs.get(batch.job_number)
        if job is not None:
            del job.batches[batch.number]


def _number(text: str) -> int | None:
    """The number an id stands for; `01` and `+1` are no ids."""
    if text.isascii() and text.isdigit() and len(text) < 19 and str(int(text)) == text:
        return int(text)
    return None
