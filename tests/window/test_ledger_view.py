"""Rules with first and last request, each delta's fate, and a file that is reconciled."""

from pathlib import Path

import pytest
from fluent_oms_simulator import FluentOms
from fluent_oms_simulator.client.builders import delta

from .conftest import OpenPage
from .helpers.busy_world import EVENT, HOSTILE, HOSTILE_PLACE, deltas

pytestmark = pytest.mark.slow

DELTAS = ".deltas .rows .row"


def test_a_rule_leads_to_the_requests_that_broke_it(open_page: OpenPage, world: FluentOms) -> None:
    seen = open_page(world.url, "ledger")
    row = seen.page.locator(".rules tbody tr").filter(has_text="FOMS-E130")
    row.filter(has_text="A delta of zero").wait_for()
    assert row.locator("a").count() == 3  # how often, the first, the last

    row.locator("a").first.click()
    seen.wait_for_text(".about", "2 found")
    seen.page.go_back()
    first = row.locator("a").nth(1)
    number = first.inner_text()
    first.click()
    seen.wait_for_text(".detail .facts", number)


def test_the_deltas_of_a_fate_are_left(open_page: OpenPage, world: FluentOms) -> None:
    seen = open_page(world.url, "ledger")
    chip = seen.page.locator(".chip").filter(has_text="never applied")
    chip.click()

    seen.page.locator(DELTAS).first.wait_for()
    seen.wait_until(lambda: seen.page.locator(DELTAS).count() == 2, "two deltas of zero")
    assert chip.get_attribute("aria-pressed") == "true"
    assert "fate=neverApplied" in seen.page.url
    chip.click()
    seen.wait_for_text(DELTAS, HOSTILE)


def test_a_delta_is_found_by_its_id(open_page: OpenPage, world: FluentOms) -> None:
    seen = open_page(world.url, "ledger")
    seen.page.get_by_label("deltaId", exact=True).fill("d0-1")
    seen.page.keyboard.press("Enter")

    seen.wait_until(lambda: seen.page.locator(DELTAS).count() == 1, "only that one")
    text = seen.text(DELTAS)
    assert "repeat suppressed" in text
    assert "under different bodies" in text


def test_what_was_sent_is_told_beside_what_is_in_stock(
    open_page: OpenPage, fluent_oms: FluentOms
) -> None:
    fluent_oms.load({("SKU_1", "MEL"): 5})
    fluent_oms.send("POST", EVENT, deltas(delta("NONE", "MEL", -3, "gone")))
    seen = open_page(fluent_oms.url, "ledger")

    seen.wait_for_text(f"{DELTAS} .amount", "-3")
    assert seen.text(f"{DELTAS} .in-stock") == "0"


def test_a_change_that_was_sent_again_under_another_id_is_found(
    open_page: OpenPage, fluent_oms: FluentOms
) -> None:
    fluent_oms.load({("SKU_1", "MEL"): 50})
    fluent_oms.faults.lose_reply(operation="event", nth=1)
    fluent_oms.send("POST", EVENT, deltas(delta("SKU_1", "MEL", -3, "first")))
    fluent_oms.send("POST", EVENT, deltas(delta("SKU_1", "MEL", -3, "second")))
    seen = open_page(fluent_oms.url, "ledger")

    seen.page.get_by_role("button", name="Check now").click()

    seen.wait_for_text("main", "applied again what delta first had done")
    told = seen.page.get_by_role("region", name="Not applied once").inner_text()
    assert "second" in told


def test_a_file_is_held_against_the_stock(
    open_page: OpenPage, world: FluentOms, tmp_path: Path
) -> None:
    on_hand = world.on_hand("SKU_2", "SYD")
    quoted = HOSTILE_PLACE.replace('"', '""')
    believed = tmp_path / "stock.csv"
    believed.write_text(
        "productRef,locationRef,onHand\n"
        f"SKU_2,SYD,{on_hand}\n\n"
        f'{HOSTILE},"{quoted}",99\n'
        "GONE,SYD,1\n"
        "bad\n"
    )
    seen = open_page(world.url, "ledger")
    seen.page.set_input_files("#believed", believed)

    seen.wait_for_text(
        ".reconciled",
        "stock.csv, 4 lines; agree: 1; differ: 1; missing here: 1; not in the file: 11;"
        " cannot be read: 1",
    )
    different = seen.page.locator(".reconciled table").first.inner_text()
    assert "99" in different
    assert HOSTILE in different
    assert "line 6" in seen.text(".reconciled ul")
    assert not seen.has_markup_of_payloads


def test_a_long_file_goes_in_parts(open_page: OpenPage, world: FluentOms, tmp_path: Path) -> None:
    believed = tmp_path / "long.csv"
    rows = [f"P{number},L,1" for number in range(12_000)]
    believed.write_text("\n".join(["productRef,locationRef,onHand", *rows, ""]))
    seen = open_page(world.url, "ledger")
    seen.page.set_input_files("#believed", believed)

    seen.wait_for_text(".reconciled", "long.csv, 12,000 lines; agree: 0")
    seen.wait_for_text(".reconciled", "missing here: 12,000; not in the file: 13")


def test_deltas_are_held_against_the_ledger(
    open_page: OpenPage, world: FluentOms, tmp_path: Path
) -> None:
    meant = tmp_path / "meant.csv"
    meant.write_text("deltaId,productRef,locationRef,qty\nd0-2,SKU_2,SYD,-30\nlost,SKU_2,SYD,1\n")
    seen = open_page(world.url, "ledger")
    seen.page.set_input_files("#believed", meant)

    seen.wait_for_text(".reconciled", "meant.csv, 2 lines; agree: 1; differ: 0; missing here: 1")
    seen.wait_for_text(".reconciled", "It has not arrived.")
