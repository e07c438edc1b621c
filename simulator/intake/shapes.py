"""A document cut down to what a schema looks at, so that its faults cost little to find.

The library copies the value at fault into each error, and keeps every other thread waiting
meanwhile: a field that is missing from a document of ten megabytes would stop a server for seconds.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

Resolve = Callable[[Mapping[str, Any], str], tuple[Mapping[str, Any], str]]
"""From a schema with a reference, and the file it stands in, to the one behind it, and its file."""

_PARTS = ("allOf", "anyOf", "oneOf")
_CONDITIONS = ("if", "then", "else", "not")


class Shape(NamedTuple):
    """What a schema looks at: fields, entries, and how many entries are enough to be too many.

    `others` is for fields that it does not know by name, None where it does not look at them.
    """

    fields: Mapping[str, "Shape"]
    entries: "Shape | None" = None
    enough: int = 0
    others: "Shape | None" = None


def shape_of(schema: Mapping[str, Any], file: str, resolve: Resolve) -> Shape:
    """What a schema looks at, whichever of its branches counts."""
    fields: dict[str, list[tuple[Mapping[str, Any], str]]] = {}
    entries: list[tuple[Mapping[str, Any], str]] = []
    others: list[tuple[Mapping[str, Any], str]] = []
    enough = 0
    for part, place in _applied(schema, file, resolve):
        for name, field in part.get("properties", {}).items():
            fields.setdefault(name, []).append((field, place))
        if isinstance(part.get("items"), dict):
            entries.append((part["items"], place))
        enough = max(enough, part.get("minItems", 0), part.get("maxItems", -1) + 1)
        if "additionalProperties" in part:  # its own schema, or false: then their names are told
            others.append((part["additionalProperties"] or {}, place))
    return Shape(
        {name: _joined(found, resolve) for name, found in fields.items()},
        _joined(entries, resolve) if entries else None,
        enough,
        _joined(others, resolve) if others else None,
    )


def bared(value: object, shape: Shape) -> object:
    """The value without what the shape does not look at: the same errors, at the same places."""
    if isinstance(value, dict):
        found = (
            (name, field, shape.fields.get(name, shape.others)) for name, field in value.items()
        )
        return {name: bared(field, within) for name, field, within in found if within is not None}
    if isinstance(value, list):
        entries = shape.entries
        if entries is None:
            return [None] * min(len(value), shape.enough)
        return [bared(entry, entries) for entry in value]
    return value


def _applied(
    schema: Mapping[str, Any], file: str, resolve: Resolve
) -> Iterator[tuple[Mapping[str, Any], str]]:
    """The schema and all that is applied to the same value, each with its file."""
    schema, file = resolve(schema, file)
    yield schema, file
    parts = [part for name in _PARTS for part in schema.get(name, ())]
    parts += [schema[name] for name in _CONDITIONS if name in schema]
    for part in parts:
        if isinstance(part, dict):
            yield from _applied(part, file, resolve)


def _joined(schemas: list[tuple[Mapping[str, Any], str]], resolve: Resolve) -> Shape:
    """What several schemas for one value look at."""
    shapes = [shape_of(schema, file, resolve) for schema, file in schemas]
    first, *others = shapes
    for other in others:
        first = _merged(first, other)
    return first


def _merged(one: Shape, other: Shape) -> Shape:
    fields = dict(one.fields)
    for name, shape in other.fields.items():
        fields[name] = _merged(fields[name], shape) if name in fields else shape
    return Shape(
        fields,
        _either(one.entries, other.entries),
        max(one.enough, other.enough),
        _either(one.others, other.others),
    )


def _either(one: Shape | None, other: Shape | None) -> Shape | None:
    return (one or other) if one is None or other is None else _merged(one, other)
