"""The schema that is served: the SDL files, joined with the code that answers their fields."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    build_ast_schema,
    concat_ast,
    extend_schema,
    parse,
)

from ...behaviour import Behaviour
from .. import scalars
from ..connections import CONNECTION_FIELDS, EDGE_FIELDS, PAGE_INFO_FIELDS
from ..context import paying
from ..mutations import MUTATION_FIELDS
from ..nodes import KINDS, NODE_FIELDS
from ..row_plan import PlainField

Resolver = Callable[..., Any]

_SDL = "fluent_oms_simulator.schemas"

_PAGE_INFO_CURSORS = "extend type PageInfo { startCursor: String, endCursor: String }"


def build_schema(behaviour: Behaviour) -> GraphQLSchema:
    """The schema with all of its resolvers; the same one for all simulators that agree on it."""
    return _schema(
        behaviour.graphql_page_info_cursors == "served",
        behaviour.graphql_catalogues_argument == "accept",
    )


@lru_cache(maxsize=4)  # it takes longer to build than all the rest of a simulator
def _schema(has_page_info_cursors: bool, has_catalogues_argument: bool) -> GraphQLSchema:
    folder = resources.files(_SDL) / "graphql"
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".graphql")),
        key=lambda file: file.name,
    )
    texts = [file.read_text(encoding="utf-8") for file in files]
    schema = build_ast_schema(concat_ast([parse(text) for text in texts]))
    if has_page_info_cursors:
        schema = extend_schema(schema, parse(_PAGE_INFO_CURSORS))
    _bind_scalars(schema)
    for name, kind in schema.type_map.items():
        if isinstance(kind, GraphQLObjectType) and not name.startswith("__"):
            _bind(kind, _fields_of(name))
        elif isinstance(kind, GraphQLInterfaceType):
            kind.resolve_type = KINDS.get(name)
    if has_catalogues_argument:
        _add_catalogues_argument(schema)
    return schema


def _bind_scalars(schema: GraphQLSchema) -> None:
    moment, json = schema.type_map["DateTime"], schema.type_map["Json"]
    assert isinstance(moment, GraphQLScalarType)
    assert isinstance(json, GraphQLScalarType)
    moment.coerce_input_value = scalars.moment_of
    moment.coerce_input_literal = scalars.moment_of_literal
    json.coerce_input_literal = scalars.json_of_literal


def _fields_of(type_name: str) -> Mapping[str, Resolver]:
    if type_name in NODE_FIELDS:
        return NODE_FIELDS[type_name]
    if type_name == "PageInfo":
        return PAGE_INFO_FIELDS
    if type_name == "Mutation":
        return MUTATION_FIELDS
    if type_name.endswith("Connection"):
        return CONNECTION_FIELDS
    if type_name.endswith("Edge"):
        return EDGE_FIELDS
    return {}


def _bind(kind: GraphQLObjectType, resolvers: Mapping[str, Resolver]) -> None:
    """Give every field its resolver; a field that has none is always null."""
    for name, field in kind.fields.items():
        resolve = resolvers.get(name, _NOTHING)
        field.resolve = resolve if isinstance(resolve, PlainField) else paying(resolve)


_NOTHING = PlainField(lambda _source: None)


def _add_catalogues_argument(schema: GraphQLSchema) -> None:
    """The list of catalogues that templates of the vendor's client send in place of one."""
    for kind in schema.type_map.values():
        if not isinstance(kind, GraphQLObjectType):
            continue
        for field in kind.fields.values():
            one = field.args.get("catalogue")
            if one is not None and "first" in field.args:
                field.args["catalogues"] = GraphQLArgument(GraphQLList(one.type))
