"""Two libraries are used beyond what they promise; here an upgrade that breaks us says so."""

import ast
import inspect
import re
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from fluent_oms_simulator.serving import server as serving
from fluent_oms_simulator.serving.addresses import Address
from fluent_oms_simulator.settings import Settings
from granian.server import MPServer
from jsonschema_rs import ValidationErrorKind
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def tried(name: str) -> SpecifierSet:
    """The versions of a dependency that pyproject.toml admits."""
    [found] = [item for item in PROJECT["project"]["dependencies"] if re.match(rf"{name}\W", item)]
    return SpecifierSet(found.removeprefix(name))


@pytest.mark.parametrize("name", ["granian", "jsonschema-rs"])
def test_the_installed_version_is_one_that_was_tried(name: str) -> None:
    installed, range_ = version(name), tried(name)

    assert installed in range_, (
        f"{name} {installed} is installed, and {range_} were tried: see what this file and"
        " tests/cli/test_serve.py or tests/intake/test_validation.py say, then widen the range"
    )
    assert any(one.operator == "<" for one in range_), f"{name} needs an upper bound"


# -- granian: the class that starts its worker processes is not part of its documented API ---------


def own_class() -> ast.ClassDef:
    tree = ast.parse(inspect.getsource(serving))
    [found] = [
        node
        for node in tree.body
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id == "MPServer" for base in node.bases)
    ]
    return found


def calls_of_super(name: str) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(own_class())
        if isinstance(node, ast.Call) and ast.unparse(node.func) == f"super().{name}"
    ]


def test_granian_takes_every_option_that_the_server_is_given() -> None:
    [made] = calls_of_super("__init__")
    used = {option.arg for option in made.keywords}

    missing = used - inspect.signature(MPServer.__init__).parameters.keys()
    assert not missing, (
        f"granian's MPServer no longer takes {missing}: see simulator/serving/server.py"
    )


def overridden() -> list[str]:
    methods = [node.name for node in own_class().body if isinstance(node, ast.FunctionDef)]
    return [name for name in methods if calls_of_super(name) and name != "__init__"]


def test_granian_calls_what_the_server_overrides() -> None:
    assert "startup" in overridden()
    for name in overridden():
        theirs = getattr(MPServer, name, None)
        assert theirs, f"granian's MPServer has no {name} any more: see simulator/serving/server.py"
        own = inspect.signature(getattr(serving._Server, name)).parameters
        assert list(own) == list(inspect.signature(theirs).parameters), (
            f"granian's MPServer.{name} takes other arguments now: see simulator/serving/server.py"
        )
    source = "\n".join(inspect.getsource(base) for base in MPServer.__mro__ if base is not object)
    for name in overridden():
        assert f"self.{name}(" in source, (
            f"granian no longer calls {name}: see simulator/serving/server.py"
        )


def test_granian_has_every_attribute_that_the_server_reads() -> None:
    address = Address("127.0.0.1", 4141, "http://127.0.0.1:4141")
    server = serving._Server(Settings(), address, None, is_picked=False, end_with_stdin=False)
    tree = ast.parse(inspect.getsource(serving))
    read = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("self", "server")
    }

    assert {"main_loop_interrupt", "interrupt_signal", "serve"} <= read
    missing = {name for name in read if not hasattr(server, name)}
    assert not missing, (
        f"granian's MPServer no longer has {missing}: see simulator/serving/server.py"
    )
    assert callable(server.main_loop_interrupt.wait)


# -- jsonschema-rs: below 1.0, and its errors are taken apart to explain them to people ------------

FAULTS: list[tuple[str, dict[str, Any], object, dict[str, Any]]] = [
    ("Required", {"required": ["a"]}, {}, {"property": "a"}),
    ("Type", {"type": "string"}, 1, {}),
    ("Constant", {"const": 1}, 2, {}),
    ("Enum", {"enum": [1]}, 2, {}),
    ("MinLength", {"minLength": 1}, "", {}),
    ("MaxLength", {"maxLength": 1}, "ab", {"limit": 1}),
    ("MinItems", {"minItems": 1}, [], {}),
    ("MaxItems", {"maxItems": 0}, [1], {}),
    ("Minimum", {"minimum": 0}, -1, {"limit": 0}),
    ("Maximum", {"maximum": 0}, 1, {"limit": 0}),
    ("Pattern", {"pattern": "a"}, "b", {}),
    ("Not", {"not": {"const": "a"}}, "a", {"schema": {"const": "a"}}),
    (
        "AdditionalProperties",
        {"properties": {"a": {}}, "additionalProperties": False},
        {"b": 1, "c": 2},
        {"unexpected": ["b", "c"]},
    ),
]


def error_of(schema: dict[str, Any], document: object) -> jsonschema_rs.ValidationError:
    [error] = jsonschema_rs.validator_for(schema).iter_errors(document)
    return error


@pytest.mark.parametrize(("name", "schema", "document", "fields"), FAULTS)
def test_jsonschema_rs_tells_each_kind_of_fault_as_the_explanations_read_it(
    name: str, schema: dict[str, Any], document: object, fields: dict[str, Any]
) -> None:
    error = error_of(schema, document)

    assert isinstance(error.kind, getattr(ValidationErrorKind, name)), (
        f"jsonschema-rs tells a fault of {schema} as {error.kind}:"
        " see simulator/intake/explanations.py"
    )
    assert {field: getattr(error.kind, field) for field in fields} == fields


def test_jsonschema_rs_tells_why_each_alternative_failed() -> None:
    error = error_of({"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}, {})

    assert isinstance(error.kind, ValidationErrorKind.AnyOf)
    branches: list[Any] = [branch[0].kind for branch in error.kind.context]
    assert [branch.property for branch in branches] == ["a", "b"]


def test_jsonschema_rs_tells_the_way_through_document_and_schema() -> None:
    registry = jsonschema_rs.Registry([("urn:row", {"$defs": {"qty": {"type": "integer"}}})])
    rows = {"type": "array", "items": {"properties": {"qty": {"$ref": "urn:row#/$defs/qty"}}}}
    schema = {"properties": {"rows": rows}}

    [error] = jsonschema_rs.validator_for(schema, registry=registry).iter_errors(
        {"rows": [{"qty": 1}, {"qty": "x"}]}
    )

    assert list(error.instance_path) == ["rows", 1, "qty"]
    assert list(error.evaluation_path) == [
        *("properties", "rows", "items", "properties", "qty", "$ref", "type")
    ]


def test_every_kind_of_fault_that_the_explanations_know_is_among_these() -> None:
    text = (ROOT / "simulator" / "intake" / "explanations.py").read_text(encoding="utf-8")
    known = set(re.findall(r"\bKind\.(\w+)", text))

    assert known == {name for name, *_ in FAULTS} | {"AnyOf"}
