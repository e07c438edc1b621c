"""Takes a source apart into the payloads that are in it, in memory that does not grow with it.

A source is one JSON document, or one on each line (NDJSON). What fits into `WHOLE` bytes, and has
no more than `MOST_WHOLE` values, is read at once; beyond that, lines are read one by one and an
array, or a batch's records, are cut into parts.
"""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Iterator
from typing import Any, Protocol

import orjson
from fluent_oms_simulator.domain.jobs import MOST_RECORDS

from ..rules.payload import shown
from .chunks import Chunk, Entry, Lines, Run, Whole, chunks_of, records
from .cutting import cutter_at
from .document_heads import fields_before, looks_like_lines, records_begin
from .file_faults import (
    BYTE_ORDER_MARK,
    COMPRESSION,
    EMPTY,
    NO_OBJECT,
    PAYLOADS,
    SIZE,
    SYNTAX,
    UNKNOWN,
    FileFinding,
    told,
)
from .json_text import Unreadable, check_encoding, is_suspect, read_document
from .kinds import NAMES, Kind
from .locating import Text

WHOLE = 8 * 1024 * 1024
MOST_WHOLE = 750_000
"""Values, by their commas, of what is read at once: a small one takes a hundred times its bytes."""
LONGEST_LINE = WHOLE
LARGEST_ENVELOPE = 1024 * 1024

_CHUNK = 1024 * 1024
_MOST_HELD = 4 * 1024 * 1024
_SPACE = b" \t\r\n"


class Readable(Protocol):
    """Where the bytes of a source come from."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, at most so many; none at the end."""


