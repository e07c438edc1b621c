"""A world in which something has happened: what a connector sends, and what goes wrong with it."""

from typing import Any

from fluent_oms_simulator import FluentOms
from fluent_oms_simulator.client.builders import delta, event, record

EVENT = "/api/v4.1/event/async"
HOSTILE = "<img src=x onerror=alert(1)>"
"""A ref that would be markup, were it read as such."""
HOSTILE_PLACE = "\"'><script>alert(2)</script>"


def deltas(*entries: dict[str, Any], **more: object) -> dict[str, Any]:
    """An INVENTORY_DELTA event."""
    return {**event("INVENTORY_DELTA", {"deltas": list(entries)}), **more}


def keep_busy(world: FluentOms, rounds: int = 1) -> None:
    """Send a load, deltas of all fates, refs that are markup, and look at what came of it."""
    made = world.send("POST", "/api/v4.1/job", {"name": f"load {HOSTILE}", "retailerId": "1"})
    job = made.fields["id"]
    records = [record(f"SKU_{n}", place, 100 + n) for n in range(6) for place in ("MEL", "SYD")]
    records.append(record(HOSTILE, HOSTILE_PLACE, 7))
    for turn in range(rounds):
        batch = {"action": "UPSERT", "entityType": "INVENTORY", "entities": records}
        sent = world.send("POST", f"/api/v4.1/job/{job}/batch", batch)
        world.settle()
        world.send("GET", f"/api/v4.1/job/{job}/batch/{sent.fields['id']}")
        _send_deltas(world, turn)


def _send_deltas(world: FluentOms, turn: int) -> None:
    first = delta("SKU_1", "MEL", 10, f"d{turn}-1")
    world.send("POST", EVENT, deltas(first, delta("SKU_2", "SYD", -30, f"d{turn}-2")))
    world.send("POST", EVENT, deltas(first))
    world.send("POST", EVENT, deltas(delta("SKU_1", "MEL", 11, f"d{turn}-1")))
    world.send("POST", EVENT, deltas(delta(HOSTILE, HOSTILE_PLACE, -2, f"{HOSTILE}{turn}")))
    world.send("POST", EVENT, deltas(delta("NONE", "MEL", -1, f"d{turn}-3")))
    world.send("POST", EVENT, deltas(delta("SKU_1", "MEL", 0, f"d{turn}-4")))
    world.send("POST", EVENT, {**event("NO_SUCH_EVENT", {}), "entityRef": "DEFAULT:1"})
    many = [delta(f"SKU_{n}", "MEL", -1, f"m{turn}-{n}") for n in range(6)]
    world.send("POST", EVENT, deltas(*many))
    world.send("POST", EVENT, b'{"name": "INVENTORY_DELTA"')
    world.settle()  # so that the log of events has the same in it, however busy the machine is
    world.send("GET", "/api/v4.1/event?count=5")
    world.send("POST", "/graphql", {"query": "{ inventoryPositions { edges { node { ref } } } }"})
    world.settle()
