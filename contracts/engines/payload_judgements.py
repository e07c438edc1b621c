"""Whether both engines come to one verdict on a payload, as the server judges it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fluent_oms_simulator.behaviour import Behaviour
from fluent_oms_simulator.errors import Fault
from fluent_oms_simulator.intake.requests import Requests
from fluent_oms_simulator.intake.schemas import Schemas

from ..rules.rule import Aftermath, Batch, Call, Event, Finding, Job, Observation
from ..rules.shape import parts_of
from ..validation.file_faults import ENGINES
from .reference import ReferenceSchemas

FAST, REFERENCE = "jsonschema-rs", "jsonschema"
_KINDS: dict[type[Observation], str] = {Batch: "batch", Event: "event", Job: "job"}


def disagreement(fast: Sequence[Fault], reference: Sequence[Fault]) -> tuple[str, str, str]:
    """Pointer, what was found and what was expected, of verdicts of which one has no fault."""
    by, other, faults = (FAST, REFERENCE, fast) if fast else (REFERENCE, FAST, reference)
    found = f"{by} refuses it ({faults[0].message}), {other} takes it"
    return faults[0].pointer, found, "one verdict of both"


class SecondOpinion:
    """Judges payloads by both engines, under the default behaviours."""

    def __init__(self) -> None:
        behaviour = Behaviour()
        self._fast = Requests(Schemas(), behaviour)
        self._reference = Requests(ReferenceSchemas(), behaviour)

    def findings(self, observation: Observation, kind: str = "") -> Iterator[Finding]:
        """Where the engines differ; `kind` of a document that is only a part of a payload."""
        if isinstance(observation, Call | Aftermath):
            return
        document = observation.document
        for part, value, prefix in parts_of(kind or _KINDS[type(observation)], document):
            fast = self._fast.read(part, value)[1]
            reference = self._reference.read(part, value)[1]
            if bool(fast) != bool(reference):
                pointer, found, expected = disagreement(fast, reference)
                yield Finding(ENGINES.id, ENGINES.severity, prefix + pointer, found, expected)
