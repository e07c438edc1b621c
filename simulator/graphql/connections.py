"""Connections as the platform pages them: edges with cursors, first and after, last and before."""

from binascii import Error as NotBase64
from binascii import a2b_base64, b2a_base64
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ..behaviour import Behaviour
from ..domain.search.paging import Window
from .context import Call
from .error_codes import BAD_REQUEST, NEGATIVE_VALUE, TOO_COMPLEX, refusal
from .row_plan import PlainField

_MARK = b"row:"
_LONGEST_CURSOR = 100


class Edge(NamedTuple):
    """One row of a page; `key` is its place in the whole list."""

    node: Any
    key: int


class Connection(NamedTuple):
    """A page of rows."""

    edges: Sequence[Edge]
    has_previous: bool
    has_next: bool


def window_of(arguments: Mapping[str, Any], call: Call) -> Window:
    """The page that `first`, `after`, `last` and `before` ask for; raises GraphQLError."""
    behaviour = call.behaviour
    first, last = arguments.get("first"), arguments.get("last")
    if first is not None and last is not None:
        raise refusal(BAD_REQUEST, "`first` and `last` together: expected one of them.")
    backward = last is not None
    size = page_size(arguments, behaviour)
    if size < 0:
        name = "last" if backward else "first"
        raise refusal(NEGATIVE_VALUE, f"`{name}` is {size}: expected 0 or more.")
    most = behaviour.graphql_largest_page
    if size > most:
        if behaviour.graphql_page_too_large == "refuse":
            raise refusal(
                TOO_COMPLEX,
                f"A page of {size:,} rows: expected at most {most:,} (behaviour "
                "graphql.largest_page); ask for more pages.",
            )
        size = most
    return Window(
        size,
        _key(arguments.get("after"), "after"),
        _key(arguments.get("before"), "before"),
        backward,
        call.budget,
    )


def page_size(arguments: Mapping[str, Any], behaviour: Behaviour) -> int:
    """How many rows are asked for, as far as it is a number; else no more than there may be."""
    for name in ("first", "last"):
        size = arguments.get(name)
        if isinstance(size, int):
            return size
    return min(behaviour.graphql_default_page, behaviour.graphql_largest_page)


def cursor_of(key: int) -> str:
    """A row's place in its list, as text that clients pass back and do not take apart."""
    # Neither the mark nor a digit has the bits that the alphabet for URLs writes differently.
    return b2a_base64(b"%b%d" % (_MARK, key), newline=False).decode()


def _key(cursor: str | None, argument: str) -> int | None:
    if cursor is None:
        return None
    try:
        if len(cursor) > _LONGEST_CURSOR:
            raise ValueError
        key = int(a2b_base64(cursor.encode()).removeprefix(_MARK))
        # What decoders let pass, such as signs between the letters, was not made here.
        if key < 0 or cursor_of(key) != cursor:
            raise ValueError
        return key
    except (ValueError, NotBase64):
        raise refusal(
            BAD_REQUEST,
            f"`{argument}` is no cursor of this server: expected the `cursor` of an edge.",
        ) from None


CONNECTION_FIELDS = {
    "edges": PlainField(lambda connection: connection.edges),
    "pageInfo": PlainField(lambda connection: connection),
}
EDGE_FIELDS = {
    "node": PlainField(lambda edge: edge.node),
    "cursor": PlainField(lambda edge: cursor_of(edge.key)),
}
PAGE_INFO_FIELDS = {
    "hasPreviousPage": PlainField(lambda connection: connection.has_previous),
    "hasNextPage": PlainField(lambda connection: connection.has_next),
    # Only where the switch graphql.page_info_cursors puts them into the schema.
    "startCursor": PlainField(lambda c: cursor_of(c.edges[0].key) if c.edges else None),
    "endCursor": PlainField(lambda c: cursor_of(c.edges[-1].key) if c.edges else None),
}
