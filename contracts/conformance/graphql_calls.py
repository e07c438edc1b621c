"""What a GraphQL request asks for, as far as the replies to it are read differently."""

from __future__ import annotations

import orjson
from graphql import GraphQLError, OperationType, get_operation_ast, parse

MOST_TOKENS = 10_000


def is_mutation(sent: object) -> bool:
    """Whether a request's body asks for changes; one that cannot be read does not."""
    try:
        asked = orjson.loads(sent) if isinstance(sent, bytes) else None
        if not isinstance(asked, dict):
            return False
        document = parse(str(asked.get("query")), no_location=True, max_tokens=MOST_TOKENS)
    except (orjson.JSONDecodeError, GraphQLError, RecursionError):
        return False
    name = asked.get("operationName")
    operation = get_operation_ast(document, name if isinstance(name, str) and name else None)
    return operation is not None and operation.operation is OperationType.MUTATION
