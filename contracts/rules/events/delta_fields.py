"""Rules about what the fields of deltas are called, and what their refs look like."""

from __future__ import annotations

from collections.abc import Iterable

from fluent_oms_simulator.domain.refs import LONGEST_REF

from ..event_rows import DELTAS, deltas_of
from ..payload import (
    Row,
    beside,
    catalogue_type,
    long_position_refs,
    misnamed,
    names_of,
    padded_refs,
    shown,
    squeezed,
    token,
)
from ..rule import Event, Finding, Rule, Severity
from ..samples import a_delta, a_delta_event


class WrongDeltaField(Rule):
    """A product, a location, an amount or an id in a field that nobody reads."""

    id = "FOMS-E150"
    title = "A delta names a field wrongly"
    severity = Severity.ERROR
    reason = (
        "A delta calls the product productRef and the amount qty; batches say skuRef, and the"
        " stored quantity says quantity. The rule finds no position for a delta without them,"
        " and then applies none of the event."
    )
    evidence = "Fluent docs: SplitDeltasAndDownToInventoryPosition, 12 Aug 2025"
    hint = "Rename the field as expected."
    sees = (Event,)
    good = (a_delta_event(a_delta()),)
    bad = (
        a_delta_event(
            {"deltaId": "POS7-0001", "skuRef": "SKU_1", "locationRef": "LOC_1", "qty": 2}
        ),
    )

    def see(self, event: Event) -> Iterable[Finding]:
        """The wrong names whose right ones are not there."""
        for index, name, right in misnamed(deltas_of(event), _FIELDS, _NAMES):
            yield self.finding(f"{DELTAS}/{index}/{token(name)}", shown(name), f'a field "{right}"')

    def explains(self, finding: Finding) -> Iterable[str]:
        """The field that is missing."""
        return (beside(finding.pointer, _NAMES),)


class LongDeltaPositionRef(Rule):
    """Two refs that are too long together."""

    id = "FOMS-E180"
    title = "The ref of a delta's position would be too long"
    severity = Severity.ERROR
    reason = (
        "A position is called productRef:locationRef:type, with at most 100 characters, so there"
        " is no such position; and one missing position halts the whole event."
    )
    evidence = (
        "Fluent docs: GraphQL schema (length of a ref); GraphQL inventory queries, 1 July 2024"
    )
    hint = "Use the refs under which the position was loaded."
    sees = (Event,)
    good = (a_delta_event(a_delta(productRef="S" * 80)),)
    bad = (a_delta_event(a_delta(productRef="S" * 90)),)

    def see(self, event: Event) -> Iterable[Finding]:
        """The deltas whose refs are each short enough, but not together."""
        kind = catalogue_type(event.document.get("entityRef")) or "DEFAULT"
        refs = ((delta.get("productRef"), delta.get("locationRef")) for delta in deltas_of(event))
        for index, found in long_position_refs(refs, "productRef", kind):
            yield self.finding(f"{DELTAS}/{index}/productRef", found, f"at most {LONGEST_REF}")


class PaddedDeltaRef(Rule):
    """A ref with blanks around it."""

    id = "FOMS-E190"
    title = "A ref of a delta begins or ends with a blank"
    severity = Severity.WARNING
    reason = (
        "Refs are compared as they are written: there is no such position, and one missing"
        " position halts the whole event."
    )
    evidence = "Inferred: a position is tied to its product and location by their refs alone"
    hint = "Strip the blanks."
    sees = (Event,)
    good = (a_delta_event(a_delta(productRef="SKU 1")),)
    bad = (a_delta_event(a_delta(productRef="SKU_1 ")),)

    def see(self, event: Event) -> Iterable[Finding]:
        """The refs and ids with blanks."""
        names = ("productRef", "locationRef", "deltaId")
        for index, name, ref in padded_refs(deltas_of(event), names):
            yield self.finding(f"{DELTAS}/{index}/{name}", shown(ref), "no blanks around it")


_NAMES = {
    **names_of("productRef", "skuref", "sku", "skuid", "product", "productid", "variantref"),
    **names_of("productRef", "variantproductref", "articleref"),
    **names_of("locationRef", "location", "locationid", "locref", "store", "storeref", "storeid"),
    **names_of("qty", "quantity", "delta", "deltaqty", "change", "amount", "adjustment"),
    **names_of("deltaId", "id", "deltaref", "ref"),
}
_FIELDS = frozenset(_NAMES.values())


def has_misnamed_id(delta: Row) -> bool:
    """Whether a delta has its id under a wrong name."""
    return any(_NAMES.get(squeezed(name)) == "deltaId" for name in delta if name != "deltaId")
