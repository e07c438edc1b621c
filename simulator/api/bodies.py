"""Bodies as they arrive: whole and within their bound, or refused with what to do about it."""

from io import BytesIO
from typing import Any

from werkzeug.exceptions import RequestEntityTooLarge

from ..behaviour import MEBIBYTE, Behaviour
from ..errors import ApiError, api_error
from ..traffic import SENT
from .encodings import check_encoding, unpacked
from .waiting import TooManyWaitingError, waiting

Environ = dict[str, Any]

MOST_DRAINED = 64 * MEBIBYTE
"""Bytes of a body that nobody wants which are read all the same, so that the reply is seen."""
PIECE = 64 * 1024

SEND_AGAIN = "Nothing was applied; send the request again."


def whole_body(
    environ: Environ, behaviour: Behaviour, most: int, *, in_chunks: bool = True
) -> bytes:
    """The body, unpacked; raises RequestEntityTooLarge, or ApiError (400, 411, 415, 503).

    `in_chunks` is whether it may come without a length.
    """
    encoding = environ.get("HTTP_CONTENT_ENCODING")
    if encoding:
        encoding = check_encoding(encoding, behaviour.http_content_encoding)
    length = _length(environ)
    if length is None:
        body = _of_unknown_length(environ, most, in_chunks)
    elif length > most:
        raise RequestEntityTooLarge
    else:
        body = _read(environ, length)
        if len(body) < length:
            environ[SENT] = b""
            arrived = f"{len(body):,} of the {length:,} bytes that Content-Length announces"
            raise api_error(400, f"The body did not arrive whole: {arrived}. {SEND_AGAIN}")
    if encoding:
        environ[SENT] = b""  # read, whatever it is
        body = unpacked(body, encoding, most)
    environ[SENT] = body
    return body


def take_form(environ: Environ, behaviour: Behaviour) -> None:
    """Read the body whole, and put it where Flask will look for a form."""
    # Who signs in holds no token yet: a body without a length has no bound before it has ended.
    body = whole_body(environ, behaviour, behaviour.http_max_body_bytes, in_chunks=False)
    environ[SENT] = b""  # it holds secrets
    environ["wsgi.input"] = BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)


def is_finished(environ: Environ) -> bool:
    """Read what is left of a body that nobody wanted; False where the connection has to close.

    A connection that closes with something unread loses the reply on its way.
    """
    length = _length(environ)
    if length == 0 or (length is None and not environ.get("HTTP_TRANSFER_ENCODING")):
        return True
    if (length or 0) > MOST_DRAINED or "HTTP_EXPECT" in environ:
        return False
    left = MOST_DRAINED if length is None else length
    try:
        while left > 0:
            piece = waiting.read(environ["wsgi.input"], min(left, PIECE))
            if not piece:
                return length is None
            left -= len(piece)
    except TooManyWaitingError:
        return False
    return length is not None


def _of_unknown_length(environ: Environ, most: int, in_chunks: bool) -> bytes:
    """A body in chunks, as far as the server says where it ends."""
    if not environ.get("wsgi.input_terminated"):
        return b""
    is_chunked = bool(environ.get("HTTP_TRANSFER_ENCODING"))
    if is_chunked and not in_chunks:
        raise api_error(411, "The body has no length: send it with Content-Length, not in chunks.")
    # Read at once: granian then gives nothing of a body that broke off, but gives what there was
    # where a size is named, as if that were all.
    body = _read(environ, None)
    if is_chunked and not body:
        environ[SENT] = b""
        broken = "it is empty, its last chunk is missing, or a chunk is malformed"
        raise api_error(400, f"The body did not arrive whole: {broken}. {SEND_AGAIN}")
    if len(body) > most:
        environ[SENT] = b""
        raise RequestEntityTooLarge
    return body


def _read(environ: Environ, length: int | None) -> bytes:
    if length == 0:
        return b""
    try:
        return waiting.read(environ["wsgi.input"], length)
    except TooManyWaitingError:
        raise _busy() from None


def _length(environ: Environ) -> int | None:
    """What Content-Length announces; None without one, or where chunks are announced (RFC 9112)."""
    if environ.get("HTTP_TRANSFER_ENCODING"):
        return None
    try:
        return max(0, int(environ.get("CONTENT_LENGTH") or ""))
    except ValueError:
        return None


def _busy() -> ApiError:
    message = f"Too many bodies are on their way to the simulator. {SEND_AGAIN}"
    return api_error(503, message, headers={"Retry-After": "1"})
