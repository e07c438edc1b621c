"""What answers GraphQL, as those know it that need none of its schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ..domain.as_of import AsOf
from ..domain.bounds import Tally
from ..operations.replies import Reply

if TYPE_CHECKING:
    from graphql import GraphQLSchema  # takes long to read, and a start does without


class AnswersGraphQL(Protocol):
    """The operation behind POST /graphql."""

    schema: GraphQLSchema

    def post(self, body: bytes, as_of: AsOf | None = None) -> Reply:
        """Execute the operation in a body; whatever is wrong with it is told in `errors`.

        A query sees the account as of a moment, if one is given.
        """
        ...

    def tallies(self) -> list[Tally]:
        """How much the documents take that are kept."""
        ...
