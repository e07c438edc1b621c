"""What the body of a call asks for that changes something."""

from collections.abc import Iterable

from flask import request

from ..api.bodies import UNWANTED, has_body
from ..api.browsers import CHANGES_NOTHING
from ..api.current import current
from ..api.encodings import check_encoding, unpacked
from ..api.refusal_bodies import JSON
from ..errors import api_error, shortened
from ..intake.uploads import CSV, NDJSON

TABLE = "text/csv"
GZIP = "application/gzip"
UPLOADS = {
    TABLE: CSV,
    "application/x-ndjson": NDJSON,
    "application/ndjson": NDJSON,
}
OTHER_TYPES: dict[str, tuple[str, ...]] = {
    "admin.add_seed": (JSON, TABLE),
    "admin.reconcile": tuple(UPLOADS),
    "admin.load_snapshot": (GZIP, "application/x-gzip", "application/x-ndjson"),
}
"""What a body may be declared to be, by the view that takes something else than JSON.

Types that no form of a page can send, as JSON is none.
"""


def refuse_forms() -> None:
    """Raise ApiError (415) for what a page's form could have sent; to be asked before any view.

    DELETE and PUT, which no form sends, keep to the same rule: there is nothing to remember.
    """
    if request.method in CHANGES_NOTHING:
        return
    # With neither body nor type, as of `curl -X POST`, it comes from no form, which always sends a
    # type, and from no script of another site, whose Origin BrowserGuard has refused by now.
    if request.content_type or has_body(request.environ):
        _declared(OTHER_TYPES.get(request.endpoint or "", (JSON,)))


def wish() -> bytes:
    """The body, unpacked, which is JSON or nothing at all; raises ApiError (400, 413, 415)."""
    environ = request.environ
    body: bytes = environ.get(UNWANTED, b"")
    # The platform may know no encodings (http.content_encoding); these calls are none of its own.
    encoding = body and check_encoding(environ.get("HTTP_CONTENT_ENCODING", ""), "decode")
    return unpacked(body, encoding, current().behaviour.http_max_body_bytes) if encoding else body


def upload() -> tuple[bytes, str]:
    """The body, and whether it is CSV or NDJSON; raises ApiError (415) unless it says so."""
    return wish(), UPLOADS[_declared(UPLOADS)]


def seed() -> tuple[bytes, bool]:
    """The body, and whether it is CSV, or else JSON; raises ApiError (415) unless it says so."""
    return wish(), _declared((JSON, TABLE)) == TABLE


def _declared(types: Iterable[str]) -> str:
    types, declared = tuple(types), request.mimetype
    if declared in types:
        return declared
    found = shortened(request.content_type or "none")
    raise api_error(
        415,
        f"The Content-Type is {found}: expected {' or '.join(types)}, which no form of a page can"
        " send. A call that needs no body is sent without one and without a Content-Type.",
    )
