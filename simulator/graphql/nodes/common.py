"""Fields that most types have, and how attributes are shown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError

from ...domain.entities import Attribute, Attributes
from ..context import Call
from ..error_codes import INVALID_FIELD, NOT_FOUND, refusal
from ..row_plan import PlainField
from ..scalars import moment_text

Fields = dict[str, Callable[..., Any]]

WORKFLOW_VERSION = 1
"""The schema types it as a whole number; major.minor at creation, says its description."""

_INT32 = 2**31


def plain(**reads: Callable[[Any], Any]) -> Fields:
    """Fields that are a value of the row."""
    return {name: PlainField(read) for name, read in reads.items()}


ATTRIBUTE_FIELDS = plain(
    name=lambda attribute: attribute.name,
    type=lambda attribute: attribute.type,
    value=lambda attribute: attribute.value,
)


def shown(attributes: Attributes | None) -> Sequence[Attribute]:
    """Attributes in the order in which they were given."""
    return list(attributes.values()) if attributes else []


def entity_fields(workflow: str) -> Fields:
    """The fields of an entity that has a workflow of its own, named after its kind and type."""
    return plain(
        id=lambda entity: str(entity.number),
        createdOn=lambda entity: moment_text(entity.created_at),
        updatedOn=lambda entity: moment_text(entity.updated_at),
        ref=lambda entity: entity.ref,
        type=lambda entity: entity.type,
        status=lambda entity: entity.status,
        workflowRef=lambda entity: f"{workflow}::{entity.type}",
        workflowVersion=lambda _: WORKFLOW_VERSION,
        attributes=lambda entity: shown(entity.attributes),
        name=lambda entity: entity.name,
        description=lambda entity: entity.description,
    )


def whole_number(value: int | None) -> int | None:
    """A number that GraphQL's Int can hold; raises GraphQLError for a larger one."""
    if value is not None and not -_INT32 <= value < _INT32:
        raise refusal(INVALID_FIELD, f"{value:,} does not fit into an Int of 32 bits.")
    return value


def missing(call: Call, what: str) -> GraphQLError | None:
    """What a query for one entity gets that does not exist (graphql.unknown_entity)."""
    if call.behaviour.graphql_unknown_entity == "null":
        return None
    return refusal(NOT_FOUND, f"There is no {what}.")


@dataclass(frozen=True, slots=True)
class Aggregate:
    """How many rows, and what they add up to."""

    count: int
    sum: int = 0


AGGREGATE_FIELDS = plain(
    count=lambda aggregate: aggregate.count,
    sum=lambda aggregate: whole_number(aggregate.sum),
)


def catalogues_asked_for(arguments: Mapping[str, Any]) -> frozenset[str] | None:
    """The refs in `catalogue`, and in `catalogues` where that is served; None for any."""
    one, several = arguments.get("catalogue"), arguments.get("catalogues")
    refs = None if one is None else frozenset({one["ref"]})
    if several is None:
        return refs
    listed = frozenset(key["ref"] for key in several if key is not None)
    return listed if refs is None else refs & listed
