"""Bodies as they arrive: whole and within their bound, or refused with what to do about it."""

from contextlib import suppress
from io import BytesIO
from typing import Any

from ..behaviour import Behaviour
from ..errors import ApiError, api_error, shortened
from ..stores.delta_ledger import EVENT_PATH
from ..stores.request import SENT
from .encodings import check_encoding, too_large, unpacked

Environ = dict[str, Any]

MOST_OF_FORM = 64 * 1024
"""Bytes of a sign-in, unpacked: taking a form apart costs more than sending it."""

ARRIVED = "fluent_oms_simulator.arrived"
"""Where the door leaves a body that it has read whole, or the refusal of one that it has not."""

UNWANTED = "fluent_oms_simulator.unwanted"
"""Where it keeps a body that the call has no use for."""

SEND_AGAIN = "Nothing was applied; send the request again."


def whole_body(environ: Environ, behaviour: Behaviour, most: int) -> bytes:
    """The body, unpacked; raises ApiError (400, 411, 413, 415, 501, 503)."""
    encoding = environ.get("HTTP_CONTENT_ENCODING")
    if encoding:
        encoding = check_encoding(encoding, behaviour.http_content_encoding)
    body = arrived_body(environ, most)
    if encoding:
        environ[SENT] = b""  # read, whatever it is
        body = unpacked(body, encoding, most)
    environ[SENT] = body
    return body


def take_form(environ: Environ, behaviour: Behaviour) -> bytes:
    """Read the body whole, and put it where Flask will look for a form; the body."""
    most = min(MOST_OF_FORM, behaviour.http_max_body_bytes)
    body = whole_body(environ, behaviour, most)
    environ[SENT] = b""  # it holds secrets
    environ["wsgi.input"] = BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    return body


def keep_refused(environ: Environ, behaviour: Behaviour) -> None:
    """Read an event that is refused whatever is in it, so that it is known what is lost with it."""
    if brings_an_event(environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")):
        with suppress(ApiError):  # whatever else is wrong with it
            whole_body(environ, behaviour, behaviour.http_max_body_bytes)


def brings_an_event(method: str, path: str) -> bool:
    """Whether a request has an event for its body."""
    return method == "POST" and path.startswith(EVENT_PATH)


def check_unwanted(environ: Environ, behaviour: Behaviour) -> None:
    """Read a body that the call has no use for, before the call does anything.

    Raises as `whole_body`: a request that broke off may be one that was not meant to be sent.
    """
    if has_body(environ):
        environ[UNWANTED] = arrived_body(environ, behaviour.http_max_body_bytes)
        environ[SENT] = b""


def has_body(environ: Environ) -> bool:
    """Whether its head announces a body that is not empty."""
    return bool(environ.get("HTTP_TRANSFER_ENCODING")) or bool(_length(environ))


def arrived_body(environ: Environ, most: int) -> bytes:
    """The body as it was sent, whole."""
    try:
        found = environ.get(ARRIVED)
        if found is None:
            found = _read_from_host(environ, most)
        if isinstance(found, Exception):
            raise found
    except ApiError:
        environ[SENT] = b""
        raise
    if len(found) > most:
        environ[SENT] = b""
        raise too_large(most)
    return bytes(found)


def _read_from_host(environ: Environ, most: int) -> bytes:
    """The body from a WSGI server that has no door before the application."""
    coding = environ.get("HTTP_TRANSFER_ENCODING")
    if coding and not is_chunked(coding):
        raise unknown_coding(coding)
    length = _length(environ)
    if length is None:
        return bytes(environ["wsgi.input"].read()) if environ.get("wsgi.input_terminated") else b""
    if length > most:
        raise too_large(most)
    body = bytes(environ["wsgi.input"].read(length)) if length else b""
    if len(body) < length:
        raise not_whole(f"{len(body):,} of the {length:,} bytes that Content-Length announces")
    return body


def is_chunked(coding: str) -> bool:
    """Whether a Transfer-Encoding is the one that a server undoes."""
    return coding.strip().lower() == "chunked"


def unknown_coding(coding: str) -> ApiError:
    """The refusal (501) of a transfer coding that is not undone (RFC 9112, 6.1)."""
    found = shortened(coding)
    return api_error(501, f"The Transfer-Encoding is {found}: expected chunked. {SEND_AGAIN}")


def not_whole(arrived: str) -> ApiError:
    """The refusal (400) of a body that broke off; `arrived` is what came of it."""
    return api_error(400, f"The body did not arrive whole: {arrived}. {SEND_AGAIN}")


def _length(environ: Environ) -> int | None:
    """What Content-Length announces; None without one, or where chunks are announced (RFC 9112)."""
    if environ.get("HTTP_TRANSFER_ENCODING"):
        return None
    try:
        return max(0, int(environ.get("CONTENT_LENGTH") or ""))
    except ValueError:
        return None
