"""The event log: what came to nothing first, with what to do; each event as a story."""

from __future__ import annotations

import pytest
from fluent_oms_simulator import FluentOms
from fluent_oms_simulator.client.builders import delta

from .conftest import OpenPage
from .helpers.busy_world import EVENT, HOSTILE, deltas

pytestmark = pytest.mark.slow

ROWS = ".events-listed .rows .row"
LOOKS = [(width, scheme) for width in (390, 1280, 2560) for scheme in ("light", "dark")]


def event_of(world: FluentOms, delta_id: str) -> str:
    """The id of the event that brought a delta."""
    sent = world.requests.last(operation="event", delta_id=delta_id)
    return str(sent.outcome["event"])


def test_what_came_to_nothing_stands_first_with_what_to_do(
    open_page: OpenPage, world: FluentOms
) -> None:
    seen = open_page(world.url, "events")
    seen.wait_for_text(".worst", "no ruleset is named 'NO_SUCH_EVENT'")

    told = seen.text(".worst")
    assert "Send the event under a name that the workflow has" in told
    assert "the position NONE:MEL:DEFAULT does not exist" in told
    assert "Load the position first" in told

    seen.page.get_by_text("All of them").click()
    seen.wait_for_text(".about", "4 found")
    assert seen.page.locator(".worst").is_hidden()
    marks = seen.page.locator(f"{ROWS} .status").all_inner_texts()
    assert set(marks) == {"FAILED", "NO_MATCH"}


def test_what_goes_wrong_as_one_looks_is_told_first(
    open_page: OpenPage, fluent_oms: FluentOms
) -> None:
    fluent_oms.load({("SKU_1", "MEL"): 5})
    seen = open_page(fluent_oms.url, "events")
    seen.page.locator(".events-listed").wait_for()
    assert seen.page.locator(".worst").is_hidden()

    fluent_oms.send("POST", EVENT, deltas(delta("NONE", "MEL", 1, "late-1")))
    fluent_oms.settle()

    seen.wait_for_text(".worst", "Load the position first")
    seen.wait_for_text(f"{ROWS} >> nth=0", "FAILED")


def test_an_event_is_a_story(open_page: OpenPage, world: FluentOms) -> None:
    event_id = event_of(world, "m1-0")
    seen = open_page(world.url, f"events?id={event_id}")
    seen.wait_for_text(".detail", "6 of 6 deltas applied")

    steps = seen.page.locator(".story li")
    told = [" ".join(text.split()) for text in steps.all_inner_texts()]
    assert any(text.endswith("snapshot SKU_0:MEL:DEFAULT 100 on hand") for text in told)
    assert any("updateInventoryPosition" in text and "on hand 100 -> 99" in text for text in told)
    assert "m1-0" in seen.text(".json pre")

    seen.page.locator(".detail").get_by_text("request ").click()
    seen.wait_for_text(".detail .heading", "POST /api/v4.1/event/async")


def test_of_one_that_failed_the_place_is_marked(open_page: OpenPage, world: FluentOms) -> None:
    seen = open_page(world.url, f"events?id={event_of(world, 'd1-3')}")
    seen.wait_for_text(".advice", "What to do: Load the position first")

    assert "does not exist in DEFAULT:1" in seen.text(".json-fault")
    assert "does not exist" in seen.text(".story li.wrong:last-child")


def test_the_records_of_a_batch_are_reached(open_page: OpenPage, world: FluentOms) -> None:
    seen = open_page(world.url, "events?status=SUCCESS,COMPLETE&text=batch")
    seen.open("events?name=InventoryChanged")
    seen.page.locator(ROWS).first.click()
    seen.wait_for_text(".detail", "records of batch 2")
    seen.page.locator(".detail").get_by_text("unchanged", exact=True).click()

    seen.wait_for_text(".detail .heading", "Batch 2 of job 1")
    assert "fate=unchanged" in seen.page.url


def test_typing_and_the_status_leave_what_is_like_that(
    open_page: OpenPage, world: FluentOms
) -> None:
    seen = open_page(world.url, "events")
    seen.page.locator(ROWS).first.wait_for()

    seen.page.keyboard.press("/")
    seen.page.keyboard.type(HOSTILE[:8])
    seen.wait_for_text(".about", "2 found")
    seen.page.get_by_label("Status").select_option(label="Waiting")
    seen.wait_for_text(".about", "Nothing is like that.")
    seen.page.get_by_label("Status").select_option(label="Applied")
    seen.wait_for_text(".about", "2 found")
    assert f"{HOSTILE}:" in seen.text(ROWS)


def test_older_ones_are_found_by_going_down(open_page: OpenPage, fluent_oms: FluentOms) -> None:
    fluent_oms.load({("SKU_1", "MEL"): 5})
    for number in range(250):
        fluent_oms.send("POST", EVENT, deltas(delta("SKU_1", "MEL", 1, f"many-{number}")))
    fluent_oms.settle()
    seen = open_page(fluent_oms.url, "events?name=INVENTORY_DELTA")
    seen.wait_for_text(".about", "100 or more found")

    def goes_down() -> int:
        seen.page.locator(".events-listed").press("End")
        return seen.page.locator(ROWS).filter(has_text="SKU_1:MEL:DEFAULT 5 -> 6").count()

    seen.wait_until(goes_down, "the oldest is seen")
    seen.wait_for_text(".about", "250 found")
    assert seen.page.locator(ROWS).count() < 60


def test_the_keyboard_opens_and_closes_an_event(open_page: OpenPage, world: FluentOms) -> None:
    seen = open_page(world.url, "events")
    seen.page.locator(ROWS).first.wait_for()
    seen.page.locator(".events-listed").focus()
    for key in ("ArrowDown", "Enter"):
        seen.page.keyboard.press(key)
    seen.wait_for_text(".detail", "Step by step")

    seen.page.keyboard.press("Escape")
    seen.page.locator(".detail .heading").wait_for(state="detached")
    seen.page.locator(".worst").wait_for()


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_a_story_is_drawn_at_every_width_in_both_schemes(
    open_page: OpenPage, world: FluentOms, width: int, scheme: str
) -> None:
    event_id = event_of(world, f"{HOSTILE}1")
    seen = open_page(world.url, f"events?id={event_id}", width=width, scheme=scheme)
    seen.wait_for_text(".detail .json", "INVENTORY_DELTA")

    assert seen.violations == []
    assert not seen.is_too_wide
    assert not seen.has_markup_of_payloads
