"""What the body of a call asks for that changes something."""

from flask import request

from ..api.bodies import UNWANTED
from ..api.refusal_bodies import JSON
from ..errors import api_error, shortened


def wish() -> bytes:
    """The body; raises ApiError (415) unless it is declared to be JSON, which no form can do."""
    if request.mimetype != JSON:
        found = shortened(request.content_type or "none")
        raise api_error(415, f"The Content-Type is {found}: expected {JSON}.")
    body: bytes = request.environ.get(UNWANTED, b"")
    return body
