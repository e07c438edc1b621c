"""Product catalogues and products: what positions have named, and nothing else."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from fluent_oms_simulator import Settings, build
from fluent_oms_simulator.clock import VirtualClock
from fluent_oms_simulator.domain.catalogue.inventory_catalogue import InventoryCatalogue
from fluent_oms_simulator.domain.refs import CatalogueRef
from fluent_oms_simulator.domain.search.paging import Window
from fluent_oms_simulator.domain.search.products import (
    ProductCatalogue,
    ProductFilter,
    products_page,
)

from ..conftest import NOON, MakeSimulator
from ..support import Client, record
from .helpers.support import ask, code_of, errors_of, nodes, refs, walked

LONG = "A-PRODUCT-WITH-A-LONG-REF"
CATALOGUE = {"ref": "COMPATIBILITY:1"}


@pytest.fixture(scope="module")
def stocked() -> Iterator[Client]:
    """D45 is known from 12:00, D46 and LONG from a minute later; retailer 2 has D45 too.

    One for all tests, which only read.
    """
    clock = VirtualClock(NOON)
    with closing(build(Settings(seed_data="none", retailers=("1", "2")), clock)) as simulator:
        simulator.start()
        client = Client(simulator)
        client.load([record("D45", "LOC_MEL", 1), record("D45", "LOC_SYD", 1)])
        clock.advance(60_000)
        client.load([record("D46", "LOC_MEL", 1), record(LONG, "LOC_MEL", 1)])
        client.load([record("D45", "LOC_PER", 1)], job=client.job(retailer="2"))
        yield client


def test_every_product_of_a_position_is_listed_once_in_each_retailers_catalogue(
    stocked: Client,
) -> None:
    query = "{ variantProducts { edges { node { ref gtin name catalogue { ref } } } } }"

    found = [tuple(node.values()) for node in nodes(ask(stocked, query)["variantProducts"])]

    assert found == [
        ("D45", "D45", "D45", CATALOGUE),
        ("D46", "D46", "D46", CATALOGUE),
        (LONG, "A-PRODUCT-WITH-A-LON", LONG, CATALOGUE),
        ("D45", "D45", "D45", {"ref": "COMPATIBILITY:2"}),
    ]


EVERY = ["D45", "D46", LONG, "D45"]

FILTERS: list[tuple[dict[str, Any], list[str]]] = [
    ({"ref": ["D46"]}, ["D46"]),
    ({"ref": [LONG, "D45", "D45", "D47"]}, ["D45", LONG, "D45"]),
    ({"ref": []}, []),
    ({"ref": "D46"}, ["D46"]),
    ({"name": ["D46", LONG]}, ["D46", LONG]),
    ({"ref": ["D45"], "name": ["D46"]}, []),
    ({"type": ["VARIANT"]}, EVERY),
    ({"type": ["STANDARD"]}, []),
    ({"status": ["ACTIVE", None]}, EVERY),
    ({"status": ["INACTIVE"]}, []),
    ({"workflowRef": ["VARIANT_PRODUCT::VARIANT"]}, EVERY),
    ({"workflowRef": ["PRODUCT::X"]}, []),
    ({"workflowVersion": [1]}, EVERY),
    ({"workflowVersion": [2]}, []),
    ({"summary": [None]}, EVERY),
    ({"summary": ["warm"]}, []),
    ({"catalogue": CATALOGUE}, EVERY[:3]),
    ({"catalogue": {"ref": "COMPATIBILITY:9"}}, []),
    ({"catalogue": None, "ref": None}, EVERY),
    ({"createdOn": {"to": "2026-01-01T12:00:00Z"}}, ["D45"]),
    ({"updatedOn": {"from": "2026-01-01T12:00:01Z"}}, ["D46", LONG, "D45"]),
    ({"createdOn": {"from": "2026-01-01T12:00:01Z"}, "ref": ["D45"]}, ["D45"]),
]
TYPES = {
    **dict.fromkeys(("ref", "name", "type", "workflowRef", "gtin"), "[String!]"),
    **dict.fromkeys(("status", "summary"), "[String]"),
    **dict.fromkeys(("createdOn", "updatedOn"), "DateRange"),
    "workflowVersion": "[Int!]",
    "catalogue": "ProductCatalogueKey",
    "category": "CategoryKey",
}


@pytest.mark.parametrize("field", ["variantProducts", "products"])
@pytest.mark.parametrize(("filters", "expected"), FILTERS, ids=lambda value: str(value)[:50])
def test_products_are_filtered_by_all_of_some_values(
    stocked: Client, field: str, filters: dict[str, Any], expected: list[str]
) -> None:
    assert refs_of(stocked, field, filters) == expected


def refs_of(client: Client, field: str, filters: dict[str, Any]) -> list[str]:
    declared = ", ".join(f"${name}: {TYPES[name]}" for name in filters)
    passed = ", ".join(f"{name}: ${name}" for name in filters)
    row = "name" if field == "products" else "ref"
    query = f"query({declared}) {{ {field}({passed}) {{ edges {{ node {{ ref: {row} }} }} }} }}"
    return refs(ask(client, query, **filters)[field])


def test_variants_are_found_by_gtin_and_no_product_has_a_category(stocked: Client) -> None:
    gtin = {"gtin": [LONG[:20], "D46"]}
    category = {"category": {"ref": "SHOES", "catalogue": CATALOGUE}}

    assert refs_of(stocked, "variantProducts", gtin) == ["D46", LONG]
    assert refs_of(stocked, "variantProducts", {"gtin": [LONG]}) == []
    assert refs_of(stocked, "products", category) == []


@pytest.mark.parametrize("size", [1, 3, 4, 5])
def test_a_walk_over_all_products_shows_each_once(stocked: Client, size: int) -> None:
    rows = walked(stocked, "variantProducts", size)

    assert walked(stocked, "variantProducts", size, backward=True) == rows
    assert [row["ref"] for row in rows] == EVERY
    assert len({row["id"] for row in rows}) == 4


def test_products_that_arrive_during_a_walk_come_last(client: Client) -> None:
    client.load([record("D45", "LOC_MEL", 1), record("D46", "LOC_MEL", 1), record(LONG, "L", 1)])
    query = """query($after: String) { variantProducts(first: 2, after: $after,
        catalogue: {ref: "COMPATIBILITY:1"}) { edges { node { ref } cursor } } }"""
    page = ask(client, query)["variantProducts"]

    client.load([record("D40", "LOC_MEL", 1)])

    rest = ask(client, query, after=page["edges"][-1]["cursor"])["variantProducts"]
    assert refs(page) + refs(rest) == ["D45", "D46", LONG, "D40"]


def test_one_product_is_found_by_ref_and_catalogue(stocked: Client) -> None:
    query = """query($ref: String!, $in: String!) {
        variantProduct(ref: $ref, catalogue: {ref: $in}) { ref type status createdOn updatedOn
            workflowRef workflowVersion summary prices { value } tax { country } attributes { name }
            categories { edges { node { ref } } } } }"""

    found = ask(stocked, query, ref="D45", **{"in": "COMPATIBILITY:1"})["variantProduct"]
    elsewhere = ask(stocked, query, ref="D46", **{"in": "COMPATIBILITY:2"})["variantProduct"]
    nowhere = ask(stocked, query, ref="D45", **{"in": "COMPATIBILITY:3"})["variantProduct"]

    assert found == {
        "ref": "D45",
        "type": "VARIANT",
        "status": "ACTIVE",
        "createdOn": "2026-01-01T12:00:00.000Z",
        "updatedOn": "2026-01-01T12:00:00.000Z",
        "workflowRef": "VARIANT_PRODUCT::VARIANT",
        "workflowVersion": 1,
        "summary": None,
        "prices": [],
        "tax": None,
        "attributes": [],
        "categories": {"edges": []},
    }
    assert elsewhere is nowhere is None


def test_a_variant_has_a_standard_product_of_its_own_that_is_in_no_list(stocked: Client) -> None:
    query = """{
        products(first: 1) { edges { node { __typename name ... on VariantProduct { product {
            __typename ref gtin type workflowRef catalogue { ref }
            variants { edges { node { ref catalogue { ref } } } }
            others: variants(ref: ["D46"]) { edges { node { ref } } }
            elsewhere: variants(catalogue: {ref: "COMPATIBILITY:2"}) { edges { node { ref } } }
        } } } } }
        standardProducts { edges { node { ref } } }
        standardProduct(ref: "D45", catalogue: {ref: "COMPATIBILITY:1"}) { ref }
    }"""

    answer = ask(stocked, query)

    (variant,) = nodes(answer["products"])
    assert (variant["__typename"], variant["name"]) == ("VariantProduct", "D45")
    assert variant["product"] == {
        "__typename": "StandardProduct",
        "ref": "D45",
        "gtin": "D45",
        "type": "STANDARD",
        "workflowRef": "STANDARD_PRODUCT::STANDARD",
        "catalogue": CATALOGUE,
        "variants": {"edges": [{"node": {"ref": "D45", "catalogue": CATALOGUE}}]},
        "others": {"edges": []},
        "elsewhere": {"edges": []},
    }
    assert answer["standardProducts"] == {"edges": []}
    assert answer["standardProduct"] is None


def test_a_position_leads_to_the_product_of_its_own_retailer(stocked: Client) -> None:
    query = """{ inventoryPositions { edges { node { productRef locationRef
        product { name ... on VariantProduct { ref catalogue { ref } } } } } } }"""

    positions = nodes(ask(stocked, query)["inventoryPositions"])

    assert [position["product"]["name"] for position in positions] == [
        position["productRef"] for position in positions
    ]
    catalogues = {p["locationRef"]: p["product"]["catalogue"]["ref"] for p in positions}
    assert catalogues["LOC_MEL"] == catalogues["LOC_SYD"] == "COMPATIBILITY:1"
    assert catalogues["LOC_PER"] == "COMPATIBILITY:2"


def test_each_retailer_has_a_product_catalogue(stocked: Client) -> None:
    query = """query($ref: [String!], $retailers: [[String]]) {
        productCatalogues(ref: $ref, retailerRefs: $retailers) { edges { node {
            id ref type status name workflowRef retailerRefs
            categories { edges { node { ref } } } } } } }"""

    both = nodes(ask(stocked, query)["productCatalogues"])
    one = ask(stocked, '{ productCatalogue(ref: "COMPATIBILITY:1") { ref } }')["productCatalogue"]
    none = ask(stocked, '{ productCatalogue(ref: "COMPATIBILITY:3") { ref } }')["productCatalogue"]

    assert both[0] == {
        "id": "1",
        "ref": "COMPATIBILITY:1",
        "type": "COMPATIBILITY",
        "status": "ACTIVE",
        "name": "COMPATIBILITY:1",
        "workflowRef": "PRODUCT_CATALOGUE::COMPATIBILITY",
        "retailerRefs": ["1"],
        "categories": {"edges": []},
    }
    assert refs(ask(stocked, query, retailers=[["2"]])["productCatalogues"]) == ["COMPATIBILITY:2"]
    assert refs(ask(stocked, query, ref=["COMPATIBILITY:1"])["productCatalogues"]) == [
        "COMPATIBILITY:1"
    ]
    assert len(both) == 2
    assert one == CATALOGUE
    assert none is None


def test_lists_that_are_always_empty_check_their_arguments_all_the_same(client: Client) -> None:
    negative = errors_of(client, "{ standardProducts(first: -1) { edges { cursor } } }")
    assert negative == [("C0122E", "`first` is -1: expected 0 or more.")]
    assert code_of(client, "{ standardProducts(createdOn: {}) { edges { cursor } } }") == "C0101E"


def test_several_catalogues_may_be_named_where_that_argument_is_accepted(
    make_simulator: MakeSimulator,
) -> None:
    client = Client(make_simulator(graphql_catalogues_argument="accept"))
    client.load([record("D45", "LOC_MEL", 1)])
    query = """query($in: [ProductCatalogueKey]) {
        variantProducts(catalogues: $in) { edges { node { ref } } } }"""

    inside = ask(client, query, **{"in": [{"ref": "NONE"}, CATALOGUE]})["variantProducts"]
    outside = ask(client, query, **{"in": [{"ref": "NONE"}]})["variantProducts"]

    assert (refs(inside), refs(outside)) == (["D45"], [])


class CountingGtins(frozenset[str | None]):
    """Holds every GTIN, and counts how often it is asked."""

    asked = 0

    def __contains__(self, gtin: object) -> bool:
        self.asked += 1
        return True


def test_a_walk_over_many_products_looks_at_each_a_few_times_only() -> None:
    stock = InventoryCatalogue(CatalogueRef("DEFAULT", "1"), 1)
    for number in range(20_000):
        stock.add_position(f"P{number}", "LOC_MEL", "ACTIVE", number)
    catalogue = ProductCatalogue("COMPATIBILITY:1", "1", 1, 0)
    gtins = CountingGtins()
    seen: list[int] = []
    after: int | None = None
    while True:
        catalogue.notice([stock])
        page = products_page([catalogue], ProductFilter(gtins=gtins), Window(500, after))
        seen += page.keys
        if not page.has_next:
            break
        after = page.keys[-1]

    assert seen == list(range(20_000))
    assert gtins.asked < 3 * 20_000


PATTERNS: list[tuple[str, list[str]]] = [
    ('name: ["%d4%"]', ["D45", "D46", "D45"]),
    ('ref: ["d%6", "nothing"]', ["D46"]),
    ('ref: ["%LONG%", "D46"]', ["D46", LONG]),
    ('ref: "a-%-WITH-%-ref"', [LONG]),
    ('ref: "%6", name: "D%"', ["D46"]),
    ('ref: "D%6", name: "D45"', []),
    ('ref: "d46"', []),
    ('ref: "D4%5%5"', []),
    ('ref: "%", catalogue: {ref: "COMPATIBILITY:2"}', ["D45"]),
]


@pytest.mark.parametrize(("filters", "expected"), PATTERNS)
def test_products_are_found_by_a_part_of_their_ref_or_name(
    stocked: Client, filters: str, expected: list[str]
) -> None:
    """Released on 21 May 2025 (GraphQL enhancements, 27 May 2025); of `products` alone."""
    query = (
        f"{{ products({filters}) {{ edges {{ node {{ ... on VariantProduct {{ ref }} }} }} }} }}"
    )

    assert refs(ask(stocked, query)["products"]) == expected


def test_of_variants_a_percent_sign_is_one_of_the_refs_own(stocked: Client) -> None:
    query = '{ variantProducts(ref: "D4%") { edges { node { ref } } } }'

    assert refs(ask(stocked, query)["variantProducts"]) == []


def test_there_are_no_categories(stocked: Client) -> None:
    query = """{ categories { edges { node { ref childCategories { edges { cursor } } } } }
        category(ref: "C", catalogue: {ref: "COMPATIBILITY:1"}) { name parentCategory { ref } } }"""

    assert ask(stocked, query) == {"categories": {"edges": []}, "category": None}
