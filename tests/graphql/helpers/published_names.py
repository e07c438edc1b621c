"""The schema as it should be, one line a name: what is published, and what was added to it.

A name is written as `Type`, `Type.field` or `Type.field(argument:)`; its line says what it is.
"""

from ..published.added import ADDED_ARGUMENTS, ADDED_INPUTS, ADDED_OBJECTS
from ..published.inputs import INPUTS
from ..published.objects import (
    CONNECTIONS,
    ENUMS,
    IMPLEMENTS,
    INTERFACES,
    OBJECTS,
    SCALARS,
    Fields,
)
from ..published.operations import ARGUMENTS, BULK_MUTATIONS, MUTATIONS, QUERIES

Names = dict[str, str]


def published_names() -> Names:
    """What the public copies of the real schema show."""
    names: Names = dict.fromkeys(SCALARS, "scalar") | dict.fromkeys(ENUMS, "enum")
    names |= {"Query": "type", "Mutation": "type"}
    for name, fields in INTERFACES.items():
        names |= {name: "interface"} | _members(name, fields)
    for name, fields in OBJECTS.items():
        names |= {name: _object(IMPLEMENTS.get(name))} | _members(name, fields)
    for name, fields in INPUTS.items():
        names |= {name: "input"} | _members(name, fields)
    for node in CONNECTIONS:
        names |= {f"{node}Connection": "type", f"{node}Edge": "type"}
        names |= _members(f"{node}Connection", {"edges": f"[{node}Edge]", "pageInfo": "PageInfo"})
        names |= _members(f"{node}Edge", {"node": node, "cursor": "String"})
    for name, (result, arguments) in QUERIES.items():
        names |= {f"Query.{name}": result} | _arguments(f"Query.{name}", arguments)
    for name, result in MUTATIONS.items():
        argument = {"input": f"{name[0].upper()}{name[1:]}Input"}
        names |= {f"Mutation.{name}": result} | _arguments(f"Mutation.{name}", argument)
    for name, chosen_by in BULK_MUTATIONS.items():
        argument = {"filter": f"{chosen_by}!", "input": "StatusInput!"}
        names |= {f"Mutation.{name}": "UpdateStatusOutput"}
        names |= _arguments(f"Mutation.{name}", argument)
    for field, arguments in ARGUMENTS.items():
        names |= _arguments(field, arguments)
    return names


def added_names() -> Names:
    """What was inferred."""
    names: Names = {}
    for name, (_, fields) in ADDED_OBJECTS.items():
        names |= {name: _object(IMPLEMENTS.get(name))}
        names |= _members(name, fields)
    for name, (_, fields) in ADDED_INPUTS.items():
        names |= {name: "input"} | _members(name, fields)
    for field, (_, arguments) in ADDED_ARGUMENTS.items():
        names |= _arguments(field, arguments)
    return names


def _object(interfaces: str | None) -> str:
    return f"type implements {interfaces}" if interfaces else "type"


def _members(owner: str, fields: Fields) -> Names:
    return {f"{owner}.{name}": kind for name, kind in fields.items()}


def _arguments(field: str, arguments: Fields) -> Names:
    return {f"{field}({name}:)": kind for name, kind in arguments.items()}
