"""Stock: found by what one remembers, each position with all that made it what it is."""

from __future__ import annotations

from typing import Any

import pytest
from fluent_oms_simulator import FluentOms
from fluent_oms_simulator.client.builders import delta, event, item

from .conftest import OpenPage
from .helpers.busy_world import EVENT, HOSTILE, deltas
from .helpers.seen_page import SeenPage

pytestmark = pytest.mark.slow

ROWS = ".positions .rows .row"
SKU_1 = "stock?ref=SKU_1:MEL:DEFAULT"
CHANGES = "table[aria-label='Changes, newest first'] tbody tr"


def mutate(world: FluentOms, name: str, /, **given: object) -> None:
    kind = f"{name[0].upper()}{name[1:]}Input"
    query = f"mutation ($input: {kind}) {{ {name}(input: $input) {{ ref }} }}"
    sent = world.send("POST", "/graphql", {"query": query, "variables": {"input": given}})
    assert "errors" not in sent.fields, sent.text


def cells(seen: SeenPage, table: str) -> list[list[str]]:
    rows = seen.page.locator(f"table[aria-label='{table}'] tbody tr")
    rows.first.wait_for()
    return [rows.nth(place).locator("td").all_inner_texts() for place in range(rows.count())]


@pytest.mark.parametrize(
    ("typed", "found", "first"),
    [("sku_1 syd", "1 found", "SKU_1"), (HOSTILE[:4], "1 found", HOSTILE), ("zzz", "0 found", "")],
)
def test_typing_finds_positions_and_the_address_keeps_it(
    open_page: OpenPage, world: FluentOms, typed: str, found: str, first: str
) -> None:
    seen = open_page(world.url, "stock")
    seen.wait_for_text(".about", "13 positions")

    seen.page.keyboard.press("/")
    seen.page.keyboard.type(typed)
    seen.wait_for_text(".about", found)
    if first:
        seen.wait_for_text(ROWS, first)
    assert seen.page.locator(ROWS).count() == int(bool(first))

    again = open_page(world.url, seen.page.url.partition("#/")[2])
    again.wait_for_text(".about", found)


def test_a_product_and_a_location_name_one(open_page: OpenPage, world: FluentOms) -> None:
    seen = open_page(world.url, "stock?product=SKU_2&location=SYD")

    seen.wait_for_text(".about", "1 position")
    assert seen.text(ROWS).split()[:3] == ["SKU_2", "SYD", "72"]


def test_each_change_stands_in_the_chart_and_leads_to_its_request(
    open_page: OpenPage, world: FluentOms
) -> None:
    seen = open_page(world.url, SKU_1)
    rows = cells(seen, "Changes, newest first")

    assert seen.page.locator(".chart a").count() == len([row for row in rows if row[4]])
    assert rows[0][1:4] == ["112 → 111", "-1", "delta m1-1"]
    assert "batch 2, line 2" in [row[3] for row in rows]
    number = rows[0][4]
    label = seen.page.locator(".chart a").last.get_attribute("aria-label") or ""
    assert "112 to 111, delta m1-1" in label

    seen.page.locator(CHANGES).first.get_by_text(number, exact=True).click()
    seen.wait_for_text(".detail", "What came of it")
    assert f"#/traffic?id={number}" in seen.page.url
    assert "m1-1" in seen.text(".detail")
    seen.page.go_back()
    seen.wait_for_text(".detail .heading", "SKU_1:MEL:DEFAULT")


def test_what_a_batch_and_an_event_did_leads_to_them(open_page: OpenPage, world: FluentOms) -> None:
    seen = open_page(world.url, SKU_1)
    seen.page.locator(CHANGES).get_by_text("batch 2, line 2").click()
    seen.wait_for_text(".detail .heading", "Batch 2 of job 1")

    seen.page.go_back()
    seen.page.locator(CHANGES).first.get_by_text("delta m1-1").click()
    seen.wait_for_text(".detail .heading", "INVENTORY_DELTA")
    seen.wait_for_text(".story", "updateInventoryPosition")


def test_two_moments_are_compared(open_page: OpenPage, world: FluentOms) -> None:
    seen = open_page(world.url, SKU_1)
    rows = cells(seen, "Changes, newest first")
    [batch] = [place for place, row in enumerate(rows) if row[3] == "batch 2, line 2"]
    seen.page.locator(CHANGES).nth(batch).get_by_role("button").first.click()

    told = f"101 → 111 (+10), by {batch} changes."
    seen.wait_for_text(".detail section", told)
    assert "from=" in seen.page.url

    again = open_page(world.url, seen.page.url.partition("#/")[2])
    again.wait_for_text(".detail section", told)
    again.page.get_by_label("to (UTC)").fill("2001-01-01T00:00:00.000")
    again.page.keyboard.press("Tab")
    again.wait_for_text(".detail section", "0 → 101 (+101)")


