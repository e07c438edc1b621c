"""A request that would keep everybody else waiting is refused."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from ..support import CATALOGUE, Client, record
from .helpers.support import KEY, answer_of, post

ROWS = 2_000
NOTHING = "onHand: [-1]"

Limit = Callable[[int], None]


@pytest.fixture
def limit(client: Client, monkeypatch: pytest.MonkeyPatch) -> Limit:
    """How many rows a request may pass by from now on."""
    graphql = client.simulator.graphql

    def set_to(rows: int) -> None:
        behaviour = replace(client.simulator.behaviour, graphql_max_rows_read=rows)
        monkeypatch.setattr(graphql, "_behaviour", behaviour)

    return set_to


@pytest.fixture
def stocked(client: Client, limit: Limit) -> Client:
    client.load([record(f"P{number}", "L", number) for number in range(ROWS)])
    limit(2 * ROWS + 100)
    return client


def refused(client: Client, query: str, **variables: object) -> list[object]:
    """The response names of the fields that were refused for looking at too much."""
    errors = answer_of(post(client, query, variables or None)).get("errors", [])
    assert {error["extensions"]["code"] for error in errors} <= {"C0001E"}, errors
    return [error["path"][0] for error in errors]


@pytest.mark.parametrize(
    "field", [f"inventoryPositions({NOTHING})", "inventoryQuantities(quantity: [-1])"]
)
def test_a_request_may_pass_by_so_many_rows_and_no_more(stocked: Client, field: str) -> None:
    edges = f"{field} {{ edges {{ node {{ ref }} }} }}"
    twice = answer_of(post(stocked, f"{{ a: {edges} b: {edges} }}"))
    document = answer_of(post(stocked, f"{{ a: {edges} b: {edges} c: {edges} }}"))

    assert "errors" not in twice
    assert document["data"] == {"a": {"edges": []}, "b": {"edges": []}, "c": None}
    [error] = document["errors"]
    assert (error["extensions"]["code"], error["path"]) == ("C0001E", ["c"])
    assert "4,100 rows" in error["message"]


def test_searches_inside_of_rows_count_as_well(stocked: Client) -> None:
    nested = f"inventoryPositions({NOTHING}) {{ edges {{ node {{ ref }} }} }}"
    query = f"""{{ inventoryPositions(first: 9) {{ edges {{ node {{
        catalogue {{ {nested} }} }} }} }} }}"""
    document = answer_of(post(stocked, query))

    codes = [error["extensions"]["code"] for error in document["errors"]]
    assert 6 <= len(codes) <= 8
    assert set(codes) == {"C0001E"}


def test_pages_that_are_full_soon_cost_little(stocked: Client) -> None:
    page = "inventoryPositions(first: 1) { edges { node { ref } } }"
    pages = " ".join(f"p{n}: {page}" for n in range(3))

    assert refused(stocked, f"{{ {pages} }}") == []


LISTED = {
    "inventoryPositions(ref: $some)": "edges { cursor }",
    "inventoryPositions(productRef: $some)": "edges { cursor }",
    "inventoryPositions(locationRef: $some)": "edges { cursor }",
    "inventoryPositions(status: $some)": "edges { cursor }",
    "inventoryQuantities(ref: $some)": "edges { cursor }",
    "inventoryQuantities(type: $some)": "edges { cursor }",
    "inventoryCatalogues(name: $some)": "edges { cursor }",
    "virtualPositions(ref: $some)": "edges { cursor }",
    "virtualCatalogues(ref: $some)": "edges { cursor }",
    "variantProducts(ref: $some)": "edges { cursor }",
    "locations(name: $some)": "edges { cursor }",
    "networks(ref: $some)": "edges { cursor }",
    "controls(ref: $some)": "edges { cursor }",
    "controlGroups(ref: $some)": "edges { cursor }",
    "retailers(ref: $some)": "edges { cursor }",
    f'inventoryPositionAggregate(catalogue: {KEY}, productRef: "P", type: $some)': "count",
    f'inventoryQuantityAggregate(position: {{ref: "P:L:{CATALOGUE}", catalogue: {KEY}}},'
    " type: $some)": "count",
}


@pytest.mark.parametrize("field", LISTED)
def test_a_list_that_many_fields_look_for_counts_for_each_of_them(
    client: Client, limit: Limit, field: str
) -> None:
    limit(10_000)
    some = [f"a:{number:03}" for number in range(500)]
    fields = " ".join(f"f{n}: {field} {{ {LISTED[field]} }}" for n in range(6))
    found = refused(client, f"query ($some: [String!]) {{ {fields} }}", some=some)

    assert found[-3:] == ["f3", "f4", "f5"]
    assert "f0" not in found


def test_a_list_counts_for_each_catalogue_that_is_searched(client: Client, limit: Limit) -> None:
    new = " ".join(
        f'c{n}: createInventoryCatalogue(input: {{ref: "C{n}", type: "T", name: "N"}}) {{ id }}'
        for n in range(20)
    )
    assert refused(client, f"mutation {{ {new} }}") == []
    limit(10_000)
    some = [f"a:{number:03}" for number in range(500)]
    search = (
        "query ($some: [String!]) {{ inventoryPositions(ref: $some{}) {{ edges {{ cursor }} }} }}"
    )

    assert refused(client, search.format(f", catalogue: {KEY}"), some=some) == []
    assert refused(client, search.format(""), some=some) == ["inventoryPositions"]


def test_a_mutation_pays_for_what_it_is_given_each_time(client: Client, limit: Limit) -> None:
    limit(10_000)
    given = {"ref": "G", "name": "N", "retailerRefs": ["1"] * 2_000, "type": "T", "description": ""}
    kind = "createControlGroup(input: $given) { id }"
    fields = " ".join(f"f{n}: {kind}" for n in range(4))
    query = f"mutation ($given: CreateControlGroupInput) {{ {fields} }}"
    errors = answer_of(post(client, query, {"given": given}))["errors"]

    assert [error["extensions"]["code"] for error in errors][-2:] == ["C0001E", "C0001E"]


def test_quantities_of_one_position_count_one_by_one(client: Client, limit: Limit) -> None:
    client.load([record("P", "L", 1)])
    held = [record("P", "L", 1, type="RESERVED", ref=f"R{number}") for number in range(500)]
    client.load(held)
    limit(12_000)
    position = f'{{ref: "P:L:DEFAULT", catalogue: {KEY}}}'
    of_position = 'quantities(type: "NONE") { edges { cursor } }'
    fields = {
        "inventoryQuantities": 'inventoryQuantities(type: "NONE") { edges { cursor } }',
        "inventoryQuantityAggregate": f"inventoryQuantityAggregate(position: {position})"
        " { count }",
        "inventoryPosition": f'inventoryPosition(ref: "P:L:DEFAULT", catalogue: {KEY})'
        f" {{ {of_position} }}",
    }
    for name, field in fields.items():
        four = " ".join(f"f{n}: {field}" for n in range(4))
        assert refused(client, f"{{ f0: {field} }}") == [], name
        assert refused(client, f"{{ {four} }}")[-1] == "f3", name


def test_a_product_is_not_looked_for_at_all_locations_again_and_again(
    client: Client, limit: Limit
) -> None:
    client.load([record("P", f"L{number}", 1) for number in range(2_000)])
    limit(5_000)
    aggregate = f'inventoryPositionAggregate(catalogue: {KEY}, productRef: "P") {{ count }}'
    fields = " ".join(f"f{n}: {aggregate}" for n in range(4))

    assert refused(client, f"{{ {fields} }}") == ["f2", "f3"]


def test_a_status_is_not_set_at_a_large_location_again_and_again(stocked: Client) -> None:
    change = (
        f'updateInventoryPositionsStatusByLocation(filter: {{catalogue: {KEY}, locationRef: "L"}},'
        ' input: {status: "S"}) { count }'
    )
    document = answer_of(post(stocked, f"mutation {{ a: {change} b: {change} }}"))

    assert document["data"] == {"a": {"count": ROWS}, "b": None}
    [error] = document["errors"]
    assert error["extensions"]["code"] == "C0001E"


def test_an_aggregate_over_many_locations_counts_each_of_them(client: Client, limit: Limit) -> None:
    client.load([record("P", f"L{number}", 1) for number in range(3_000)])
    group = (
        'createVirtualCatalogue(input: {ref: "AGG:1", type: "AGGREGATE", name: "A",'
        f' inventoryCatalogueRef: "{CATALOGUE}", productCatalogueRef: "COMPATIBILITY:1"}}) {{ id }}'
    )
    assert refused(client, f"mutation {{ {group} }}") == []
    limit(4_000)
    page = 'virtualPositions(catalogue: {ref: "AGG:1"}) { edges { node { quantity } } }'
    fields = " ".join(f"f{n}: {page}" for n in range(5))

    assert refused(client, f"{{ f0: {page} }}") == []
    assert refused(client, f"{{ {fields} }}")[-1] == "f4"
