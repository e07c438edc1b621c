"""Each control does what it says, asks before what cannot be taken back, and shows its call."""

import subprocess
from typing import Any

import pytest
from fluent_oms_simulator import FluentOms
from fluent_oms_simulator.client.builders import delta
from playwright.sync_api import Locator

from .conftest import OpenPage
from .helpers.busy_world import EVENT, deltas
from .helpers.seen_page import SeenPage

pytestmark = pytest.mark.slow


def told(world: FluentOms, path: str) -> dict[str, Any]:
    fields: dict[str, Any] = world.send("GET", f"/__admin/{path}").fields
    return fields


@pytest.fixture
def controls(open_page: OpenPage, world: FluentOms) -> SeenPage:
    seen = open_page(world.url, "controls")
    seen.wait_for_text("main", "delta.duplicate")
    return seen


def section(seen: SeenPage, title: str) -> Locator:
    heading = seen.page.get_by_role("heading", name=title, exact=True)
    return seen.page.locator("section.panel").filter(has=heading)


def press(seen: SeenPage, title: str, button: str, says: str) -> None:
    part = section(seen, title)
    part.get_by_role("button", name=button, exact=True).first.click()
    part.locator(".message").filter(has_text=says).wait_for()


def sure(seen: SeenPage, title: str, button: str, says: str) -> None:
    part = section(seen, title)
    part.get_by_role("button", name=button, exact=True).first.click()
    asked = part.locator(".sure:visible")
    asked.get_by_role("button", name=button, exact=True).click()
    part.locator(".message").filter(has_text=says).wait_for()


def test_the_clock_is_stopped_moved_set_and_let_go(controls: SeenPage, world: FluentOms) -> None:
    press(controls, "Clock", "Freeze", "It is ")
    frozen = told(world, "clock")
    assert frozen["frozen"]

    press(controls, "Clock", "Advance hours", "It is ")
    assert told(world, "clock")["milliseconds"] == frozen["milliseconds"] + 3_600_000
    controls.wait_for_text(".clock", told(world, "clock")["now"][11:19])
    press(controls, "Clock", "To the next midnight", "00:00:00.000 UTC")
    assert told(world, "clock")["now"].endswith("T00:00:00.000+00:00")

    controls.page.get_by_label("Moment", exact=True).fill("2030-01-02T03:04:05Z")
    press(controls, "Clock", "Set", "2030-01-02 03:04:05")
    controls.page.get_by_label("Times as fast", exact=True).fill("3600")
    press(controls, "Clock", "Times as fast", "It is 2030-01-02")
    press(controls, "Clock", "Go on", "It is 2030-01-02")
    course = told(world, "clock")
    assert (course["rate"], course["frozen"]) == (3600, False)
    press(controls, "Clock", "Follow the machine", "It is ")
    assert told(world, "clock")["rate"] == 1


def test_a_moment_that_is_none_is_refused_in_words(controls: SeenPage) -> None:
    controls.page.get_by_label("Moment", exact=True).fill("soon")
    part = section(controls, "Clock")
    part.get_by_role("button", name="Set", exact=True).click()

    part.locator(".message.wrong").filter(
        has_text="a moment such as 2026-03-23T00:00:00Z"
    ).wait_for()
    controls.complaints.clear()  # the browser's own line about the 400


def test_what_is_held_is_settled(controls: SeenPage, world: FluentOms) -> None:
    controls.page.get_by_label("Mode", exact=True).last.select_option("manual")
    press(controls, "Settling", "Choose", "It is applied when it is asked for.")
    for number in range(3):
        world.send("POST", EVENT, deltas(delta("SKU_1", "MEL", 1, f"held-{number}")))
    press(controls, "Settling", "Settle units", "Left: 2 events")
    press(controls, "Settling", "Settle all", "All is applied.")
    assert told(world, "settling")["held"] == {"events": 0, "batches": 0}

    controls.page.get_by_label("Mode", exact=True).last.select_option("time")
    controls.page.get_by_label("Milliseconds", exact=True).fill("250")
    press(controls, "Settling", "Choose", "after some milliseconds")
    assert told(world, "settling")["milliseconds"] == 250


def test_faults_are_armed_seen_to_strike_and_removed(controls: SeenPage, world: FluentOms) -> None:
    part = section(controls, "Faults")
    part.get_by_label("Preset", exact=True).last.select_option("slow-batches")
    part.get_by_text("stays PENDING for two polls").wait_for()
    press(controls, "Faults", "Arm", "rule")
    armed = told(world, "faults")["rules"]
    assert {rule["kind"] for rule in armed} == {"hold_batch"}

    part.get_by_label("A rule as JSON, or a list of them").fill(
        '{"kind": "status", "status": 503, "match": {"operation": "createJob"}}'
    )
    press(controls, "Faults", "Add", f"{len(armed) + 1} rules armed.")
    world.send("POST", "/api/v4.1/job", {"name": "struck", "retailerId": "1"})
    part.locator("table").last.filter(has_text="status at").wait_for()

    part.get_by_role("button", name="Remove", exact=True).last.click()
    part.locator(".message").filter(has_text=f"{len(armed)} rule").wait_for()
    press(controls, "Faults", "Remove all rules", "0 rules armed.")
    assert told(world, "faults")["rules"] == []


