"""A simulator inside this process: its own operations and worker, without a socket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from fluent_oms_simulator.assembly import build
from fluent_oms_simulator.serving.process import tune
from fluent_oms_simulator.settings import Settings

from .bench_payloads import JOB


class InProcess:
    """A simulator and the few calls that a benchmark makes to it."""

    def __init__(self) -> None:
        self.simulator = build(Settings(seed_data="none", auth="off"))

    def open_job(self, body: bytes = JOB) -> str:
        """Open a job; its id."""
        return str(self.simulator.jobs.create_job(body).body["id"])

    def post_batch(self, job: str, body: bytes) -> None:
        """Hand over a batch, which must be accepted; ApiError says why it was not."""
        self.simulator.jobs.add_batch(job, body)

    def post_graphql(self, body: bytes) -> Any:
        """What a GraphQL request is answered, rendered as it would be for a client."""
        reply = self.simulator.graphql.post(body).body
        orjson.dumps(reply)
        return reply

    def settle(self) -> None:
        """Return when everything accepted has been applied."""
        if not self.simulator.settle():
            raise TimeoutError("the worker was not done in time")

    def load(self, bodies: Iterator[bytes]) -> None:
        """Send batches in one job, each after the one before it has been applied."""
        job = self.open_job()
        for body in bodies:
            self.post_batch(job, body)
            self.settle()


@contextmanager
def in_process() -> Iterator[InProcess]:
    """A simulator in this process, with its worker started."""
    held = InProcess()
    try:
        held.simulator.start()
        tune()
        yield held
    finally:
        held.simulator.close()
