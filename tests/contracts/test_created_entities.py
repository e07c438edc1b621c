"""Whatever a mutation can create on somebody else's server, the contracts put out of use again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.client.target_server import Target
from fluent_oms_simulator.contracts.running.cleaning import clean_up
from fluent_oms_simulator.contracts.running.writes import Written
from fluent_oms_simulator.contracts.suite.observations.probing import location
from fluent_oms_simulator.contracts.suite.semantic.asking import mutate
from fluent_oms_simulator.graphql.mutations import MUTATION_FIELDS

from .helpers.contract_servers import of_someone_else, server

KINDS = {name.removeprefix("create") for name in MUTATION_FIELDS if name.startswith("create")}
CATALOGUE, VIRTUAL, GROUP = {"ref": "DEFAULT:1"}, {"ref": "MINE-V"}, {"ref": "MINE-G"}
POSITION = {"ref": "MINE-P", "catalogue": CATALOGUE}
NAMED = {"type": "DEFAULT", "name": "Mine"}


def made_with(api: Api) -> Mapping[str, Mapping[str, Any]]:
    """An input for each kind, in the order in which they can be created."""
    return {
        "InventoryCatalogue": {"ref": "MINE-I", **NAMED},
        "InventoryPosition": {
            **POSITION,
            "type": "DEFAULT",
            "productRef": "MINE-1",
            "locationRef": "MINE2",
            "onHand": 7,
        },
        "InventoryQuantity": {
            "ref": "MINE-Q",
            "catalogue": CATALOGUE,
            "position": POSITION,
            "type": "DELTA",
            "quantity": 4,
        },
        "ControlGroup": {**GROUP, **NAMED},
        "Control": {
            "ref": "MINE-C",
            "controlGroup": GROUP,
            "type": "QUANTITY_BUFFER",
            "name": "Mine",
            "values": [{"name": "buffer", "type": "NUMBER", "value": -1}],
        },
        "VirtualCatalogue": {
            **VIRTUAL,
            "type": "BASE",
            "name": "Mine",
            "controlGroupRef": "MINE-G",
            "inventoryCatalogueRef": "DEFAULT:1",
            "productCatalogueRef": "COMPATIBILITY:1",
        },
        "VirtualPosition": {"ref": "MINE-VP", "catalogue": VIRTUAL, "type": "OWN", "quantity": 5},
        "Location": location("MINE1", api),
        "Network": {"name": "MINE-N", "retailers": [{"id": api.target.retailer_id}]},
        "Setting": {
            "name": "MINE-S",
            "valueType": "STRING",
            "value": "x",
            "context": "ACCOUNT",
            "contextId": 0,
        },
    }


SHOWN = {"Network": "id", "Setting": "id"}
"""What has no ref of its own is asked for this."""


def test_each_create_has_its_update() -> None:
    without = sorted(kind for kind in KINDS if f"update{kind}" not in MUTATION_FIELDS)

    assert not without, (
        f"nothing updates what these create: {', '.join(without)}; nothing can be deleted either,"
        " so that what was created on somebody else's server could not be put out of use"
    )


def test_all_that_can_be_created_is_put_out_of_use_or_told_to_stay() -> None:
    with server(of_someone_else) as (url, _):
        api, written = Api(Target(url=url, is_ours=False, patience=20.0, pause=0.005)), Written()
        inputs = made_with(api)
        assert set(inputs) == KINDS, (
            "`made_with` in this test needs an input for each kind that mutations create, and"
            " contracts/running/created_entities.py a way to put it out of use"
        )
        api.wire.listeners.append(written)
        for kind, given in inputs.items():
            mutate(api, f"create{kind}", SHOWN.get(kind, "ref"), **given)

        cleaned = clean_up(api, written, "MINE")

        assert api.position("MINE-1", "MINE2")["onHand"] == 0  # type: ignore[index]
    assert {made.kind for made in written.made} == KINDS - {"InventoryPosition"}  # emptied instead
    assert cleaned.left == ("the setting MINE-S stays: a setting has no status",)
