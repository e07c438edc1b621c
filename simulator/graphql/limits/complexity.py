"""What a query may cost, told before it runs.

Fluent docs: GraphQL query limits, 25 Sept 2024: the complexity of a query is the number of backend
queries it can cause, at most 11,111; some fields weigh more. How that is counted in detail is not
readable; here every field that looks something up counts once for each row it is asked for.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_composite_type,
)

from ...behaviour import Behaviour
from ..error_codes import TOO_COMPLEX, refusal
from ..row_plan import PlainField

_INTROSPECTION_WEIGHT = 1_000


@dataclass(slots=True)
class Cost:
    """What a query may cause."""

    complexity: int = 0
    fields: int = 0
    values: int = 0


class CostCheck:
    """Walks over an operation as its execution would and refuses what costs too much."""

    def __init__(
        self,
        schema: GraphQLSchema,
        behaviour: Behaviour,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Mapping[str, Any],
    ) -> None:
        self._schema = schema
        self._behaviour = behaviour
        self._fragments = fragments
        self._variables = variables
        self._is_mutation = False
        self.cost = Cost()

    def check(self, operation: OperationDefinitionNode) -> Cost:
        """What the operation costs at most; raises GraphQLError when that is too much."""
        self._is_mutation = operation.operation is OperationType.MUTATION
        root = self._schema.get_root_type(operation.operation)
        self._walk(operation.selection_set, root, 1, 1)
        return self.cost

    def _walk(self, selections: SelectionSetNode, parent: Any, rows: int, depth: int) -> None:
        deepest = self._behaviour.graphql_max_depth
        if depth > deepest:
            raise refusal(
                TOO_COMPLEX,
                f"The query nests deeper than {deepest} levels (behaviour graphql.max_depth).",
            )
        for node in self._fields(selections):
            self._count(node, parent, rows, depth)

    def _fields(self, selections: SelectionSetNode) -> Iterable[FieldNode]:
        """The fields of a selection, with those of its fragments; a fragment's only once."""
        spread: set[str] = set()
        waiting = list(reversed(selections.selections))
        while waiting:
            node = waiting.pop()
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode):
                waiting += reversed(node.selection_set.selections)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in spread:
                spread.add(node.name.value)
                fragment = self._fragments.get(node.name.value)
                if fragment is not None:
                    waiting += reversed(fragment.selection_set.selections)

    def _count(self, node: FieldNode, parent: Any, rows: int, depth: int) -> None:
        name = node.name.value
        field = None
        if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
            field = self._schema.get_field(parent, name)
        kind = None if field is None else get_named_type(field.type)
        cost = self.cost
        cost.fields += 1
        cost.values += rows
        if name in ("__schema", "__type"):
            cost.complexity += _INTROSPECTION_WEIGHT
        elif field is not None and is_composite_type(kind):
            if not isinstance(field.resolve, PlainField):
                cost.complexity += rows * _weight(field)
            if "first" in field.args:
                rows *= self._page_size(node)
        self._refuse_too_much()
        if node.selection_set is not None:
            self._walk(node.selection_set, kind, rows, depth + 1)

    def _page_size(self, node: FieldNode) -> int:
        for argument in node.arguments or ():
            if argument.name.value not in ("first", "last"):
                continue
            value: Any = argument.value
            if isinstance(value, VariableNode):
                size = self._variables.get(value.name.value)
            else:
                size = int(value.value) if isinstance(value, IntValueNode) else None
            if isinstance(size, int):
                return max(1, min(size, self._behaviour.graphql_largest_page))
        return min(self._behaviour.graphql_default_page, self._behaviour.graphql_largest_page)

    def _refuse_too_much(self) -> None:
        behaviour, cost = self._behaviour, self.cost
        if cost.complexity > behaviour.graphql_max_complexity:
            raise refusal(
                TOO_COMPLEX,
                "The query is too complex: it can cause more than "
                f"{behaviour.graphql_max_complexity:,} backend queries (behaviour "
                "graphql.max_complexity). Ask for smaller pages, or for less inside of them.",
            )
        if cost.fields > behaviour.graphql_max_fields:
            raise refusal(
                TOO_COMPLEX,
                f"The query is too complex: it asks for more than {behaviour.graphql_max_fields:,} "
                "fields (behaviour graphql.max_fields). Send several documents.",
            )
        # A query is refused for the values that it turns out to have; a mutation before it begins.
        if self._is_mutation and cost.values > behaviour.graphql_max_values:
            raise too_many_values(behaviour)


def too_many_values(behaviour: Behaviour) -> GraphQLError:
    """What a reply is refused with that would hold too much."""
    return refusal(
        TOO_COMPLEX,
        f"The reply would hold more than {behaviour.graphql_max_values:,} values (behaviour "
        "graphql.max_values). Ask for smaller pages, or for less inside of them.",
    )


def _weight(field: Any) -> int:
    node = field.ast_node
    for directive in () if node is None else node.directives or ():
        if directive.name.value == "complexityCost":
            return int(directive.arguments[0].value.value)
    return 1
