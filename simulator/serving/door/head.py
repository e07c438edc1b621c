"""The headers of a request, looked up in one go: granian makes each anew whenever it is asked."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from ...worlds import NAMED

DECIDING = ("host", "authorization", "content-type", "content-encoding", NAMED)
"""Headers that decide who asks for what, and how it is read: each has to be readable."""


class Head(NamedTuple):
    """Headers by their names in small letters; the values of one that came again are joined.

    It is plain where each came once and can be read. `hosts` is how many there are that can be,
    `unreadable` the name of a deciding header that cannot be, or has a value that cannot be.
    """

    values: Mapping[str, str]
    is_plain: bool
    hosts: int
    unreadable: str | None = None


def head_of(headers: Any) -> Head:
    """The head of a request, from what granian tells of it.

    A value that is no ASCII is not among the pairs, though its name is there: of a name's values
    the first is asked for by itself. A later one cannot be found out, and does not count.
    """
    pairs = headers.items()
    values = dict(pairs)
    first, told = headers.get, values.get
    if len(values) == len(pairs) == len(headers):
        for name in DECIDING:
            if first(name) != told(name):
                return Head(values, False, 1, name)
        return Head(values, True, 1 if "host" in values else 0)
    names = dict.fromkeys(headers.keys())
    values = {name: ",".join(headers.get_all(name)) for name in names}
    length = first("content-length")
    if length is not None:
        values["content-length"] = length
    unreadable = (name for name in DECIDING if name in names and first(name) is None)
    return Head(values, False, len(headers.get_all("host")), next(unreadable, None))
