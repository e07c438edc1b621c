"""DateTime and Json, the scalars that the platform's schema adds to the standard ones."""

import math
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson
from graphql import ConstValueNode, StringValueNode, print_ast
from graphql.utilities import value_from_ast_untyped

from ..clock import instant
from ..errors import shortened
from .error_codes import BAD_DATE, BAD_REQUEST, refusal

_EXPECTED = "expected a moment in ISO 8601, such as 2026-02-05T06:31:56.895Z"
_EXPECTED_JSON = "expected whole numbers of up to 64 bits, and others that are finite"


def moment_of(value: Any) -> datetime:
    """The moment that a text names, UTC unless it says otherwise; raises GraphQLError."""
    if not isinstance(value, str):
        raise refusal(BAD_DATE, f"DateTime {shortened(repr(value))}: {_EXPECTED}.")
    try:
        moment = datetime.fromisoformat(value)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return aware.astimezone(UTC)
    except (ValueError, OverflowError):
        raise refusal(BAD_DATE, f"DateTime {shortened(value)!r}: {_EXPECTED}.") from None


def moment_of_literal(node: ConstValueNode) -> datetime:
    """The moment that a literal in the document names; raises GraphQLError."""
    if isinstance(node, StringValueNode):
        return moment_of(node.value)
    return moment_of(value_from_ast_untyped(node))


@lru_cache(maxsize=4096)  # the rows of a batch's chunk share their moments
def moment_text(milliseconds: int) -> str:
    """A moment as replies show it: `2026-02-05T06:31:56.895Z`."""
    return instant(milliseconds).isoformat(timespec="milliseconds")[:-6] + "Z"


def json_of_literal(node: ConstValueNode) -> Any:
    """The JSON value that a literal in the document spells; raises GraphQLError."""
    value = value_from_ast_untyped(node)
    try:
        orjson.dumps(value)
        fits = _is_finite(value)
    except TypeError:
        fits = False
    if not fits:
        raise refusal(BAD_REQUEST, f"Json {shortened(print_ast(node))}: {_EXPECTED_JSON}.")
    return value


def _is_finite(value: Any) -> bool:
    if isinstance(value, dict):
        return all(map(_is_finite, value.values()))
    if isinstance(value, list):
        return all(map(_is_finite, value))
    return not isinstance(value, float) or math.isfinite(value)
