"""How fast what was accepted is applied: to be read and chosen."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

import orjson

from ..behaviour import Behaviour
from ..domain.settling import NUMBERS, Distribution, Settling, SettlingMode, settling_of
from ..errors import Fault, refused, shortened
from ..intake.parsing import parse
from ..intake.requests import Requests
from ..intake.schemas import Schemas
from ..stores.in_line import InLine
from .replies import Reply

OF_ALL_DELAYS = ("distribution", "seed")
MILLISECONDS = "milliseconds, a whole number from 0 to 1000000000"
SIGMA = "a number from 0 to 5"


class HoldsBack(Protocol):
    """Whoever applies what was accepted, or holds it back."""

    @property
    def settling(self) -> Settling:
        """How fast it is applied."""
        ...

    @property
    def in_line(self) -> InLine:
        """How much was accepted and is not applied yet."""
        ...

    def settle_by(self, settling: Settling) -> None:
        """Apply it as fast as this says."""
        ...


class SettlingOperations:
    """Tells and changes how fast what was accepted is applied."""

    def __init__(self, worker: HoldsBack, schemas: Schemas, behaviour: Behaviour) -> None:
        self._worker = worker
        self._requests = Requests(schemas, behaviour)

    def show(self) -> Reply:
        """GET /__admin/settling: the choice, and what is held back by it."""
        return Reply({**self._worker.settling.told(), "held": self._worker.in_line.held.told()})

    def change(self, body: bytes) -> Reply:
        """PUT /__admin/settling; raises ApiError (400), and changes nothing.

        What is held already goes by the new choice, counted from when it was accepted.
        """
        fields = self._requests.sound("settling", parse(body), body)
        if faults := settling_faults(fields):
            raise refused(faults)
        self._worker.settle_by(settling_of(fields))
        return self.show()


def settling_faults(fields: Mapping[str, Any], at: str = "") -> list[Fault]:
    """What does not fit together of fields that are sound one by one.

    `at` is where they stand in the body.
    """
    return [replace(fault, pointer=at + fault.pointer) for fault in _faults(fields)]


def _faults(fields: Mapping[str, Any]) -> list[Fault]:
    if fields["mode"] != SettlingMode.TIME:
        return [_unwanted(fields, name, "no field but mode") for name in fields if name != "mode"]
    distribution = Distribution(fields.get("distribution", Distribution.FIXED))
    wanted = NUMBERS[distribution]
    known = ("mode", *OF_ALL_DELAYS, *wanted)
    expected = f"no field but {', '.join(known)} (the distribution is {distribution})"
    faults = [_unwanted(fields, name, expected) for name in fields if name not in known]
    faults += [
        Fault(f"/{name}", "nothing", SIGMA if name == "sigma" else MILLISECONDS, missing=True)
        for name in wanted
        if name not in fields
    ]
    if not faults and distribution is Distribution.UNIFORM and fields["from"] > fields["to"]:
        expected = f"at least what /from has, {fields['from']}"
        faults.append(_unwanted(fields, "to", expected))
    return faults


def _unwanted(fields: Mapping[str, Any], name: str, expected: str) -> Fault:
    return Fault(f"/{name}", shortened(orjson.dumps(fields[name]).decode()), expected)
