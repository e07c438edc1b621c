"""Every view at three widths and in both schemes: nothing fails, nothing is out of reach."""

from urllib.parse import quote

import pytest
from fluent_oms_simulator import FluentOms

from .conftest import OpenPage
from .helpers.busy_world import HOSTILE, HOSTILE_PLACE
from .helpers.seen_page import SeenPage

pytestmark = pytest.mark.slow

LOOKS = [(width, scheme) for width in (390, 1280, 2560) for scheme in ("light", "dark")]
SHOWN = {
    "overview": ("Connect", ""),
    "traffic": ("createBatch", HOSTILE),
    "traffic?id=3": ("came of it", HOSTILE),
    "stock": ("SKU_5", HOSTILE),
    f"stock?ref={quote(f'{HOSTILE}:{HOSTILE_PLACE}:DEFAULT')}": ("On hand over time", HOSTILE),
    "jobs": ("applied", HOSTILE),
    "jobs?job=1": ("batch 2", HOSTILE),
    "jobs?batch=2": ("Time to visible", HOSTILE),
    "events": ("Load the position first", HOSTILE),
    "ledger": ("Reconcile", HOSTILE),
    "controls": ("delta.duplicate", ""),
}
"""For each address what stands there, and a text of a payload that would be markup."""


def drawn(open_page: OpenPage, world: FluentOms, view: str, width: int, scheme: str) -> SeenPage:
    seen = open_page(world.url, view, width=width, scheme=scheme)
    for text in SHOWN[view]:
        if text:
            seen.wait_for_text("main", text)
    return seen


@pytest.mark.parametrize("view", SHOWN, ids=lambda view: view.partition("=")[0])
@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_a_view_is_drawn_can_be_reached_by_all_and_takes_no_payload_for_markup(
    open_page: OpenPage, world: FluentOms, view: str, width: int, scheme: str
) -> None:
    seen = drawn(open_page, world, view, width, scheme)

    assert seen.violations == []
    assert not seen.is_too_wide
    assert not seen.has_markup_of_payloads


def test_the_tabs_lead_to_every_view_and_back_leads_back(
    open_page: OpenPage, world: FluentOms
) -> None:
    seen = open_page(world.url)
    tabs = seen.page.locator("#views a")
    titles = tabs.all_inner_texts()

    for title in titles:
        tabs.filter(has_text=title).click()
        seen.wait_for_text("#views [aria-current]", title)
        assert title in seen.page.title()
    for title in reversed(titles[:-1]):
        seen.page.go_back()
        seen.wait_for_text("#views [aria-current]", title)


@pytest.mark.parametrize("written", ["%", "toString", "__proto__", "nothing?%", "é/é"])
def test_an_address_that_is_none_leads_to_the_first_view(
    open_page: OpenPage, fluent_oms: FluentOms, written: str
) -> None:
    seen = open_page(fluent_oms.url, written)

    seen.page.locator(".headline").wait_for()


def test_the_keyboard_reaches_what_is_on_a_page(open_page: OpenPage, world: FluentOms) -> None:
    seen = open_page(world.url)

    seen.page.keyboard.press("Tab")
    assert seen.page.evaluate("document.activeElement.id") == "skip"
    seen.page.keyboard.press("Enter")
    assert seen.page.evaluate("document.activeElement.id") == "view"


@pytest.mark.parametrize(
    ("link", "signed_in"),
    [
        ("Swagger UI", ".auth-wrapper .authorize.locked"),
        ("Control API", ".auth-wrapper .authorize"),
        ("GraphQL", "#signed-in"),
    ],
)
def test_the_other_pages_are_reached_signed_in(
    open_page: OpenPage, world: FluentOms, link: str, signed_in: str
) -> None:
    seen = open_page(world.url)
    seen.named("link", link).click()

    seen.page.locator(signed_in).wait_for()
    assert seen.page.url.startswith(f"{world.url}/__ui/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_choice_of_an_api_can_be_read_in_both_schemes(
    open_page: OpenPage, world: FluentOms, scheme: str
) -> None:
    seen = open_page(world.url, "", scheme=scheme)
    seen.page.goto(f"{world.url}/__ui/docs")
    seen.page.locator(".apis [aria-current]").wait_for()

    assert seen.violations_in(".apis") == []
