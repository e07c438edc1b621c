"""What callers have sent, under /__admin/requests."""

from flask import Blueprint, Response, request

from ..api.current import current
from ..api.edge import query, respond
from ..operations.parameters import one_of
from ..operations.requests_seen import CURSORS, FILTERS, MARKS

PARAMETERS: dict[str, tuple[str, ...]] = {
    "admin.search_requests": (*FILTERS, *MARKS, *CURSORS, "start", "count"),
    "admin.find_request": ("as",),
    "admin.forget_requests": (),
}


def add_requests(blueprint: Blueprint) -> None:
    """Search them, see one whole, forget them."""

    @blueprint.get("/requests")
    def search_requests() -> Response:
        """What callers have sent, newest first: how it was answered, and what came of it."""
        return respond(current().requests.search(query()))

    @blueprint.get("/requests/<number>")
    def find_request(number: str) -> Response:
        """One of them, whole; with `as=curl` or `as=pytest` as what sends it again."""
        simulator = current()
        form = one_of(query(), "as", ("json", "curl", "pytest"))
        if form == "json":
            return respond(simulator.requests.find(number))
        if form == "curl":
            text = simulator.requests.as_curl(number, request.root_url)
        else:
            text = simulator.pasted_requests.write(number, simulator.settings)
        return Response(text, content_type="text/plain; charset=utf-8")

    @blueprint.delete("/requests")
    def forget_requests() -> Response:
        """Forget what they have sent; stock and events stay."""
        return respond(current().requests.clear())
