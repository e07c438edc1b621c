"""How long accepting a full batch takes, beside parsing and judging the same bytes."""

from __future__ import annotations

import time
from contextlib import closing

import orjson
from fluent_oms_simulator.intake.schemas import Schemas

from ..server.processes import running
from ..server.raw_client import connect, read_reply, request_bytes
from .bench_api import BenchApi
from .bench_payloads import full_load
from .figures import Report, ratio
from .in_process import InProcess, in_process

QUESTION = "milliseconds to accept 5,000 records, beside parse + schema verdict"


def run(*, quick: bool) -> Report:
    """Take turns: judge the bytes here, accept them here, accept them over HTTP."""
    report = Report("batch_accept", QUESTION)
    rounds = 15 if quick else 41
    schemas = Schemas()
    yardstick: list[float] = []
    operation: list[float] = []
    over_http: list[float] = []
    with in_process() as local, running() as server, closing(OverHttp(server.url)) as there:
        here = local.open_job()
        for attempt in range(rounds + 2):
            body = next(full_load(products=50, locations=100, seed=attempt))
            times = (
                judge(schemas, body),
                accept_here(local, here, body),
                there.accept(body),
            )
            if attempt >= 2:  # the first two warm up
                for values, taken in zip((yardstick, operation, over_http), times, strict=True):
                    values.append(taken)
    report.add("orjson.loads + schema verdict", "ms", yardstick)
    report.add("accept, in process", "ms", operation)
    report.add("accept, over HTTP", "ms", over_http)
    inside = report.add("in process / verdict", "ratio", list(map(ratio, operation, yardstick)))
    outside = report.add("over HTTP / verdict", "ratio", list(map(ratio, over_http, yardstick)))
    report.aim("accepting in process over parse + verdict", inside.median, "at most", 2.0)
    report.aim("accepting over HTTP over parse + verdict", outside.median, "at most", 2.5)
    return report


def judge(schemas: Schemas, body: bytes) -> float:
    """Milliseconds to parse a batch and hold it to its schema."""
    began = time.perf_counter()
    verdict = schemas.is_valid("batch", orjson.loads(body))
    taken = time.perf_counter() - began
    if not verdict:
        raise RuntimeError("the benchmark's own batch breaks the schema")
    return taken * 1000


def accept_here(local: InProcess, job: str, body: bytes) -> float:
    """Milliseconds from handing over a batch to its id, in this process."""
    # The worker waits meanwhile, so that applying is not measured as accepting.
    with local.simulator.worker.quiet():
        began = time.perf_counter()
        local.post_batch(job, body)
        taken = (time.perf_counter() - began) * 1000
    local.settle()
    return taken


class OverHttp:
    """A job at a server, and a connection that takes hardly any of the time that is measured."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._api = BenchApi(url)
        self._job = self._api.open_job()
        self._connection = connect(url)

    def accept(self, body: bytes) -> float:
        """Milliseconds from sending a batch to its id, the server being at rest."""
        path = f"/api/v4.1/job/{self._job}/batch"
        request = request_bytes(self._url, path, body, self._api.token)
        began = time.perf_counter()
        self._connection.sendall(request)
        reply = read_reply(self._connection, b"200")
        taken = (time.perf_counter() - began) * 1000
        self._api.complete(self._job, orjson.loads(reply)["id"])
        return taken

    def close(self) -> None:
        """Close the connections."""
        self._connection.close()
        self._api.close()
