"""The fast executor answers as the library's own does."""

from typing import Any

import pytest
from fluent_oms_simulator import Simulator
from fluent_oms_simulator.graphql.context import Call
from fluent_oms_simulator.graphql.executor import RowExecutor
from fluent_oms_simulator.graphql.reading import Reading
from fluent_oms_simulator.stores.entity_log import EntityLog
from graphql import ExecutionResult, GraphQLError, execute_sync, parse

from ..support import Client, delta, deltas, record

LARGEST = 2**31 - 1

QUERIES = {
    "plain fields": "{ inventoryPositions { edges { node { id ref onHand createdOn } cursor } } }",
    "objects in rows": "{ inventoryPositions { edges { node { catalogue { ref name type } } } } }",
    "nulls where the schema promises a value": """{ inventoryQuantities { edges { node {
        attributes { name type value } } } } }""",
    "lists in rows": "{ inventoryQuantities { edges { node { attributes { name value } } } } }",
    "aliases": "{ a: inventoryPositions { edges { node { x: ref y: ref z: __typename } } } }",
    "one row": '{ inventoryPosition(ref: "A:L:DEFAULT", catalogue: {ref: "DEFAULT:1"}) { ref } }',
    "nothing": '{ inventoryPosition(ref: "nope", catalogue: {ref: "DEFAULT:1"}) { ref } }',
    "nested": """{ inventoryCatalogues { edges { node { ref inventoryPositions(first: 1) {
        edges { node { ref quantities { edges { node { ref position { ref } } } } } }
        pageInfo { hasNextPage hasPreviousPage } } } } } }""",
    "fragments": """{ inventoryPositions { edges { node { ...on Node { id } ...names } } } }
        fragment names on InventoryPosition { ref ...on Orchestrateable { type workflowRef } }""",
    "skipped": """{ inventoryPositions { edges { node {
        ref @skip(if: true) productRef @include(if: false) locationRef } } } }""",
    "an error in a row": "{ inventoryPositions { edges { node { ref onHand } } } }",
    "an error at the root": "{ inventoryPositions(updatedOn: {}) { edges { node { ref } } } }",
    "introspection": "{ __schema { types { name fields { name type { name } } } } }",
}


@pytest.fixture
def stocked(simulator: Simulator) -> Simulator:
    client = Client(simulator)
    attributes = {"origin": "ERP", "level": 3, "none": None}
    client.load(
        [
            record("A", "L", 5),
            record("B", "L", LARGEST),
            record("C", "L", 1, ref="own", attributes=attributes),
        ]
    )
    # On hand no longer fits into 32 bits, which the schema's Int cannot show.
    client.send(deltas(delta("B", "L", LARGEST, "d1"), delta("A", "L", -2, "d2")))
    return simulator


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_it_answers_as_the_general_one(stocked: Simulator, query: str) -> None:
    def run(**options: Any) -> tuple[Any, list[Any]]:
        call = Call(
            stocked.settings,
            stocked.behaviour,
            stocked.clock,
            EntityLog(stocked.event_log, stocked.clock),
            Reading(stocked.store),
        )
        document = parse(query)
        result: ExecutionResult = execute_sync(
            stocked.graphql.schema, document, context_value=call, **options
        )
        errors: list[GraphQLError] = result.errors or []
        return result.data, [error.formatted for error in errors]

    fast = run(executor_class=RowExecutor)

    assert fast == run()


def test_a_value_that_cannot_be_shown_is_null_and_told_with_its_place(stocked: Simulator) -> None:
    reply = Client(stocked).post("/graphql", {"query": QUERIES["an error in a row"]})
    document = reply.get_json()

    nodes = [edge["node"] for edge in document["data"]["inventoryPositions"]["edges"]]
    assert [node["onHand"] for node in nodes] == [3, None, 1]
    [error] = document["errors"]
    assert error["path"] == ["inventoryPositions", "edges", 1, "node", "onHand"]
    assert "32 bits" in error["message"]


def test_a_null_where_the_schema_promises_a_value_is_an_error_of_its_field(
    stocked: Simulator,
) -> None:
    """`value: Json!` (both public copies of the schema, 2022 and 2023)."""
    query = """{ inventoryQuantity(ref: "own", catalogue: {ref: "DEFAULT:1"}) {
        ref attributes { name value } } }"""
    document = Client(stocked).post("/graphql", {"query": query}).get_json()

    shown = document["data"]["inventoryQuantity"]
    assert shown["attributes"] == [
        {"name": "level", "value": 3},
        None,
        {"name": "origin", "value": "ERP"},
    ]
    [error] = document["errors"]
    assert error["path"] == ["inventoryQuantity", "attributes", 1, "value"]
    assert error["message"] == "Cannot return null for non-nullable field Attribute.value."
