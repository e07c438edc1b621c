"""Rules about jobs: what is sent into them, and whether anyone asks what became of it."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator

from ..bounded_memory import Recent
from ..rule import Call, CallDetails, Finding, Rule, Severity
from .calling import MOST_CALLERS, accepted

MOST_JOBS = 1_000
ONE_BATCH_JOBS = 5
JOBS_WITHIN = 600.0
UNASKED_FOR = 900.0
"""Seconds after which a batch without a question about it counts as forgotten."""
_ASKS_OF_JOB = ("getJob", "getBatch", "getJobResults")
_ASKS_OF_ANY = ("findEvents", "getEvent")


class BatchToClosedJob(Rule):
    """A batch for a job that is closed, as a refusal or a look at the job has told.

    Remembers the last 1,000 closed jobs.
    """

    id = "FOMS-O001"
    title = "A batch is sent to a closed job"
    severity = Severity.ERROR
    reason = "A job closes at midnight UTC and never opens again; what is sent into it is lost."
    evidence = "Fluent docs: job API, 20 Feb 2025. Inferred: that the batch is refused"
    hint = "Open a new job when the UTC date changes or a job is refused, and send the batch again."
    sees = (Call,)
    good = (
        Call("createJob", 200, 0.0, details=CallDetails(job_id="1")),
        Call("createBatch", 200, 1.0, details=CallDetails(job_id="1")),
        Call("getJob", 200, 90_000.0, details=CallDetails(job_id="1", job_status="CLOSED")),
    )
    bad = (
        Call("createBatch", 400, 90_000.0, details=CallDetails(job_id="1", job_status="CLOSED")),
    )

    def __init__(self) -> None:
        self._closed: Recent[int, bool] = Recent(MOST_JOBS)

    def see(self, observation: Call) -> Iterable[Finding]:
        job = observation.details.job_id
        if job is None:
            return
        known = self._closed.get(hash(job))
        if observation.details.job_status == "CLOSED":
            self._closed.put(hash(job), True)
        elif not known:
            return
        if observation.operation == "createBatch":
            again = ", which was known to be closed" if known else ", which is closed"
            yield self.finding("", f"a batch for job {job[:40]}{again}", "a job that is open")


class JobPerBatch(Rule):
    """Five jobs in a row within ten minutes, each with a single batch.

    A retailer whose load fits into one batch opens a job for it each time, but not that often.
    Remembers the last six jobs of 1,000 callers.
    """

    id = "FOMS-O002"
    title = "A job is opened for each batch"
    severity = Severity.WARNING
    reason = (
        "A job holds the batches that belong together. One for each costs a call a batch, and"
        " leaves nothing that tells when the whole load is done."
    )
    evidence = (
        "Fluent docs: inventory batch, 9 Feb 2025 (a job is a set of batches); inventory batches,"
        " 3 Feb 2025 (any number of batches). Inferred: how many jobs are too many"
    )
    hint = "Open one job for the load, and send all of its batches into it."
    sees = (Call,)
    good = tuple(
        Call(
            "createBatch" if number else "createJob",
            200,
            float(number),
            details=CallDetails(job_id="1"),
        )
        for number in range(20)
    )
    bad = tuple(
        Call(operation, 200, float(number), details=CallDetails(job_id=str(number)))
        for number in range(6)
        for operation in ("createJob", "createBatch")
    )

    def __init__(self) -> None:
        # id, time and number of batches of each caller's last jobs
        self._jobs: Recent[int, deque[tuple[int, float, int]]] = Recent(MOST_CALLERS)

    def see(self, observation: Call) -> Iterable[Finding]:
        operation = observation.operation
        if operation not in ("createJob", "createBatch") or not accepted(observation):
            return
        job = hash(observation.details.job_id)
        jobs = self._jobs.get(hash(observation.caller))
        if operation == "createBatch":
            for index, (opened, at, batches) in enumerate(jobs or ()):
                if jobs and opened == job:
                    jobs[index] = (opened, at, batches + 1)
            return
        if jobs is None:
            jobs = deque(maxlen=ONE_BATCH_JOBS)
            self._jobs.put(hash(observation.caller), jobs)
        took = observation.at - jobs[0][1] if jobs else 0.0
        if (
            len(jobs) == ONE_BATCH_JOBS
            and took <= JOBS_WITHIN
            and all(batches == 1 for _, _, batches in jobs)
        ):
            yield self.finding(
                "",
                f"the next job after {ONE_BATCH_JOBS} with one batch each, within {took:.3g} s",
                "one job for all batches of a load",
            )
            jobs.clear()
        jobs.append((job, observation.at, 0))


class OutcomeNeverAsked(Rule):
    """Batches whose job nobody has asked about, nor searched the event log, for 15 minutes.

    Whoever asks, it counts for the job. Told once a job, or at the end of what there is to see.
    Remembers the last 1,000 jobs that wait for a question, and as many that were told.
    """

    id = "FOMS-O003"
    title = "Nobody asks what became of a batch"
    severity = Severity.WARNING
    reason = (
        "The reply to a batch says only that it was taken. That a record failed stands in the"
        " batch's status and in the event log, and nowhere else."
    )
    evidence = (
        "Fluent docs: job API, 20 Feb 2025; batch API, 10 Dec 2024 (complete, with or without"
        " errors). Inferred: how long is too long"
    )
    hint = (
        "Ask for the batch's status until it is COMPLETE, and look at the results that are not 200."
    )
    sees = (Call,)
    good = (
        Call("createBatch", 200, 0.0, details=CallDetails(job_id="1", batch_id="7")),
        Call("getBatch", 200, 5.0, details=CallDetails(job_id="1", batch_id="7")),
        Call("createJob", 200, 2_000.0, details=CallDetails(job_id="2")),
    )
    bad = (
        Call("createBatch", 200, 0.0, details=CallDetails(job_id="1", batch_id="7")),
        Call("createJob", 200, 2_000.0, details=CallDetails(job_id="2")),
    )

    def __init__(self) -> None:
        # by job, the oldest first: since when, and how many batches
        self._waiting: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._told: Recent[int, bool] = Recent(MOST_JOBS)

    def see(self, observation: Call) -> Iterable[Finding]:
        operation, at, waiting = observation.operation, observation.at, self._waiting
        job = observation.details.job_id
        if operation in _ASKS_OF_ANY:
            waiting.clear()
        elif operation in _ASKS_OF_JOB and job is not None:
            waiting.pop(job[:100], None)
        while waiting and at - next(iter(waiting.values()))[0] > UNASKED_FOR:
            forgotten, (since, batches) = waiting.popitem(last=False)
            self._told.put(hash(forgotten), True)
            yield self._unasked(forgotten, batches, at - since)
        if operation == "createBatch" and job is not None and accepted(observation):
            job = job[:100]
            if hash(job) in self._told:
                return
            since, batches = waiting.get(job, (at, 0))
            waiting[job] = (since, batches + 1)
            if len(waiting) > MOST_JOBS:
                waiting.popitem(last=False)

    def finish(self, at: float | None) -> Iterator[Finding]:
        for job, (since, batches) in self._waiting.items():
            yield self._unasked(job, batches, None if at is None else at - since)
        self._waiting.clear()

    def _unasked(self, job: str, batches: int, seconds: float | None) -> Finding:
        many = "1 batch" if batches == 1 else f"{batches:,} batches"
        how_long = "until the end" if seconds is None else f"for {max(seconds, 0):,.0f} s"
        return self.finding(
            "",
            f"{many} in job {job[:40]}, and {how_long} nobody asked how they went",
            f"a question about the batch or its job within {UNASKED_FOR / 60:.0f} minutes",
        )
