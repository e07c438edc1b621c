"""Why a body cannot be used, down to the place: what a fast parser only says of the whole.

Python's own parser takes more than JSON allows and keeps repeated keys apart when asked, so a
second reading with it can point at what is wrong. Used for bodies that are refused or suspected.
"""

import json
import math
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from ..errors import Fault, pointer_token, shortened

MOST_NAMED = 20_000
"""Faults; beyond it nobody counts, and a hostile body must stay cheap."""
MOST_NAMED_CHARACTERS = 2_000_000
"""The same for all that their pointers are made of."""

LARGEST_DIAGNOSED = 1024 * 1024
"""Bytes of a body that is not JSON; a larger one gets the parser's line and column only."""


def repeated_keys(body: bytes) -> list[Fault]:
    """The keys that stand more than once in one object, of a body that is JSON."""
    return _named(json.loads(body, object_pairs_hook=_Pairs))


def diagnose(body: bytes) -> list[Fault]:
    """The impossible numbers and broken texts that keep a body from being JSON.

    Empty when there is none of these, or when the body is not JSON in some other way.
    """
    if len(body) > LARGEST_DIAGNOSED:
        return []
    try:
        written = json.loads(
            body,
            object_pairs_hook=_Pairs,
            parse_int=_Number,
            parse_float=_Number,
            parse_constant=_Number,
        )
    except (ValueError, RecursionError):
        return []
    return _named(written)


def _named(written: object) -> list[Fault]:
    named: list[Fault] = []
    characters = 0
    for place, found, expected in islice(_faults(written, None), MOST_NAMED):
        fault = Fault(_pointer(place), found, expected)
        named.append(fault)
        characters += len(fault.pointer)
        if characters > MOST_NAMED_CHARACTERS:
            break
    return named


_Place = tuple["_Place | None", "str | int"]
"""Where a value stands: what holds it, and its key there. Few places are ever written out."""


def _pointer(place: _Place | None) -> str:
    steps: list[str] = []
    while place is not None:
        place, key = place
        steps.append(pointer_token(_printable(str(key))))
    return "".join(f"/{step}" for step in reversed(steps))


class _Pairs(list[tuple[str, object]]):
    """An object as it was written, repeated keys included."""


class _Number(str):
    """A number, as it was written."""


def _faults(value: object, place: _Place | None) -> Iterator[tuple[_Place | None, str, str]]:
    """Each fault: where, what was found, what was expected."""
    match value:
        case _Pairs():
            for key, times in Counter(key for key, _ in value).items():
                if times > 1:
                    yield (place, key), f"this key {times} times", "each key once"
            for key, item in value:
                if _printable(key) != key:
                    yield (place, key), f"the key {shortened(json.dumps(key))}", _WHOLE_TEXT
                yield from _faults(item, (place, key))
        case list():
            for index, item in enumerate(value):
                yield from _faults(item, (place, index))
        case _Number():
            if not math.isfinite(float(value)):
                yield place, shortened(value), "a number that is finite"
        case str():
            if _printable(value) != value:
                yield place, shortened(json.dumps(value)), _WHOLE_TEXT


_WHOLE_TEXT = "text without halves of surrogate pairs"


def _printable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
