"""Whole numbers in a document that are too long to be read, told before it is validated."""

import re

from graphql import DocumentNode, GraphQLError, IntValueNode, Visitor, visit

MOST_DIGITS = 1_000
"""Digits of a whole number in a document; Python reads 4,300."""

# Each run of digits is tried at its first digit only: tried at all, its length would count twice.
_LONG_NUMBER = re.compile(rf"(?<![0-9])[0-9]{{{MOST_DIGITS}}}")


class _LongNumbers(Visitor):
    """Collects an error for each whole number that is too long."""

    def __init__(self) -> None:
        super().__init__()
        self.errors: list[GraphQLError] = []

    def enter_int_value(self, node: IntValueNode, *_: object) -> None:
        """Look at one number."""
        if len(node.value) > MOST_DIGITS:
            message = f"A number has {len(node.value):,} digits: expected at most {MOST_DIGITS:,}."
            self.errors.append(GraphQLError(message, node))


def long_numbers(document: DocumentNode, query: str) -> list[GraphQLError]:
    """An error for each whole number of a document that Python does not read from text."""
    if _LONG_NUMBER.search(query) is None:
        return []
    found = _LongNumbers()
    visit(document, found)
    return found.errors
