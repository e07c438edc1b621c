"""A schema error as faults for people: where, what was found, what was expected."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from jsonschema_rs import ValidationError
from jsonschema_rs import ValidationErrorKind as Kind

from ..errors import MOST_SHOWN_CHARACTERS, Fault, pointer_token, shortened
from .schema_references import Documents, resolved

_CONTROL_CHARACTERS = "[\\x00-\\x1f\\x7f]"
_TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "text",
}
_ROW_NOUNS = {"entities": "records"}


def document_order(error: ValidationError, document: object) -> tuple[int, ...]:
    """Where the error stands in the document; what is missing comes first in its object."""
    place: list[int] = []
    value: Any = document
    for step in error.instance_path:
        key = _key(value, step)
        place.append(list(value).index(key) if isinstance(value, dict) else int(step))
        value = value[key]
    if isinstance(error.kind, Kind.Required | Kind.AnyOf):
        place.append(-1)
    elif isinstance(error.kind, Kind.AdditionalProperties) and isinstance(value, dict):
        place.append(list(value).index(error.kind.unexpected[0]))
    return tuple(place)


def _key(value: object, step: str | int) -> str | int:
    """What a step of a path means in a value: jsonschema-rs has digits as numbers, always."""
    return str(step) if isinstance(value, dict) else step


def is_type_error(error: ValidationError) -> bool:
    """Whether the value is of the wrong JSON type."""
    return isinstance(error.kind, Kind.Type)


def weight(error: ValidationError) -> int:
    """How many faults the error stands for."""
    if isinstance(error.kind, Kind.AdditionalProperties):
        return len(error.kind.unexpected)
    return 1


def explain(
    error: ValidationError,
    *,
    root: Mapping[str, Any],
    documents: Documents,
    document: object,
    prefix: str = "",
    most: int = 100,
) -> list[Fault]:
    """The error as faults, their pointers under `prefix`: as many as its weight, up to `most`."""
    path = error.instance_path
    pointer = prefix + "".join(f"/{pointer_token(step)}" for step in path)
    value: Any = document
    for step in path:
        value = value[_key(value, step)]
    schema, base = resolved(root, "", documents)
    for keyword in error.evaluation_path[:-1]:
        if keyword != "$ref":
            step = int(keyword) if isinstance(schema, list) else keyword
            schema, base = resolved(schema[step], base, documents)
    kind = error.kind
    if isinstance(kind, Kind.Required):
        return [
            _missing(pointer, kind.property, _of_property(schema, base, kind.property, documents))
        ]
    if isinstance(kind, Kind.AnyOf) and (names := _alternatives(kind)):
        expected = _of_property(schema, base, names[0], documents)
        others = f" (or {_listed(names[1:])} in its place)"
        return [_missing(pointer, names[0], expected + others)]
    if isinstance(kind, Kind.AdditionalProperties):
        expected = f"no field but {', '.join(schema['properties'])}"
        return [
            Fault(f"{pointer}/{pointer_token(name)}", preview(value[name]), expected)
            for name in kind.unexpected[:most]
        ]
    if value is None and path and path[-1] == "retailerId":
        # The platform's own words for an absent retailer; a null one is not told apart.
        return [_missing(pointer.rpartition("/")[0], "retailerId", _in_words(schema), "null")]
    name = pointer.rpartition("/")[2]
    return [Fault(pointer, preview(value), _expected(error, schema, value, name))]


def preview(value: object) -> str:
    """A value as JSON, cut to what a message can show, however large it is."""
    text = ""
    for chunk in json.JSONEncoder(ensure_ascii=False).iterencode(value):
        text += chunk
        if len(text) > MOST_SHOWN_CHARACTERS:
            break
    return shortened(text)


def _missing(pointer: str, name: str, expected: str, found: str = "nothing") -> Fault:
    # REST API error codes overview, 26 May 2025: this field alone has a code of its own.
    code = "NotNull" if name == "retailerId" else "400"
    return Fault(f"{pointer}/{pointer_token(name)}", found, expected, code, missing=True)


def _alternatives(kind: Kind.AnyOf) -> list[str]:
    """The properties of which one is required, if that is what the choice is about."""
    branches = [branch[0].kind for branch in kind.context if branch]
    names = [branch.property for branch in branches if isinstance(branch, Kind.Required)]
    return names if len(names) == len(kind.context) else []


def _listed(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last


def _of_property(schema: Mapping[str, Any], base: str, name: str, documents: Documents) -> str:
    found, _ = resolved(schema.get("properties", {}).get(name, {}), base, documents)
    return _in_words(found)


def _in_words(schema: Mapping[str, Any]) -> str:
    """What a schema asks for; the titles of simple values are written to be read here."""
    if "const" in schema:
        return preview(schema["const"])
    if "enum" in schema:
        return _listed([preview(option) for option in schema["enum"]])
    types = schema.get("type", [])
    words = [_TYPES[name] for name in ([types] if isinstance(types, str) else types)]
    if "title" in schema and not {"a list", "an object"} & set(words):
        return str(schema["title"])
    return _listed(words) if words else "a value"


def _is_a_number(schema: Mapping[str, Any]) -> bool:
    """Whether it may have decimals; such a schema has a title that tells its bounds."""
    return schema.get("type") == "number"


def _expected(error: ValidationError, schema: Mapping[str, Any], value: Any, name: str) -> str:
    match error.kind:
        case Kind.MaxLength(limit=limit):
            return f"at most {limit} characters (it has {len(value)})"
        case Kind.MinItems() | Kind.MaxItems():
            return _rows_expected(schema, name, len(value))
        case Kind.Minimum() | Kind.Maximum() if _is_a_number(schema):
            return _in_words(schema)
        case Kind.Minimum(limit=limit):
            return f"a whole number, {'zero or more' if limit == 0 else f'at least {limit:,}'}"
        case Kind.Maximum(limit=limit):
            return f"a whole number, at most {limit:,}"
        case Kind.Not(schema={"pattern": pattern}) if pattern == _CONTROL_CHARACTERS:
            return "text without control characters"
        case Kind.Not(schema={"const": str(word)}):
            return f"anything but {preview(word)}"
        case (
            Kind.Type()
            | Kind.Constant()
            | Kind.Enum()
            | Kind.MinLength()
            | Kind.Pattern()
            | Kind.Not()
        ):
            return _in_words(schema)
        case _:
            return shortened(error.message)


def _rows_expected(schema: Mapping[str, Any], name: str, length: int) -> str:
    noun = _ROW_NOUNS.get(name, name if name in ("deltas", "items") else "entries")
    least, most = schema.get("minItems", 0), schema["maxItems"]
    span = f"{least} to {most:,}" if least else f"at most {most:,}"
    return f"{span} {noun} (it has {length:,})"
