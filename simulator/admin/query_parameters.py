"""What the control API takes in a query; anything else is refused, for it would be passed over."""

from urllib.parse import parse_qsl

import orjson
from flask import request

from ..api.bodies import UNWANTED
from ..api.edge import query
from ..operations.parameters import refuse_unknown

PAGE = ("start", "count")
PARAMETERS: dict[str, tuple[str, ...]] = {
    "control.calls": (),
    "control.reset": ("conformance",),
    "control.behaviours": (),
    "control.conformance_report": ("format", "select", "ignore", "failOn"),
    "control.conformance_reset": (),
    "control.list_positions": ("productRef", "locationRef", "catalogueRef", *PAGE),
    "control.find_position": ("catalogueRef", *PAGE),
}
"""By the view that reads them. Health and readiness are asked by probes, which may add some."""


def refuse_unknown_parameters() -> None:
    """Raise ApiError (400) for a parameter that the view does not read."""
    if request.args and (known := PARAMETERS.get(request.endpoint or "")) is not None:
        refuse_unknown(request.args, known)


def query_and_body() -> dict[str, str]:
    """The parameters of a POST, of which people write some into its body: a form or JSON.

    Raises ApiError (400) for one that the view does not read. A body that is neither is no wish.
    """
    written = _written(request.environ.get(UNWANTED, b""))
    refuse_unknown(written, PARAMETERS.get(request.endpoint or "", ()))
    return written | query()


def _written(body: bytes) -> dict[str, str]:
    if request.mimetype == "application/x-www-form-urlencoded":
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return {name: str(value) for name, value in document.items()} if type(document) is dict else {}
