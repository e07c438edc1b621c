"""What the control API takes in a query; anything else is refused, for it would be passed over."""

from flask import request

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
