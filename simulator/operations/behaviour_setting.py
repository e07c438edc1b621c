"""The behaviour switches of a simulator at work: told, and changed."""

import threading
from collections.abc import Mapping
from typing import Protocol

from ..behaviour import Behaviour, describe
from ..errors import Fault, pointer_token, refused, shortened
from ..intake.parsing import parse
from ..intake.requests import Requests
from ..intake.schemas import Schemas
from ..settings import Settings
from ..switches import UnknownBehaviour
from .replies import Reply

_OF_STOCK = "what is in stock was counted by it: start a simulator or a namespace with it"
HELD_FROM_THE_START = {
    "position.first_status": _OF_STOCK,
    "position.inactive": _OF_STOCK,
    "position.counted_statuses": _OF_STOCK,
    "position.further_types": _OF_STOCK,
    "position.reserved_ahead": _OF_STOCK,
    "http.max_body_bytes": "bodies are read by it before it is known for whom: start a server"
    " with it",
}
"""Switches that cannot be changed later, and why not."""


class ActsBySwitches(Protocol):
    """A simulator whose switches can be changed."""

    @property
    def settings(self) -> Settings:
        """How it is set up, with the switches that were set."""
        ...

    @property
    def behaviour(self) -> Behaviour:
        """The switches in force."""
        ...

    @property
    def schemas(self) -> Schemas:
        """What payloads are held against."""
        ...

    def act_by(self, switches: Mapping[str, str]) -> None:
        """Have these switches set over the profile, and no others."""
        ...


class BehaviourOperations:
    """Tells the switches and changes them."""

    def __init__(self, simulator: ActsBySwitches) -> None:
        self._simulator = simulator
        self._at_the_start = dict(simulator.settings.behaviours)
        self._requests = Requests(simulator.schemas, simulator.behaviour)
        self._changing = threading.Lock()

    def show(self) -> Reply:
        """GET /__admin/behaviours: the profile, and every switch with the value in force."""
        behaviour = self._simulator.behaviour
        return Reply(
            {
                "profile": self._simulator.settings.profile,
                "behaviours": [
                    {
                        "name": switch.name,
                        "value": behaviour.value_of(switch.name),
                        "default": switch.default,
                        "documented": switch.documented,
                        "values": switch.values,
                        "effect": switch.effect,
                        "evidence": switch.evidence,
                        "fixed": HELD_FROM_THE_START.get(switch.name),
                    }
                    for switch in describe()
                ],
            }
        )

    def change(self, body: bytes) -> Reply:
        """PUT /__admin/behaviours: some of them; null is the value of the profile.

        What was accepted and waits is applied as they then are, save what a batch has begun with.
        Raises ApiError (400) for a switch or a value that there is not, and for a switch that
        cannot be changed, all of them told; nothing is changed then.
        """
        document = self._requests.sound("behaviours", parse(body), body)
        wanted: Mapping[str, str | None] = document["behaviours"]
        if not wanted:
            raise refused([Fault("/behaviours", "no switch", "at least one")])
        faults = [fault for name, value in wanted.items() if (fault := _fault(name, value))]
        if faults:
            raise refused(faults)
        with self._changing:
            chosen = {**self._simulator.settings.behaviours, **wanted}
            self._act_by({name: value for name, value in chosen.items() if value is not None})
        return self.show()

    def restore(self) -> Reply:
        """DELETE /__admin/behaviours: as they were at the start."""
        with self._changing:
            self._act_by(self._at_the_start)
        return self.show()

    def _act_by(self, switches: Mapping[str, str]) -> None:
        if switches != self._simulator.settings.behaviours:
            self._simulator.act_by(switches)


def switch_fault(name: str, value: str) -> Fault | None:
    """What is wrong with a switch in `behaviours`: there is none of this name, or no such value."""
    try:
        Behaviour.from_options({name: value})
    except UnknownBehaviour as unknown:
        return Fault(_pointer(name), f'"{shortened(value)}"', str(unknown))
    return None


def _fault(name: str, value: str | None) -> Fault | None:
    if value is not None or name not in {switch.name for switch in describe()}:
        fault = switch_fault(name, value or "")
        if fault is not None:
            return fault
    why = HELD_FROM_THE_START.get(name)
    return None if why is None else Fault(_pointer(name), "a switch that holds from the start", why)


def _pointer(name: str) -> str:
    return f"/behaviours/{pointer_token(name)}"
