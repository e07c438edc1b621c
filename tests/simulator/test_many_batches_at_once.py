"""Large batches are read one at a time, and small ones beside them."""

import json
import threading
import time
from typing import Any

import pytest
from fluent_oms_simulator import Settings, build
from fluent_oms_simulator.intake.schemas import Schemas
from fluent_oms_simulator.operations.jobs import LARGE_BATCH

from ..support import batch, record

SMALL = json.dumps(batch(record("SKU", "LOC", 1))).encode()
LARGE = json.dumps(batch(*(record(f"SKU_{n}", "LOC", 1) for n in range(2_000)))).encode()
JOB = b'{"name":"nightly","retailerId":"1"}'


def test_large_batches_are_read_one_at_a_time_and_small_ones_do_not_wait_for_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert len(SMALL) < LARGE_BATCH < len(LARGE)
    judged, go_on = Schemas.is_valid, threading.Event()
    reading: list[int] = []

    def is_valid(self: Schemas, kind: str, document: Any) -> bool:
        if kind == "batch" and len(document["entities"]) > 1:
            reading.append(threading.get_ident())
            go_on.wait(120)
        return judged(self, kind, document)

    monkeypatch.setattr(Schemas, "is_valid", is_valid)
    simulator = build(Settings(seed_data="none"))
    job = str(simulator.jobs.create_job(JOB).body["id"])
    senders = [
        threading.Thread(target=simulator.jobs.add_batch, args=(job, LARGE)) for _ in range(4)
    ]
    try:
        for sender in senders:
            sender.start()
        deadline = time.monotonic() + 120
        while not reading and time.monotonic() < deadline:
            time.sleep(0.005)
        assert simulator.jobs.add_batch(job, SMALL).body == {"id": "1"}
        assert len(reading) == 1
    finally:
        go_on.set()
        for sender in senders:
            sender.join()

    assert sorted(set(reading)) == sorted(sender.ident or 0 for sender in senders)
    assert simulator.jobs.job_status(job, {}).body["total"] in (5, "5")
    simulator.close()
