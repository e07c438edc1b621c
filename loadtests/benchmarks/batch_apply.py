"""Records a second from the queue into the catalogue: first load, changed, unchanged."""

from __future__ import annotations

import time

from ..server.processes import running
from .bench_api import BenchApi
from .bench_payloads import BATCH_SIZE, JOB, JOB_WITHOUT_PREPROCESSING, full_load
from .figures import Report
from .in_process import InProcess, in_process

QUESTION = "records a second applied to the catalogue"
BATCHES, FEW_BATCHES = 20, 8
# What is loaded one after the other: the label, the quantities' seed, and how the job is opened.
LOADS = (
    ("first load", 1, JOB),
    ("reload, changed", 2, JOB),
    ("reload, unchanged", 2, JOB),
    ("reload, unchanged, no BPP", 2, JOB_WITHOUT_PREPROCESSING),
    ("reload, changed, no BPP", 3, JOB_WITHOUT_PREPROCESSING),
)
PROMISED = {"first load": 350_000, "reload, changed": 500_000}


def run(*, quick: bool) -> Report:
    """Queue twenty batches, or eight, then time the worker until the last one is complete."""
    report = Report("batch_apply", QUESTION)
    bodies = {
        seed: batches(seed, FEW_BATCHES if quick else BATCHES)
        for seed in {seed for _, seed, _ in LOADS}
    }
    local: dict[str, list[float]] = {label: [] for label, _, _ in LOADS}
    by_cpu: dict[str, list[float]] = {label: [] for label, _, _ in LOADS}
    remote: dict[str, list[float]] = {label: [] for label, _, _ in LOADS}
    for _ in range(2 if quick else 7):
        with in_process() as simulator:
            for label, seed, job in LOADS:
                rate, rate_of_cpu = apply_here(simulator, job, bodies[seed])
                local[label].append(rate)
                by_cpu[label].append(rate_of_cpu)
        with running() as server:
            api = BenchApi(server.url)
            for label, seed, job in LOADS:
                remote[label].append(apply_there(api, job, bodies[seed]))
            api.close()
    for label, rates in local.items():
        sample = report.add(f"worker: {label}", "records/s", rates)
        if label in PROMISED:
            at_least = PROMISED[label]
            report.aim(f"worker: {label}", sample.median, "at least", at_least, " records/s")
    for label in PROMISED:
        report.add(f"by CPU time: {label}", "records/s", by_cpu[label])
    for label, rates in remote.items():
        report.add(f"HTTP: {label}", "records/s", rates)
    report.notes.append("worker: applying alone. HTTP: sending, accepting and applying together.")
    report.notes.append("by CPU time: the same, as if no other process had wanted the core.")
    report.notes.append("A first load creates every position; BPP is Batch Pre-Processing.")
    return report


def batches(seed: int, number: int) -> list[bytes]:
    """Full batches over the same positions, 5,000 in each."""
    return list(full_load(products=number * BATCH_SIZE // 100, locations=100, seed=seed))


def apply_here(simulator: InProcess, job: bytes, bodies: list[bytes]) -> tuple[float, float]:
    """Records a second of the worker alone, by the clock and by CPU time."""
    job_id = simulator.open_job(job)
    # Everything is accepted before the clock starts.
    with simulator.simulator.worker.quiet():
        for body in bodies:
            simulator.post_batch(job_id, body)
    records = len(bodies) * BATCH_SIZE
    began, began_cpu = time.perf_counter(), time.process_time()
    simulator.settle()
    taken, taken_cpu = time.perf_counter() - began, time.process_time() - began_cpu
    return records / taken, records / taken_cpu


def apply_there(api: BenchApi, job: bytes, bodies: list[bytes]) -> float:
    """Records a second that a client sees: from its first batch until the last is complete."""
    job_id = str(api.post("/api/v4.1/job", job)["id"])
    began = time.perf_counter()
    sent = [api.post_batch(job_id, body) for body in bodies]
    for batch in sent:
        api.complete(job_id, batch)
    return len(bodies) * BATCH_SIZE / (time.perf_counter() - began)
