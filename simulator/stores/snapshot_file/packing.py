"""Lines, packed with gzip and unpacked again within bounds."""

import zlib
from collections.abc import Iterable, Iterator

from ...domain.bounds import MEBIBYTE
from .unreadable import UnreadableSnapshot, UnwritableSnapshot

MOST_UNPACKED = 2048 * MEBIBYTE
"""Bytes of a file, unpacked: a pair of MiB can unpack to thousands."""
LONGEST_LINE = 64 * MEBIBYTE

MAGIC = b"\x1f\x8b"
"""What gzip begins with (RFC 1952, 2.3.1); a line of JSON never does."""
_GZIP = 16 + zlib.MAX_WBITS
_PIECE = 256 * 1024


def packed(lines: Iterable[bytes]) -> bytes:
    """The lines as one file, which is the same for the same lines; raises UnwritableSnapshot."""
    packing, pieces, total = zlib.compressobj(6, zlib.DEFLATED, _GZIP), [], 0
    for line in lines:
        total += len(line) + 1
        if len(line) > LONGEST_LINE:
            begin = line[:60].decode(errors="replace")
            raise UnwritableSnapshot(
                f"the line {begin}… has {len(line):,} bytes, and {LONGEST_LINE:,} at most are read"
            )
        if total > MOST_UNPACKED:
            raise UnwritableSnapshot(f"it has more than the {MOST_UNPACKED:,} bytes that are read")
        pieces.append(packing.compress(line + b"\n"))
    return b"".join([*pieces, packing.flush()])


def lines_of(file: bytes) -> Iterator[bytes]:
    """The lines of a file, packed or not; raises UnreadableSnapshot.

    No more than a piece is unpacked ahead of what is asked for.
    """
    pending: list[bytes] = []
    length = 0
    for piece in _pieces(file):
        first, *others = piece.split(b"\n")
        pending.append(first)
        length += len(first)
        if length > LONGEST_LINE:
            raise UnreadableSnapshot(f"a line has more than {LONGEST_LINE:,} bytes")
        if others:
            yield b"".join(pending)
            *whole, last = others
            yield from whole
            pending, length = [last], len(last)
    if length:
        yield b"".join(pending)


def _pieces(file: bytes) -> Iterator[bytes]:
    if not file.startswith(MAGIC):
        for start in range(0, len(file), _PIECE):
            yield file[start : start + _PIECE]
        return
    unpacking, rest, total = zlib.decompressobj(_GZIP), file, 0
    while not unpacking.eof:
        try:
            piece = unpacking.decompress(rest, _PIECE)
        except zlib.error:
            raise UnreadableSnapshot("the file is damaged: it cannot be unpacked") from None
        rest = unpacking.unconsumed_tail
        total += len(piece)
        if total > MOST_UNPACKED:
            raise UnreadableSnapshot(f"unpacked it has more than {MOST_UNPACKED:,} bytes")
        if not (piece or rest or unpacking.eof):
            raise UnreadableSnapshot("the file is not whole: the end of what is packed is missing")
        yield piece
    if unpacking.unused_data:
        raise UnreadableSnapshot(
            f"{len(unpacking.unused_data):,} bytes follow the end of what is packed"
        )
