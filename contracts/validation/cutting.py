"""Cuts a JSON array of any size into texts of whole entries, without holding all of it.

A cut is guessed at and proved: what stands before a comma parses as an array only if the comma is
one between two entries. Where guesses fail, the brackets are counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import orjson

from .file_faults import SIZE, SYNTAX, FileFinding, told
from .json_text import Unreadable, is_suspect, read_document, text_faults
from .locating import Text

BLOCK = 1024 * 1024
"""Bytes that are parsed at once."""

LARGEST_ENTRY = 8 * 1024 * 1024

_MOST_GUESSES = 6
_BETWEEN_OBJECTS = re.compile(rb"[ \t\r\n]*,[ \t\r\n]*\{")
_SPACE = b" \t\r\n"
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|["{}\[\],]', re.DOTALL)


class Block(NamedTuple):
    """Entries in a row: their text as an array of its own, and the entries if already parsed."""

    text: Text
    entries: list[Any] | None


def cutter_at(data: bytes, start: int, more: Callable[[int], bytes]) -> ArrayCutter:
    """A cutter for the array of which the first entry stands at `start` of a source's `data`."""
    newlines = data.count(b"\n", 0, start)
    column = len(data[data.rfind(b"\n", 0, start) + 1 : start].decode("utf-8", "replace")) + 1
    return ArrayCutter(data[start:], newlines + 1, column, more)


class ArrayCutter:
    """Reads an array from behind its opening bracket, which stood before `line` and `column`.

    When all blocks have been taken, `rest` is what was read beyond the closing bracket, and `line`
    and `column` are where that begins.
    """

    def __init__(self, data: bytes, line: int, column: int, more: Callable[[int], bytes]) -> None:
        self.rest = data
        self.line = line
        self.column = column
        self._more = more

    def blocks(self) -> Iterator[Block]:
        """The entries, block by block; raises Unreadable where the text is no array of JSON."""
        wanted = BLOCK
        comma_before = False
        while True:
            ended = self._fill(wanted)
            guessed = None if ended else self._guess(wanted)
            if guessed:
                cut, entries = guessed
                closes = False
            else:
                cut, closes = self._count_brackets(wanted)
                entries = None
            if cut < 0 and not ended:
                wanted *= 2
                if wanted > LARGEST_ENTRY:
                    raise self._too_large()
                continue
            if cut < 0:
                cut = len(self.rest)
            text = Text(b"[" + self.rest[:cut] + b"]", self.line, self.column - 1)
            if closes and self.rest[cut : cut + 1] != b"]":
                raise self._unfinished()
            if not closes and cut == len(self.rest):
                raise self._unfinished()
            if self.rest[:cut].strip(_SPACE):
                yield Block(text, entries)
            elif comma_before or not closes:
                raise self._fault("a comma without an entry", "an entry")
            self._take(cut + 1)
            if closes:
                return
            wanted = BLOCK
            comma_before = True

    def parsed(self, prefix: str) -> Iterator[tuple[Text, list[Any], list[FileFinding]]]:
        """The blocks with their entries, and what is wrong with their texts; raises Unreadable.

        `prefix` is the array's own pointer: faults are told as of the whole document.
        """
        before = 0
        for text, entries in self.blocks():
            faults: list[FileFinding] = []
            try:
                if entries is None:
                    entries, faults = read_document(text)
                elif is_suspect([entries], [text.data]):
                    faults = text_faults(text, entries)
            except Unreadable as refused:
                raise Unreadable([_seen_whole(f, prefix, before) for f in refused.faults]) from None
            yield text, entries, [_seen_whole(fault, prefix, before) for fault in faults]
            before += len(entries)

    def _fill(self, wanted: int) -> bool:
        """Read until there is more than so much; whether the source has ended before."""
        while len(self.rest) <= wanted:
            more = self._more(wanted + 1 - len(self.rest))
            if not more:
                return True
            self.rest += more
        return False

    def _guess(self, end: int) -> tuple[int, list[Any]] | None:
        """A cut near `end`, and the entries before it; None if no guess was right."""
        for _ in range(_MOST_GUESSES):
            end = self.rest.rfind(b"}", 0, end)
            while end >= 0 and not _BETWEEN_OBJECTS.match(self.rest, end + 1):
                end = self.rest.rfind(b"}", 0, end)
            if end < 0:
                return None
            cut = self.rest.index(b",", end)
            try:
                entries: list[Any] = orjson.loads(b"[" + self.rest[:cut] + b"]")
            except orjson.JSONDecodeError:
                continue
            return cut, entries
        return None

    def _count_brackets(self, end: int) -> tuple[int, bool]:
        """The closing bracket, or the last comma between entries before `end`; -1 if neither.

        And whether it is the bracket.
        """
        depth, comma = 0, -1
        for token in _TOKEN.finditer(self.rest, 0, end):
            match token[0]:
                case b"{" | b"[":
                    depth += 1
                case b"}" | b"]" if depth:
                    depth -= 1
                case b"}" | b"]":
                    return token.start(), True
                case b"," if not depth:
                    comma = token.start()
                case b'"':  # a text without an end; what follows is in it
                    break
        return comma, False

    def _take(self, count: int) -> None:
        taken, self.rest = self.rest[:count], self.rest[count:]
        newlines = taken.count(b"\n")
        self.line += newlines
        last = taken[taken.rfind(b"\n") + 1 :].decode("utf-8", "replace")
        self.column = len(last) + 1 if newlines else self.column + len(last)

    def _unfinished(self) -> Unreadable:
        """Why the array does not end: what a parser stumbles over in all that is left."""
        text = Text(b"[" + self.rest, self.line, self.column - 1)
        try:
            read_document(text)
        except Unreadable as refused:
            return refused
        return self._fault("the end of the text", "the end of the array")

    def _too_large(self) -> Unreadable:
        limit = LARGEST_ENTRY // (1024 * 1024)
        found = f"an entry of more than {limit} MiB"
        return Unreadable(
            [told(SIZE, found, f"entries of at most {limit} MiB", (self.line, self.column))]
        )

    def _fault(self, found: str, expected: str) -> Unreadable:
        return Unreadable([told(SYNTAX, found, expected, (self.line, self.column))])


def _seen_whole(fault: FileFinding, prefix: str, before: int) -> FileFinding:
    """A fault in a block as one in the array, so many entries of which came before the block."""
    number, slash, rest = fault.finding.pointer[1:].partition("/")
    if not number.isdigit():
        return fault
    pointer = f"{prefix}/{before + int(number)}{slash}{rest}"
    return fault._replace(finding=fault.finding._replace(pointer=pointer))
