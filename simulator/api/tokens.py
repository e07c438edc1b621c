"""Fluent's authentication path."""

from flask import Flask, Response, request

from ..conformance.traffic import SENT
from ..errors import oauth_error, shortened
from ..simulator import Simulator
from ..text.encoding import parameter_fault
from .bodies import take_form
from .edge import query, respond

FORM = "application/x-www-form-urlencoded"
WITHOUT_SECRETS = ("grant_type", "refresh_token")
"""What is kept of a call until it has been examined; a refresh token is spent by its use."""


def add_token_path(app: Flask, simulator: Simulator) -> None:
    """POST /oauth/token."""

    @app.post("/oauth/token")
    def issue_token() -> Response:
        # The form body is recommended, the query string still taken (28 Jan 2026).
        form = take_form(request.environ, simulator.behaviour)
        _refuse_other_encodings(request.query_string)
        if request.mimetype == FORM:
            _refuse_other_encodings(form)
        parameters = query() | request.form.to_dict()
        request.environ[SENT] = {
            name: parameters[name] for name in WITHOUT_SECRETS if name in parameters
        }
        return respond(simulator.tokens.issue_token(parameters))


def _refuse_other_encodings(parameters: bytes) -> None:
    """Raise ApiError (400) for parameters that are not UTF-8, and would be read as others."""
    if (found := parameter_fault(parameters)) is not None:
        name, fault = found
        of = f" of {shortened(name)}" if name else ""
        raise oauth_error(400, "invalid_request", f"The text{of} cannot be read: {fault.sentences}")
