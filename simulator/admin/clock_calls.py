"""The clock, under /__admin/clock."""

from flask import Blueprint, Response

from ..api.current import current
from ..api.edge import respond
from .wishes import wish

PARAMETERS: dict[str, tuple[str, ...]] = {
    "admin.show_clock": (),
    "admin.change_clock": (),
    "admin.follow_machine_clock": (),
    "admin.advance_clock": (),
}


def add_clock(blueprint: Blueprint) -> None:
    """Read it, set it, move it on."""

    @blueprint.get("/clock")
    def show_clock() -> Response:
        """The simulator's time, whether it stands still, and how fast it goes."""
        return respond(current().clock_setting.show())

    @blueprint.put("/clock")
    def change_clock() -> Response:
        """Set it (`now`), stop it (`frozen`), let it go faster (`rate`)."""
        return respond(current().clock_setting.change(wish()))

    @blueprint.delete("/clock")
    def follow_machine_clock() -> Response:
        """Follow the machine's time again."""
        return respond(current().clock_setting.follow_machine())

    @blueprint.post("/clock/advance")
    def advance_clock() -> Response:
        """Move it on, by `hours` for example; what falls due on the way runs, in order."""
        return respond(current().clock_setting.advance(wish()))
