"""The ledger of deltas, under /__admin/ledger."""

from flask import Blueprint, Response

from ..api.current import current
from ..api.edge import query, respond
from ..operations.ledger_view import LEDGER_FILTERS

PARAMETERS: dict[str, tuple[str, ...]] = {
    "admin.search_ledger": (*LEDGER_FILTERS, "start", "count"),
}


def add_ledger(blueprint: Blueprint) -> None:
    """What came of each delta."""

    @blueprint.get("/ledger")
    def search_ledger() -> Response:
        """What came of each deltaId: how often it arrived, was acknowledged, was applied."""
        return respond(current().ledger_view.search(query()))
