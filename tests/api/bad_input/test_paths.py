"""Wrong paths, methods and pages get a clear refusal, and leave nothing behind."""

import pytest
from fluent_oms_simulator.clock import VirtualClock

from ...conftest import MakeSimulator
from ...support import Client, record
from ..helpers.replies import assert_goes_on, assert_refused, footprint, refusals
from .helpers.payloads import BATCH, JOB, batch_text

HOUR = 3_600_000


@pytest.mark.parametrize(
    "job_id",
    ["2", "0", "-1", "01", "1.0", "x", "1 ", "%31%30", "9" * 30, "٣", "１", "a%2Fb", "%00", "é"],  # noqa: RUF001
)
def test_an_unknown_job(stocked: Client, job_id: str) -> None:
    before = footprint(stocked)

    refusals(stocked.post(f"/api/v4.1/job/{job_id}/batch", batch_text()), 404)
    for rest in ("", "/batch/1", "/results"):
        [(code, message)] = refusals(stocked.get(f"/api/v4.1/job/{job_id}{rest}"), 404)
        assert code == "404"
        assert message
    assert_goes_on(stocked, before)


@pytest.mark.parametrize("batch_id", ["2", "0", "01", "x", "9" * 30])
def test_an_unknown_batch(stocked: Client, batch_id: str) -> None:
    [(code, message)] = refusals(stocked.get(f"{BATCH}/{batch_id}"), 404)

    assert code == "404"
    assert f"Job 1 has no batch '{batch_id}'" in message


def test_the_batch_of_another_job(stocked: Client) -> None:
    other = stocked.job()
    batch_id = stocked.load([record("B", "L", 1)], job=other)

    [(code, _)] = refusals(stocked.get(f"{BATCH}/{batch_id}"), 404)
    assert code == "404"
    assert stocked.batch(batch_id, job=other)["status"] == "COMPLETE"


@pytest.mark.parametrize("status", ["400", "404"])
def test_a_closed_job(make_simulator: MakeSimulator, clock: VirtualClock, status: str) -> None:
    client = Client(make_simulator(clock=clock, job_closed_status=status))
    client.job()
    clock.advance(12 * HOUR)

    assert_refused(
        client, BATCH, batch_text(), "Job 1 is CLOSED", "create a new job", status=int(status)
    )


@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/",
        "/api/v4.1",
        "/api/v4/job",
        "/api/v4.1/jobs",
        "/api/v4.1/job/1/batch/1/results",
        "/api/v4.1/event/x/y",
        "/API/v4.1/job",
        "//api/v4.1/job",
        "/api//v4.1/job",
        "/oauth",
        "/__admin/nope",
        "/__admin//",
        "/nope\x00%ff",
        "/api/%ff%fe",
        "/%2e%2e/etc/passwd",
        "/" + "x" * 5000,
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
def test_an_unknown_path(stocked: Client, path: str, method: str) -> None:
    before = footprint(stocked)

    reply = stocked.http.open(path, method=method, headers=stocked.headers)

    [(code, message)] = refusals(reply, 404)
    assert code == "404"
    assert len(message) < 300
    assert_goes_on(stocked, before)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        (JOB, "POST"),
        (f"{JOB}/1", "GET"),
        (BATCH, "POST"),
        (f"{BATCH}/1", "GET"),
        (f"{JOB}/1/results", "GET"),
        ("/api/v4.1/event", "GET"),
        ("/oauth/token", "POST"),
        ("/", "GET"),
        ("/__ui", "GET"),
        ("/__ui/", "GET"),
        ("/__admin", "GET"),
        ("/__admin/reset", "POST"),
        ("/__admin/positions", "GET"),
    ],
)
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "FOO"])
def test_an_unknown_method(stocked: Client, path: str, allowed: str, method: str) -> None:
    before = footprint(stocked)

    reply = stocked.http.open(path, method=method, headers=stocked.headers)

    [(code, message)] = refusals(reply, 405)
    assert code == "405"
    assert method in message
    assert allowed in message
    assert allowed in reply.headers["Allow"]
    assert_goes_on(stocked, before)


@pytest.mark.parametrize(
    "query", ["start=-1", "start=x", "count=0", "count=-5", "count=1.5", "count=9" + "9" * 40]
)
@pytest.mark.parametrize(
    "path", [f"{JOB}/1", f"{BATCH}/1", "/api/v4.1/event", "/__admin/positions"]
)
def test_a_page_that_is_none(stocked: Client, path: str, query: str) -> None:
    reply = stocked.http.get(f"{path}?{query}", headers=stocked.headers)

    [(_, message)] = refusals(reply)
    name, _, text = query.partition("=")
    assert f"?{name} found '{text}" in message
    assert "whole number" in message
