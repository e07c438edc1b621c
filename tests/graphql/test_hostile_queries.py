"""Hostile documents are refused or answered soon, and the simulator goes on answering."""

import random
import time
from collections.abc import Iterator
from typing import Any

import pytest
from fluent_oms_simulator import Settings, build
from graphql import (
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_required_argument,
)

from ..support import Client, first_at_once, record
from .helpers.hostile import DOCUMENTS
from .helpers.support import DEFECT, answer_of, ask, post

SECONDS = 30.0
"""Of the processor's time. Each takes about one, and what nobody bounds takes minutes."""
REFUSED = {
    "10,000 levels",
    "25 levels of fields",
    "5,000 aliases of a page",
    "500 aliases of a page",
    "billion laughs",
    "introspection of fields of fields",
    "introspection through a fragment",
    "100 times the schema",
    "100 schemas in fragments",
    "a fragment in its own rows",
    "700 times the same page",
    "900 used fragments",
    "4,900 times the same field",
    "a whole number beyond 64 bits",
    "a whole number of 5,000 digits",
    "a number beyond all, inside",
    "first of 5,000 digits",
    "numbers beyond Int",
    "a deeper value",
    "half a surrogate",
    "a subscription",
}
"""Those that cost too much, or ask for what cannot be held."""


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    simulator = build(Settings(seed_data="none"))
    simulator.start()
    found = Client(simulator)
    found.load([record(f"P{number}", f"L{number % 5}", number) for number in range(600)])
    yield found
    simulator.close()


def assert_still_answering(client: Client) -> None:
    data = ask(
        client,
        '{ inventoryPosition(ref: "P7:L2:DEFAULT", catalogue: {ref: "DEFAULT:1"}) { onHand } '
        "inventoryPositions(last: 1) { edges { node { ref } } } }",
    )
    assert data["inventoryPosition"] == {"onHand": 7}
    assert data["inventoryPositions"]["edges"] == [{"node": {"ref": "P599:L4:DEFAULT"}}]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_hostile_document_is_refused_or_answered_soon(client: Client, name: str) -> None:
    query, variables = DOCUMENTS[name]
    # This thread's own work: what else the machine does meanwhile is not the document's fault.
    begun = time.thread_time()
    reply = post(client, query, variables)
    taken = time.thread_time() - begun

    assert reply.status_code in (200, 400, 413)
    answer = answer_of(reply)
    assert name not in REFUSED or answer.get("data") is None
    if reply.status_code != 413:
        assert len(answer.get("errors", ())) <= 501
        assert all(len(error["message"]) < 2_000 for error in answer.get("errors", ()))
    assert taken < SECONDS
    assert_still_answering(client)


def test_a_deep_value_comes_back_as_it_was(client: Client) -> None:
    query, variables = DOCUMENTS["a deep value"]
    assert variables is not None
    sent = {**variables, "ref": "DEEP2"}
    attributes = ask(client, query, **sent)["createInventoryCatalogue"]["attributes"]

    assert attributes == [{"value": sent["value"]}]
    shown = ask(client, '{ inventoryCatalogue(ref: "DEEP2") { attributes { value } } }')
    assert shown["inventoryCatalogue"]["attributes"] == attributes


# -- documents at random, from the schema's own names ----------------------------------------------

VALUES = (
    '"P1"', '"L1"', '"P1:L1:DEFAULT"', '"DEFAULT:1"', '"ACTIVE"', '""', "null", "0", "1", "-1", "2",
    "500", "2147483648", "1.5", "true", "[]", "[1, null]", '["P1", "P2"]', "{}",
    '{ref: "DEFAULT:1"}',
    '{from: "2020-01-01"}', "{from: null}", '"2026-01-01T00:00:00Z"', "WORD", "$v", "[[[]]]",
)  # fmt: skip


TEXTS = ('"P1"', '"L1"', '"DEFAULT:1"', '"P1:L1:DEFAULT"', '"X"')
LEAVES = {
    "Int": ("0", "1", "2", "5", "-1", "500", "2147483647"),
    "Float": ("1.5",),
    "Boolean": ("true",),
    "DateTime": ('"2026-01-01T00:00:00Z"',),
    "ID": ('"1"', "1", '"X"'),
    "Json": VALUES[:-3],
}


