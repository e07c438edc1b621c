"""searchVirtualInventory: where the products of a cart are available to sell."""

from typing import Any

import pytest

from ..support import Client, Document
from .helpers.places import create_location
from .helpers.support import KEY, ask, errors_of, nodes
from .helpers.virtual_shop import Shop, mutate

SEARCH = """query ($catalogue: VirtualCatalogueKey!, $products: [ProductQuantityInput!]!,
    $position: VirtualPositionInput, $near: GeoCoordinateInput, $excluded: [String!], $first: Int) {
  searchVirtualInventory(virtualCatalogue: $catalogue, productQuantities: $products,
      virtualPosition: $position, orderByProximity: $near, excludedLocationRefs: $excluded,
      first: $first) {
    edges { cursor node { location { ref name } virtualPositions { productRef quantity status } } }
    pageInfo { hasNextPage hasPreviousPage }
  }
}"""
"""The published arguments under their published types (a copy of the schema, 2023)."""

PLACES = {"MEL": (-37.81, 144.96), "SYD": (-33.87, 151.21), "PER": (-31.95, 115.86)}
HOBART = {"latitude": -42.88, "longitude": 147.33}


@pytest.fixture
def shop(client: Client) -> Shop:
    """D45: 10 at MEL, 4 at SYD, 2 at PER; D46: 1 at SYD, 7 at PER; D45 also where no place is."""
    shop = Shop(client)
    shop.stock(MEL=10, SYD=4, PER=2, D46_SYD=1, D46_PER=7, FAR=3)
    for ref, (latitude, longitude) in PLACES.items():
        address = {"ref": ref, "latitude": latitude, "longitude": longitude}
        create_location(client, ref, primaryAddress=address)
    shop.group()
    shop.virtual_catalogue("V", "BASE")
    return shop


def search(shop: Shop, **variables: Any) -> Document:
    products = variables.pop("products", {"D45": 3, "D46": 1})
    given = [{"productRef": ref, "quantity": quantity} for ref, quantity in products.items()]
    variables = {"catalogue": {"ref": "V"}, "products": given, **variables}
    found: Document = ask(shop.client, SEARCH, **variables)["searchVirtualInventory"]
    return found


def stock(found: Document) -> dict[str, dict[str, int]]:
    return {
        node["location"]["ref"]: {
            position["productRef"]: position["quantity"] for position in node["virtualPositions"]
        }
        for node in nodes(found)
    }


def test_locations_are_found_with_what_they_have_enough_of(shop: Shop) -> None:
    found = search(shop)

    assert stock(found) == {
        "MEL": {"D45": 10},
        "SYD": {"D45": 4, "D46": 1},
        "PER": {"D46": 7},
        "FAR": {"D45": 3},
    }
    assert [edge["cursor"] for edge in found["edges"]] == [None] * 4
    assert found["pageInfo"] == {"hasNextPage": False, "hasPreviousPage": False}


def test_controls_and_the_status_asked_for_are_heeded(shop: Shop) -> None:
    shop.control("QUANTITY_BUFFER", ("D45", "MEL"), value=-8)

    assert "MEL" not in stock(search(shop))
    assert stock(search(shop, position={"status": "NONE"})) == {}
    assert stock(search(shop, position={"status": "ACTIVE"}, products={"D45": 4})) == {
        "SYD": {"D45": 4}
    }


def test_locations_are_sorted_by_their_distance_those_without_a_place_last(shop: Shop) -> None:
    products = {"D45": 1}

    assert list(stock(search(shop, products=products, near=HOBART))) == ["MEL", "SYD", "PER", "FAR"]
    near = {"latitude": -32.0, "longitude": 116.0}
    assert list(stock(search(shop, products=products, near=near))) == ["PER", "MEL", "SYD", "FAR"]


def test_a_search_leaves_out_locations_and_stops_where_it_is_told(shop: Shop) -> None:
    found = search(shop, excluded=["MEL", "FAR"], first=1)

    assert list(stock(found)) == ["SYD"]
    assert found["pageInfo"]["hasNextPage"] is True


def test_a_product_that_is_named_twice_is_needed_in_sum(shop: Shop) -> None:
    twice = [{"productRef": "D45", "quantity": 3}, {"productRef": "D45", "quantity": 2}]
    found = ask(shop.client, SEARCH, catalogue={"ref": "V"}, products=twice)

    assert stock(found["searchVirtualInventory"]) == {"MEL": {"D45": 10}}


@pytest.mark.parametrize("catalogue", ["NONE", "AGG"])
def test_a_catalogue_without_positions_of_locations_finds_nothing(
    shop: Shop, catalogue: str
) -> None:
    mutate(
        shop.client,
        "createVirtualCatalogue",
        ref="AGG",
        type="AGGREGATE",
        name="A",
        inventoryCatalogueRef="DEFAULT:1",
        productCatalogueRef="COMPATIBILITY:1",
    )

    assert search(shop, catalogue={"ref": catalogue})["edges"] == []


BAD: dict[str, tuple[dict[str, object], str, str]] = {
    "less than nothing": (
        {"products": {"D46": 1, "D45": -1}},
        "C0122E",
        "/productQuantities/1/quantity is -1: expected 0 or more.",
    ),
    "fewer rows than none": ({"first": -1}, "C0122E", "`first` is -1: expected 0 or more."),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_searched_for_is_refused(shop: Shop, name: str) -> None:
    variables, code, message = BAD[name]
    products = variables.get("products", {"D45": 1})
    assert isinstance(products, dict)
    given = [{"productRef": ref, "quantity": quantity} for ref, quantity in products.items()]

    found = errors_of(
        shop.client, SEARCH, **{**variables, "catalogue": {"ref": "V"}, "products": given}
    )
    assert found == [(code, message)]


def test_a_place_that_is_no_number_is_refused(shop: Shop) -> None:
    query = f"""{{ searchVirtualInventory(virtualCatalogue: {KEY}, productQuantities: [],
        orderByProximity: {{latitude: 1e999, longitude: 0}}) {{ edges {{ cursor }} }} }}"""

    assert errors_of(shop.client, query) == [
        ("C0125E", "/orderByProximity/latitude is inf: expected a finite number.")
    ]
