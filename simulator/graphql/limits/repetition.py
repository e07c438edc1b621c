"""How often a document says the same thing, told before it is validated.

Validation compares each two fields of one name at one place, and each two fragments, so its time
grows with the square of how often they are repeated. Documents of sound clients hardly repeat any.
"""

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from ..error_codes import TOO_COMPLEX, refusal


class _Place:
    """Where a field stands: under which response names."""

    __slots__ = ("fields", "times")

    def __init__(self) -> None:
        self.times = 0
        self.fields: dict[str, _Place] = {}


class Repetition:
    """Counts what validation would have to compare; fragments count as if all were in one place."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._root = _Place()
        self._spreads = 0
        self.comparisons = 0

    def check(self, document: DocumentNode) -> None:
        """Raise GraphQLError for a document that repeats too much."""
        for node in document.definitions:
            if isinstance(node, OperationDefinitionNode | FragmentDefinitionNode):
                self._walk(node.selection_set, self._root)
        if self.comparisons > self._most:
            raise refusal(
                TOO_COMPLEX,
                "The document is too complex: it repeats fields of one name, or fragments, too "
                "often (behaviour graphql.max_comparisons). Give fields other names (aliases), or "
                "send several documents.",
            )

    def _walk(self, selections: SelectionSetNode, place: _Place) -> None:
        for node in selections.selections:
            if isinstance(node, FieldNode):
                name = (node.alias or node.name).value
                field = place.fields.get(name)
                if field is None:
                    field = place.fields[name] = _Place()
                self.comparisons += field.times
                field.times += 1
                if node.selection_set is not None:
                    self._walk(node.selection_set, field)
            elif isinstance(node, InlineFragmentNode):
                self._walk(node.selection_set, place)
            elif isinstance(node, FragmentSpreadNode):
                self.comparisons += self._spreads
                self._spreads += 1
