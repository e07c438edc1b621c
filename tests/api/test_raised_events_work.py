"""A position with many quantities: its rows in the event log cost no more than those of others.

What a page shows is read for it, and of the position what was made since somebody last asked.
"""

from collections.abc import Iterator

import pytest
from fluent_oms_simulator.domain.catalogue.inventory_catalogue import InventoryCatalogue
from fluent_oms_simulator.domain.inventory import InventoryQuantity
from fluent_oms_simulator.domain.workflow.batch_story import BatchStory

from ..support import Client, record
from .helpers.audit_rows import search, values

MANY = 1_200
"""Quantities of the one position; more than are made under one hold of the store's lock."""


@pytest.fixture
def expected(client: Client) -> Client:
    """A client whose simulator has one position with many quantities, of two batches."""
    for start in (0, MANY // 2):
        numbers = range(start, start + MANY // 2)
        client.load(
            [record("D45", "LOC_MEL", n, type="EXPECTED", ref=f"PO-{n}") for n in numbers],
            preprocessing="skip",
        )
    return client


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The refs of the quantities that looks at positions have read."""
    refs: list[str] = []
    latest_of = InventoryCatalogue.latest_quantities_of

    def counting(catalogue: InventoryCatalogue, position: int) -> Iterator[InventoryQuantity]:
        for quantity in latest_of(catalogue, position):
            refs.append(quantity.ref)
            yield quantity

    def whole(_: InventoryCatalogue, position: int) -> list[InventoryQuantity]:
        raise AssertionError(f"all quantities of position {position} were read")

    monkeypatch.setattr(InventoryCatalogue, "latest_quantities_of", counting)
    monkeypatch.setattr(InventoryCatalogue, "quantities_of", whole)
    return refs


@pytest.mark.parametrize("name", ["InventoryChanged", "CREATE"])
def test_a_page_reads_the_quantities_of_a_position_once(
    expected: Client, read: list[str], name: str
) -> None:
    rows = search(expected, name=name)

    assert len(rows) >= MANY
    assert len(read) <= MANY + len(rows)  # and for each row a look whether anything is new
    if name == "InventoryChanged":
        refs = [values(row)["inventoryPosition"]["inventoryQuantity"]["ref"] for row in rows]
        assert refs == [f"PO-{n}" for n in range(MANY)]


def test_a_later_page_reads_what_was_made_since(expected: Client, read: list[str]) -> None:
    search(expected, name="CREATE", count="10")
    read.clear()
    search(expected, name="CREATE", count="10", start=str(MANY))
    expected.load([record("D45", "LOC_MEL", 7, type="EXPECTED", ref="PO-NEW")])
    newest, *_ = search(expected, name="CREATE", count="10")[::-1]

    assert newest["context"]["entityRef"] == "PO-NEW"
    assert set(read) <= {"PO-NEW", f"PO-{MANY - 1}"}


def test_after_a_reset_a_number_is_another_quantitys(expected: Client) -> None:
    assert len(search(expected, name="CREATE")) > MANY
    expected.http.post("/__admin/reset")
    expected.load([record("D46", "LOC_MEL", n, type="EXPECTED", ref=f"NEW-{n}") for n in (1, 2)])

    rows = search(expected, name="InventoryChanged")
    refs = [values(row)["inventoryPosition"]["inventoryQuantity"]["ref"] for row in rows]
    assert refs == ["NEW-1", "NEW-2"]


def test_a_position_is_found_by_its_ref_among_the_rows_of_its_quantities(
    expected: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    row = BatchStory.row

    def counting(story: BatchStory, number: int) -> object:
        made.append(number)
        return row(story, number)

    monkeypatch.setattr(BatchStory, "row", counting)
    [found] = search(expected, **{"context.entityRef": "D45:LOC_MEL:DEFAULT"})

    assert (found["name"], found["context"]["entityType"]) == ("CREATE", "INVENTORY_POSITION")
    assert len(made) == 1


def test_of_a_quantity_that_is_named_only_its_own_rows_are_made(
    expected: Client, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    row = BatchStory.row

    def counting(story: BatchStory, number: int) -> object:
        made.append(number)
        return row(story, number)

    monkeypatch.setattr(BatchStory, "row", counting)
    [by_ref] = search(expected, **{"context.entityRef": f"PO-{MANY - 1}"})
    [by_id] = search(expected, **{"context.entityId": by_ref["context"]["entityId"]})

    assert by_id == by_ref
    assert len(made) == 2
    assert len(read) <= MANY + 2


def test_events_are_not_each_held_against_every_quantity_of_their_position(
    expected: Client, read: list[str]
) -> None:
    for number in range(20):
        expected.delta("D45", "LOC_MEL", 1, f"d{number}")
    read.clear()
    [row] = search(expected, name="CREATE", **{"context.entityRef": "d7"})
    again = search(expected, name="CREATE", **{"context.entityId": row["context"]["entityId"]})

    assert again == [row]
    assert len(read) <= MANY + 20 + 200
