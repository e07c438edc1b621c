"""Bodies as they arrive: whole and within their bound, or refused with what to do about it."""

from io import BytesIO
from typing import Any

from ..behaviour import MEBIBYTE, Behaviour
from ..conformance.traffic import SENT
from ..errors import ApiError, api_error, shortened
from .encodings import check_encoding, too_large, unpacked
from .waiting import Sender, TooManyWaitingError, waiting

Environ = dict[str, Any]

MOST_DRAINED = 64 * MEBIBYTE
"""Bytes of a body that nobody wants which are read all the same, so that the reply is seen."""
MOST_OF_FORM = 64 * 1024
"""Bytes of a sign-in, unpacked: taking a form apart costs more than sending it."""
PIECE = 64 * 1024

KNOWN = "fluent_oms_simulator.known"
"""What a request's environment has once a token in force was shown."""

UNWANTED = "fluent_oms_simulator.unwanted"
"""Where it keeps a body that the call has no use for."""

SEND_AGAIN = "Nothing was applied; send the request again."


def whole_body(
    environ: Environ, behaviour: Behaviour, most: int, sender: Sender = Sender.CALLER
) -> bytes:
    """The body, unpacked; raises RequestEntityTooLarge, or ApiError (400, 411, 415, 501, 503)."""
    encoding = environ.get("HTTP_CONTENT_ENCODING")
    if encoding:
        encoding = check_encoding(encoding, behaviour.http_content_encoding)
    body = _arrived(environ, most, sender)
    if encoding:
        environ[SENT] = b""  # read, whatever it is
        body = unpacked(body, encoding, most)
    environ[SENT] = body
    return body


def take_form(environ: Environ, behaviour: Behaviour) -> bytes:
    """Read the body whole, and put it where Flask will look for a form; the body."""
    most = min(MOST_OF_FORM, behaviour.http_max_body_bytes)
    body = whole_body(environ, behaviour, most, Sender.SIGNING_IN)
    environ[SENT] = b""  # it holds secrets
    environ["wsgi.input"] = BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    return body


def check_unwanted(environ: Environ, behaviour: Behaviour) -> None:
    """Read a body that the call has no use for, before the call does anything.

    Raises as `whole_body`: a request that broke off may be one that was not meant to be sent.
    """
    if _has_body(environ):
        environ[UNWANTED] = _arrived(environ, behaviour.http_max_body_bytes, _sender(environ))
        environ[SENT] = b""


def is_finished(environ: Environ) -> bool:
    """Read what is left of a body that nobody wanted; False where the connection has to close.

    A connection that closes with something unread loses the reply on its way.
    """
    if not _has_body(environ):
        return True
    length, sender = _length(environ), _sender(environ)
    if (length or 0) > MOST_DRAINED or "HTTP_EXPECT" in environ:
        return False
    left = MOST_DRAINED if length is None else length
    try:
        while left > 0:
            piece = waiting.read(environ["wsgi.input"], sender, min(left, PIECE))
            if not piece:
                return length is None
            left -= len(piece)
    except TooManyWaitingError:
        return False
    return length is not None


def _has_body(environ: Environ) -> bool:
    return bool(environ.get("HTTP_TRANSFER_ENCODING")) or bool(_length(environ))


def _sender(environ: Environ) -> Sender:
    return Sender.CALLER if KNOWN in environ else Sender.STRANGER


def _arrived(environ: Environ, most: int, sender: Sender) -> bytes:
    """The body as it was sent, whole."""
    coding = environ.get("HTTP_TRANSFER_ENCODING")
    if coding and coding.strip().lower() != "chunked":
        environ[SENT] = b""
        found = shortened(coding)
        # RFC 9112, 6.1: a server answers so where it does not undo a transfer coding.
        raise api_error(501, f"The Transfer-Encoding is {found}: expected chunked. {SEND_AGAIN}")
    length = _length(environ)
    if length is None:
        return _of_unknown_length(environ, most, sender)
    if length > most:
        raise too_large(most)
    body = _read(environ, length, sender)
    if len(body) < length:
        environ[SENT] = b""
        arrived = f"{len(body):,} of the {length:,} bytes that Content-Length announces"
        raise api_error(400, f"The body did not arrive whole: {arrived}. {SEND_AGAIN}")
    return body


def _of_unknown_length(environ: Environ, most: int, sender: Sender) -> bytes:
    """A body in chunks, as far as the server says where it ends."""
    if not environ.get("wsgi.input_terminated"):
        return b""
    is_chunked = bool(environ.get("HTTP_TRANSFER_ENCODING"))
    # Who signs in holds no token yet: a body without a length has no bound before it has ended.
    if is_chunked and sender is Sender.SIGNING_IN:
        raise api_error(411, "The body has no length: send it with Content-Length, not in chunks.")
    # Read at once: granian then gives nothing of a body that broke off, but gives what there was
    # where a size is named, as if that were all.
    body = _read(environ, None, sender)
    if is_chunked and not body:
        environ[SENT] = b""
        broken = "it is empty, its last chunk is missing, or a chunk is malformed"
        raise api_error(400, f"The body did not arrive whole: {broken}. {SEND_AGAIN}")
    if len(body) > most:
        environ[SENT] = b""
        raise too_large(most)
    return body


def _read(environ: Environ, length: int | None, sender: Sender) -> bytes:
    if length == 0:
        return b""
    try:
        return waiting.read(environ["wsgi.input"], sender, length)
    except TooManyWaitingError:
        raise _busy(waiting.seconds_to_room(sender)) from None


def _length(environ: Environ) -> int | None:
    """What Content-Length announces; None without one, or where chunks are announced (RFC 9112)."""
    if environ.get("HTTP_TRANSFER_ENCODING"):
        return None
    try:
        return max(0, int(environ.get("CONTENT_LENGTH") or ""))
    except ValueError:
        return None


def _busy(seconds: int) -> ApiError:
    message = f"Too many bodies are on their way to the simulator. {SEND_AGAIN}"
    return api_error(503, message, headers={"Retry-After": str(seconds)})
