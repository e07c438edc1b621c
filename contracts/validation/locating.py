"""From a JSON pointer to the line and column where its value begins.

The text is read again only for what was found fault with, and each object or array of it once.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from functools import cached_property
from json import JSONDecoder
from typing import TypeAlias

from fluent_oms_simulator.errors import pointer_token
from fluent_oms_simulator.intake.written_numbers import NUMBER

_read = JSONDecoder(strict=False).raw_decode
_SPACE = re.compile(r"[ \t\n\r]*")
_UNREADABLE = (ValueError, RecursionError, IndexError)

Children: TypeAlias = "dict[str, int] | array[int]"


class Text:
    """JSON text out of a source: its bytes, and the line and column at which they stand in it.

    Lines end with a newline, columns count characters, and both begin at 1. Where a part was cut
    out of the middle, `jump` says where the text goes on: at which byte, line and column.
    """

    def __init__(
        self,
        data: bytes,
        line: int = 1,
        column: int = 1,
        jump: tuple[int, int, int] | None = None,
    ) -> None:
        self.data = data
        self.line = line
        self.column = column
        self._jump = jump
        self._children: dict[int, Children] = {}
        self._shortened: dict[int, dict[str, int]] = {}

    @cached_property
    def _characters(self) -> str:
        return self.data.decode("utf-8", "replace")

    @cached_property
    def _newlines(self) -> array[int]:
        return array("q", (found.start() for found in re.finditer("\n", self._characters)))

    @cached_property
    def _jumps_at(self) -> int:
        byte = 0 if self._jump is None else self._jump[0]
        return len(self.data[:byte].decode("utf-8", "replace"))

    def place(self, pointer: str) -> tuple[int, int]:
        """Line and column of a value; of what holds it, where there is no such value."""
        return self.position(self._find(pointer)[0])

    def number(self, pointer: str) -> str:
        """The number at a pointer as it was written; empty where there is none."""
        at, is_there = self._find(pointer)
        found = NUMBER.match(self._characters, at) if is_there else None
        return found[0] if found else ""

    def _find(self, pointer: str) -> tuple[int, bool]:
        """Where a value begins, or what holds it, and whether there is such a value."""
        at = self._skip_space(0)
        for token in pointer.split("/")[1:]:
            step = self._step(at, token)
            if step is None:
                return at, False
            at = step
        return at, True

    def position(self, character: int) -> tuple[int, int]:
        """Line and column of a character of this text, by its number from 0."""
        if self._jump is not None:
            _, line, column = self._jump
            start = self._jumps_at
            if character >= start:
                return self._counted(character, start, line, column)
        return self._counted(character, 0, self.line, self.column)

    def _counted(self, character: int, start: int, line: int, column: int) -> tuple[int, int]:
        before = bisect_left(self._newlines, start)
        last = bisect_left(self._newlines, character)
        if last == before:
            return line, column + character - start
        return line + last - before, character - self._newlines[last - 1]

    def _skip_space(self, at: int) -> int:
        found = _SPACE.match(self._characters, at)
        return found.end() if found else at

    def _step(self, at: int, token: str) -> int | None:
        children = self._children.get(at)
        if children is None:
            children = self._children[at] = self._read_children(at)
        if not isinstance(children, dict):
            index = int(token) if token.isascii() and token.isdigit() else -1
            return children[index] if 0 <= index < len(children) else None
        key = token.replace("~1", "/").replace("~0", "~")
        if key in children:
            return children[key]
        # Pointers that are shown to people cut long keys short.
        shown = self._shortened.get(at)
        if shown is None:
            shown = {_shown(key): place for key, place in reversed(children.items())}
            self._shortened[at] = shown
        return shown.get(token)

    def _read_children(self, at: int) -> Children:
        """Where the values in an object or an array begin; of a key that is repeated, the last."""
        opened = self._characters[at : at + 1]
        named: dict[str, int] = {}
        listed = array("q")
        if opened not in ("{", "["):
            return named
        try:
            at = self._skip_space(at + 1)
            while self._characters[at] not in "}]":
                if opened == "{":
                    key, at = _read(self._characters, at)
                    at = self._skip_space(self._skip_space(at) + 1)
                    named[key] = at
                else:
                    listed.append(at)
                _, at = _read(self._characters, at)
                at = self._skip_space(at)
                if self._characters[at] == ",":
                    at = self._skip_space(at + 1)
        except _UNREADABLE:
            pass  # what stands before the fault can still be found
        return named if opened == "{" else listed


def _shown(key: str) -> str:
    return pointer_token(key.encode("utf-8", "replace").decode("utf-8"))
