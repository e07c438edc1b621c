"""Seed data for a simulator at work, under /__admin/seed."""

from flask import Blueprint, Response, request

from ..api.bodies import UNWANTED
from ..api.current import current
from ..api.edge import respond
from ..api.refusal_bodies import JSON
from ..errors import api_error, shortened

CSV = "text/csv"
PARAMETERS: dict[str, tuple[str, ...]] = {"admin.add_seed": ()}


def add_seeding(blueprint: Blueprint) -> None:
    """Add to what there is."""

    @blueprint.post("/seed")
    def add_seed() -> Response:
        """Add stock, as a batch's records or CSV, and locations, controls and the like as JSON."""
        if request.mimetype not in (JSON, CSV):
            found = shortened(request.content_type or "none")
            raise api_error(415, f"The Content-Type is {found}: expected {JSON} or {CSV}.")
        body: bytes = request.environ.get(UNWANTED, b"")
        return respond(current().seeding.add(body, is_csv=request.mimetype == CSV))
