"""The schema has the published names, types and nullability, and nothing unaccounted for."""

from importlib.resources import files

import pytest
from fluent_oms_simulator.graphql.mutations import MUTATION_FIELDS
from graphql import (
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    Undefined,
    assert_valid_schema,
    build_schema,
    get_directive_values,
    is_introspection_type,
    is_specified_scalar_type,
)

from .helpers.published_names import Names, added_names, published_names


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    folder = files("fluent_oms_simulator.schemas") / "graphql"
    texts = [file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".graphql")]
    return build_schema("\n".join(texts))


@pytest.fixture(scope="module")
def names(schema: GraphQLSchema) -> Names:
    """Every name of the schema, written as in `published_names`."""
    found: Names = {}
    for name, type_ in schema.type_map.items():
        if is_introspection_type(type_) or is_specified_scalar_type(type_):
            continue
        match type_:
            case GraphQLScalarType():
                found[name] = "scalar"
            case GraphQLInputObjectType():
                found[name] = "input"
                found |= {f"{name}.{key}": str(item.type) for key, item in type_.fields.items()}
            case GraphQLObjectType() | GraphQLInterfaceType():
                kind = "type" if isinstance(type_, GraphQLObjectType) else "interface"
                interfaces = " & ".join(sorted(item.name for item in type_.interfaces))
                found[name] = f"{kind} implements {interfaces}" if interfaces else kind
                for key, field in type_.fields.items():
                    found[f"{name}.{key}"] = str(field.type)
                    for argument, item in field.args.items():
                        found[f"{name}.{key}({argument}:)"] = str(item.type)
            case GraphQLEnumType():
                found[name] = "enum"
            case GraphQLUnionType():
                found[name] = "none is published"
    return found


def test_the_files_together_are_a_valid_schema(schema: GraphQLSchema) -> None:
    assert_valid_schema(schema)


def test_every_published_name_is_there_with_its_type(names: Names) -> None:
    published = published_names()

    assert {name: names.get(name) for name in published} == published


def test_every_other_name_is_one_of_those_added_on_purpose(names: Names) -> None:
    published = published_names()
    others = {name: type_ for name, type_ in names.items() if name not in published}

    assert others == {n: type_ for n, type_ in added_names().items() if n not in published}


def test_nothing_that_is_left_out_has_a_default(schema: GraphQLSchema) -> None:
    defaults = [
        f"{name}.{key}"
        for name, type_ in schema.type_map.items()
        if isinstance(type_, GraphQLInputObjectType | GraphQLObjectType | GraphQLInterfaceType)
        and not is_introspection_type(type_)
        for key, field in type_.fields.items()
        for item in ([field] if isinstance(field, GraphQLInputField) else field.args.values())
        if item.default_value is not Undefined
    ]

    assert defaults == []


def test_only_the_aggregate_of_a_position_weighs_more_than_a_query(schema: GraphQLSchema) -> None:
    directive = next(item for item in schema.directives if item.name == "complexityCost")
    weighed = {
        f"{name}.{key}": values["weight"]
        for name, type_ in schema.type_map.items()
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)
        for key, field in type_.fields.items()
        if field.ast_node is not None
        if (values := get_directive_values(directive, field.ast_node)) is not None
    }

    assert weighed == {"InventoryPosition.quantitiesAggregate": 10}


def test_every_mutation_has_code_that_does_it(schema: GraphQLSchema) -> None:
    assert schema.mutation_type is not None
    assert set(schema.mutation_type.fields) == set(MUTATION_FIELDS)
