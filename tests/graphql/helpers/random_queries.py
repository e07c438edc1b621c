"""Queries at random: any selection that the schema allows, and some that it does not."""

import json
from collections.abc import Mapping
from random import Random
from typing import Any, NamedTuple

from fluent_oms_simulator.graphql.connections import cursor_of
from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_composite_type,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
)
from hypothesis import strategies as st

DEEPEST = 9
"""Levels of fields: lists of lists of lists, with their edges and nodes."""

_TEXTS = (
    *("D45", "MEL", "SYD", "SHOP", "ACTIVE", "DEFAULT", "BASE", "D45:MEL:DEFAULT", "own", "lot"),
    *("BASE:HD", "CG", "COMPATIBILITY:1", "1", "nope", "", "%"),
)
_LISTS = (
    *("inventoryPositions", "inventoryQuantities", "inventoryCatalogues", "virtualPositions"),
    *("virtualCatalogues", "controls", "locations", "networks", "products"),
)
_KEYS = {
    "InventoryCatalogueKey": {"ref": "DEFAULT:1"},
    "VirtualCatalogueKey": {"ref": "BASE:HD"},
    "ProductCatalogueKey": {"ref": "COMPATIBILITY:1"},
    "ControlGroupKey": {"ref": "CG"},
    "InventoryPositionKey": {"ref": "D45:MEL:DEFAULT", "catalogue": {"ref": "DEFAULT:1"}},
    "InventoryQuantityKey": {"ref": "lot", "catalogue": {"ref": "DEFAULT:1"}},
}
_RANGES: tuple[Mapping[str, str], ...] = (
    {"from": "2020-01-01T00:00:00.000Z"},
    {"from": "2020-01-01T00:00:00Z", "to": "2090-01-01T00:00:00Z"},
    {"to": "2020-01-01"},
    {},
    {"from": "soon"},
)
_CURSORS = (None, *map(cursor_of, range(4)), cursor_of(2**70), "nope")
_STRANGE_SIZES = (0, -1, 10**6, None)
_WRONG: tuple[Any, ...] = (None, "x", 2**40, 0.5, True, {}, {"ref": None}, [None])


class Request(NamedTuple):
    """What is sent."""

    query: str
    variables: Mapping[str, Any]

    @property
    def body(self) -> bytes:
        """As it is sent."""
        return json.dumps(self._asdict()).encode()


def requests(schema: GraphQLSchema, start: str = "") -> st.SearchStrategy[Request]:
    """Queries for a schema; or mutations that begin with `start`, a field and its arguments."""

    # A query takes hundreds of choices, which Hypothesis would take half a second to make.
    seeds = st.integers(0, 2**32)
    return seeds.map(lambda seed: _Writer(Random(seed), schema).request(start))


