"""What the explorer's scripts make of a query: run by node, where there is one."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from graphql import build_client_schema, parse, validate

from ..support import Client

STATIC = Path(__file__).parents[2] / "simulator" / "ui" / "static"
SECONDS = 60

pytestmark = pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")

# Each script stands alone; as data it is a module for every node, whatever its name ends in.
PROGRAM = """
const load = (text) => import("data:text/javascript," + encodeURIComponent(text));
const input = JSON.parse(require("fs").readFileSync(0, "utf8"));
(async () => {
  const graphql = await load(input.graphql);
  const { INTROSPECTION, Schema } = await load(input.schema);
  const schema = input.document && new Schema(input.document);
  console.log(JSON.stringify(eval(input.ask)));
})();
"""


def run(ask: str, document: object = None, **more: object) -> Any:
    """The value of an expression over the explorer's modules, a schema and `input`."""
    texts = {name: (STATIC / f"{name}.js").read_text("utf-8") for name in ("graphql", "schema")}
    done = subprocess.run(
        ["node", "-e", PROGRAM],
        input=json.dumps({**texts, "ask": ask, "document": document, **more}),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def document(client: Client) -> Any:
    """What the explorer is told of the schema."""
    return client.post("/graphql", {"query": run("INTROSPECTION")}).get_json()["data"]


PLACES = {
    "query { inventoryPositionA": ["inventoryPositionAggregate"],
    "mutation M { createInventoryCat": ["createInventoryCatalogue"],
    "{ me { user": ["username"],
    "{ all: inventoryPositions(fir": ["first"],
    '{ inventoryPositions(ref: ["a", "b"], productRef: "x", la': ["last"],
    "{ inventoryPositions { edges { node { onH": ["onHand"],
    "{ inventoryPositions { edges { cur": ["cursor"],
    "{ inventoryPositions { edges { node { ref } cur": ["cursor"],
    "{ inventoryPosition(ref: $r, catalogue: { re": ["ref"],
    "query Q($r: InventoryCatalogueK": ["InventoryCatalogueKey"],
    "query Q($ref: String!) { inventoryPosition(ref: $re": ["$ref"],
    "query { ...P } fragment P on InventoryPositi": [
        "InventoryPosition",
        "InventoryPositionAggregateOutput",
        "InventoryPositionConnection",
        "InventoryPositionEdge",
    ],
    "fragment P on InventoryPosition { onH": ["onHand"],
    "query A { me { username } } query B { m": ["me"],
    "# { me { \n mut": ["mutation"],
    '{ inventoryPositions(ref: "onH': [],
    "{ nothing { u": [],
    "}}}} que": ["query"],
}


def test_at_each_place_of_a_query_it_offers_what_may_stand_there(document: Any) -> None:
    ask = """input.places.map((text) =>
      graphql.completions(text, schema).options.map(({ name }) => name))"""
    offered = run(ask, document, places=list(PLACES))

    assert dict(zip(PLACES, offered, strict=True)) == PLACES


def test_what_it_begins_an_operation_with_fits_the_schema(document: Any) -> None:
    ask = """["query", "mutation"].flatMap((operation) =>
      schema.type(schema.rootOf(operation)).fields.map((field) => schema.starter(operation, field)))
    """
    starters = run(ask, document)
    schema = build_client_schema(document)

    assert len(starters) > 30
    for text in starters:
        assert validate(schema, parse(text)) == [], text


def test_it_begins_a_query_for_pages_and_for_one_thing(document: Any) -> None:
    ask = """["me", "location", "inventoryPositions"].map((name) =>
      schema.starter("query", schema.field("Query", name)))"""
    me, location, positions = run(ask, document)

    assert me.startswith("query Me {\n  me {\n    id\n")
    assert location.startswith("query Location($ref: String) {\n  location(ref: $ref) {\n")
    assert "inventoryPositions(first: 10) {\n    edges {\n      cursor\n      node {" in positions


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{ me { id } }", [""]),
        ("query A { me { id } }\nmutation B($x: Int) { c(x: $x) { id } }", ["A", "B"]),
        ("fragment F on User { id } query A @d(a: {b: 1}) { me { ...F } }", ["A"]),
        ('# query C\nquery A { a(b: "query D { }") }', ["A"]),
        ("", []),
    ],
)
def test_it_knows_the_operations_of_a_document(text: str, names: list[str]) -> None:
    assert run("graphql.operations(input.text).map(({ name }) => name)", text=text) == names
