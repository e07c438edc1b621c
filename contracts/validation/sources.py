"""Which files are meant by the paths that a person gives, and what is in them, unpacked."""

from __future__ import annotations

import glob
import gzip
import io
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from fluent_oms_simulator.errors import shortened

STANDARD_INPUT = "-"
LONGEST_PATH = 500
"""Characters of a path in a sentence, so that there is room for the rest of it."""
SUFFIXES = (".json", ".ndjson", ".jsonl")

_GZIP = b"\x1f\x8b"


class Source(NamedTuple):
    """Something to read: a file, or standard input; `size` in bytes, 0 where it is not known."""

    name: str
    size: int = 0

    @property
    def has_lines(self) -> bool:
        """Whether its name says that there is a document on each line."""
        return self.name.lower().removesuffix(".gz").endswith((".ndjson", ".jsonl"))


class BudgetSpentError(Exception):
    """More than may be checked has been unpacked."""


class Metered:
    """A stream that is read as far as a budget goes: `spend` is told of each part; it may raise."""

    def __init__(self, stream: BinaryIO, spend: Callable[[int], None]) -> None:
        self._stream = stream
        self._spend = spend

    def read(self, size: int, /) -> bytes:
        """The next bytes, at most so many."""
        data = self._stream.read(size)
        self._spend(len(data))
        return data


class Problem(NamedTuple):
    """A sentence about a path that could not be used; one that was passed over is no failure."""

    path: str
    sentence: str
    passed_over: bool = False


def find_sources(paths: Iterable[str]) -> Iterator[Source | Problem]:
    """The files that are meant, each once, in the order of the paths and by name in folders."""
    seen: set[str] = set()
    for path in paths:
        for found in _meant(path):
            if isinstance(found, Source):
                identity = os.path.realpath(found.name)
                if found.name == STANDARD_INPUT:
                    identity = STANDARD_INPUT
                if identity in seen:
                    continue
                seen.add(identity)
            yield found


def _meant(path: str) -> Iterator[Source | Problem]:
    if path == STANDARD_INPUT:
        yield Source(path)
        return
    try:
        found = Path(path).stat()
    except (OSError, ValueError) as error:
        matches = sorted(glob.glob(path, recursive=True)) if glob.has_magic(path) else []
        if not matches:
            yield Problem(path, cannot_be_read(path, error))
        for match in matches:
            yield from _meant(match)
        return
    if stat.S_ISDIR(found.st_mode):
        yield from _folder(path)
    elif stat.S_ISREG(found.st_mode):
        yield Source(path, found.st_size)
    elif stat.S_ISFIFO(found.st_mode) or stat.S_ISCHR(found.st_mode):
        yield Source(path)
    else:
        yield Problem(path, f"{path} is neither a file nor a folder.")


def _folder(path: str) -> Iterator[Source | Problem]:
    """The payload files below a folder; hidden folders and links to folders are left alone."""
    refused: list[Problem] = []

    def refuse(error: OSError) -> None:
        refused.append(Problem(str(error.filename), cannot_be_read(str(error.filename), error)))

    empty = True
    for folder, below, names in os.walk(path, onerror=refuse):
        below[:] = sorted(name for name in below if not name.startswith("."))
        for name in sorted(names):
            if name.lower().removesuffix(".gz").endswith(SUFFIXES):
                empty = False
                yield _in_folder(os.path.join(folder, name))
    yield from refused
    if empty and not refused:
        kinds = ", ".join(SUFFIXES)
        yield Problem(path, f"{path} has no payload files ({kinds}, or these with .gz).")


def _in_folder(path: str) -> Source | Problem:
    try:
        found = Path(path).stat()
    except OSError as error:
        return Problem(path, cannot_be_read(path, error))
    if stat.S_ISREG(found.st_mode):
        return Source(path, found.st_size)
    return Problem(path, f"{path} was passed over: it is not a regular file.", passed_over=True)


def cannot_be_read(path: str, error: Exception) -> str:
    """The sentence for a file that the machine refuses."""
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"{shortened(path, LONGEST_PATH)} cannot be read: {why}."


@contextmanager
def opened(source: Source, advance: Callable[[int], None]) -> Iterator[BinaryIO]:
    """The bytes of a source, decompressed if they are gzip, whatever its name says.

    `advance` is told how many bytes were read of it. Raises OSError, and EOFError or zlib.error
    from the stream where the compressed data is broken.
    """
    if source.name == STANDARD_INPUT:
        yield _unpacked(sys.stdin.buffer, advance)
        return
    with open(source.name, "rb", buffering=0) as stream:
        yield _unpacked(cast(BinaryIO, stream), advance)


def _unpacked(stream: BinaryIO, advance: Callable[[int], None]) -> BinaryIO:
    head = b""
    while len(head) < len(_GZIP) and (more := stream.read(len(_GZIP) - len(head))):
        head += more
    whole = io.BufferedReader(_Ahead(head, stream, advance), 1024 * 1024)
    if head == _GZIP:
        return cast(BinaryIO, gzip.GzipFile(fileobj=whole))
    return cast(BinaryIO, whole)


class _Ahead(io.RawIOBase):
    """A stream of which the first bytes have been read already."""

    def __init__(self, head: bytes, stream: BinaryIO, advance: Callable[[int], None]) -> None:
        self._head = head
        self._stream = stream
        self._advance = advance

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """The head first, then what follows."""
        data = self._head or self._stream.read(len(buffer))
        self._head = b""
        buffer[: len(data)] = data
        self._advance(len(data))
        return len(data)
