"""How fast what was accepted is applied, under /__admin/settling."""

from flask import Blueprint, Response

from ..api.current import current
from ..api.edge import respond
from .wishes import wish

PARAMETERS: dict[str, tuple[str, ...]] = {"admin.show_settling": (), "admin.change_settling": ()}


def add_settling(blueprint: Blueprint) -> None:
    """Read it, choose it."""

    @blueprint.get("/settling")
    def show_settling() -> Response:
        """How fast what was accepted is applied, and what is held."""
        return respond(current().settling.show())

    @blueprint.put("/settling")
    def change_settling() -> Response:
        """Choose it (`mode`): at once, after some time (`milliseconds`), or when asked for."""
        return respond(current().settling.change(wish()))
