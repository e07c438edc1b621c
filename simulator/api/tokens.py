"""Fluent's authentication path."""

from flask import Flask, Response, request

from ..assembly import Simulator
from .edge import query, respond


def add_token_path(app: Flask, simulator: Simulator) -> None:
    """POST /oauth/token."""

    @app.post("/oauth/token")
    def issue_token() -> Response:
        # The form body is recommended, the query string still taken (28 Jan 2026).
        return respond(simulator.tokens.issue_token(query() | request.form.to_dict()))
