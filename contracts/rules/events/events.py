"""Rules about the envelope of an event: its name, the entity it is for, whose that is."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from fluent_oms_simulator.domain.events import INVENTORY_DELTA, UPDATE_INVENTORY_QTY
from fluent_oms_simulator.domain.jobs import INVENTORY_CHANGED

from ..payload import (
    INVENTORY_CATALOGUE,
    catalogue_retailer,
    catalogue_type,
    is_nearly_changed,
    shown,
    squeezed,
    text,
)
from ..rule import Event, Finding, Rule, Severity
from ..samples import a_delta, a_delta_event, an_event, an_item, an_update_event
from ..shape import ShapeRule

_NAMES = (INVENTORY_DELTA, UPDATE_INVENTORY_QTY)
_OBSOLETE = "INVENTORY_UPDATE"
_ALIKE = 0.87
"""So `InventoryDeltas` means INVENTORY_DELTA, and `CreateInventoryDelta` is an event of its own."""


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


class MisspeltName(Rule):
    """An event name that is nearly one of the reference workflow."""

    id = "FOMS-E010"
    title = "The event's name is nearly a documented one"
    severity = Severity.ERROR
    reason = (
        "An event is run by the ruleset whose name is equal to its own. With a misspelt one it is"
        " accepted, ends as NO_MATCH, and only the event log says so."
    )
    evidence = "Fluent docs: introduction to the Events API, 24 Oct 2025"
    hint = "Write the name as expected: capitals and underscores count."
    sees = (Event,)
    good = (a_delta_event(a_delta()), an_update_event(an_item()))
    bad = (a_delta_event(a_delta(), name="InventoryDelta"),)

    def see(self, event: Event) -> Iterable[Finding]:
        """Its name."""
        name = event.document.get("name")
        meant = name_meant(name)
        if meant is not None:
            yield self.finding("/name", shown(name), f'"{meant}"')


class RaisedByBatchesOnly(Rule):
    """The event that batches raise."""

    id = "FOMS-E020"
    title = "InventoryChanged is sent as an event"
    severity = Severity.ERROR
    documented_severity = Severity.WARNING  # the page warns, and the ruleset is there
    reason = (
        "InventoryChanged is raised by the Batch API for each of its records. Sent by a caller it"
        " lacks what the batch adds to it, and goes past pre-processing."
    )
    evidence = (
        "Fluent docs: inventory catalogue workflow interface contracts, 27 Nov 2024. Inferred:"
        " what it lacks"
    )
    hint = "Send a batch for a count, an INVENTORY_DELTA for a change."
    sees = (Event,)
    good = (a_delta_event(a_delta()),)
    bad = (an_event({}, name=INVENTORY_CHANGED),)

    def see(self, event: Event) -> Iterable[Finding]:
        """Its name."""
        name = event.document.get("name")
        if isinstance(name, str) and is_nearly_changed(name):
            expected = "an event meant for callers, such as INVENTORY_DELTA; or a batch"
            yield self.finding("/name", shown(name), expected)


class DirectUpdate(Rule):
    """The event of an older workflow."""

    id = "FOMS-E030"
    title = "INVENTORY_UPDATE is obsolete"
    severity = Severity.ERROR
    reason = (
        "Direct inventory updates left the reference workflow with module 2.2.0: the event is"
        " accepted and matches no ruleset."
    )
    evidence = (
        "Fluent docs: inventory catalogue workflow template, 18 Feb 2025; direct inventory"
        " updates (obsolete), 30 Apr 2025. Inferred: NO_MATCH"
    )
    hint = "Send a batch for counts, an INVENTORY_DELTA for changes."
    sees = (Event,)
    good = (a_delta_event(a_delta()),)
    bad = (an_event({}, name=_OBSOLETE),)

    def see(self, event: Event) -> Iterable[Finding]:
        """Its name."""
        if event.document.get("name") == _OBSOLETE:
            yield self.finding("/name", f'"{_OBSOLETE}"', f"a batch, or {INVENTORY_DELTA}")


class WrongEntityType(Rule):
    """An inventory event for something else than the catalogue."""

    id = "FOMS-E040"
    title = "An inventory event is not for an INVENTORY_CATALOGUE"
    severity = Severity.ERROR
    reason = (
        "The rulesets of INVENTORY_DELTA and UpdateInventoryQty belong to the inventory catalogue."
        " For any other entity type none matches."
    )
    evidence = (
        "Fluent docs: how to send delta inventory updates, 28 Feb 2025; interface contracts,"
        " 27 Nov 2024"
    )
    hint = 'Send "entityType": "INVENTORY_CATALOGUE" with the catalogue\'s ref.'
    sees = (Event,)
    good = (a_delta_event(a_delta()),)
    bad = (a_delta_event(a_delta(), entityType="INVENTORY_POSITION"),)

    def see(self, event: Event) -> Iterable[Finding]:
        """Its entity type."""
        kind = event.document.get("entityType")
        if _is_for_callers(event) and isinstance(kind, str) and kind != INVENTORY_CATALOGUE:
            yield self.finding("/entityType", shown(kind), f'"{INVENTORY_CATALOGUE}"')


class AnotherRootEntity(Rule):
    """A root that is not the catalogue."""

    id = "FOMS-E050"
    title = "The root entity is not the catalogue that the event is for"
    severity = Severity.WARNING
    reason = (
        "A catalogue is the root of its own workflow. An event that names another root cannot be"
        " found by it in the event log, and may be run under the wrong workflow."
    )
    evidence = "Fluent docs: how to send delta inventory updates, 28 Feb 2025 (both are the same)"
    hint = "Repeat entityType and entityRef in rootEntityType and rootEntityRef, or leave both out."
    sees = (Event,)
    good = (
        a_delta_event(a_delta(), rootEntityType=INVENTORY_CATALOGUE, rootEntityRef="DEFAULT:1"),
    )
    bad = (a_delta_event(a_delta(), rootEntityRef="DEFAULT:2"),)

    def see(self, event: Event) -> Iterable[Finding]:
        """Its root, where it names one."""
        document = event.document
        if document.get("entityType") != INVENTORY_CATALOGUE:
            return
        for field, root in _ROOTS:
            own, other = document.get(field), document.get(root)
            if isinstance(own, str) and isinstance(other, str) and other not in ("", own):
                yield self.finding(f"/{root}", shown(other), f"{shown(own)}, as in {field}")


class AnotherRetailersEntity(Rule):
    """A catalogue of another retailer."""

    id = "FOMS-E060"
    title = "The event is for another retailer's catalogue"
    severity = Severity.ERROR
    reason = (
        "The workflow is looked up for the retailer that the event names, and the entity has to be"
        " that retailer's: it is refused, or matches nothing."
    )
    evidence = (
        "Fluent docs: how to send delta inventory updates, 28 Feb 2025 (DEFAULT:1 for retailer 1)."
        " Inferred: that it is refused"
    )
    hint = "Name the retailer that entityRef ends with."
    sees = (Event,)
    good = (a_delta_event(a_delta(), retailerId=1),)
    bad = (a_delta_event(a_delta(), retailerId="2"),)

    def see(self, event: Event) -> Iterable[Finding]:
        """The catalogue's ref beside the retailer."""
        document = event.document
        if document.get("entityType") != INVENTORY_CATALOGUE:
            return
        ref, retailer = document.get("entityRef"), text(document.get("retailerId"))
        owner = catalogue_retailer(ref)
        if owner is not None and retailer is not None and retailer.isdigit() and owner != retailer:
            yield self.finding("/entityRef", shown(ref), f"a catalogue of retailer {retailer}")


