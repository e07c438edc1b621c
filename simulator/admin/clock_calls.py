"""The clock, under /__admin/clock."""

from flask import Blueprint, Response

from ..api.edge import respond
from ..simulator import Simulator
from .wishes import wish

PARAMETERS: dict[str, tuple[str, ...]] = {
    "admin.show_clock": (),
    "admin.change_clock": (),
    "admin.follow_machine_clock": (),
    "admin.advance_clock": (),
}


def add_clock(blueprint: Blueprint, simulator: Simulator) -> None:
    """Read it, set it, move it on."""
    clock = simulator.clock_setting

    @blueprint.get("/clock")
    def show_clock() -> Response:
        """The simulator's time, whether it stands still, and how fast it goes."""
        return respond(clock.show())

    @blueprint.put("/clock")
    def change_clock() -> Response:
        """Set it (`now`), stop it (`frozen`), let it go faster (`rate`)."""
        return respond(clock.change(wish()))

    @blueprint.delete("/clock")
    def follow_machine_clock() -> Response:
        """Follow the machine's time again."""
        return respond(clock.follow_machine())

    @blueprint.post("/clock/advance")
    def advance_clock() -> Response:
        """Move it on, by `hours` for example; what falls due on the way runs, in order."""
        return respond(clock.advance(wish()))