class Reader:
    """Reads one source; `kind` is what its documents are, None if that is for them to say."""

    def __init__(self, stream: Readable, kind: Kind | None, *, has_lines: bool = False) -> None:
        self._stream = stream
        self._kind = kind
        self._has_lines = has_lines
        self._broken: FileFinding | None = None

    def read(self) -> Iterator[Chunk | FileFinding]:
        """Payloads, and what is wrong with the file itself; raises OSError."""
        head = self._more(WHOLE + 1)
        if head.startswith(codecs.BOM_UTF8):
            head = head.removeprefix(codecs.BOM_UTF8) + self._more(len(codecs.BOM_UTF8))
            yield told(BYTE_ORDER_MARK, "a byte order mark", "UTF-8 without one", (1, 1))
        try:
            check_encoding(head)
            is_large = len(head) > WHOLE or head.count(b",") > MOST_WHOLE
            yield from self._large(head) if is_large else self._small(head)
        except Unreadable as refused:
            if self._broken is None:
                yield from refused.faults
        if self._broken is not None:
            yield self._broken

    def _more(self, wanted: int) -> bytes:
        """The next bytes, so many unless the source ends or its compression is broken."""
        parts: list[bytes] = []
        while wanted > 0 and self._broken is None:
            try:
                part = self._stream.read(min(wanted, _CHUNK))
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                expected = "compressed data up to its end mark"
                self._broken = told(COMPRESSION, f"broken gzip data: {error}", expected)
                break
            if not part:
                break
            parts.append(part)
            wanted -= len(part)
        return b"".join(parts)

    def _small(self, data: bytes) -> Iterator[Chunk | FileFinding]:
        if not data.strip(_SPACE):
            raise Unreadable([told(SYNTAX, "nothing", "a JSON document", (1, 1))])
        text = Text(data)
        try:
            document, faults = read_document(text)
        except Unreadable:
            if not (self._has_lines or looks_like_lines(data)):
                raise
            yield from self._lines(data)
        else:
            yield from faults
            yield from self._chunks(document, text)

    def _large(self, head: bytes) -> Iterator[Chunk | FileFinding]:
        if self._has_lines or looks_like_lines(head):
            return self._lines(head)
        start = len(head) - len(head.lstrip(_SPACE))
        if head[start : start + 1] == b"[":
            return self._array(head, start + 1)
        opened = records_begin(head) if head[start : start + 1] == b"{" else None
        if opened is None or self._kind not in (None, Kind.BATCH):
            limit = f"{WHOLE // (1024 * 1024)} MiB and {MOST_WHOLE:,} values"
            found = f"more than {limit} that are neither lines, an array, nor a batch"
            raise Unreadable([told(SIZE, found, f"a document of at most {limit}", (1, 1))])
        return self._batch(head, opened)

    def _chunks(self, document: Any, text: Text) -> Iterator[Chunk | FileFinding]:
        """What is in a document that was read whole."""
        if isinstance(document, list):
            yield from self._listed(document, text)
        elif self._kind is None and not isinstance(document, dict):
            yield told(NO_OBJECT, shown(document), PAYLOADS, text.place(""))
        else:
            line = Lines([(text.line, text.data)])
            yield from chunks_of([document], self._kind, lambda _: Whole(text), lambda *_: line)

    def _listed(self, found: list[Any], text: Text) -> Iterator[Chunk | FileFinding]:
        """The documents of an array; of one without any, that it is empty."""
        if found:
            yield from self._entries(found, text)
        else:
            yield self._empty(text.place(""))

    def _empty(self, place: tuple[int, int]) -> FileFinding:
        """That an array is empty: a fault where it was said what should be in it."""
        if self._kind is None:
            return told(UNKNOWN, "an empty array", PAYLOADS, place)
        return told(EMPTY, "an empty array", f"at least one {NAMES[self._kind][0]}", place)

    def _entries(self, found: list[Any], text: Text, skipped: int = 0) -> Iterator[Chunk]:
        return chunks_of(
            found,
            self._kind,
            lambda number: Entry(Run(text, number, skipped)),
            lambda first, _: Run(text, first, skipped),
        )

    def _array(self, head: bytes, start: int) -> Iterator[Chunk | FileFinding]:
        skipped = 0
        cutter = cutter_at(head, start, self._more)
        for text, entries, faults in cutter.parsed(""):
            yield from faults
            yield from self._entries(entries, text, skipped)
            skipped += len(entries)
        if not skipped and self._broken is None:
            yield self._empty((1, 1))
        rest = cutter.rest
        while rest or (rest := self._more(_CHUNK)):
            if rest.strip(_SPACE):
                place = (cutter.line, cutter.column)
                raise Unreadable([told(SYNTAX, "more after the array", "its end", place)])
            rest = b""

    def _batch(self, head: bytes, opened: int) -> Iterator[Chunk | FileFinding]:
        """A batch of any length: its records in parts, and then what is around them."""
        before = head[: opened - 1]
        around = fields_before(before)
        total = 0
        cutter = cutter_at(head, opened, self._more)
        for text, entries, faults in cutter.parsed("/entities"):
            yield from faults
            for first in range(0, len(entries), MOST_RECORDS):
                run = Run(text, first, total, "/entities")
                yield records(entries[first : first + MOST_RECORDS], run, around)
            total += len(entries)
        after = cutter.rest + self._more(LARGEST_ENVELOPE)
        if len(after) > len(cutter.rest) + LARGEST_ENVELOPE - 1:
            found = "more than 1 MiB behind the records"
            place = (cutter.line, cutter.column)
            raise Unreadable([told(SIZE, found, "an envelope of less", place)])
        jump = (len(before) + 2, cutter.line, cutter.column)
        text = Text(before + b"[]" + after, jump=jump)
        document, faults = read_document(text)
        yield from faults
        yield Chunk(Kind.BATCH, document, Whole(text), apart=total)

    def _lines(self, data: bytes) -> Iterator[Chunk | FileFinding]:
        """The documents of lines, records in a row taken together."""
        held: list[tuple[int, bytes]] = []
        size = 0
        for number, line in self._split(data):
            if line is None:
                found = f"a line of more than {LONGEST_LINE // (1024 * 1024)} MiB"
                yield told(SIZE, found, "shorter lines", (number, 1))
                continue
            held.append((number, line))
            size += len(line)
            if len(held) == MOST_RECORDS or size > _MOST_HELD:
                yield from self._held(held)
                held, size = [], 0
        yield from self._held(held)

    def _split(self, data: bytes) -> Iterator[tuple[int, bytes | None]]:
        """Lines that are not blank, with their numbers; None for one that is too long."""
        number, rest, skipping = 1, b"", False
        while data:
            part, data = data[:_CHUNK], data[_CHUNK:]
            *lines, rest = (rest + part).split(b"\n")
            for line in lines:
                if skipping:
                    skipping = False
                elif len(line) > LONGEST_LINE:
                    yield number, None
                elif line and not line.isspace():
                    yield number, line
                number += 1
            if len(rest) > LONGEST_LINE and not skipping:
                skipping = True
                yield number, None
            if skipping:
                rest = b""
            data = data or self._more(_CHUNK)
        if rest.strip(_SPACE) and not skipping and self._broken is None:
            yield number, rest

    def _held(self, held: list[tuple[int, bytes]]) -> Iterator[Chunk | FileFinding]:
        good: list[tuple[int, bytes]] = []
        documents: list[Any] = []
        try:
            documents = [orjson.loads(line) for _, line in held]
            good = held
            suspect = is_suspect(documents, [line for _, line in held])
        except orjson.JSONDecodeError:
            documents, suspect = [], True
        if suspect:
            good, documents = [], []
            for number, line in held:
                try:
                    document, faults = read_document(Text(line, number))
                except Unreadable as refused:
                    yield from refused.faults
                else:
                    yield from faults
                    good.append((number, line))
                    documents.append(document)
        yield from self._documents(documents, good)

    def _documents(
        self, documents: list[Any], lines: list[tuple[int, bytes]]
    ) -> Iterator[Chunk | FileFinding]:
        first = 0
        for at, document in enumerate(documents):
            if isinstance(document, list):
                yield from self._unlisted(documents[first:at], lines[first:at])
                yield from self._listed(document, Text(lines[at][1], lines[at][0]))
                first = at + 1
        yield from self._unlisted(documents[first:], lines[first:])

    def _unlisted(self, documents: list[Any], lines: list[tuple[int, bytes]]) -> Iterator[Chunk]:
        return chunks_of(
            documents,
            self._kind,
            lambda number: Whole(Text(lines[number][1], lines[number][0])),
            lambda first, end: Lines(lines[first:end]),
        )
