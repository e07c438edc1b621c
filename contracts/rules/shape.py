"""The schemas as rules, so that their faults are told as any other finding is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, ClassVar

from fluent_oms_simulator.behaviour import Behaviour
from fluent_oms_simulator.domain.events import INVENTORY_CATALOGUE
from fluent_oms_simulator.errors import Fault
from fluent_oms_simulator.intake.requests import Requests
from fluent_oms_simulator.intake.schemas import MOST_COUNTED_FAULTS, ROWS, Schemas

from .rule import Batch, Event, Finding, Job, Rule, Severity

ATTRIBUTE_KINDS = {
    "INVENTORY_DELTA": "inventory_delta",
    "UpdateInventoryQty": "update_inventory_qty",
}
"""The events whose attributes have a schema, and its kind."""


def schema_findings(kind: str, document: object) -> list[Finding]:
    """The faults of a document, of a kind that callers send; a null field is one left out.

    The attributes of an event are looked at as well. Raises KeyError for a kind without a rule.
    """
    shape = _SHAPES[kind]()
    found: list[Finding] = []
    for part, value, prefix in parts_of(kind, document):
        _, faults, total = _requests().read(part, value)
        found += [shape.fault(fault.under(prefix)) for fault in faults]
        if total >= MOST_COUNTED_FAULTS:
            more = f"more faults than the {len(faults):,} that were counted"
            rows = f"{prefix}/{ROWS[part]}" if part in ROWS else prefix
            found.append(shape.finding(rows, more, "a document that fits its schema"))
    return found


def parts_of(kind: str, document: object) -> Iterator[tuple[str, object, str]]:
    """What a document is judged by: kinds, the documents of these kinds, and where they stand.

    The attributes of an event are judged where a ruleset reads them; none is one without fields.
    """
    yield kind, document, ""
    if kind != "event" or not isinstance(document, dict):
        return
    name, attributes = document.get("name"), document.get("attributes")
    entity_type = document.get("entityType")
    is_read = not isinstance(entity_type, str) or entity_type in ("", INVENTORY_CATALOGUE)
    part = ATTRIBUTE_KINDS.get(name) if isinstance(name, str) else None
    if part is not None and is_read and isinstance(attributes, dict | None):
        yield part, {} if attributes is None else attributes, "/attributes"


class ShapeRule(Rule):
    """A rule that says what the schema says."""

    severity = Severity.ERROR
    evidence = "Fluent docs: REST API error codes overview, 26 May 2025"
    hint = "Send what was expected at this place; the schema of the kind shows every field."
    kind: ClassVar[str]

    def see(self, observation: Any) -> Iterable[Finding]:
        """The faults of a document."""
        return schema_findings(self.kind, observation.document)

    def fault(self, fault: Fault) -> Finding:
        """A fault as a finding."""
        found = "nothing" if fault.missing and fault.found != "null" else fault.found
        return self.finding(fault.pointer, found, fault.expected)


class BatchShape(ShapeRule):
    """A batch, or a record, that does not fit."""

    id = "FOMS-B000"
    title = "An inventory batch does not fit its schema"
    reason = "A batch that cannot be read is refused whole, so none of its records is applied."
    sees = (Batch,)
    kind = "batch"
    good = (
        Batch(
            {
                "action": "UPSERT",
                "entityType": "INVENTORY",
                "entities": [{"skuRef": "SKU_1", "locationRef": "LOC_1", "qty": 5}],
            }
        ),
    )
    bad = (Batch({"action": "UPSERT", "entityType": "INVENTORY", "entities": []}),)


class EventShape(ShapeRule):
    """An event, or its attributes, that do not fit."""

    id = "FOMS-E000"
    title = "An event does not fit its schema"
    reason = (
        "An event that cannot be read is refused, and one whose attributes its rules cannot read"
        " fails after it was accepted."
    )
    sees = (Event,)
    kind = "event"
    good = (
        Event(
            {
                "name": "INVENTORY_DELTA",
                "retailerId": "1",
                "entityType": "INVENTORY_CATALOGUE",
                "entityRef": "DEFAULT:1",
                "attributes": {
                    "deltas": [
                        {"deltaId": "A1", "productRef": "P1", "locationRef": "LOC_1", "qty": -2}
                    ]
                },
            }
        ),
    )
    bad = (Event({"name": "INVENTORY_DELTA", "retailerId": "1", "attributes": {}}),)


class JobShape(ShapeRule):
    """A job that does not fit."""

    id = "FOMS-J000"
    title = "A job does not fit its schema"
    reason = "A job that cannot be read is not opened, so no batch can be sent into it."
    sees = (Job,)
    kind = "job"
    good = (Job({"name": "Nightly load", "retailerId": "1"}),)
    bad = (Job({"retailerId": "1"}),)


_SHAPES: dict[str, type[ShapeRule]] = {
    "batch": BatchShape,
    "inventory_record": BatchShape,
    "event": EventShape,
    "inventory_delta": EventShape,
    "update_inventory_qty": EventShape,
    "job": JobShape,
}


class _AllFaults(Schemas):
    """Explains every fault that is counted, where a refusal lists the first hundred."""

    def faults(
        self, kind: str, document: object, limit: int = MOST_COUNTED_FAULTS
    ) -> tuple[list[Fault], int]:
        return super().faults(kind, document, max(limit, MOST_COUNTED_FAULTS))


@cache
def _requests() -> Requests:
    behaviour = Behaviour()
    return Requests(
        _AllFaults(
            unknown_fields=behaviour.schema_unknown_fields,
            string_numbers=behaviour.schema_string_numbers,
            missing_delta_id=behaviour.delta_missing_id,
        ),
        behaviour,
    )
