"""The control API under /__admin: what the real platform does not have."""

from hmac import compare_digest

from flask import Blueprint, Response, request

from ..api.edge import query, respond
from ..assembly import Simulator
from ..errors import api_error
from ..operations.conformance import VERDICT
from .parameters import refuse_unknown_parameters


def control_blueprint(simulator: Simulator) -> Blueprint:
    """Everything under /__admin."""
    blueprint = Blueprint("control", __name__, url_prefix="/__admin")
    control = simulator.control
    positions = simulator.positions
    conformance = simulator.conformance

    @blueprint.before_request
    def authenticate() -> None:
        token = simulator.admin_token
        if token is None:
            return
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        known = compare_digest(given.strip().encode(errors="replace"), token.encode())
        if scheme.lower() != "bearer" or not known:
            raise api_error(401, "The control API needs the token printed at start-up, as Bearer.")

    # After the token was looked at: who may not ask is not told what could be asked.
    blueprint.before_request(refuse_unknown_parameters)

    @blueprint.get("/health")
    def health() -> Response:
        return respond(control.health())

    @blueprint.get("/ready")
    def ready() -> Response:
        return respond(control.ready())

    @blueprint.post("/reset")
    def reset() -> Response:
        return respond(control.reset(query()))

    @blueprint.get("/behaviours")
    def behaviours() -> Response:
        return respond(control.behaviours())

    @blueprint.get("/conformance")
    def conformance_report() -> Response:
        page = conformance.report(query())
        headers = {VERDICT: page.verdict}
        return Response(page.text, headers=headers, content_type=page.content_type)

    @blueprint.post("/conformance/reset")
    def conformance_reset() -> Response:
        return respond(conformance.reset())

    @blueprint.get("/positions")
    def list_positions() -> Response:
        return respond(positions.list_positions(query()))

    @blueprint.get("/positions/<ref:ref>")
    def find_position(ref: str) -> Response:
        return respond(positions.find_position(ref, query()))

    return blueprint
