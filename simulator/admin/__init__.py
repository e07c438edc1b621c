"""The control API under /__admin: what the real platform does not have.

May import: simulator/ui, simulator/api (and what that may).

To add a call, add a view: it is guarded, needs the token, and stands in the list of calls with its
docstring, without further ado. What it takes in its query stands in PARAMETERS.
"""

import orjson
from flask import Blueprint, Response, current_app, request

from ..api.current import current
from ..api.edge import query, respond
from ..conformance.conformance_api import VERDICT
from ..errors import ApiError, Fault, api_error, refused, shortened
from ..intake.parsing import parse
from ..operations.administration import KEPT
from ..operations.parameters import refuse_unknown
from ..ui.listing import ListSection, calls_of, respond_with_list
from ..ui.openapi import control_description
from . import (
    behaviour_calls,
    clock_calls,
    fault_calls,
    ledger_calls,
    namespace_calls,
    request_calls,
    seed_calls,
    settling_calls,
    snapshot_calls,
    stock_calls,
    verify_calls,
    webhook_calls,
    work_calls,
)
from .wishes import refuse_forms, wish

ADMIN_PREFIX = "/__admin"
PUBLIC = frozenset({"admin.health", "admin.ready"})
"""What needs no token: a cluster's probes have none."""
ABOUT = (
    "What the real platform does not have: how the simulator is, what it holds, and starting over."
)

PARAMETERS: dict[str, tuple[str, ...]] = {
    "admin.calls": (),
    "admin.describe": (),
    "admin.reset": KEPT,
    "admin.settle": ("wait", "units"),
    "admin.conformance_report": ("format", "select", "ignore", "failOn"),
    "admin.conformance_reset": (),
    **behaviour_calls.PARAMETERS,
    **clock_calls.PARAMETERS,
    **request_calls.PARAMETERS,
    **fault_calls.PARAMETERS,
    **namespace_calls.PARAMETERS,
    **snapshot_calls.PARAMETERS,
    **seed_calls.PARAMETERS,
    **settling_calls.PARAMETERS,
    **verify_calls.PARAMETERS,
    **ledger_calls.PARAMETERS,
    **webhook_calls.PARAMETERS,
    **stock_calls.PARAMETERS,
    **work_calls.PARAMETERS,
}
"""What is taken in a query, by the view that reads it; anything else would be passed over, and is
refused. Health and readiness are asked by probes, which may add some."""


def admin_blueprint() -> Blueprint:
    """Everything under /__admin."""
    blueprint = Blueprint("admin", __name__, url_prefix=ADMIN_PREFIX)

    def is_known() -> bool:
        return current().admin.is_known(request.headers.get("Authorization", ""))

    @blueprint.before_request
    def authenticate() -> None:
        if request.endpoint not in PUBLIC and not is_known():
            raise _token_needed()

    blueprint.before_request(refuse_forms)

    @blueprint.get("/", strict_slashes=True)
    @blueprint.get("")
    def calls() -> Response:
        """This list."""
        listed = ListSection("calls", calls_of(current_app, "admin"))
        return respond_with_list("Control API", ABOUT, [listed])

    @blueprint.get("/openapi.json")
    def describe() -> Response:
        """The OpenAPI description of these calls."""
        return Response(control_description(request.root_path), mimetype="application/json")

    @blueprint.before_request
    def refuse_unknown_parameters() -> None:
        # After the token was looked at: who may not ask is not told what could be asked.
        if request.args and (known := PARAMETERS.get(request.endpoint or "")) is not None:
            refuse_unknown(request.args, known)

    @blueprint.get("/health")
    def health() -> Response:
        """Whether it lives, version and uptime; with the token, its profile and how full it is."""
        return respond(current().admin.health(in_detail=is_known()))

    @blueprint.get("/ready")
    def ready() -> Response:
        """200 once the seed data is loaded, 503 before."""
        return respond(current().admin.ready())

    @blueprint.get("/conformance")
    def conformance_report() -> Response:
        """What all traffic has broken of the rules: how often, first, last, and examples."""
        page = current().conformance.report(query())
        headers = {VERDICT: page.verdict}
        return Response(page.text, headers=headers, content_type=page.content_type)

    @blueprint.post("/conformance/reset")
    def conformance_reset() -> Response:
        """Forget the traffic, start anew."""
        query_and_body()
        return respond(current().conformance.reset())

    @blueprint.post("/reset")
    def reset() -> Response:
        """Back to the state after the start."""
        return respond(current().admin.reset(query_and_body()))

    @blueprint.post("/settle")
    def settle() -> Response:
        """Apply what is held, or `units` of it; answered once nothing waits, or after `wait` s."""
        return respond(current().admin.settle(query_and_body()))

    behaviour_calls.add_behaviours(blueprint)
    clock_calls.add_clock(blueprint)
    request_calls.add_requests(blueprint)
    fault_calls.add_faults(blueprint)
    namespace_calls.add_namespaces(blueprint)
    snapshot_calls.add_snapshots(blueprint)
    seed_calls.add_seeding(blueprint)
    settling_calls.add_settling(blueprint)
    verify_calls.add_verify(blueprint)
    ledger_calls.add_ledger(blueprint)
    webhook_calls.add_webhooks(blueprint)
    stock_calls.add_stock(blueprint)
    work_calls.add_work(blueprint)
    return blueprint


def query_and_body() -> dict[str, str]:
    """The parameters of a POST, of which people write some into its body, as JSON.

    Raises ApiError (400) for one that the view does not read, and for a body that is no object.
    """
    body = wish()
    written = {} if body.strip() in (b"", b"null") else _written(parse(body))
    refuse_unknown(written, PARAMETERS.get(request.endpoint or "", ()), "/")
    return written | query()


def _written(document: object) -> dict[str, str]:
    """What a body says by name."""
    if not isinstance(document, dict):
        raise refused([Fault("", shortened(orjson.dumps(document).decode()), "an object")])
    return {
        name: value if isinstance(value, str) else orjson.dumps(value).decode()
        for name, value in document.items()
        if value is not None
    }


def _token_needed() -> ApiError:
    return api_error(
        401,
        "The control API needs its token: Authorization: Bearer, then what --admin-token set or"
        " the start has printed.",
        headers={"WWW-Authenticate": 'Bearer realm="fluent-sim control"'},
    )
