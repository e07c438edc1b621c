"""What a position costs when the catalogue holds a million of them."""

from __future__ import annotations

import gc
import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import psutil

from .bench_payloads import full_load
from .figures import Report
from .in_process import in_process

WARM_UP = (500, 10)  # products and locations, a part of every shape
QUESTION = "resident bytes a position, loaded through the Batch API"


def run(*, quick: bool) -> Report:
    """Load catalogues of two shapes, each in a process of its own."""
    report = Report("memory", QUESTION)
    scale = 10 if quick else 1
    for products, locations in ((10_000 // scale, 100), (100_000 // scale, 10)):
        shape = f"{products:,} products x {locations} locations"
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            cost = pool.submit(bytes_a_position, products, locations).result(timeout=150)
        report.add(shape, "bytes/position", [cost])
        if not quick:
            report.aim(shape, cost, "at most", 150, " bytes")
    report.notes.append(
        "The growth in resident memory of the process after some batches, so what each batch"
        " leaves behind (results, history) counts as well."
    )
    if quick:
        report.notes.append(
            "Quick: 100,000 positions, too few to judge the target of 150 bytes at 1,000,000."
        )
    return report


def bytes_a_position(products: int, locations: int) -> float:
    """Resident bytes that a full load added to this process, for each of its positions."""
    this = psutil.Process()
    with in_process() as simulator:
        # Code that has run once, and the heap in which a batch is read and then let go, belong to
        # the process, however many positions there are. So a few batches go first.
        for seed in range(-5, 0):
            simulator.load(full_load(*WARM_UP, seed))
        gc.collect()
        before = this.memory_info().rss
        simulator.load(full_load(products, locations, seed=1))
        gc.collect()
        added = products * locations - WARM_UP[0] * WARM_UP[1]
        return (this.memory_info().rss - before) / added
