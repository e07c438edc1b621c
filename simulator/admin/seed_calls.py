"""Seed data for a simulator at work, under /__admin/seed."""

from flask import Blueprint, Response

from ..api.current import current
from ..api.edge import query, respond
from .wishes import seed

PARAMETERS: dict[str, tuple[str, ...]] = {"admin.add_seed": ("line", "record")}


def add_seeding(blueprint: Blueprint) -> None:
    """Add to what there is."""

    @blueprint.post("/seed")
    def add_seed() -> Response:
        """Add stock, as a batch's records or CSV, and locations, controls and the like as JSON."""
        body, is_csv = seed()
        return respond(current().seeding.add(body, query(), is_csv=is_csv))
