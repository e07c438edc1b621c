"""Fluent's authentication path."""

from flask import Blueprint, Response, request

from ..assembly import Simulator
from .edge import query, respond


def tokens_blueprint(simulator: Simulator) -> Blueprint:
    """POST /oauth/token."""
    blueprint = Blueprint("tokens", __name__)

    @blueprint.post("/oauth/token")
    def issue_token() -> Response:
        # The form body is recommended, the query string still taken (28 Jan 2026).
        return respond(simulator.tokens.issue_token(query() | request.form.to_dict()))

    return blueprint
