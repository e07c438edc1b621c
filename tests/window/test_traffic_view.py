"""The traffic as it comes: found, opened, explained, sent again."""

import subprocess
from typing import Any

import pytest
from fluent_oms_simulator import FluentOms
from fluent_oms_simulator.client.builders import delta

from .conftest import OpenPage
from .helpers.busy_world import EVENT, HOSTILE, deltas
from .helpers.seen_page import SeenPage

pytestmark = pytest.mark.slow

ROWS = ".exchanges .rows .row"
FIRST = f"{ROWS}[aria-rowindex='2']"


def requests(world: FluentOms, **filters: str) -> list[dict[str, Any]]:
    found = world.send(
        "GET", "/__admin/requests?" + "&".join(f"{k}={v}" for k, v in filters.items())
    )
    listed: list[dict[str, Any]] = found.fields["results"]
    return listed


def test_what_a_delta_did_stands_beside_it(open_page: OpenPage, world: FluentOms) -> None:
    seen = open_page(world.url, "traffic")

    seen.wait_for_text(ROWS, "2 deltas, 2 positions: SKU_1:MEL 101 → 111, SKU_2:SYD 102 → 72")
    seen.wait_for_text(ROWS, "13 new positions")
    seen.wait_for_text(ROWS, "NO_MATCH: no ruleset is named 'NO_SUCH_EVENT'")
    seen.wait_for_text(ROWS, f"{HOSTILE}:")


def test_what_comes_in_appears_and_ends_as_one_looks(open_page: OpenPage, world: FluentOms) -> None:
    seen = open_page(world.url, "traffic")
    world.change_settling("manual")
    world.send("POST", EVENT, deltas(delta("SKU_3", "MEL", 1, "appears-live")))

    seen.wait_for_text(FIRST, "PENDING")
    world.change_settling("immediate")
    world.settle()
    seen.wait_for_text(FIRST, "1 delta, 1 position: SKU_3:MEL")


def test_typing_finds_and_the_address_keeps_it(open_page: OpenPage, world: FluentOms) -> None:
    seen = open_page(world.url, "traffic")

    seen.page.keyboard.press("/")
    seen.page.keyboard.type("NO_SUCH_EVENT")
    seen.wait_for_text(".about", "2 found")
    assert "text=NO_SUCH_EVENT" in seen.page.url

    again = open_page(world.url, "traffic?text=NO_SUCH_EVENT")
    again.wait_for_text(".about", "2 found")
    assert again.page.locator("input[type=search]").input_value() == "NO_SUCH_EVENT"


@pytest.mark.parametrize(
    ("label", "chosen", "filters"),
    [
        ("Operation", "Batches", {"operation": "createBatch"}),
        ("Status", "Refused", {"status": "4xx"}),
    ],
)
def test_a_choice_leaves_what_is_like_that(
    open_page: OpenPage, world: FluentOms, label: str, chosen: str, filters: dict[str, str]
) -> None:
    expected = len(requests(world, **filters))
    seen = open_page(world.url, "traffic")

    seen.page.get_by_label(label, exact=True).select_option(label=chosen)
    seen.wait_for_text(".about", f"{expected} found")


def test_those_that_broke_a_rule_are_left(open_page: OpenPage, world: FluentOms) -> None:
    world.send("GET", "/__admin/conformance")
    expected = len(requests(world, rule="any"))
    seen = open_page(world.url, "traffic")

    seen.page.get_by_label("Broke a rule").check()
    seen.wait_for_text(".about", f"{expected} found")


def test_one_that_is_found_to_break_a_rule_later_is_there_too(
    open_page: OpenPage, world: FluentOms
) -> None:
    """What has come is examined when nothing else is to be done."""
    seen = open_page(world.url, "traffic?rule=any")
    seen.wait_for_text(".about", "found")
    before = len(requests(world, rule="any"))
    for number in range(30):
        world.send("POST", EVENT, deltas(delta("SKU_1", "MEL", 0, f"late-{number}")))
        if number % 5 == 0:
            seen.page.wait_for_timeout(300)
    world.send("GET", "/__admin/conformance")

    expected = len(requests(world, rule="any", count="100"))
    assert expected == before + 30
    seen.wait_for_text(".about", f"{expected} found")


def test_arrows_and_enter_open_escape_and_back_close(open_page: OpenPage, world: FluentOms) -> None:
    seen = open_page(world.url, "traffic?status=400")
    seen.wait_for_text(".about", "found")
    seen.page.locator(".exchanges").focus()
    seen.page.keyboard.press("ArrowDown")
    seen.page.keyboard.press("ArrowDown")
    seen.page.keyboard.press("Enter")
    seen.wait_for_text(".detail", "What came of it")
    active = seen.page.locator(".exchanges").get_attribute("aria-activedescendant")
    assert seen.page.locator(f"#{active}").get_attribute("aria-selected") == "true"

    seen.page.keyboard.press("Escape")
    seen.page.locator(".detail .heading").wait_for(state="detached")
    seen.page.go_back()
    seen.wait_for_text(".detail", "What came of it")


def opened(open_page: OpenPage, world: FluentOms, **filters: str) -> SeenPage:
    [exchange, *_] = requests(world, **filters)
    seen = open_page(world.url, f"traffic?id={exchange['id']}")
    seen.wait_for_text(".detail", "Sent")
    return seen


