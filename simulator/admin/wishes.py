"""What the body of a call asks for that changes something."""

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
    form = UPLOADS.get(request.mimetype)
    if form is None:
        found = shortened(request.content_type or "none")
        expected = " or ".join(dict.fromkeys(UPLOADS))
        raise api_error(415, f"The Content-Type is {found}: expected {expected}.")
    body: bytes = request.environ.get(UNWANTED, b"")
    return body, form


def wish() -> bytes:
    """The body; raises ApiError (415) unless it is declared to be JSON, which no form can do."""
    if request.mimetype != JSON:
        found = shortened(request.content_type or "none")
        raise api_error(415, f"The Content-Type is {found}: expected {JSON}.")
    body: bytes = request.environ.get(UNWANTED, b"")
    return body