def test_a_rule_that_is_no_json_is_told_so(controls: SeenPage) -> None:
    part = section(controls, "Faults")
    part.get_by_label("A rule as JSON, or a list of them").fill("{")

    press(controls, "Faults", "Add", "not valid JSON")


def test_a_state_is_kept_gone_back_to_and_dropped(controls: SeenPage, world: FluentOms) -> None:
    before = world.on_hand("SKU_1", "MEL")
    press(controls, "State", "Take", "Kept, with 13 positions.")
    sure(controls, "State", "Reset", "as it was at the start")
    assert world.on_hand("SKU_1", "MEL") is None

    sure(controls, "State", "Go back", "as it was when before was taken")
    assert world.on_hand("SKU_1", "MEL") == before
    sure(controls, "State", "Drop", "before is dropped")
    assert told(world, "snapshots")["total"] == 0


def test_nothing_is_reset_when_one_is_not_sure(controls: SeenPage, world: FluentOms) -> None:
    part = section(controls, "State")
    part.get_by_role("button", name="Reset", exact=True).click()
    part.locator(".sure:visible").get_by_role("button", name="No").click()

    assert part.get_by_role("button", name="Reset", exact=True).is_visible()
    assert world.on_hand("SKU_1", "MEL") is not None


def test_what_a_reset_drops_can_be_chosen(controls: SeenPage, world: FluentOms) -> None:
    section(controls, "State").get_by_label("ledger", exact=True).check()
    sure(controls, "State", "Reset", "as it was at the start")
    assert told(world, "ledger")["totals"]["arrived"] == 0

    sure(controls, "State", "Forget requests", "They are forgotten")
    assert told(world, "requests")["kept"] <= 1


def test_a_world_is_made_shown_and_dropped(open_page: OpenPage, world: FluentOms) -> None:
    home = world.url.split("/__ns/")[0]
    controls = open_page(home, "controls")
    part = section(controls, "Worlds")
    part.get_by_label("Name of a world").fill("made-here")
    press(controls, "Worlds", "Make", "/__ns/made-here")

    part.get_by_role("link", name="made-here").click()
    controls.page.wait_for_url("**/__ns/made-here/__ui/**")
    controls.wait_until_live()
    assert controls.text(".copied").count("/__ns/made-here") == 1
    controls.page.go_back()
    row = section(controls, "Worlds").locator("tr").filter(has_text="made-here")
    row.get_by_role("button", name="Drop").click()
    row.locator(".sure").get_by_role("button", name="Drop").click()
    section(controls, "Worlds").locator(".message").filter(has_text="is dropped").wait_for()


def test_a_behaviour_is_found_changed_and_set_back(controls: SeenPage, world: FluentOms) -> None:
    part = section(controls, "Behaviours")
    part.get_by_label("Find a behaviour").fill("delta.dup")
    part.get_by_label("delta.duplicate", exact=True).select_option("reject")
    part.locator(".message").filter(has_text="delta.duplicate is reject from now on.").wait_for()

    def value() -> object:
        rows = told(world, "behaviours")["behaviours"]
        return next(row["value"] for row in rows if row["name"] == "delta.duplicate")

    assert value() == "reject"
    press(controls, "Behaviours", "Set all as at the start", "as they were at the start")
    assert value() == "upsert"


def test_the_call_that_a_control_shows_does_the_same(controls: SeenPage, world: FluentOms) -> None:
    part = section(controls, "Clock")
    part.locator(".call summary").click()
    command = controls.copied(part.get_by_role("button", name="Copy as curl").first)

    subprocess.run(["bash", "-c", command], check=True, capture_output=True)
    assert told(world, "clock")["frozen"]
    assert "fluent_oms.clock.freeze()" in part.inner_text()
    assert f"fluent-sim clock freeze --url {world.url}" in part.inner_text()


@pytest.mark.parametrize(
    "title", ["Clock", "Settling", "Faults", "State", "Worlds", "Webhooks", "Behaviours"]
)
def test_every_section_shows_its_calls(controls: SeenPage, title: str) -> None:
    part = section(controls, title)
    part.locator(".call summary").click()

    assert "/__admin/" in part.locator(".calls code").first.inner_text()
