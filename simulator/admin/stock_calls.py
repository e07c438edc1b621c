"""Stock as it is and how it came about, under /__admin/positions and /__admin/virtualPositions."""

from flask import Blueprint, Response

from ..api.current import current
from ..api.edge import query, respond
from ..operations.virtual_positions import VIRTUAL_FILTERS

PAGE = ("start", "count")
POSITION_FILTERS = ("productRef", "locationRef", "catalogueRef", "text")
PARAMETERS: dict[str, tuple[str, ...]] = {
    "admin.list_positions": (*POSITION_FILTERS, "asOf", "quantities", *PAGE),
    "admin.find_position": ("catalogueRef", "asOf", "changes", *PAGE),
    "admin.list_virtual_positions": (*VIRTUAL_FILTERS, *PAGE),
}


def add_stock(blueprint: Blueprint) -> None:
    """Positions, and what is available to sell of them."""

    @blueprint.get("/positions")
    def list_positions() -> Response:
        """Positions, found by productRef, locationRef or text, paged by start and count."""
        return respond(current().positions.list_positions(query()))

    @blueprint.get("/positions/<ref:ref>")
    def find_position(ref: str) -> Response:
        """One position: each quantity with its history, with `changes` how its stock came about."""
        return respond(current().positions.find_position(ref, query()))

    @blueprint.get("/virtualPositions")
    def list_virtual_positions() -> Response:
        """What is available to sell, from which positions, and which controls applied."""
        return respond(current().virtual_positions.list_positions(query()))
