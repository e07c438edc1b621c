"""A position with many quantities: its rows in the event log cost no more than those of others."""

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
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many quantities each look at a position has read."""
    looks: list[int] = []
    quantities_of = InventoryCatalogue.quantities_of

    def counting(catalogue: InventoryCatalogue, position: int) -> list[InventoryQuantity]:
        found = quantities_of(catalogue, position)
        looks.append(len(found))
        return found

    monkeypatch.setattr(InventoryCatalogue, "quantities_of", counting)
    return looks


@pytest.mark.parametrize("name", ["InventoryChanged", "CREATE"])
def test_a_page_reads_the_quantities_of_a_position_once(
    expected: Client, read: list[int], name: str
) -> None:
    rows = search(expected, name=name)

    assert len(rows) >= MANY
    assert sum(read) <= MANY
    if name == "InventoryChanged":
        refs = [values(row)["inventoryPosition"]["inventoryQuantity"]["ref"] for row in rows]
        assert refs == [f"PO-{n}" for n in range(MANY)]


def test_of_a_quantity_that_is_named_only_its_own_rows_are_made(
    expected: Client, read: list[int], monkeypatch: pytest.MonkeyPatch
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
    assert sum(read) <= 2 * MANY


def test_events_are_not_each_held_against_every_quantity_of_their_position(
    expected: Client, read: list[int]
) -> None:
    for number in range(20):
        expected.delta("D45", "LOC_MEL", 1, f"d{number}")
    read.clear()
    [row] = search(expected, name="CREATE", **{"context.entityRef": "d7"})
    again = search(expected, name="CREATE", **{"context.entityId": row["context"]["entityId"]})

    assert again == [row]
    assert sum(read) <= 2 * (MANY + 20)
