"""What came of what was sent: the ledger of deltas, and what stock was before."""

from flask import Blueprint, Response

from ..api.current import current
from ..api.edge import query, respond
from ..operations.ledger_records import RECORD_FILTERS
from ..operations.ledger_view import LEDGER_FILTERS
from ..operations.reconciliation import RECONCILE_PARAMETERS
from .wishes import upload, wish

PARAMETERS: dict[str, tuple[str, ...]] = {
    "admin.search_ledger": (*LEDGER_FILTERS, "start", "count"),
    "admin.search_ledger_records": (*RECORD_FILTERS, "start", "count"),
    "admin.reconcile": RECONCILE_PARAMETERS,
    "admin.bisect": (),
}


def add_ledger(blueprint: Blueprint) -> None:
    """What came of each delta, and when stock became what it is."""

    @blueprint.get("/ledger")
    def search_ledger() -> Response:
        """What came of each deltaId: how often it arrived, was acknowledged, was applied."""
        return respond(current().ledger_view.search(query()))

    @blueprint.get("/ledger/records")
    def search_ledger_records() -> Response:
        """What came of each record of a batch, and which later count has superseded it."""
        return respond(current().ledger_records.search(query()))

    @blueprint.post("/reconcile")
    def reconcile() -> Response:
        """What a source system believes, as CSV or NDJSON, held against stock or ledger."""
        return respond(current().reconciliation.compare(*upload(), query()))

    @blueprint.post("/bisect")
    def bisect() -> Response:
        """The first request after which the stock on hand of a position was as asked."""
        return respond(current().past.bisect(wish()))
