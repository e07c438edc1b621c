"""Jobs and batches: how far they are, what came of each record and why, how long it took."""

from __future__ import annotations

import pytest
from fluent_oms_simulator import FluentOms
from fluent_oms_simulator.client.builders import record

from .conftest import OpenPage
from .helpers.busy_world import HOSTILE

pytestmark = pytest.mark.slow

ROWS = ".jobs-listed .rows .row"
RECORDS = ".records-listed .rows .row"


def sent(world: FluentOms, job: str, *records: object) -> str:
    batch = {"action": "UPSERT", "entityType": "INVENTORY", "entities": list(records)}
    made = world.send("POST", f"/api/v4.1/job/{job}/batch", batch)
    return str(made.fields["id"])


def job_of(world: FluentOms, name: str) -> str:
    made = world.send("POST", "/api/v4.1/job", {"name": name, "retailerId": "1"})
    return str(made.fields["id"])


@pytest.fixture
def faulty(world: FluentOms) -> FluentOms:
    """With a job without a batch, and one with a batch of which records come to nothing."""
    job_of(world, "empty")
    taken = {**record("SKU_9", "MEL", 3), "ref": "SKU_1:MEL:DEFAULT:LAST_ON_HAND"}
    same = record("SKU_1", "SYD", 101)
    sent(
        world, job_of(world, "night"), taken, same, record("SKU_8", "L", 1), record("SKU_8", "L", 1)
    )
    world.settle()
    return world


def test_jobs_are_listed_also_without_a_batch(open_page: OpenPage, faulty: FluentOms) -> None:
    seen = open_page(faulty.url, "jobs")
    seen.wait_for_text(".about", "3 jobs")
    rows = seen.page.locator(ROWS)

    told = [" ".join(rows.nth(place).inner_text().split()) for place in range(3)]
    assert told[0].startswith("3 night OPEN 1 of 1 1 failed 1 duplicate 1 unchanged 1 applied")
    assert told[1].startswith("2 empty OPEN 0 of 0")
    assert told[2].startswith(f"1 load {HOSTILE} OPEN 2 of 2")


def test_from_a_job_to_its_batch_to_the_records_that_failed(
    open_page: OpenPage, faulty: FluentOms
) -> None:
    seen = open_page(faulty.url, "jobs")
    seen.page.locator(ROWS).first.click()
    seen.wait_for_text(".detail .heading", "Job 3: night")
    seen.page.locator("table[aria-label=Batches] a").click()
    seen.wait_for_text(".detail .heading", "Batch 3 of job 3")
    seen.wait_for_text(".detail", "Time to visible")
    seen.wait_for_text(".detail", "Why records came to nothing")
    assert seen.page.locator(RECORDS).count() == 4

    seen.page.get_by_role("button", name="1 failed").click()
    seen.wait_for_text(f"{RECORDS} >> nth=0", "SKU_9 at MEL")
    seen.page.locator(RECORDS).nth(1).wait_for(state="detached")
    assert "the quantity ref SKU_1:MEL:DEFAULT:LAST_ON_HAND" in seen.text(RECORDS)
    assert "fate=failed" in seen.page.url

    seen.page.get_by_role("button", name="1 unchanged").click()
    seen.wait_for_text(RECORDS, "dropped by Batch Pre-Processing: the stock is so already")
    seen.page.locator(".detail").get_by_text("request ").click()
    seen.wait_for_text(".detail .heading", "POST /api/v4.1/job/3/batch")


def test_a_batch_that_waits_shows_its_progress_and_then_its_time(
    open_page: OpenPage, world: FluentOms
) -> None:
    world.change_settling("manual")
    job = job_of(world, "held")
    batch = sent(world, job, record("SKU_1", "MEL", 1), record("SKU_2", "MEL", 2))
    seen = open_page(world.url, f"jobs?job={job}&batch={batch}")
    seen.wait_for_text(".detail", "0 of 2 records")
    seen.page.locator("progress").wait_for()

    world.settle()
    seen.wait_for_text(".detail .facts", "COMPLETE")
    seen.wait_for_text(".detail .facts", "Time to visible")
    assert seen.page.locator("progress").count() == 0
    seen.wait_for_text(RECORDS, "applied")
    seen.wait_for_text(ROWS, "2 applied")


@pytest.mark.parametrize(
    ("chosen", "count"), [("Batches", "4 batches"), ("Batches that are not COMPLETE", "1 batch")]
)
def test_batches_can_be_listed_by_themselves(
    open_page: OpenPage, faulty: FluentOms, chosen: str, count: str
) -> None:
    faulty.change_settling("manual")
    batch = sent(faulty, job_of(faulty, "held"), record("SKU_1", "MEL", 1))
    seen = open_page(faulty.url, "jobs")

    seen.page.get_by_label("What is listed").select_option(label=chosen)
    seen.wait_for_text(".about", count)
    seen.wait_for_text(f"{ROWS} >> nth=0", "PENDING")
    seen.page.locator(ROWS).first.click()
    seen.wait_for_text(".detail .heading", f"Batch {batch} of job 4")
    seen.page.keyboard.press("Escape")
    seen.page.locator(".detail .heading").wait_for(state="detached")
    assert "list=" in seen.page.url


def test_a_job_that_comes_is_seen_as_one_looks(open_page: OpenPage, world: FluentOms) -> None:
    seen = open_page(world.url, "jobs")
    seen.wait_for_text(".about", "1 job")

    job_of(world, "later")

    seen.wait_for_text(".about", "2 jobs")
    seen.wait_for_text(f"{ROWS} >> nth=0", "later")


def test_records_of_a_large_batch_are_drawn_as_they_are_seen(
    open_page: OpenPage, fluent_oms: FluentOms
) -> None:
    job = job_of(fluent_oms, "full")
    batch = sent(fluent_oms, job, *(record(f"SKU_{n}", "L", 1) for n in range(5_000)))
    fluent_oms.settle()
    seen = open_page(fluent_oms.url, f"jobs?job={job}&batch={batch}")
    seen.wait_for_text(RECORDS, "SKU_0 at L")

    def goes_down() -> int:
        seen.page.locator(".records-listed").press("End")
        return seen.page.locator(RECORDS).filter(has_text="SKU_399 at L").count()

    seen.wait_until(goes_down, "the 400th record is seen")
    assert seen.page.locator(RECORDS).count() < 60
