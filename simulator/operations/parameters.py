"""The parameters of the control API, which refuses what it does not know."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import Fault, refused, shortened


def one_of(query: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    """A parameter that is one of some words, the first when it is left out; raises ApiError."""
    value = query.get(name, choices[0])
    if value not in choices:
        expected = f"one of {', '.join(choices)}"
        raise refused([Fault(f"/{name}", f'"{shortened(value)}"', expected)])
    return value
