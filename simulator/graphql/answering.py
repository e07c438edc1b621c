"""What answers GraphQL, as those know it that need none of its schema."""

from typing import Protocol

from graphql import GraphQLSchema

from ..domain.bounds import Tally
from ..operations.replies import Reply


class AnswersGraphQL(Protocol):
    """The operation behind POST /graphql."""

    schema: GraphQLSchema

    def post(self, body: bytes) -> Reply:
        """Execute the operation in a body; whatever is wrong with it is told in `errors`."""
        ...

    def tallies(self) -> list[Tally]:
        """How much the documents take that are kept."""
        ...
