"""Fluent's Event API paths, each view one line into its operation."""

from flask import Blueprint, Response

from ..assembly import Simulator
from .edge import json_body, query, respond


def events_blueprint(simulator: Simulator) -> Blueprint:
    """Everything under /api/v4.1/event."""
    blueprint = Blueprint("events", __name__, url_prefix="/api/v4.1/event")
    events = simulator.events
    behaviour = simulator.behaviour

    @blueprint.post("/async")
    def post_async() -> Response:
        return respond(events.post_async(json_body(behaviour)))

    @blueprint.post("/sync")
    def post_sync() -> Response:
        return respond(events.post_sync(json_body(behaviour)))

    @blueprint.get("")
    def search() -> Response:
        return respond(events.search(query()))

    @blueprint.get("/<event_id>")
    def find(event_id: str) -> Response:
        return respond(events.find(event_id))

    return blueprint
