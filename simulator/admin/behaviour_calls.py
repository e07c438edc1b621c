"""The behaviour switches, under /__admin/behaviours."""

from flask import Blueprint, Response

from ..api.current import current
from ..api.edge import respond
from .wishes import wish

PARAMETERS: dict[str, tuple[str, ...]] = {
    "admin.show_behaviours": (),
    "admin.change_behaviours": (),
    "admin.restore_behaviours": (),
}


def add_behaviours(blueprint: Blueprint) -> None:
    """Tell them, change some, go back to those of the start."""

    @blueprint.get("/behaviours")
    def show_behaviours() -> Response:
        """The switches, the values in force, and which of them cannot be changed now."""
        return respond(current().behaviours.show())

    @blueprint.put("/behaviours")
    def change_behaviours() -> Response:
        """Change some of them from now on; null is the value of the profile."""
        return respond(current().behaviours.change(wish()))

    @blueprint.delete("/behaviours")
    def restore_behaviours() -> Response:
        """Set them as they were at the start."""
        return respond(current().behaviours.restore())
