"""Bodies that were packed (`Content-Encoding`), unpacked within a limit."""

import zlib

from ..errors import ApiError, Reason, api_error, shortened

ACCEPTED = "gzip, deflate"

MOST_MEMBERS = 100
"""Of a gzip body, which may have several; each costs a copy of what is left."""

GZIP = 16 + zlib.MAX_WBITS
_WINDOWS = {"gzip": GZIP, "x-gzip": GZIP, "deflate": zlib.MAX_WBITS}


def check_encoding(encoding: str, switch: str) -> str:
    """The name of the encoding, in lower case; raises ApiError (415, 400) for one not taken."""
    names = [name.strip().lower() for name in encoding.split(",")]
    names = [name for name in names if name not in ("", "identity")]
    if len(names) > 1:
        found = shortened(", ".join(names))
        message = f"The Content-Encoding is {found}: expected one encoding at most."
        raise api_error(400, message)
    name = names[0] if names else ""
    if name and switch == "refuse":
        raise _unsupported(name, "a body that is not encoded (http.content_encoding is refuse)", "")
    if name and name not in _WINDOWS:
        raise _unsupported(name, f"one of {ACCEPTED}, or none", ACCEPTED)
    return name


def unpacked(packed: bytes, name: str, most: int) -> bytes:
    """The body itself; raises TooLargeError beyond `most` bytes, ApiError (400) if broken.

    Never more than the limit is unpacked, however small the packed body.
    """
    window = _WINDOWS[name]
    if name == "deflate" and not _has_zlib_header(packed):
        window = -zlib.MAX_WBITS  # what many clients send for deflate: the bare stream
    pieces: list[bytes] = []
    left, rest = most, packed
    while rest or not pieces:
        if len(pieces) == MOST_MEMBERS:
            raise _broken(name, f"it has more than {MOST_MEMBERS} members")
        unpacking = zlib.decompressobj(window)
        try:
            piece = unpacking.decompress(rest, left + 1)
        except zlib.error:
            raise _broken(name, "it is damaged") from None
        if len(piece) > left:
            raise too_large(most)
        if not unpacking.eof:
            raise _broken(name, "its end is missing")
        pieces.append(piece)
        left -= len(piece)
        rest = unpacking.unused_data
        if rest and window != GZIP:  # only gzip may have several members
            raise _broken(name, f"{len(rest):,} bytes follow its end")
    return b"".join(pieces)


class TooLargeError(ApiError):
    """The refusal (413) of a body of more than so many bytes."""


def too_large(most: int) -> TooLargeError:
    """The refusal (413) of a body of more than so many bytes."""
    return TooLargeError(413, [Reason("413", f"The body is too large: at most {most:,} bytes.")])


def _has_zlib_header(packed: bytes) -> bool:
    """RFC 1950, 2.2: the method is 8, and the first two bytes are a multiple of 31."""
    return len(packed) > 1 and packed[0] & 15 == 8 and int.from_bytes(packed[:2], "big") % 31 == 0


def _broken(name: str, why: str) -> ApiError:
    return api_error(400, f"The body is declared {name}, and cannot be unpacked: {why}.")


def _unsupported(name: str, expected: str, accepted: str) -> ApiError:
    message = f"The Content-Encoding is {shortened(name)}: expected {expected}."
    # RFC 7694, 3: what the server would take; `identity` where it takes none.
    return api_error(415, message, headers={"Accept-Encoding": accepted or "identity"})
