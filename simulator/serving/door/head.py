"""The headers of a request, looked up in one go: granian makes each anew whenever it is asked."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Head(NamedTuple):
    """Headers by their names in small letters; the values of one that came again are joined.

    It is plain where each came once and can be read; `has_one_host` counts what can be.
    """

    values: Mapping[str, str]
    is_plain: bool
    has_one_host: bool


def head_of(headers: Any) -> Head:
    """The head of a request, from what granian tells of it."""
    pairs = headers.items()
    values = dict(pairs)
    if len(values) == len(pairs) == len(headers):
        return Head(values, True, "host" in values)
    # A value that is no ASCII is not among the pairs, though its name is there.
    values = {name: ",".join(headers.get_all(name)) for name in dict.fromkeys(headers.keys())}
    length = headers.get("content-length")
    if length is not None:
        values["content-length"] = length
    return Head(values, False, len(headers.get_all("host")) == 1)
