"""What was acknowledged is applied before the door is shut for good."""

import json

from fluent_oms_simulator import Settings, build

from ..support import delta, deltas
from .helpers.as_granian import AtTheDoor, Call

HEADERS = {"Content-Type": "application/json"}
EVENT = json.dumps(deltas(delta("D45", "LOC_MEL", 1, "d1"))).encode()


def test_a_stop_applies_what_is_held_back() -> None:
    settings = Settings(auth="off", seed_data="none", settling="manual")
    with AtTheDoor(build(settings)) as door:
        answer = door.through(Call("POST", "/api/v4.1/event/async", EVENT, HEADERS))
        event = door.simulator.event_log.find(json.loads(answer.body)["id"])
        assert event is not None
        assert event.waits

    assert not event.waits
    assert door.simulator.worker.in_line.held == (0, 0)


def test_it_applies_what_a_world_with_a_name_holds_back_too() -> None:
    with AtTheDoor(build(Settings(auth="off", seed_data="none"))) as door:
        made = Call("PUT", "/__admin/namespaces/orders", b"{}", HEADERS)
        manual = Call("PUT", "/__ns/orders/__admin/settling", b'{"mode": "manual"}', HEADERS)
        assert [door.through(call).status for call in (made, manual)] == [201, 200]
        answer = door.through(Call("POST", "/__ns/orders/api/v4.1/event/async", EVENT, HEADERS))
        assert door.simulator.worlds is not None
        world = door.simulator.worlds.find("orders").simulator
        event = world.event_log.find(json.loads(answer.body)["id"])
        assert event is not None
        assert world.worker.in_line.held == (1, 0)
        assert door.simulator.worker.settling.mode == "immediate"

    assert not event.waits
