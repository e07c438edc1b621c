"""What happens to a world while its page is open: no figure stays that is not true any more."""

import pytest
from fluent_oms_simulator import FluentOms
from fluent_oms_simulator.client.builders import delta, record

from .conftest import OpenPage
from .helpers.busy_world import EVENT, deltas

pytestmark = pytest.mark.slow

ROWS = ".list .rows .row"
DELTAS = ".deltas .rows .row"


def test_a_reset_by_somebody_else_is_seen(open_page: OpenPage, fluent_oms: FluentOms) -> None:
    fluent_oms.load({("SKU_1", "MEL"): 5})
    seen = open_page(fluent_oms.url, "stock")
    seen.wait_for_text(ROWS, "SKU_1")

    fluent_oms.reset()
    seen.page.locator(ROWS).filter(has_text="SKU_1").wait_for(state="detached")


def test_deltas_that_were_held_are_told_once_they_are_applied(
    open_page: OpenPage, fluent_oms: FluentOms
) -> None:
    fluent_oms.load({("SKU_1", "MEL"): 5})
    fluent_oms.change_settling("manual")
    fluent_oms.send("POST", EVENT, deltas(delta("SKU_1", "MEL", 1, "held")))
    seen = open_page(fluent_oms.url, "ledger")
    seen.wait_for_text(DELTAS, "waiting")
    seen.page.wait_for_timeout(3_000)

    fluent_oms.change_settling("immediate")
    fluent_oms.settle()
    seen.wait_for_text(DELTAS, "applied once")


def test_what_is_opened_is_there_again_once_it_is_answered(
    open_page: OpenPage, world: FluentOms
) -> None:
    seen = open_page(world.url, "stock?ref=SKU_1:MEL:DEFAULT")
    seen.wait_for_text(".detail", "What changed it")
    seen.page.route("**/__admin/positions/**", lambda route: route.abort())
    with seen.page.expect_event("requestfailed"):
        world.send("POST", EVENT, deltas(delta("SKU_1", "MEL", 1_000, "as-it-was-lost")))
        world.settle()
    assert "What changed it" in seen.text(".detail")
    seen.page.unroute("**/__admin/positions/**")

    seen.wait_for_text(".detail", "+1,000")
    seen.complaints.clear()  # the browser's own lines about what was cut off


def test_what_was_opened_while_there_was_no_answer_comes(
    open_page: OpenPage, world: FluentOms
) -> None:
    seen = open_page(world.url, "traffic")
    seen.page.route("**/__admin/requests/1", lambda route: route.abort())
    seen.page.goto(f"{world.url}/__ui/#/traffic?id=1")
    seen.wait_for_text(".detail", "does not answer")
    seen.page.unroute("**/__admin/requests/1")

    seen.wait_for_text(".detail", "What came of it")
    seen.complaints.clear()  # the browser's own lines about what was cut off


def test_a_batch_that_comes_is_seen_in_its_opened_job(
    open_page: OpenPage, fluent_oms: FluentOms
) -> None:
    job = fluent_oms.send("POST", "/api/v4.1/job", {"name": "n", "retailerId": "1"}).fields["id"]
    seen = open_page(fluent_oms.url, f"jobs?job={job}")
    seen.wait_for_text(".detail", "No batch was sent into it yet.")

    batch = {"action": "UPSERT", "entityType": "INVENTORY", "entities": [record("A", "MEL", 1)]}
    fluent_oms.send("POST", f"/api/v4.1/job/{job}/batch", batch)
    seen.wait_for_text(".detail .batches", "1 of 1")


def test_events_that_come_move_the_others_down(open_page: OpenPage, fluent_oms: FluentOms) -> None:
    fluent_oms.load({("SKU_1", "MEL"): 0})

    def send(first: int, last: int) -> None:
        for number in range(first, last):
            fluent_oms.send("POST", EVENT, deltas(delta("SKU_1", "MEL", 1, f"e-{number}")))
        fluent_oms.settle()

    send(0, 150)
    seen = open_page(fluent_oms.url, "events?name=INVENTORY_DELTA")
    seen.wait_for_text(".about", "100 or more found")
    listed = seen.page.locator(".events-listed")
    listed.press("End")
    seen.wait_for_text(".about", "150 found")
    listed.press("Home")
    send(150, 180)
    seen.wait_for_text(ROWS, "179 -> 180")

    told: set[str] = set()
    for _ in range(60):
        told.update(seen.page.locator(ROWS).filter(has_text="->").all_inner_texts())
        listed.press("PageDown")
        seen.page.wait_for_timeout(50)
        if len(told) >= 180:
            break
    assert len(told) == 180
    assert len({text.rpartition(" -> ")[2] for text in told}) == 180