def test_reservations_and_who_is_under_whom_are_told(open_page: OpenPage, world: FluentOms) -> None:
    reserved = event("UpdateInventoryQty", {"items": [item("SKU_3", "MEL", "F7", reservedQty=3)]})
    world.send("POST", EVENT, reserved)
    world.settle()
    key = {"ref": "DEFAULT:1"}
    position = {"ref": "SKU_3:MEL:DEFAULT", "catalogue": key}
    expected: dict[str, object] = {"ref": "IN-1", "type": "EXPECTED", "quantity": 50}
    under = {"ref": "IN-1", "catalogue": key}
    committed = {"ref": "OUT-1", "type": "RESERVED", "quantity": -2, "parent": under}
    for quantity in (expected, committed):
        mutate(world, "createInventoryQuantity", catalogue=key, position=position, **quantity)
    seen = open_page(world.url, "stock?ref=SKU_3:MEL:DEFAULT")

    rows = cells(seen, "Quantities")
    told = {row[3].split("\n")[0].split()[0]: row for row in rows}
    assert told["SKU_3:MEL:DEFAULT:RESERVED:F7"][1] == "-3"
    assert "reserved" in told["SKU_3:MEL:DEFAULT:RESERVED:F7"][0]
    refs = list(told)
    assert refs.index("OUT-1") == refs.index("IN-1") + 1
    assert "under IN-1" in told["OUT-1"][3]


def test_what_is_available_to_sell_is_told_with_the_controls_that_applied(
    open_page: OpenPage, world: FluentOms
) -> None:
    group = {"ref": "CG"}
    mutate(world, "createControlGroup", ref="CG", type="DEFAULT", name="CG")
    mutate(world, "updateControlGroup", ref="CG", status="ACTIVE")
    mutate(world, "updateVirtualCatalogue", ref="BASE:1", controlGroupRef="CG")
    context = [{"type": "PRODUCT", "property": "ref", "value": "SKU_1"}]
    for ref, value in ((f"BUF {HOSTILE}", {"buffer": -4}), ("BUF-2", {"much": True})):
        values: list[dict[str, Any]] = [
            {"name": name, "type": "ANY", "value": given}
            for name, given in {"context": context, **value}.items()
        ]
        mutate(
            world,
            "createControl",
            ref=ref,
            controlGroup=group,
            type="QUANTITY_BUFFER",
            name="buffer",
            values=values,
        )
        mutate(world, "updateControl", ref=ref, controlGroup=group, status="ACTIVE")
    seen = open_page(world.url, SKU_1)

    [base] = cells(seen, "Available to sell")
    assert base[:3] == ["BASE:1", "107", "ACTIVE"]
    assert f"111 on hand, \N{MINUS SIGN}4 by QUANTITY_BUFFER BUF {HOSTILE}: adds 107" in base[3]
    seen.wait_for_text(".detail", "BUF-2 its values hold no whole numbers")
    assert not seen.has_markup_of_payloads


def test_what_changes_is_seen_as_one_looks(open_page: OpenPage, world: FluentOms) -> None:
    seen = open_page(world.url, SKU_1)
    before = len(cells(seen, "Changes, newest first"))

    world.send("POST", EVENT, deltas(delta("SKU_1", "MEL", -11, "live-1")))
    world.settle()

    seen.wait_for_text(".detail .facts strong", "100")
    seen.wait_for_text(ROWS, "100")
    assert len(cells(seen, "Changes, newest first")) == before + 1


def test_the_keyboard_opens_and_closes_a_position(open_page: OpenPage, world: FluentOms) -> None:
    seen = open_page(world.url, "stock")
    seen.page.locator(ROWS).first.wait_for()
    seen.page.keyboard.press("/")
    seen.page.keyboard.press("ArrowDown")
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        seen.page.keyboard.press(key)
    seen.wait_for_text(".detail .heading", "SKU_0:SYD:DEFAULT")

    seen.page.keyboard.press("Escape")
    seen.page.locator(".detail .heading").wait_for(state="detached")
    assert seen.page.evaluate("document.activeElement.className").startswith("list positions")


def test_one_that_is_not_there_is_told_so(open_page: OpenPage, world: FluentOms) -> None:
    seen = open_page(world.url, view="")
    seen.open("stock")
    seen.page.locator(ROWS).first.wait_for()
    seen.complaints.clear()
    seen.page.evaluate("location.hash = '#/stock?ref=NONE'")

    seen.wait_for_text(".detail", "There is no position 'NONE'.")
    assert all("404" in complaint for complaint in seen.complaints)
    seen.complaints.clear()


def test_of_twenty_thousand_only_those_are_drawn_that_are_seen(
    open_page: OpenPage, fluent_oms: FluentOms
) -> None:
    stock = {(f"MANY_{n // 100:06}", f"LOC_{n % 100:03}"): n % 100 for n in range(20_000)}
    fluent_oms.load(stock)
    seen = open_page(fluent_oms.url, "stock")
    seen.wait_for_text(".about", "20,000 positions")
    assert seen.page.locator(ROWS).count() < 60

    seen.page.locator(".positions").focus()
    seen.page.keyboard.press("End")
    seen.wait_for_text(ROWS, "MANY_000199")
    assert seen.page.locator(ROWS).count() < 60
    seen.page.keyboard.press("Home")
    seen.wait_for_text(ROWS, "MANY_000000")
