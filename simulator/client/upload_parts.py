"""A file of lines, in parts that a simulator takes: level memory, however long it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

MOST_LINES = 4_000
MOST_BYTES = 900_000
LONGEST_LINE = 12_000
"""Bytes; of a longer line no more is sent, which is too long for any simulator, and told so."""

CSV, NDJSON = "text/csv", "application/x-ndjson"


class UploadPart(NamedTuple):
    """Some lines of a file: the number of the first, and a body with the header before it."""

    first_line: int
    content_type: str
    body: bytes


def upload_parts(file: BinaryIO) -> Iterator[UploadPart]:
    """The parts of a file; none of an empty one. What begins with a brace is NDJSON."""
    number, header = 1, b""
    content_type = NDJSON
    first = _line(file)
    while first and not first.strip():
        number += 1
        first = _line(file)
    if not first:
        return
    if not first.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        content_type, header = CSV, first
        number += 1
        first = _line(file)
    lines, size, begins = [first] if first else [], len(first), number
    while line := _line(file):
        number += 1
        if len(lines) == MOST_LINES or size + len(line) > MOST_BYTES:
            yield UploadPart(begins, content_type, b"".join([header, *lines]))
            lines, size, begins = [], 0, number
        lines.append(line)
        size += len(line)
    yield UploadPart(begins, content_type, b"".join([header, *lines]))


def _line(file: BinaryIO) -> bytes:
    """The next line with its end, or the beginning of one that is too long; nothing at the end."""
    line = file.readline(LONGEST_LINE)
    if len(line) < LONGEST_LINE or line.endswith(b"\n"):
        return line
    while (rest := file.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
        pass
    return line + b"\n"
