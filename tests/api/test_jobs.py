"""Jobs: created, shown with their batches, closed at midnight UTC."""

import pytest
from fluent_oms_simulator import Settings
from fluent_oms_simulator.clock import VirtualClock

from ..conftest import MakeSimulator
from ..support import Client, record
from .helpers.replies import of_kind, refusals

HOUR = 3_600_000
JOB = "/api/v4.1/job"


@pytest.fixture
def clocked(make_simulator: MakeSimulator, clock: VirtualClock) -> Client:
    return Client(make_simulator(clock=clock))


def status(client: Client, job: str = "1", **query: str) -> dict[str, object]:
    return of_kind("job_status", client.get(f"{JOB}/{job}", **query))


def test_a_job_answers_with_its_id_as_text(client: Client) -> None:
    for number in ("1", "2", "3"):
        reply = client.post(JOB, {"name": "Batch Inventory Job", "retailerId": "1"})
        assert of_kind("created", reply) == {"id": number}


def test_a_job_shows_what_it_was_created_with(clocked: Client) -> None:
    meta = {"preprocessing": "skip", "fileCount": 3, "more": {"a": [1, None]}}
    clocked.post(JOB, {"name": "Nächtlich 😀", "retailerId": 1, "meta": meta, "unknown": 1})

    assert status(clocked) == {
        "id": "1",
        "jobId": "1",
        "name": "Nächtlich 😀",
        "retailerId": "1",
        "status": "OPEN",
        "meta": meta,
        "createdOn": "2026-01-01T12:00:00.000+00:00",
        "start": "0",
        "count": "0",
        "total": "0",
        "batch": [],
    }


def test_a_job_lists_its_batches_a_page_at_a_time(client: Client) -> None:
    job = client.job()
    ids = [client.load([record("A", "L", number)], job=job) for number in range(5)]

    whole = status(client, job)
    assert [row["batchId"] for row in whole["batch"]] == ids  # type: ignore[attr-defined]
    assert {row["status"] for row in whole["batch"]} == {"COMPLETE"}  # type: ignore[attr-defined]
    page = status(client, job, start="3", count="10")
    assert [row["id"] for row in page["batch"]] == ids[3:]  # type: ignore[attr-defined]
    assert (page["start"], page["count"], page["total"]) == ("3", "2", "5")
    assert status(client, job, start="99")["batch"] == []


def test_a_page_of_batches_has_100_unless_asked(client: Client) -> None:
    job = client.job()
    for number in range(102):
        client.load([record("A", "L", number)], job=job)

    page = status(client, job)
    assert (page["count"], page["total"]) == ("100", "102")


def test_paging_can_be_numbers(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(batch_paging="number"))
    client.job()

    page = status(client)
    assert (page["start"], page["count"], page["total"]) == (0, 0, 0)


def test_a_job_closes_at_midnight_utc(clocked: Client, clock: VirtualClock) -> None:
    job = clocked.job()

    clock.advance(12 * HOUR - 1)
    assert status(clocked, job)["status"] == "OPEN"
    clocked.load([record("A", "L", 1)], job=job)
    clock.advance(1)
    assert status(clocked, job)["status"] == "CLOSED"
    reply = clocked.post(f"{JOB}/{job}/batch", {})
    assert "CLOSED" in refusals(reply)[0][1]
    assert status(clocked, clocked.job())["status"] == "OPEN"


def test_a_closed_job_can_still_be_read(clocked: Client, clock: VirtualClock) -> None:
    job = clocked.job()
    batch_id = clocked.load([record("A", "L", 1)], job=job)

    clock.advance(48 * HOUR)
    clocked = Client(clocked.simulator)
    assert clocked.batch(batch_id, job=job)["status"] == "COMPLETE"
    results = of_kind("job_results", clocked.get(f"{JOB}/{job}/results"))
    assert results["status"] == "CLOSED"


@pytest.mark.parametrize(("closes", "open_for"), [("after_24_hours", 24), ("never", 24 * 400)])
def test_closing_is_a_switch(
    make_simulator: MakeSimulator, clock: VirtualClock, closes: str, open_for: int
) -> None:
    client = Client(make_simulator(clock=clock, job_closes=closes))
    job = client.job()

    clock.advance(open_for * HOUR - 1)
    client = Client(client.simulator)
    assert status(client, job)["status"] == "OPEN"
    clock.advance(1)
    client = Client(client.simulator)
    expected = "CLOSED" if closes == "after_24_hours" else "OPEN"
    assert status(client, job)["status"] == expected


def test_the_results_of_a_job(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(batch_invalid_record="refuse_record"))
    job = client.job()
    client.load([record("A", "L", 1), record("B", "L", 2)], job=job)
    client.load([record("A", "L", 1), record("B", "L", -2)], job=job)

    results = of_kind("job_results", client.get(f"{JOB}/{job}/results"))

    assert results["id"] == job
    assert results["status"] == "OPEN"
    counted = [results[f"{kind}Batches"] for kind in ("total", "successful", "failed")]
    assert counted == [2, 1, 1]
    assert [row["processedEntities"] for row in results["results"]] == [2, 2]
    assert results["results"][0]["errors"] == []
    [error] = results["results"][1]["errors"]
    assert "/entities/1/qty" in error["message"]


def test_the_results_of_a_job_can_be_absent(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(job_results="absent"))

    refusals(client.get(f"{JOB}/{client.job()}/results"), 404)


def test_jobs_of_two_retailers(make_simulator: MakeSimulator) -> None:
    settings = Settings(seed_data="none", retailers=("1", "22"))
    client = Client(make_simulator(settings=settings))
    ours, theirs = client.job(), client.job(retailer=22)
    client.load([record("A", "L", 1)], job=ours)
    client.load([record("A", "L", 2)], job=theirs)

    shown = [(row["catalogueRef"], row["ref"], row["onHand"]) for row in client.positions()]
    assert shown == [("DEFAULT:1", "A:L:DEFAULT", 1), ("DEFAULT:22", "A:L:DEFAULT", 2)]
    assert status(client, theirs)["retailerId"] == "22"


@pytest.mark.parametrize(
    ("document", "error"),
    [
        (
            {"retailerId": "1"},
            {
                "code": "400",
                "message": "'name' is required",
                "detail": "/name is missing, expected text of 1 to 255 characters",
            },
        ),
        (
            {"name": "x"},
            {
                "code": "NotNull",
                "message": "'retailerId' is required",
                "detail": "/retailerId is missing, expected a retailer id: text of 1 to 20"
                " characters, or a whole number",
            },
        ),
        (
            {"name": None, "retailerId": "1"},
            {
                "code": "400",
                "message": "'name' is required",
                "detail": "at /name found null, expected text of 1 to 255 characters",
            },
        ),
    ],
)
def test_a_missing_field_has_the_documented_words_and_no_others(
    client: Client, document: object, error: object
) -> None:
    # REST API error codes overview, 26 May 2025; the detail is ours.
    reply = client.post(JOB, document)

    assert reply.status_code == 400
    assert reply.get_json() == {"errors": [error]}
