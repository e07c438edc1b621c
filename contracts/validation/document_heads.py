"""What the beginning of a source says about the rest of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import orjson

_SPACE = b" \t\r\n"
_LONGEST_LINE = 1024 * 1024
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"(?:\s*:\s*\[)?|["{}\[\]]', re.DOTALL)
_ENTITIES = re.compile(rb'"entities"\s*:\s*\[')


def looks_like_lines(data: bytes) -> bool:
    """Whether there is a document on each line, though some of the documents may be broken."""
    lines = _first_lines(data)
    first = next(lines, b"")
    second = next(lines, b"")
    if not second:
        return False
    if _is_object(first) and _is_object(second):
        return True
    try:
        orjson.loads(first)
    except orjson.JSONDecodeError:
        return False
    return True


def _first_lines(data: bytes) -> Iterator[bytes]:
    """Lines that are not blank; one that is cut off or very long ends them."""
    start = 0
    while (end := data.find(b"\n", start, start + _LONGEST_LINE)) >= 0:
        line = data[start:end].strip(_SPACE)
        if line:
            yield line
        start = end + 1
    line = data[start : start + _LONGEST_LINE].strip(_SPACE)
    if line:
        yield line


def _is_object(line: bytes) -> bool:
    return line.startswith(b"{") and line.endswith(b"}")


def records_begin(data: bytes) -> int | None:
    """Where the first record of a batch stands, behind the bracket; None if this is no batch."""
    depth = 0
    for token in _TOKEN.finditer(data):
        if depth == 1 and _ENTITIES.fullmatch(token[0]):
            return token.end()
        match token[0][-1:]:
            case b"{" | b"[":
                depth += 1
            case b"}" | b"]":
                depth -= 1
            case b'"' if len(token[0]) == 1:  # a text without an end
                return None
    return None


def fields_before(data: bytes) -> dict[str, Any]:
    """The fields of an object that stand before its list, of which `data` is what came so far."""
    try:
        document = orjson.loads(data + b"[]}")
    except orjson.JSONDecodeError:
        return {}
    return document if isinstance(document, dict) else {}
