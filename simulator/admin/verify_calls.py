"""What was expected of a test, under /__admin/verify."""

from flask import Blueprint, Response

from ..api.current import current
from ..api.edge import respond
from .wishes import wish

PARAMETERS: dict[str, tuple[str, ...]] = {"admin.verify": ()}


def add_verify(blueprint: Blueprint) -> None:
    """Hold expectations against what was seen."""

    @blueprint.post("/verify")
    def verify() -> Response:
        """Whether what was expected of requests and their effects has come about."""
        return respond(current().verification.verify(wish()))
