"""A simulator inside this process: its own operations and worker, without a socket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from flask.testing import FlaskClient
from fluent_oms_simulator.app import create_app
from fluent_oms_simulator.assembly import build
from fluent_oms_simulator.process import tune
from fluent_oms_simulator.settings import Settings

from .payloads import JOB


class InProcess:
    """A simulator and the few calls that a benchmark makes to it."""

    def __init__(self) -> None:
        self.simulator = build(Settings(seed_data="none", auth="off"))
        self._client: FlaskClient = create_app(self.simulator).test_client()

    def post(self, path: str, body: bytes) -> Any:
        """POST a body that must be accepted."""
        reply = self._client.post(path, data=body, content_type="application/json")
        if reply.status_code != 200:
            raise RuntimeError(f"{path} answered {reply.status_code}: {reply.data[:400]!r}")
        return orjson.loads(reply.data)

    def open_job(self, body: bytes = JOB) -> str:
        """Open a job; the path to post its batches to."""
        return f"/api/v4.1/job/{self.post('/api/v4.1/job', body)['id']}/batch"

    def settle(self) -> None:
        """Return when everything accepted has been applied."""
        if not self.simulator.settle():
            raise TimeoutError("the worker was not done in time")

    def load(self, bodies: Iterator[bytes]) -> None:
        """Send batches in one job, each after the one before it has been applied."""
        path = self.open_job()
        for body in bodies:
            self.post(path, body)
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