def test_the_faulty_place_is_marked_with_what_was_expected(
    open_page: OpenPage, world: FluentOms
) -> None:
    world.send("GET", "/__admin/conformance")
    seen = opened(open_page, world, text='"qty":0', operation="sendEvent", status="400")

    assert seen.text(".marked").strip().startswith('"qty": 0')
    told = " ".join(seen.page.locator(".json-fault").all_inner_texts())
    assert "found 0, expected a whole number other than zero" in told
    assert "FOMS-E130" in told


def test_what_came_of_each_record_and_position_is_told(
    open_page: OpenPage, world: FluentOms
) -> None:
    batch = opened(open_page, world, operation="createBatch")
    assert batch.page.locator("table[aria-label=Records] tbody tr").count() == 13

    sent = opened(open_page, world, text="m1-0", operation="sendEvent")
    rows = sent.page.locator("table[aria-label='Stock on hand'] tbody tr")
    assert rows.nth(0).inner_text().split() == ["SKU_0:MEL:DEFAULT", "100", "99", "-1"]
    assert "1 further position" in rows.nth(5).inner_text()


def test_a_request_is_copied_as_a_command_that_sends_it_again(
    open_page: OpenPage, world: FluentOms
) -> None:
    seen = opened(open_page, world, operation="createJob")
    command = seen.copied(seen.named("button", "Copy as curl"))
    token = world.sign_in().fields["access_token"]

    done = subprocess.run(
        ["bash", "-c", command], env={"TOKEN": token, "PATH": "/usr/bin:/bin"}, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    assert b'"id"' in done.stdout


def test_a_request_is_copied_as_a_test(open_page: OpenPage, world: FluentOms) -> None:
    seen = opened(open_page, world, text="d0-1", operation="sendEvent", status="200")
    text = seen.copied(seen.named("button", "Copy as pytest"))

    compile(text, "pasted", "exec")
    assert "def test_" in text
    assert "fluent_oms" in text


def test_of_many_only_those_are_drawn_that_are_seen(open_page: OpenPage, world: FluentOms) -> None:
    for number in range(600):
        world.send("GET", f"/api/v4.1/event/none-{number}")
    seen = open_page(world.url, "traffic")
    listed = seen.page.locator(".exchanges")
    seen.wait_for_text(ROWS, "none-599")
    assert seen.page.locator(ROWS).count() < 60

    listed.focus()
    seen.page.keyboard.press("End")
    seen.wait_for_text(ROWS, "issueToken")
    assert seen.page.locator(ROWS).count() < 60
    assert int(listed.get_attribute("aria-rowcount") or 0) > 600
    assert seen.page.locator(".newer").is_hidden()
    world.send("GET", "/api/v4.1/event/later")
    seen.page.locator(".newer").filter(has_text="1 newer one").click()
    seen.wait_for_text(ROWS, "later")


def test_a_pause_leaves_the_page_as_it_is(open_page: OpenPage, world: FluentOms) -> None:
    seen = open_page(world.url, "traffic")
    seen.wait_for_text(ROWS, "sendEvent")
    seen.named("button", "Pause").click()
    seen.wait_for_text("#state", "Paused")
    world.send("GET", "/api/v4.1/event/while-paused")
    seen.page.wait_for_timeout(1_500)
    assert "while-paused" not in seen.text(".exchanges")

    seen.named("button", "Go on").click()
    seen.wait_for_text(ROWS, "while-paused")


def test_requests_that_are_forgotten_leave_the_page(open_page: OpenPage, world: FluentOms) -> None:
    seen = open_page(world.url, "traffic")
    seen.page.locator(ROWS).first.wait_for()
    world.requests.clear()

    seen.page.locator(ROWS).first.wait_for(state="detached")
    seen.wait_for_text(".about", "Nothing has come yet")


def test_a_body_is_shown_as_it_was_written(open_page: OpenPage, fluent_oms: FluentOms) -> None:
    body = '{"id":12345678901234567890,"part":1.0,"2":"b","1":"a","twice":1,"twice":[2,{}],"e":[]}'
    fluent_oms.send("POST", EVENT, body)
    number = fluent_oms.requests.last(operation="sendEvent").number
    seen = open_page(fluent_oms.url, f"traffic?id={number}")
    seen.wait_for_text(".detail", "What came of it")

    written = seen.page.locator(".json").first.locator(".json-line").all_inner_texts()
    assert "".join("".join(written).split()) == body.replace(" ", "")


def test_a_reply_without_its_secrets_is_whole(open_page: OpenPage, fluent_oms: FluentOms) -> None:
    fluent_oms.sign_in()
    number = fluent_oms.requests.last(operation="issueToken").number
    seen = open_page(fluent_oms.url, f"traffic?id={number}")

    seen.wait_for_text(".json", "<redacted>")
    assert "only its beginning is kept" not in seen.text(".detail")


def test_a_body_may_nest_as_deep_as_it_likes(open_page: OpenPage, fluent_oms: FluentOms) -> None:
    fluent_oms.send("POST", EVENT, "[" * 30_000 + "]" * 30_000)
    number = fluent_oms.requests.last(operation="sendEvent").number
    seen = open_page(fluent_oms.url, f"traffic?id={number}")

    seen.wait_for_text(".json", "further lines")
    assert "Maximum call stack" not in seen.text(".detail")
