"""Jobs and their batches, numbered from 1.

How much may wait and how much of the rest is kept is in the table of bounds.
"""

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from ..domain import bounds
from ..domain.bounds import LineFullError, Tally
from ..domain.jobs import InventoryBatch, Job

FindJob = Callable[[str], "Job | None"]
"""From a job's id to the job, if it is kept."""


class JobStore:
    """Jobs by number; what has not ended stays, the oldest of the rest gives way first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._forget_all()

    def _forget_all(self) -> None:
        self._jobs: OrderedDict[int, Job] = OrderedDict()
        self._in_line: dict[int, tuple[InventoryBatch, Job]] = {}
        self._complete: deque[InventoryBatch] = deque()
        self._jobs_created = 0
        self._batches_created = 0
        self._job_entries = Tally(bounds.JOBS)
        self._job_bytes = Tally(bounds.JOB_BYTES)
        self._waiting = Tally(bounds.WAITING_BATCHES)
        self._batch_entries = Tally(bounds.BATCHES)
        self._batch_bytes = Tally(bounds.BATCH_BYTES)

    @contextmanager
    def anew(self, kept: "KeptJobs | None" = None) -> Iterator[FindJob]:
        """Forget every job and number from 1 again, or go back; nothing is added while this lasts.

        Yields what finds the jobs that there were, without what they held.
        """
        with self._lock:
            jobs = {
                number: Job(number, "", job.retailer_id, job.created_at)
                for number, job in self._jobs.items()
            }
            self._forget_all()
            if kept is not None:
                self._take(kept)
            yield partial(_find, jobs)

    def keep(self) -> "KeptJobs | None":
        """What there is, to go back to; None while a batch waits."""
        with self._lock:
            if self._in_line:
                return None
            return KeptJobs(
                [_copied(job) for job in self._jobs.values()],
                tuple(self._complete),
                self._jobs_created,
                self._batches_created,
                [copy(tally) for tally in self.tallies()],
            )

    def _take(self, kept: "KeptJobs") -> None:
        self._jobs.update((job.number, _copied(job)) for job in kept.jobs)
        self._complete.extend(kept.complete)
        self._jobs_created, self._batches_created = kept.jobs_created, kept.batches_created
        (
            self._waiting,
            self._batch_entries,
            self._batch_bytes,
            self._job_entries,
            self._job_bytes,
        ) = (copy(tally) for tally in kept.tallies)

    def jobs_newest_first(self, start: int, count: int) -> list[Job]:
        """So many of the jobs that are kept, after the first `start`."""
        with self._lock:
            # One that was in use when others were dropped stands elsewhere than where it came.
            numbers = sorted(self._jobs, reverse=True)[start : start + count]
            return [self._jobs[number] for number in numbers]

    def batches_of(self, job: Job) -> list[InventoryBatch]:
        """The batches of a job that are kept, the newest first."""
        with self._lock:
            return list(reversed(job.batches.values()))

    @property
    def dropped_jobs(self) -> int:
        """How many jobs were dropped to stay within the bounds."""
        return self._job_entries.lost + self._job_bytes.lost

    @property
    def dropped_batches(self) -> int:
        """How many batches were dropped to stay within the bounds."""
        return self._batch_entries.lost + self._batch_bytes.lost

    def tallies(self) -> list[Tally]:
        """How much is held of each kind."""
        return [
            self._waiting,
            self._batch_entries,
            self._batch_bytes,
            self._job_entries,
            self._job_bytes,
        ]

    def create(
        self,
        name: str,
        retailer_id: str,
        at: int,
        meta: bytes | None = None,
        *,
        skips_preprocessing: bool = False,
    ) -> Job:
        """A new job; `meta` is JSON."""
        with self._lock:
            self._jobs_created += 1
            job = Job(self._jobs_created, name, retailer_id, at, meta, skips_preprocessing)
            self._jobs[job.number] = job
            self._job_entries.held += 1
            self._job_bytes.held += job.held_bytes
            for tally in (self._job_entries, self._job_bytes):
                while tally.is_over and self._drop_oldest_job(tally, job):
                    pass
            return job

    def find(self, job_id: str) -> Job | None:
        """The job with this id, if it is still kept."""
        return _find(self._jobs, job_id)

    def find_batch(self, job: Job, batch_id: str) -> InventoryBatch | None:
        """The batch of this job with this id, if it is still kept."""
        number = _number(batch_id)
        return None if number is None else job.batches.get(number)

    @contextmanager
    def add_batch(self, job: Job, batch: InventoryBatch) -> Iterator[None]:
        """Put a batch into its job, and give it a number; no reset comes while this lasts.

        Raises LineFullError when too much waits already, LookupError when the job is gone.
        """
        size = batch.held_bytes()
        with self._lock:
            if self._jobs.get(job.number) is not job:
                raise LookupError(job.number)
            if not self._waiting.admits(size):
                raise LineFullError(self._waiting)
            self._waiting.held += size
            batch.held = size
            self._batches_created += 1
            batch.number = self._batches_created
            self._in_line[batch.number] = batch, job
            job.batches[batch.number] = batch
            job.waiting += 1
            yield

    def batches_newest_first(self) -> list[InventoryBatch]:
        """The batches that are kept, whatever has become of them."""
        with self._lock:
            waiting = [batch for batch, _ in self._in_line.values()]
            found = [*self._complete, *waiting]
        return sorted(found, key=lambda batch: batch.number, reverse=True)

    def awaits(self, batch: InventoryBatch) -> bool:
        """Whether this very batch waits; once accepted it does, unless a reset has come."""
        waiting = self._in_line.get(batch.number)
        return waiting is not None and waiting[0] is batch

    def completed(self, batch: InventoryBatch) -> None:
        """Take note that a batch is COMPLETE, dropping the oldest ones as the bounds ask."""
        with self._lock:
            waited, job = self._in_line.get(batch.number, (None, None))
            if waited is not batch or job is None:
                return  # it is seed data, or a reset has come between
            del self._in_line[batch.number]
            job.waiting -= 1
            self._waiting.held -= batch.held
            batch.held = batch.held_bytes()
            self._complete.append(batch)
            self._batch_entries.held += 1
            self._batch_bytes.held += batch.held
            for tally in (self._batch_entries, self._batch_bytes):
                while tally.is_over:
                    tally.lost += 1
                    self._forget(self._complete.popleft())

    def _forget(self, batch: InventoryBatch) -> None:
        self._batch_entries.held -= 1
        self._batch_bytes.held -= batch.held
        job = self._jobs.get(batch.job_number)
        if job is not None:
            del job.batches[batch.number]

    def _drop_oldest_job(self, tally: Tally, newest: Job) -> bool:
        """Forget the oldest job in which no batch waits; False when there is none but the newest.

        Its batches are let go when their turn comes.
        """
        for _ in range(len(self._jobs)):
            number, oldest = self._jobs.popitem(last=False)
            if not oldest.waiting and oldest is not newest:
                tally.lost += 1
                self._job_entries.held -= 1
                self._job_bytes.held -= oldest.held_bytes
                return True
            # It is in use, so it counts as new.
            self._jobs[number] = oldest
            self._jobs.move_to_end(number)
        return False


class KeptJobs(NamedTuple):
    """Jobs as they were at a moment at which no batch waited; a COMPLETE batch never changes."""

    jobs: Sequence[Job]
    complete: Sequence[InventoryBatch]
    jobs_created: int
    batches_created: int
    tallies: Sequence[Tally]


def _copied(job: Job) -> Job:
    return replace(job, batches=dict(job.batches), closes_early=False)  # a fault is no state


def _find(jobs: Mapping[int, Job], job_id: str) -> Job | None:
    number = _number(job_id)
    return None if number is None else jobs.get(number)


def _number(text: str) -> int | None:
    """The number an id stands for; `01` and `+1` are no ids."""
    if text.isascii() and text.isdigit() and len(text) < 19 and str(int(text)) == text:
        return int(text)
    return None
