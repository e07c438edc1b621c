"""Webhooks are made, seen to be told, told again and dropped, each by the call that is shown."""

import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from fluent_oms_simulator import FluentOms
from playwright.sync_api import Locator

from ..outbound.helpers.receivers import Receiver, receiving, url_of_nobody
from ..support import event
from .conftest import OpenPage
from .helpers.busy_world import EVENT, HOSTILE
from .helpers.seen_page import SeenPage

pytestmark = pytest.mark.slow

UNMATCHED = "NO_SUCH_EVENT"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """One that refuses the first event, and takes all others."""
    with receiving(503) as made:
        yield made


@pytest.fixture
def controls(open_page: OpenPage, fluent_oms: FluentOms) -> SeenPage:
    seen = open_page(fluent_oms.url, "controls")
    seen.wait_for_text("main", "There is no webhook.")
    return seen


@pytest.fixture
def part(controls: SeenPage) -> Locator:
    heading = controls.page.get_by_role("heading", name="Webhooks", exact=True)
    return controls.page.locator("section.panel").filter(has=heading)


def press(part: Locator, button: str, says: str) -> None:
    part.get_by_role("button", name=button, exact=True).first.click()
    part.locator(".message").filter(has_text=says).wait_for()


def add(part: Locator, url: str, name: str = "mine") -> None:
    part.get_by_label("Name of a webhook").fill(name)
    part.get_by_label("URL", exact=True).fill(url)
    press(part, "Add", f"{name} is told of")


def rows(part: Locator, title: str) -> Locator:
    return part.locator(f'table[aria-label^="{title}"] tbody tr')


def told(world: FluentOms) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.send("GET", "/__admin/webhooks").fields["webhooks"]
    return found


def send(world: FluentOms, name: str = UNMATCHED) -> None:
    world.send("POST", EVENT, {**event(name, {}), "entityRef": "DEFAULT:1"})


def test_one_is_added_for_some_events_and_dropped(
    part: Locator, fluent_oms: FluentOms, receiver: Receiver
) -> None:
    part.get_by_label("Names of events").fill("ORDER_MADE, INVENTORY_DELTA")
    part.get_by_label("Entity types").fill("ORDER")
    part.get_by_label("NO_MATCH", exact=True).check()
    part.get_by_label("Retry schedule").select_option("exponential")
    part.get_by_label("the certificate has to be in order").uncheck()
    add(part, receiver.url)

    (made,) = told(fluent_oms)
    assert (made["name"], made["url"]) == ("mine", receiver.url)
    assert made["events"] == {
        "names": ["ORDER_MADE", "INVENTORY_DELTA"],
        "entityTypes": ["ORDER"],
        "statuses": ["NO_MATCH"],
    }
    assert (made["retrySchedule"], made["verifyTls"]) == ("exponential", False)
    row = rows(part, "Webhooks")
    row.filter(has_text="ORDER_MADE, INVENTORY_DELTA on ORDER ended as NO_MATCH").wait_for()

    row.get_by_role("button", name="Drop").click()
    row.locator(".sure").get_by_role("button", name="Drop").click()
    part.locator(".message").filter(has_text="mine is dropped.").wait_for()
    assert told(fluent_oms) == []
    part.get_by_text("There is no webhook.").wait_for()


def test_each_attempt_is_shown_with_its_answer_and_an_event_is_told_again(
    controls: SeenPage, part: Locator, fluent_oms: FluentOms, receiver: Receiver
) -> None:
    add(part, receiver.url)
    send(fluent_oms)

    row = rows(part, "Deliveries")
    row.filter(has_text="DELIVERED").wait_for()
    assert [text.split()[1] for text in row.locator("li").all_inner_texts()] == ["503", "200"]
    body = controls.copied(row.get_by_role("button", name="Copy body"))
    assert body.encode() == receiver.received[-1].body

    press(part, "Redeliver", "posted once more, as delivery 2")
    row.filter(has_text="again of 1").filter(has_text="DELIVERED").wait_for()
    assert len(set(receiver.ids)) == 1
    assert len(receiver.ids) == 3
    row.first.get_by_role("link", name=UNMATCHED).click()
    controls.wait_for_text(".detail", "NO_MATCH")


def test_what_waits_for_a_retry_is_shown_and_found_by_its_status(
    part: Locator, fluent_oms: FluentOms
) -> None:
    fluent_oms.clock.freeze()
    part.get_by_label("Retry schedule").select_option("without_immediate")
    add(part, url_of_nobody())
    send(fluent_oms)

    row = rows(part, "Deliveries")
    row.filter(has_text="RETRYING").filter(has_text="next at").wait_for()
    part.get_by_label("Status of deliveries").select_option("DELIVERED")
    part.get_by_text("Nothing yet.").wait_for()
    part.get_by_label("Status of deliveries").select_option("RETRYING")
    row.filter(has_text="next at").wait_for()


def test_the_public_key_is_shown_to_copy(
    controls: SeenPage, part: Locator, fluent_oms: FluentOms
) -> None:
    press(part, "Show the public key", "RSA of 2,048 bits")

    line = controls.copied(part.get_by_role("button", name="Copy the key as one line"))
    assert line == fluent_oms.webhooks.public_key
    pem = controls.copied(part.get_by_role("button", name="Copy the key as pem"))
    assert pem.startswith("-----BEGIN PUBLIC KEY-----\n")


def test_an_address_elsewhere_is_refused_in_words(controls: SeenPage, part: Locator) -> None:
    part.get_by_label("URL", exact=True).fill("http://example.com/")
    part.get_by_role("button", name="Add", exact=True).click()

    part.locator(".message.wrong").filter(has_text="example.com").wait_for()
    controls.complaints.clear()  # the browser's own line about the 400


def test_the_calls_that_are_shown_do_the_same(
    controls: SeenPage, part: Locator, fluent_oms: FluentOms, receiver: Receiver
) -> None:
    part.get_by_label("Name of a webhook").fill("shown")
    part.get_by_label("URL", exact=True).fill(receiver.url)
    part.get_by_label("FAILED", exact=True).check()
    part.locator(".call summary").click()
    command = controls.copied(part.get_by_role("button", name="Copy as curl").first)

    subprocess.run(["bash", "-c", command], check=True, capture_output=True)
    (made,) = told(fluent_oms)
    assert (made["name"], made["events"]) == ("shown", {"statuses": ["FAILED"]})
    text = part.locator(".calls").inner_text()
    address = f'fluent_oms.webhooks.add("{receiver.url}", name="shown", statuses=["FAILED"])'
    assert address in text
    assert f"fluent-sim webhooks add shown {receiver.url} --status FAILED" in text
    rows(part, "Webhooks").filter(has_text="shown").wait_for()
    assert "fluent-sim webhooks redeliver shown 1" in part.locator(".calls").inner_text()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_reached_by_all_and_takes_no_payload_for_markup(
    open_page: OpenPage, fluent_oms: FluentOms, receiver: Receiver, width: int, scheme: str
) -> None:
    fluent_oms.webhooks.add(receiver.url, name="mine", names=[HOSTILE])
    send(fluent_oms, HOSTILE)
    seen = open_page(fluent_oms.url, "controls", width=width, scheme=scheme)
    seen.wait_for_text("main", "delta.duplicate")
    seen.wait_for_text('[aria-label^="Deliveries"] td', HOSTILE)
    seen.page.get_by_role("button", name="Show the public key").click()
    seen.wait_for_text("main", "As PEM")

    assert seen.violations == []
    assert not seen.is_too_wide
    assert not seen.has_markup_of_payloads
