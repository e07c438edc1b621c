"""Fluent's authentication path."""

from flask import Flask, Response, request

from ..assembly import Simulator
from ..traffic import SENT
from .bodies import take_form
from .edge import query, respond

WITHOUT_SECRETS = ("grant_type", "refresh_token")
"""What is kept of a call until it has been examined; a refresh token is spent by its use."""


def add_token_path(app: Flask, simulator: Simulator) -> None:
    """POST /oauth/token."""

    @app.post("/oauth/token")
    def issue_token() -> Response:
        # The form body is recommended, the query string still taken (28 Jan 2026).
        take_form(request.environ, simulator.behaviour)
        parameters = query() | request.form.to_dict()
        request.environ[SENT] = {
            name: parameters[name] for name in WITHOUT_SECRETS if name in parameters
        }
        return respond(simulator.tokens.issue_token(parameters))
