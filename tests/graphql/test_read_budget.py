"""A search that would keep everybody else waiting is refused."""

import pytest
from fluent_oms_simulator.graphql import call

from ..support import Client, record
from .support import answer_of, post

ROWS = 2_000
NOTHING = "onHand: [-1]"


@pytest.fixture
def stocked(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    client.load([record(f"P{number}", "L", number) for number in range(ROWS)])
    monkeypatch.setattr(call, "MOST_ROWS_PASSED_BY", 2 * ROWS)
    return client


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
    assert "4,000 rows" in error["message"]


def test_searches_inside_of_rows_count_as_well(stocked: Client) -> None:
    nested = f"inventoryPositions({NOTHING}) {{ edges {{ node {{ ref }} }} }}"
    query = f"""{{ inventoryPositions(first: 9) {{ edges {{ node {{
        catalogue {{ {nested} }} }} }} }} }}"""
    document = answer_of(post(stocked, query))

    refused = [error["extensions"]["code"] for error in document["errors"]]
    assert 6 <= len(refused) <= 8
    assert set(refused) == {"C0001E"}


def test_pages_that_are_full_soon_cost_little(stocked: Client) -> None:
    page = "inventoryPositions(first: 1) { edges { node { ref } } }"
    pages = " ".join(f"p{n}: {page}" for n in range(3))
    document = answer_of(post(stocked, f"{{ {pages} }}"))

    assert "errors" not in document
