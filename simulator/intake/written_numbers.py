"""Numbers as a payload has them: a parser makes `1e+20` of 100000000000000000000."""

from __future__ import annotations

import json
import re
from functools import cached_property

import orjson

from ..errors import shortened

LARGEST_READ_AGAIN = 1024 * 1024
"""Bytes; of a larger body numbers are told as the parser has them."""

NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")


def as_written(told: str, number: str) -> str:
    """The number, where `told` is what a parser makes of it; else what is told."""
    try:
        parsed = json.dumps(orjson.loads(number.encode()))
    except orjson.JSONDecodeError:
        return told
    return shortened(number) if told == parsed else told


def may_differ(told: str) -> bool:
    """Whether something told is a number that may have been written in another way."""
    return ("." in told or "e" in told) and NUMBER.fullmatch(told) is not None


class _Number(str):
    """A number, as it was written."""


class WrittenNumbers:
    """The numbers of a body, by their places; the body is read again when one is asked for."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    @cached_property
    def _document(self) -> object:
        if len(self._body) > LARGEST_READ_AGAIN:
            return None
        try:
            return json.loads(self._body, parse_int=_Number, parse_float=_Number)
        except (ValueError, RecursionError):
            return None

    def told(self, found: str, pointer: str) -> str:
        """What was found at a place (JSON pointer): a number as it stands there."""
        if not may_differ(found):
            return found
        value = self._document
        for token in pointer.split("/")[1:]:
            key = token.replace("~1", "/").replace("~0", "~")
            if isinstance(value, dict) and key in value:
                value = value[key]
            elif isinstance(value, list) and key.isdecimal() and int(key) < len(value):
                value = value[int(key)]
            else:
                return found
        return as_written(found, value) if isinstance(value, _Number) else found