class Writer:
    """Writes documents that mostly fit the schema."""

    def __init__(self, schema: GraphQLSchema, chance: random.Random) -> None:
        self._schema = schema
        self._chance = chance

    def document(self) -> str:
        """A query or mutation."""
        operation = self._chance.choice(["query", "query", "mutation"])
        root = self._schema.query_type if operation == "query" else self._schema.mutation_type
        assert root is not None
        variables = self._chance.choice(
            ["", "($v: Int)", "($v: String = null)", "($v: [Int!]! = [1])"]
        )
        return f"{operation} {variables} {self._selection(root, 0)}"

    def _selection(self, kind: Any, depth: int) -> str:
        parts = []
        fields = list(kind.fields.items())
        for name, field in self._chance.choices(fields, k=self._chance.randint(1, 3)):
            parts.append(self._field(name, field, depth))
        if self._chance.random() < 0.2:
            parts.append("__typename")
        if is_abstract_type(kind) and self._chance.random() < 0.5:
            inner = self._chance.choice(self._schema.get_possible_types(kind))
            parts.append(f"... on {inner.name} {self._selection(inner, depth + 1)}")
        return "{ " + " ".join(parts) + " }"

    def _field(self, name: str, field: Any, depth: int) -> str:
        chance = self._chance
        given = [
            f"{argument}: {self._value(details.type, 0)}"
            for argument, details in field.args.items()
            if is_required_argument(details) or chance.random() < 0.25
        ]
        text = f"a{chance.randrange(10**6)}: {name}" + (f"({', '.join(given)})" if given else "")
        if chance.random() < 0.05:
            text += chance.choice([" @include(if: true)", " @skip(if: $v)", " @none"])
        kind = get_named_type(field.type)
        if is_composite_type(kind):
            if depth > 7:
                return text + " { __typename }"
            text += f" {self._selection(kind, depth + 1)}"
        return text

    def _value(self, kind: Any, depth: int) -> str:
        chance = self._chance
        if chance.random() < 0.03 or depth > 6:
            return chance.choice(VALUES)
        if isinstance(kind, GraphQLNonNull):
            return self._value(kind.of_type, depth)
        if isinstance(kind, GraphQLList):
            items = [self._value(kind.of_type, depth + 1) for _ in range(chance.randint(0, 2))]
            return f"[{', '.join(items)}]"
        if isinstance(kind, GraphQLInputObjectType):
            parts = [
                f"{name}: {self._value(field.type, depth + 1)}"
                for name, field in kind.fields.items()
                if isinstance(field.type, GraphQLNonNull) or chance.random() < 0.4
            ]
            return "{" + ", ".join(parts) + "}"
        return chance.choice(LEAVES.get(kind.name, TEXTS))


@pytest.mark.parametrize("seed", first_at_once(range(6)))
def test_documents_at_random_never_show_a_defect(client: Client, seed: int) -> None:
    chance = random.Random(seed)
    writer = Writer(client.simulator.graphql.schema, chance)
    executed = 0
    for _ in range(60):
        document = writer.document()
        reply = post(client, document, {"v": chance.choice([None, 1, "x", True, [], {}])})
        assert reply.status_code in (200, 400), document
        assert DEFECT not in reply.get_data(as_text=True), document
        executed += bool(answer_of(reply).get("data"))
    client.settle()

    assert executed
    assert_sound(client)


def assert_sound(client: Client) -> None:
    """What is read is what the schema promises, whatever was written before."""
    schema = client.simulator.graphql.schema
    for name, field in schema.query_type.fields.items() if schema.query_type else ():
        kind = get_named_type(field.type)
        if not name.endswith("s") or not isinstance(kind, GraphQLObjectType):
            continue
        leaves = _leaves(get_named_type(kind.fields["edges"].type))
        answer = ask(client, f"{{ {name}(first: 100) {{ edges {leaves} }} }}")
        assert answer[name] is not None


def _leaves(kind: Any, depth: int = 0) -> str:
    parts = ["__typename"]
    for name, field in getattr(kind, "fields", {}).items():
        inner = get_named_type(field.type)
        if not is_composite_type(inner):
            parts.append(name)
        elif depth < 2 and not field.args:
            parts.append(f"{name} {_leaves(inner, depth + 1)}")
    return "{ " + " ".join(parts) + " }"
