"""The user that sends batches of full loads, each until it is COMPLETE."""

from __future__ import annotations

import time
from collections.abc import Sequence

import gevent
import orjson
from locust import task

from ..reporting.run_result import BATCH_COMPLETE
from ..traffic.load_options import CannotRunError
from ..traffic.payloads import batch_body
from ..traffic.trade_events import Count, Sent
from .deltas import LoadTestUser, error_code
from .process_state import replace_sent

GIVES_UP_AFTER = 60.0


class BatchUser(LoadTestUser):
    """Takes the next batch of the load that is under way, sends it and follows it."""

    abstract = True

    @task
    def send_next(self) -> None:
        """Send one batch, and return when it is COMPLETE."""
        process = self.process
        loads = process.loads
        taken = loads.take() if process.sending and loads is not None else None
        if loads is None or taken is None:
            self.idle()
            return
        number, counts = taken
        process.in_flight += 1
        try:
            self.send(number, counts)
        except CannotRunError as fault:  # no job could be opened
            process.tally.add(requests=1)
            process.tally.failed(str(fault)[:100])
            gevent.sleep(1.0)
        finally:
            process.in_flight -= 1
            loads.done()

    def send(self, number: int, counts: Sequence[Count]) -> None:
        """Send a batch and record what became of it, whatever that is."""
        process = self.process
        job = process.job_of(number)
        path = f"/api/v4.1/job/{job}/batch"
        body = batch_body(counts, process.options.payloads)
        process.pace.wait()
        began = time.monotonic()
        sent = Sent(f"job {job}", time.time(), None, None)
        completed: float | None = None
        try:
            # locust types bodies as text, and sends bytes as they are
            reply = self.client.post(path, data=body, headers=process.headers, name="batch")  # type: ignore[arg-type]
            process.tally.add(requests=1)
            if reply.status_code != 200:
                sent = sent._replace(status=reply.status_code or None)
                process.tally.failed(error_code(reply))
                return
            batch = orjson.loads(reply.content or b"{}").get("id")
            sent = replace_sent(sent, f"job {job} batch {batch}", time.time())
            completed = self._followed(f"{path}/{batch}?count=1", began)
        finally:
            process.ledger.load(counts, sent, completed)
        changed = process.changes.among(counts)
        if completed is None:
            process.tally.failed(f"batch not COMPLETE after {GIVES_UP_AFTER:g} s")
            return
        process.tally.add(batches=1, records=len(counts), changed_records=changed)

    def _followed(self, path: str, began: float) -> float | None:
        """When the batch was COMPLETE."""
        process = self.process
        pause = process.pause
        while time.monotonic() - began < GIVES_UP_AFTER:
            process.pace.wait()
            reply = self.client.get(path, headers=process.headers, name="batch status")
            process.tally.add(requests=1)
            if reply.status_code != 200:
                process.tally.failed(error_code(reply))
            elif b'"COMPLETE"' in (reply.content or b""):
                taken = time.monotonic() - began
                process.tally.took(BATCH_COMPLETE, taken)
                return time.time()
            gevent.sleep(pause)
            pause = min(pause * 1.5, max(process.pause, 0.1))
        return None
