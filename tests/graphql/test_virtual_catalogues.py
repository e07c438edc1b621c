"""Virtual catalogues: how they are set up, searched and pointed elsewhere.

SCHEMA is Fluent's GraphQL schema documentation.
"""

from typing import Any

import pytest
from fluent_oms_simulator.clock import VirtualClock

from ..conftest import MakeSimulator
from ..support import Client
from .helpers.support import ask, nodes, refs
from .helpers.virtual_shop import (
    BUFFER,
    EXCLUSION,
    MASTER,
    NEW_CATALOGUE,
    Shop,
    mutate,
    open_shop,
)


@pytest.fixture
def shop(client: Client) -> Shop:
    return open_shop(client)


def test_a_virtual_catalogue_shows_as_it_was_given(
    make_simulator: MakeSimulator, clock: VirtualClock
) -> None:
    client = Client(make_simulator(clock=clock))
    given: dict[str, Any] = {
        **NEW_CATALOGUE,
        "ref": "V",
        "description": "What is sold",
        "networkIds": ["7"],
        "controlGroupRef": "CG",
        "retailerRefs": ["1"],
        "attributes": [{"name": "primaryRetailerRef", "type": "STRING", "value": "1"}],
    }
    selection = """id ref type name description status workflowRef workflowVersion createdOn
      inventoryCatalogueRef productCatalogueRef networkIds controlGroupRef retailerRefs
      attributes { name type value }"""

    made = mutate(client, "createVirtualCatalogue", selection, **given)
    found = ask(client, f'{{ virtualCatalogue(ref: "V") {{ {selection} }} }}')["virtualCatalogue"]

    assert made == found
    assert made == {
        **given,
        "id": "2",
        "status": "CREATED",
        "workflowRef": "VIRTUAL_CATALOGUE::BASE",
        "workflowVersion": 1,
        "createdOn": "2026-01-01T12:00:00.000Z",
    }


def test_every_retailer_begins_with_a_base_virtual_catalogue(client: Client) -> None:
    query = """{ virtualCatalogues { edges { node {
      ref type status inventoryCatalogueRef productCatalogueRef networkIds controlGroupRef
    } } } }"""

    assert nodes(ask(client, query)["virtualCatalogues"]) == [
        {
            "ref": "BASE:1",
            "type": "BASE",
            "status": "ACTIVE",
            "inventoryCatalogueRef": "DEFAULT:1",
            "productCatalogueRef": "COMPATIBILITY:1",
            "networkIds": [],
            "controlGroupRef": None,
        }
    ]


FILTERS: list[tuple[str, list[str]]] = [
    ("first: 9", ["BASE:1", "BASE:HD", "AGG:HD"]),
    ('type: "AGGREGATE"', ["AGG:HD"]),
    ('status: "CREATED"', ["BASE:HD", "AGG:HD"]),
    ('controlGroupRef: "CG"', ["BASE:HD", "AGG:HD"]),
    ("controlGroupRef: [null]", ["BASE:1"]),
    ('networkIds: [["1"]]', ["BASE:HD", "AGG:HD"]),
    ('networkIds: [["1", "2"]]', []),
    ('inventoryCatalogueRef: "DEFAULT:2"', []),
    ('productCatalogueRef: ["COMPATIBILITY:1"], retailerRefs: [["1"]]', ["BASE:1"]),
    ("first: 1", ["BASE:1"]),
    ("last: 1", ["AGG:HD"]),
]


def test_virtual_catalogues_are_searched(shop: Shop) -> None:
    for arguments, expected in FILTERS:
        query = f"{{ virtualCatalogues({arguments}) {{ edges {{ node {{ ref }} }} }} }}"
        assert refs(ask(shop.client, query)["virtualCatalogues"]) == expected, arguments


def test_an_update_points_a_virtual_catalogue_elsewhere_and_leaves_the_rest(shop: Shop) -> None:
    client = shop.client
    shop.control(EXCLUSION, ("D45",))
    shop.network("SOUTH", "MEL")
    selection = "name status networkIds controlGroupRef inventoryCatalogueRef"

    changed = mutate(
        client,
        "updateVirtualCatalogue",
        selection,
        ref="BASE:HD",
        status="ACTIVE",
        networkIds=["SOUTH"],
        controlGroupRef=None,
    )
    assert changed == {
        "name": "BASE:HD",
        "status": "ACTIVE",
        "networkIds": ["SOUTH"],
        "controlGroupRef": "CG",
        "inventoryCatalogueRef": "DEFAULT:1",
    }
    assert shop.sold("BASE:HD") == {"D45:MEL": 0}
    mutate(client, "updateVirtualCatalogue", ref="BASE:HD", controlGroupRef="")
    assert shop.sold("BASE:HD") == {"D45:MEL": 10}
    mutate(client, "updateVirtualCatalogue", ref="BASE:HD", inventoryCatalogueRef="DEFAULT:9")
    assert shop.sold("BASE:HD") == {}


def test_inventory_that_does_not_exist_yet_leaves_a_catalogue_empty(client: Client) -> None:
    """SCHEMA: the catalogues are joined by refs, that is, loosely."""
    shop = Shop(client)
    shop.virtual_catalogue("V", "BASE", inventoryCatalogueRef="OUTLET:1")
    before = shop.sold("V")
    mutate(client, "createInventoryCatalogue", ref="OUTLET:1", type="DEFAULT", name="Outlet")
    mutate(client, "updateInventoryCatalogue", ref="OUTLET:1", status="ACTIVE")
    client.load([{"skuRef": "D45", "locationRef": "MEL", "qty": 3}], catalogueRef="OUTLET:1")

    assert before == {}
    assert shop.sold("V") == {"D45:MEL": 3}


def test_a_catalogue_of_a_type_of_the_callers_own_sums_up_its_network(shop: Shop) -> None:
    """A public deployment script has VIRTUAL_CATALOGUE::ATS, an aggregate, beside BASE."""
    shop.stock(PER=5)
    shop.control(BUFFER, ("D45", "SYD"), buffer=-1)
    shop.control(MASTER, ("D45",), buffer=-2)
    shop.virtual_catalogue("ATS:1", "ATS", networkIds=["HD"])
    query = """{ virtualPositions(catalogue: {ref: "ATS:1"}) {
      edges { node { ref type quantity groupRef productRef workflowRef } } } }"""

    assert nodes(ask(shop.client, query)["virtualPositions"]) == [
        {
            "ref": "D45:HD",
            "type": "ATS",
            "quantity": 11,
            "groupRef": "HD",
            "productRef": "D45",
            "workflowRef": "VIRTUAL_CATALOGUE::ATS",
        }
    ]


def test_a_type_of_the_callers_own_may_have_only_positions_that_were_created(
    make_simulator: MakeSimulator,
) -> None:
    shop = open_shop(Client(make_simulator(virtual_own_types="created")))
    shop.virtual_catalogue("OWN", "REGION")
    assert shop.sold("OWN") == {}
    mutate(
        shop.client,
        "createVirtualPosition",
        ref="D45:EAST",
        catalogue={"ref": "OWN"},
        type="REGION",
        quantity=7,
    )
    assert shop.sold("OWN") == {"D45:EAST": 7}
