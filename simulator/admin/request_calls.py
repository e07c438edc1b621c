"""What callers have sent, under /__admin/requests."""

from flask import Blueprint, Response, request

from ..api.edge import query, respond
from ..operations.requests_seen import FILTERS
from ..simulator import Simulator

PARAMETERS: dict[str, tuple[str, ...]] = {
    "admin.search_requests": (*FILTERS, "start", "count"),
    "admin.find_request": ("as",),
    "admin.forget_requests": (),
}


def add_requests(blueprint: Blueprint, simulator: Simulator) -> None:
    """Search them, see one whole, forget them."""
    requests = simulator.requests

    @blueprint.get("/requests")
    def search_requests() -> Response:
        """What callers have sent, newest first: how it was answered, and what came of it."""
        return respond(requests.search(query()))

    @blueprint.get("/requests/<number>")
    def find_request(number: str) -> Response:
        """One of them, whole; as a command that sends it again with `as=curl`."""
        found = requests.find(number, query(), request.host_url)
        if isinstance(found, str):
            return Response(found, content_type="text/plain; charset=utf-8")
        return respond(found)

    @blueprint.delete("/requests")
    def forget_requests() -> Response:
        """Forget what they have sent; stock and events stay."""
        return respond(requests.clear())
