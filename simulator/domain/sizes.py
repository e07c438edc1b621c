"""How much memory values take."""

import sys
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from typing import Any

_SHARED = frozenset({bool, type(None)})
_SINGLE = frozenset({str, int, float, bytes})


def held_bytes(value: object) -> int:
    """About how many bytes a JSON value, or an entity, takes as Python objects."""
    size = 0
    waiting: list[Any] = [value]
    while waiting:
        part = waiting.pop()
        kind = part.__class__
        if kind in _SHARED:
            continue
        size += sys.getsizeof(part)
        if kind in _SINGLE:
            continue
        if kind is dict or isinstance(part, Mapping):
            waiting += part.keys()
            waiting += part.values()
        elif isinstance(part, list | tuple | AbstractSet):
            waiting += part
        elif is_dataclass(part):
            waiting += (getattr(part, field.name) for field in fields(part))
    return size


def compact(data: bytes) -> bytes:
    """A copy that takes no more memory than it has bytes.

    What orjson returns keeps the room that was set aside to write it: 4 KiB at least, and for a
    list of empty objects 80 times its length.
    """
    return bytes(memoryview(data))


def text_bytes(text: str | None) -> int:
    """How many bytes a text takes."""
    return 0 if text is None else sys.getsizeof(text)


def widened(body: bytes) -> int:
    """How many bytes the texts of a body take at most, once they are texts.

    One character beyond Latin-1 makes all others of its text as wide as itself.
    """
    return len(body) if body.isascii() else 4 * len(body)
