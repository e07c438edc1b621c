"""The overview says how it is and how to connect, and the frame which world it is of."""

import subprocess
from collections.abc import Iterator

import fluent_oms_simulator
import pytest
from fluent_oms_simulator import FluentOms, Settings
from fluent_oms_simulator.client.builders import delta
from fluent_oms_simulator.client.simulator_process import simulator_command, started
from fluent_oms_simulator.serving.served_here import served_here

from .conftest import OpenPage
from .helpers.busy_world import EVENT, deltas

pytestmark = pytest.mark.slow


def test_the_first_command_signs_in(open_page: OpenPage, world: FluentOms) -> None:
    seen = open_page(world.url)
    seen.wait_for_text(".copied", world.credentials.client_secret)
    command = seen.copied(seen.named("button", "Copy the command"))

    done = subprocess.run(["bash", "-c", command], check=True, capture_output=True)
    assert b"access_token" in done.stdout
    assert seen.copied(seen.named("button", "Copy Base URL")) == world.url


def test_the_figures_follow_what_comes_in(open_page: OpenPage, world: FluentOms) -> None:
    seen = open_page(world.url)
    figure = seen.page.locator(".figure").filter(has_text="Deltas a second")
    before = int(world.ledger.totals["arrived"])
    figure.filter(has_text=f"{before} in all").wait_for()

    world.send(
        "POST", EVENT, deltas(delta("SKU_1", "MEL", 1, "o1"), delta("SKU_1", "MEL", 1, "o2"))
    )
    figure.filter(has_text=f"{before + 2} in all").wait_for()
    world.faults.status(503)
    seen.page.locator(".figure").filter(has_text="Faults armed").filter(has_text="1").wait_for()
    seen.page.locator(".figure").filter(has_text="Rules").filter(has_text="broken").click()
    seen.wait_for_text("#views [aria-current]", "Rules and ledger")


def test_when_it_does_not_answer_the_page_says_so_and_goes_on(
    open_page: OpenPage, world: FluentOms
) -> None:
    seen = open_page(world.url)
    seen.page.route("**/__admin/**", lambda route: route.abort())
    seen.page.locator("#state.lost").filter(has_text="Not answering").wait_for()

    seen.page.unroute("**/__admin/**")
    seen.page.locator("#state.live").wait_for()
    seen.complaints.clear()  # the browser's own lines about what was cut off


def test_another_world_is_chosen(open_page: OpenPage, world: FluentOms) -> None:
    home, name = world.url.split("/__ns/")
    seen = open_page(home)
    seen.page.get_by_label("World", exact=True).select_option(name)

    seen.page.wait_for_url(f"**/__ns/{name}/__ui/**")
    seen.wait_for_text(".copied", world.url)


@pytest.fixture
def guarded() -> Iterator[str]:
    with served_here(Settings(port=0, admin_token="t0ken", seed_data="none")) as url:
        yield url


def test_a_token_that_is_wanted_is_asked_for_and_kept_in_the_tab(
    open_page: OpenPage, guarded: str
) -> None:
    seen = open_page(guarded, "")
    seen.page.goto(f"{guarded}/__ui/#/controls")
    field = seen.page.get_by_label("Token")
    field.fill("wrong")
    field.press("Enter")
    seen.page.get_by_role("alert").filter(has_text="That is not the token.").wait_for()
    assert seen.violations == []

    field.fill("t0ken")
    field.press("Enter")
    seen.wait_until_live()
    seen.wait_for_text("main", "delta.duplicate")
    seen.page.reload()
    seen.wait_for_text("main", "delta.duplicate")
    seen.page.locator(".call summary").first.click()
    assert "t0ken" not in seen.text("main")
    seen.complaints.clear()  # the browser's own lines about each 401


def test_one_that_began_anew_at_the_same_address_is_taken_up(open_page: OpenPage) -> None:
    with fluent_oms_simulator.start() as first:
        url = first.url
        seen = open_page(url, "traffic")
        first.sign_in()
        seen.wait_for_text(".exchanges", "issueToken")
    seen.page.locator("#state.lost").wait_for()

    with started(simulator_command("--port", url.rpartition(":")[2])):
        seen.page.locator("#state.live").wait_for()
        seen.wait_for_text(".about", "Nothing has come yet")
    seen.complaints.clear()  # the browser's own lines about what was not answered
