"""What is explained of a refused document is found without a look at the rest of it."""

from functools import cache, partial
from typing import Any

import jsonschema_rs
import orjson
import pytest
from fluent_oms_simulator.intake.schema_references import resolved
from fluent_oms_simulator.intake.schemas import Schemas, load_documents, load_index
from fluent_oms_simulator.intake.shapes import Shape, bared, shape_of
from hypothesis import given, settings
from hypothesis import strategies as st

KNOWN = {
    *("$schema", "$id", "$defs", "$ref", "$comment", "title", "description", "examples"),
    *("type", "const", "enum", "pattern", "minLength", "maxLength", "minimum", "maximum"),
    *("properties", "required", "additionalProperties", "items", "minItems", "maxItems"),
    *("anyOf", "if", "then", "not"),
}
"""A keyword that looks at more of a value has to be heeded in shapes.py first."""

ROWS = [{"productRef": "P", "qty": [1, 2], "more": {"deep": [{}]}}] * 20_000

Error = tuple[tuple[Any, ...], tuple[Any, ...]]


@cache
def compiled(kind: str, unknown_fields: Any = "accept") -> tuple[jsonschema_rs.Validator, Shape]:
    """What judges documents of a kind, and what that looks at."""
    schemas = Schemas(unknown_fields=unknown_fields)
    root = schemas.documents[load_documents()[load_index()[kind]["file"]]["$id"]]
    registry = jsonschema_rs.Registry(list(schemas.documents.items()))
    shape = shape_of(root, "", partial(resolved, documents=schemas.documents))
    return jsonschema_rs.validator_for(root, registry=registry), shape


def errors(validator: jsonschema_rs.Validator, document: object) -> list[Error]:
    """Where in the document and in its schema the errors are.

    In an order of their own: fields that nobody looks at may change the library's.
    """
    found = validator.iter_errors(document)
    places = ((tuple(error.instance_path), tuple(error.evaluation_path)) for error in found)
    return sorted(places, key=repr)


def keywords(schema: object) -> set[str]:
    if isinstance(schema, list):
        return set().union(*map(keywords, schema))
    if not isinstance(schema, dict):
        return set()
    found = set(schema)
    for keyword, value in schema.items():
        if keyword in ("properties", "$defs"):
            found |= set().union(*map(keywords, value.values()))
        elif keyword not in ("examples", "const", "enum"):
            found |= keywords(value)
    return found


def changed(document: Any) -> st.SearchStrategy[Any]:
    """The document with any of its parts taken out, or replaced by something else."""
    other: st.SearchStrategy[Any] = st.sampled_from(
        [None, 1, 1.5, "", "x", "x" * 300, True, [], [[]], {}, {"a": [1]}]
    )
    parts: st.SearchStrategy[Any] = st.just(document)
    if isinstance(document, dict):
        fields = {name: changed(value) for name, value in document.items()}
        parts = st.fixed_dictionaries({}, optional={**fields, "unknown": other})
    elif isinstance(document, list):
        parts = st.lists(changed(document[0]) if document else other, max_size=3)
    return st.one_of(parts, parts, parts, other)


def test_no_schema_uses_a_keyword_that_is_not_heeded() -> None:
    assert keywords(list(load_documents().values())) <= KNOWN


@pytest.mark.parametrize("unknown_fields", ["accept", "refuse"])
@pytest.mark.parametrize("kind", sorted(load_index()))
@settings(max_examples=30)
@given(data=st.data())
def test_what_is_left_of_a_document_has_the_same_errors(
    kind: str, unknown_fields: str, data: st.DataObject
) -> None:
    examples = load_documents()[load_index()[kind]["file"]]["examples"]
    document = data.draw(st.sampled_from(examples).flatmap(changed))
    validator, shape = compiled(kind, unknown_fields)

    assert errors(validator, bared(document, shape)) == errors(validator, document)


@pytest.mark.parametrize(
    ("kind", "document"),
    [
        ("event", {"attributes": {"x": ROWS}}),
        ("event", {"x": ROWS}),
        ("event", {"name": ROWS}),
        ("event", ROWS),
        ("job", {"meta": {"x": ROWS}}),
        ("batch", {"x": ROWS, "entities": [{"attributes": {"x": ROWS}}]}),
        ("batch", {"conditions": ROWS}),
        ("graphql_request", {"variables": {"x": ROWS}}),
    ],
)
def test_little_is_left_of_a_large_document(kind: str, document: object) -> None:
    _, shape = compiled(kind)

    assert len(orjson.dumps(bared(document, shape))) < 1_000
    assert Schemas().faults(kind, document)[1] > 0
