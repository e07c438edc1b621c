"""What was accepted, and how far it is: jobs, batches and events, under /__admin."""

from flask import Blueprint, Response

from ..api.current import current
from ..api.edge import query, respond
from ..operations.events_seen import EVENT_FILTERS
from ..operations.jobs_seen import BATCH_FILTERS

PARAMETERS: dict[str, tuple[str, ...]] = {
    "admin.list_jobs": ("start", "count"),
    "admin.list_batches": (*BATCH_FILTERS, "start", "count"),
    "admin.search_events": (*EVENT_FILTERS, "start", "count"),
    "admin.find_event": (),
}


def add_work(blueprint: Blueprint) -> None:
    """Jobs, their batches, and the event log as a person reads it."""

    @blueprint.get("/jobs")
    def list_jobs() -> Response:
        """Jobs, newest first: how many batches and records there are, and how far they are."""
        return respond(current().jobs_seen.list_jobs(query()))

    @blueprint.get("/batches")
    def list_batches() -> Response:
        """Batches, newest first: progress, records by fate, and how long until all was visible."""
        return respond(current().jobs_seen.list_batches(query()))

    @blueprint.get("/events")
    def search_events() -> Response:
        """The event log, newest first: why an event came to nothing, and what to do about it."""
        return respond(current().events_seen.search(query()))

    @blueprint.get("/events/<event_id>")
    def find_event(event_id: str) -> Response:
        """One of them, whole, with its audit rows as a story."""
        return respond(current().events_seen.find(event_id))
