"""POST /graphql.

Fluent docs: GraphQL query limits, 25 Sept 2024: a body over 2 MB is 413.
"""

from flask import Flask, Response

from ..errors import api_error
from .current import as_of, current
from .edge import json_body, respond
from .encodings import TooLargeError


def add_graphql_path(app: Flask) -> None:
    """The one path of the GraphQL API."""

    @app.post("/graphql")
    def graphql() -> Response:
        simulator = current()
        most = simulator.behaviour.graphql_max_body_bytes
        try:
            body = json_body(simulator.behaviour, most)
        except TooLargeError:
            message = f"Request Entity Too Large: a GraphQL body has at most {most:,} bytes."
            raise api_error(413, message) from None
        return respond(simulator.graphql.post(body, as_of()))
