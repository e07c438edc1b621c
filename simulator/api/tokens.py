"""Fluent's authentication path."""

from flask import Flask, Response, request

from ..stores.request import SENT
from .bodies import take_form
from .current import current
from .edge import query, respond
from .sign_in_forms import FORM, refuse_other_encodings, without_secrets


def add_token_path(app: Flask) -> None:
    """POST /oauth/token."""

    @app.post("/oauth/token")
    def issue_token() -> Response:
        simulator = current()
        # The form body is recommended, the query string still taken (28 Jan 2026).
        form = take_form(request.environ, simulator.behaviour)
        refuse_other_encodings(request.query_string)
        if request.mimetype == FORM:
            refuse_other_encodings(form)
        parameters = query() | request.form.to_dict()
        request.environ[SENT] = without_secrets(parameters)
        return respond(simulator.tokens.issue_token(parameters))