class _Writer:
    """Writes one request, choice by choice."""

    def __init__(self, chance: Random, schema: GraphQLSchema) -> None:
        self._chance = chance
        self._schema = schema
        self._declared: list[str] = []
        self._variables: dict[str, Any] = {}
        self._fragments: dict[str, tuple[str, str]] = {}
        self._names = 0

    def request(self, start: str) -> Request:
        kind: GraphQLNamedType | None = self._schema.query_type
        if start and self._schema.mutation_type is not None:
            field = self._schema.mutation_type.fields[start.partition("(")[0]]
            kind = get_named_type(field.type)
        assert kind is not None
        selection = self._selection(kind, 2 if start else 0)
        operation = "mutation" if start else "query"
        declared = f"({', '.join(self._declared)})" if self._declared else ""
        text = f"{operation} Q{declared} "
        text += f"{{ {start} {selection} }}" if start else selection
        text += "".join(
            f" fragment {name} on {of} {inside}" for name, (of, inside) in self._fragments.items()
        )
        if self._rarely(60):
            text = text[: self._chance.randrange(len(text))]
        if self._rarely(60) and self._variables:
            self._variables.popitem()
        return Request(text, self._variables)

    def _selection(self, kind: Any, depth: int) -> str:
        if is_abstract_type(kind) and not self._rarely(4):
            of = self._chance.choice(self._schema.get_possible_types(kind))
            return f"{{ __typename ... on {of.name} {self._selection(of, depth)} }}"
        fields = [
            name
            for name, field in kind.fields.items()
            if depth < DEEPEST or not is_composite_type(get_named_type(field.type))
        ]
        names = self._chance.choices([*fields, "__typename"], k=self._chance.randint(1, 5))
        for onward in ("edges", "node"):  # or hardly a query would come to its rows
            if onward in fields and not self._rarely(8):
                names.append(onward)
        if kind is self._schema.query_type:
            names[1:] = [self._chance.choice(_LISTS)]
        if self._rarely(120):
            names.append("nothing")
        written = [self._some(kind, name, depth) for name in names]
        return f"{{ {' '.join(written) or '__typename'} }}"

    def _some(self, kind: Any, name: str, depth: int) -> str:
        field = None if name == "__typename" else kind.fields.get(name)
        text = self._field(name, field, depth)
        if self._rarely(12):
            of = self._chance.choice([kind, *kind.interfaces])
            if of is kind or name in of.fields:
                return f"... on {of.name}{self._directive()} {{ {text} }}"
        if self._rarely(12):
            fragment = self._new("F")
            self._fragments[fragment] = (kind.name, f"{{ {text} }}")
            return f"...{fragment}{self._directive()} " * self._chance.randint(1, 2)
        return text

    def _field(self, name: str, field: GraphQLField | None, depth: int) -> str:
        if field is None:
            return f"{name}{self._directive()}"
        arguments = self._arguments(field)
        alias = f"{self._new('a')}: " if arguments or self._rarely(6) else ""
        inside = get_named_type(field.type)
        selection = f" {self._selection(inside, depth + 1)}" if is_composite_type(inside) else ""
        return f"{alias}{name}{arguments}{self._directive()}{selection}"

    def _arguments(self, field: GraphQLField) -> str:
        given = []
        for name, argument in field.args.items():
            required = is_non_null_type(argument.type)
            paged = name == "first" and not self._rarely(6)
            if required or paged or self._rarely(50):
                value = self._value(name, argument.type)
                if self._rarely(60):
                    value = self._chance.choice(_WRONG)
                given.append(f"{name}: {self._written(value, str(argument.type))}")
        return f"({', '.join(given)})" if given else ""

    def _value(self, name: str, kind: Any) -> Any:
        if name in ("first", "last"):
            return self._chance.choice(_STRANGE_SIZES if self._rarely(9) else (1, 2, 5, 500))
        if name in ("after", "before"):
            return self._chance.choice(_CURSORS)
        kind = get_nullable_type(kind)
        if is_list_type(kind):
            return [self._value("", kind.of_type) for _ in range(self._chance.randrange(4))]
        if is_input_object_type(kind):
            return self._object(kind)
        values: dict[str, tuple[Any, ...]] = {
            "Int": (0, 1, 3, 10),
            "Float": (0.5, 40),
            "Boolean": (True, False),
        }
        return self._chance.choice(values.get(kind.name, _TEXTS))

    def _object(self, kind: GraphQLInputObjectType) -> Any:
        if kind.name == "DateRange":
            return self._chance.choice(_RANGES)
        if kind.name in _KEYS and not self._rarely(8):
            return _KEYS[kind.name]
        return {
            name: self._value(name, field.type)
            for name, field in kind.fields.items()
            if is_non_null_type(field.type) or self._rarely(2)
        }

    def _written(self, value: Any, kind: str) -> str:
        """A value as a literal, or as a variable of this type."""
        if not self._rarely(3):
            return _literal(value)
        name = self._new("v")
        default = f" = {_literal(value)}" if self._rarely(6) else ""
        self._declared.append(f"${name}: {kind}{default}")
        if not default or self._rarely(2):
            self._variables[name] = value
        return f"${name}"

    def _directive(self) -> str:
        if not self._rarely(14):
            return ""
        name = self._chance.choice(("include", "skip"))
        return f" @{name}(if: {self._written(self._chance.choice((True, False)), 'Boolean!')})"

    def _rarely(self, times: int) -> bool:
        """Once in so many times."""
        return not self._chance.randrange(times)

    def _new(self, letter: str) -> str:
        self._names += 1
        return f"{letter}{self._names}"


def _literal(value: Any) -> str:
    if isinstance(value, dict):
        fields = (f"{name}: {_literal(inside)}" for name, inside in value.items())
        return f"{{{', '.join(fields)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    return json.dumps(value)
