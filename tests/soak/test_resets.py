"""Resets that the examination of the traffic has not come to yet keep little of what went."""

import gc
import tracemalloc

import pytest
from fluent_oms_simulator import Settings, Simulator, build

from .helpers import sending

MEBIBYTE = 1024 * 1024
RESETS = 20


def a_world(simulator: Simulator) -> None:
    """A job of a mebibyte, with a batch of which every record failed."""
    job = {"name": "large", "retailerId": "1", "meta": {"note": "x" * MEBIBYTE}}
    simulator.jobs.create_job(sending.as_json(job))
    sending.failing_batch(simulator, 0)
    assert simulator.settle(600)


@pytest.mark.slow
def test_a_reset_keeps_no_jobs_and_batches_for_the_report() -> None:
    switches = {"batch.invalid_record": "refuse_record"}
    simulator = build(Settings(seed_data="none", behaviours=switches))
    simulator.start()
    sending.examine_nothing(simulator, 0)
    sending.refused_request(simulator, 0)
    try:
        a_world(simulator)
        gc.collect()
        tracemalloc.start()
        for _ in range(RESETS):
            a_world(simulator)
            simulator.reset()
        gc.collect()
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        simulator.close()

    assert held < MEBIBYTE
