"""Fluent's Event API paths, each view one line into its operation."""

from flask import Flask, Response

from ..simulator import Simulator
from .edge import json_body, query, respond


def add_event_paths(app: Flask, simulator: Simulator) -> None:
    """Everything under /api/v4.1/event."""
    events = simulator.events
    behaviour = simulator.behaviour

    @app.post("/api/v4.1/event/async")
    def post_async() -> Response:
        return respond(events.post_async(json_body(behaviour)))

    @app.post("/api/v4.1/event/sync")
    def post_sync() -> Response:
        return respond(events.post_sync(json_body(behaviour)))

    @app.get("/api/v4.1/event")
    def search() -> Response:
        return respond(events.search(query()))

    @app.get("/api/v4.1/event/<event_id>")
    def find(event_id: str) -> Response:
        return respond(events.find(event_id))
