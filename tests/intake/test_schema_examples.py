"""Every schema is a good schema, and every example in it is a good example."""

from collections.abc import Iterator
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
from fluent_oms_simulator.intake.schemas import Schemas, load_documents, load_index
from referencing import Registry, Resource

BASE = "https://fluent-oms-simulator.invalid/schemas/"
FILES = sorted(load_documents())
REGISTRY: Registry[Any] = Registry().with_resources(
    (document["$id"], Resource.from_contents(document)) for document in load_documents().values()
)


def examples() -> Iterator[Any]:
    for file, document in load_documents().items():
        parts = {"": document}
        parts |= {f"#/$defs/{name}": part for name, part in document.get("$defs", {}).items()}
        for fragment, part in parts.items():
            for number, example in enumerate(part.get("examples", [])):
                yield pytest.param(
                    {"$ref": document["$id"] + fragment}, example, id=f"{file}{fragment}-{number}"
                )


@pytest.mark.parametrize("file", FILES)
def test_a_file_is_a_schema_that_says_what_it_is(file: str) -> None:
    document = load_documents()[file]

    jsonschema.Draft202012Validator.check_schema(document)
    jsonschema_rs.meta.validate(document)
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert document["$id"] == BASE + file
    assert document["title"]
    assert document["description"]
    assert document.get("examples") or all(part["examples"] for part in document["$defs"].values())


@pytest.mark.parametrize("file", FILES)
def test_every_property_is_described(file: str) -> None:
    undescribed = list(undescribed_properties(load_documents()[file]))

    assert undescribed == []


def undescribed_properties(schema: Any) -> Iterator[str]:
    if isinstance(schema, list):
        for item in schema:
            yield from undescribed_properties(item)
    elif isinstance(schema, dict):
        for keyword, value in schema.items():
            if keyword == "properties":
                yield from (name for name, part in value.items() if "description" not in part)
            if keyword not in ("examples", "if"):
                yield from undescribed_properties(value)


@pytest.mark.parametrize(("schema", "example"), list(examples()))
def test_an_example_is_valid_for_both_libraries(schema: dict[str, Any], example: Any) -> None:
    jsonschema.Draft202012Validator(schema, registry=REGISTRY).validate(example)
    documents = [(document["$id"], document) for document in load_documents().values()]
    jsonschema_rs.validator_for(schema, registry=jsonschema_rs.Registry(documents)).validate(
        example
    )


def test_the_index_names_every_file_but_the_shared_parts() -> None:
    index = load_index()
    indexed = {entry["file"] for entry in index.values()}

    assert indexed | {
        "common/identifiers.schema.json",
        "common/moments.schema.json",
        "common/numbers.schema.json",
    } == set(FILES)
    for kind, entry in index.items():
        document = load_documents()[entry["file"]]
        assert entry["title"] == document["title"], kind
        assert entry["source"], kind


@pytest.mark.parametrize("kind", sorted(load_index()))
def test_every_kind_accepts_its_examples_however_strict(kind: str) -> None:
    found = load_documents()[load_index()[kind]["file"]]["examples"]
    strict = Schemas(unknown_fields="refuse")
    lenient = Schemas(string_numbers="accept", missing_delta_id="generate")

    for example in found:
        assert Schemas().faults(kind, example) == ([], 0)
        assert strict.is_valid(kind, example)
        assert lenient.is_valid(kind, example)


def test_no_pattern_is_anchored() -> None:
    patterns = list(patterns_in(list(load_documents().values())))

    assert patterns
    assert [pattern for pattern in patterns if pattern.startswith("^") or "$" in pattern] == []


def patterns_in(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from patterns_in(item)
    elif isinstance(node, dict):
        if isinstance(node.get("pattern"), str):
            yield node["pattern"]
        for value in node.values():
            yield from patterns_in(value)
