"""Fluent's Event API paths, each view one line into its operation."""

from flask import Flask, Response

from .current import as_of, current
from .edge import json_body, query, respond


def add_event_paths(app: Flask) -> None:
    """Everything under /api/v4.1/event."""

    @app.post("/api/v4.1/event/async")
    def post_async() -> Response:
        return respond(current().events.post_async(json_body(current().behaviour)))

    @app.post("/api/v4.1/event/sync")
    def post_sync() -> Response:
        return respond(current().events.post_sync(json_body(current().behaviour)))

    @app.get("/api/v4.1/event")
    def search() -> Response:
        return respond(current().events.search(query(), as_of()))

    @app.get("/api/v4.1/event/<event_id>")
    def find(event_id: str) -> Response:
        return respond(current().events.find(event_id, as_of()))
