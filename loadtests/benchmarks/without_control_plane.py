"""A simulator that keeps nothing for its control plane, as a yardstick for what that costs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, cast

from fluent_oms_simulator.app import create_app
from fluent_oms_simulator.assembly import build
from fluent_oms_simulator.serving.door.caretaker import Caretaker
from fluent_oms_simulator.serving.door.door import Door
from fluent_oms_simulator.serving.process import tune
from fluent_oms_simulator.settings import Settings

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

OF_THE_LEDGER = ("accepted", "ended", "batch_accepted", "batch_ended", "keep_up", "answered")


def served(*, whole: bool) -> Door:
    """The way in to a simulator that has just been started, with its control plane or without."""
    simulator = build(Settings(seed_data="none"))
    if not whole:
        strip(simulator)
    simulator.start()
    application = create_app(simulator)
    tune()
    door = Door(simulator, application)
    Caretaker(door, cast("Connection", _NeverStops())).start()
    return door


class _NeverStops:
    """Stands for the pipe by which a server is told to stop: this one is ended from outside."""

    def poll(self, seconds: float) -> bool:
        """Wait so long; nothing has come then."""
        time.sleep(seconds)
        return False


def strip(simulator: Any) -> None:
    """Have requests, deltas and past stock noted by nobody; conformance stays as it is."""

    def nobody(*_: Any) -> None:
        return None

    for name in OF_THE_LEDGER:
        setattr(simulator.ledger, name, nobody)
    traffic = simulator.traffic
    traffic._note_answered = None
    traffic.log.add = lambda *_: 0
    with simulator.store.view() as (account, _):
        for catalogue in account.catalogues.values():
            catalogue._on_hand_log.note = nobody
