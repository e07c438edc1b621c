"""Batch Pre-Processing of many records of one position looks at its quantities once."""

import pytest
from fluent_oms_simulator.domain.catalogue.inventory_catalogue import InventoryCatalogue

from ..support import Client, record


def test_conditions_are_held_against_a_position_once(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [record("D45", "LOC_MEL", n, type="EXPECTED", ref=f"PO-{n}") for n in range(50)]
    client.load(records)
    looks: list[int] = []
    quantities_of = InventoryCatalogue.quantities_of

    def counting(catalogue: InventoryCatalogue, position: int) -> object:
        looks.append(position)
        return quantities_of(catalogue, position)

    monkeypatch.setattr(InventoryCatalogue, "quantities_of", counting)
    related = [{"type": "DELTA", "status": "ACTIVE"}]
    client.load(records, conditions={"hasRelatedInventoryQuantities": related})

    assert len(looks) == 1
