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

from .rule import Finding, Rule, Severity

ATTRIBUTE_KINDS = {
    "INVENTORY_DELTA": "inventory_delta",
    "UpdateInventoryQty": "update_inventory_qty",
}
"""The events whose attributes have a schema, and its kind."""


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
    """Of the schema."""

    def see(self, observation: Any) -> Iterable[Finding]:
        """The faults of a document, and of an event's attributes; a null field is one left out."""
        for part, value, prefix in parts_of(self.kind, observation.document):
            _, faults, total = _requests().read(part, value)
            yield from (self._finding(fault.under(prefix)) for fault in faults)
            if total >= MOST_COUNTED_FAULTS:
                more = f"more faults than the {len(faults):,} that were counted"
                rows = f"{prefix}/{ROWS[part]}" if part in ROWS else prefix
                yield self.finding(rows, more, "a document that fits its schema")

    def _finding(self, fault: Fault) -> Finding:
        found = "nothing" if fault.missing and fault.found != "null" else fault.found
        return self.finding(fault.pointer, found, fault.expected)


class _AllFaults(Schemas):
    """Explains every fault that is counted, where a refusal lists the first hundred."""

    def faults(
        self, kind: str, document: object, limit: int = MOST_COUNTED_FAULTS
    ) -> tuple[list[Fault], int]:
        return super().faults(kind, document, max(limit, MOST_COUNTED_FAULTS))


@cache
def _requests() -> Requests:
    behaviour = Behaviour()
    return Requests(_AllFaults.of(behaviour), behaviour)