class WrongSubtype(Rule):
    """A subtype that is not the catalogue's type."""

    id = "FOMS-E070"
    title = "entitySubtype is not the catalogue's type"
    severity = Severity.ERROR
    reason = (
        "A ruleset is looked for by name, entity type and subtype; with another subtype none"
        " matches."
    )
    evidence = "Fluent docs: event execution, 29 Aug 2025; inventory deltas, 9 Jan 2025"
    hint = "Send the type that entityRef begins with, or leave entitySubtype out."
    sees = (Event,)
    good = (a_delta_event(a_delta()),)
    bad = (a_delta_event(a_delta(), entitySubtype="INVENTORY"),)

    def see(self, event: Event) -> Iterable[Finding]:
        """The subtype beside the catalogue's ref."""
        document = event.document
        if document.get("entityType") != INVENTORY_CATALOGUE:
            return
        subtype, kind = document.get("entitySubtype"), catalogue_type(document.get("entityRef"))
        if isinstance(subtype, str) and kind and subtype != kind:
            yield self.finding("/entitySubtype", shown(subtype), shown(kind))


class ListedEventAttributes(Rule):
    """Attributes as the event log shows them."""

    id = "FOMS-E080"
    title = "The event's attributes are a list"
    severity = Severity.ERROR
    reason = (
        "The event log shows attributes as a list of name, type and value; an event that is sent"
        " has an object of names and values."
    )
    evidence = "Fluent docs: inventory deltas, 9 Jan 2025; audit events, 26 Feb 2025"
    hint = 'Write {"deltas": [...]} in place of [{"name": "deltas", "value": [...]}].'
    sees = (Event,)
    good = (a_delta_event(a_delta()),)
    bad = (an_event([{"name": "deltas", "type": "JSON", "value": [a_delta()]}]),)

    def see(self, event: Event) -> Iterable[Finding]:
        """Its attributes."""
        if isinstance(event.document.get("attributes"), list):
            yield self.finding("/attributes", "a list", "an object")


_ROOTS = (("entityType", "rootEntityType"), ("entityRef", "rootEntityRef"))
_WRITTEN = {squeezed(name): name for name in _NAMES} | {
    "deltainventory": INVENTORY_DELTA,
    "updateinventoryquantity": UPDATE_INVENTORY_QTY,
    "updateinventory": UPDATE_INVENTORY_QTY,
}


def _is_for_callers(event: Event) -> bool:
    return event.document.get("name") in _NAMES


def name_meant(name: object) -> str | None:
    """The documented event that a misspelt name stands for; None for one that is well spelt."""
    if name in (*_NAMES, _OBSOLETE):
        return None
    written = squeezed(name) if isinstance(name, str) else ""
    if "inventor" not in written or len(written) > 40:
        return None
    if written in _WRITTEN:
        return _WRITTEN[written]
    near = difflib.get_close_matches(written, _WRITTEN, n=1, cutoff=_ALIKE)
    return _WRITTEN[near[0]] if near else None
