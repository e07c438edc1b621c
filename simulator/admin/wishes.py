"""What the body of a call asks for that changes something."""

from collections.abc import Iterable

from flask import request

from ..api.bodies import UNWANTED
from ..api.refusal_bodies import JSON
from ..errors import api_error, shortened
from ..intake.uploads import CSV, NDJSON

UPLOADS = {
    "text/csv": CSV,
    "application/x-ndjson": NDJSON,
    "application/ndjson": NDJSON,
}
"""Types that no form of a page can send, as JSON is none."""


def upload() -> tuple[bytes, str]:
    """The body, and whether it is CSV or NDJSON; raises ApiError (415) unless it says so."""
    body, declared = declared_body(UPLOADS)
    return body, UPLOADS[declared]


def wish() -> bytes:
    """The body; raises ApiError (415) unless it is declared to be JSON, which no form can do."""
    return declared_body((JSON,))[0]


def declared_body(types: Iterable[str]) -> tuple[bytes, str]:
    """The body, and which of these types it is declared to be; raises ApiError (415) for others."""
    types, declared = tuple(types), request.mimetype
    if declared not in types:
        found = shortened(request.content_type or "none")
        raise api_error(415, f"The Content-Type is {found}: expected {' or '.join(types)}.")
    body: bytes = request.environ.get(UNWANTED, b"")
    return body, declared
