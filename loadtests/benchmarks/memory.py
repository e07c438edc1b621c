"""What a position costs when there are millions, and how long a caller waits meanwhile."""

from __future__ import annotations

import gc
import multiprocessing
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from types import TracebackType
from typing import NamedTuple

import psutil

from .bench_payloads import full_load
from .figures import Report
from .in_process import InProcess, in_process

WARM_UP = (500, 10)  # products and locations, a part of every shape
QUESTION = "resident bytes a position, loaded through the Batch API"
SHAPES = ((10_000, 100, 100), (100_000, 10, 130))
"""Products, locations, and the bytes that a position may take."""
LARGE = (50_000, 100)
MOST_MEBIBYTES = 1024
LONGEST_PAUSE = 50
"""Milliseconds."""
MEBIBYTE = 1024 * 1024


class Loaded(NamedTuple):
    """A catalogue that was loaded: what it takes, and the longest wait of a caller meanwhile."""

    bytes_a_position: float
    mebibytes: float
    pause: float
    pause_of_cpu: float


def run(*, quick: bool) -> Report:
    """Load catalogues of several shapes, each in a process of its own."""
    report = Report("memory", QUESTION)
    scale = 10 if quick else 1
    loads: dict[str, Loaded] = {}
    for products, locations, most in SHAPES:
        shape = f"{products // scale:,} products x {locations} locations"
        loads[shape] = in_another_process(products // scale, locations)
        cost = loads[shape].bytes_a_position
        report.add(shape, "bytes/position", [cost])
        if not quick:
            report.aim(shape, cost, "at most", most, " bytes")
    if not quick:
        products, locations = LARGE
        shape = f"{products:,} products x {locations} locations"
        loads[shape] = in_another_process(products, locations)
        report.add(shape, "bytes/position", [loads[shape].bytes_a_position])
        total = loads[shape].mebibytes
        label = f"the whole process with {products * locations:,} positions"
        report.add(label, "MiB", [total])
        report.aim(label, total, "at most", MOST_MEBIBYTES, " MiB")
    pauses = [load.pause for load in loads.values()]
    report.add("longest wait of a caller during a load", "ms", pauses)
    by_cpu = report.add(
        "by CPU time: the same", "ms", [load.pause_of_cpu for load in loads.values()]
    )
    if not quick:
        report.aim("by CPU time: longest wait", by_cpu.highest, "at most", LONGEST_PAUSE, " ms")
    report.notes.append(
        "The growth in resident memory of the process after some batches, so what each batch"
        " leaves behind (results, history) counts as well."
    )
    report.notes.append(
        "A caller asks for the catalogue every millisecond while batches are made, accepted and"
        " applied. By CPU time: of the same waits, what this process itself was at work."
    )
    if quick:
        report.notes.append(
            "Quick: 100,000 positions, too few to judge the targets, which are for 1,000,000."
        )
    return report


def in_another_process(products: int, locations: int) -> Loaded:
    """Load a catalogue in a new process, whose memory nothing else has used."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(loaded, products, locations).result(timeout=600)


def loaded(products: int, locations: int) -> Loaded:
    """Load a catalogue of this shape into this process, and look at it all the while."""
    this = psutil.Process()
    with in_process() as held:
        # Code that has run once, and the heap in which a batch is read and then let go, belong to
        # the process, however many positions there are. So a few batches go first.
        for seed in range(-5, 0):
            held.load(full_load(*WARM_UP, seed))
        gc.collect()
        before = this.memory_info().rss
        with Caller(held) as caller:
            held.load(full_load(products, locations, seed=1))
        gc.collect()
        after = this.memory_info().rss
    added = products * locations - WARM_UP[0] * WARM_UP[1]
    return Loaded((after - before) / added, after / MEBIBYTE, caller.longest, caller.longest_of_cpu)


class Caller:
    """Asks for the catalogue every millisecond; `longest` is how many one call took at most."""

    def __init__(self, held: InProcess) -> None:
        self._store = held.simulator.store
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self.longest = 0.0
        self.longest_of_cpu = 0.0

    def __enter__(self) -> Caller:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._thread.join()

    def _ask(self) -> None:
        while not self._done.is_set():
            began, began_cpu = time.perf_counter(), time.process_time()
            time.sleep(0.001)
            with self._store.reading("DEFAULT:1") as catalogue:
                assert catalogue is not None
            taken = (time.perf_counter() - began) * 1000 - 1
            of_cpu = (time.process_time() - began_cpu) * 1000
            self.longest = max(self.longest, taken)
            self.longest_of_cpu = max(self.longest_of_cpu, min(taken, of_cpu))
