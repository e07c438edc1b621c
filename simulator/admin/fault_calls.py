"""Fault rules, under /__admin/faults."""

from flask import Blueprint, Response

from ..api.current import current
from ..api.edge import query, respond
from .wishes import wish

PARAMETERS: dict[str, tuple[str, ...]] = {
    "admin.show_faults": ("start", "count"),
    "admin.arm_faults": (),
    "admin.add_faults": (),
    "admin.disarm_faults": (),
    "admin.disarm_fault": (),
}


def add_faults(blueprint: Blueprint) -> None:
    """See them, arm them, remove them."""

    @blueprint.get("/faults")
    def show_faults() -> Response:
        """The fault rules that are armed, what they have struck, and the presets there are."""
        return respond(current().fault_setting.show(query()))

    @blueprint.put("/faults")
    def arm_faults() -> Response:
        """Arm a `preset` or `rules`, and no others; the `seed` is what chance goes by."""
        return respond(current().fault_setting.arm(wish()))

    @blueprint.post("/faults")
    def add_faults() -> Response:
        """Arm a `preset` or `rules` beside the others."""
        return respond(current().fault_setting.add(wish()))

    @blueprint.delete("/faults")
    def disarm_faults() -> Response:
        """Remove all of them; a call that one holds goes on at once."""
        return respond(current().fault_setting.disarm())

    @blueprint.delete("/faults/<rule_id>")
    def disarm_fault(rule_id: str) -> Response:
        """Remove one of them."""
        return respond(current().fault_setting.disarm_one(rule_id))
