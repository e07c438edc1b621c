"""Rules about the attributes of a batch's records that are fields of a quantity.

Which they are: Send enhanced inventory attributes, 23 Mar 2026; Stock Segmentation and Future
Inventory, 27 Mar 2026.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fluent_oms_simulator.domain.quantity_fields import IN_RECORDS, PARENT, TEXTS

from ..near_names import nearly
from ..payload import (
    attributes_of,
    misnamed,
    names_of,
    records_of,
    shown,
    squeezed,
    token,
)
from ..rule import Batch, Finding, Rule, Severity
from ..samples import a_batch, a_record

_DATE = "2026-03-23T00:00:00Z"
_ENHANCED = "Fluent docs: Send enhanced inventory attributes, 23 Mar 2026"


class DetailOfAnotherKind(Rule):
    """A number, a list or an object where a quantity has a text."""

    id = "FOMS-B360"
    title = "An attribute that is a field of the quantity holds no text"
    severity = Severity.ERROR
    reason = (
        "Attributes with these names are stored as fields of the quantity, which are texts: a"
        " number is no value for them, and what was sent is not stored."
    )
    evidence = f"{_ENHANCED}; GraphQL schema (CreateInventoryQuantityInput). Inferred: the refusal"
    hint = "Write the value in quotes."
    sees = (Batch,)
    good = (a_batch(a_record(attributes={"segment1": "7", "pallet": 7})),)
    bad = (a_batch(a_record(attributes={"segment1": 7})),)

    def see(self, batch: Batch) -> Iterable[Finding]:
        """The values that are neither text nor null."""
        for index, attributes in attributes_of(batch):
            for name in _TEXTS & attributes.keys():
                value = attributes[name]
                if isinstance(value, dict) and "value" in value:
                    # GraphQL's form of an attribute: name, type and value.
                    yield self.finding(_place(index, name), shown(value), "its value alone, a text")
                elif value is not None and not isinstance(value, str):
                    yield self.finding(_place(index, name), shown(value), "a text")


class MisspeltAttribute(Rule):
    """An attribute that is nearly a field of the quantity."""

    id = "FOMS-B370"
    title = "An attribute's name is nearly that of a quantity's field"
    severity = Severity.WARNING
    reason = (
        "It is kept as an attribute like any other: no filter finds the quantity by it, and what is"
        " available to promise does not follow from it."
    )
    evidence = f"{_ENHANCED}. Inferred: other names are kept as attributes"
    hint = "Write the name as expected, with the same capital letters."
    sees = (Batch,)
    good = (a_batch(a_record(attributes={"storageAreaRef": "A1", "colour": "red"})),)
    bad = (
        a_batch(a_record(attributes={"storage_area": "A1"})),
        a_batch(a_record(attributes={"asociationType": "PURCHASE_ORDER"})),
    )

    def see(self, batch: Batch) -> Iterable[Finding]:
        """The misspelt names whose right ones are not there."""
        listed = attributes_of(batch)
        rows = [attributes for _, attributes in listed]
        found = misnamed(rows, IN_RECORDS, _MEANT | nearly(set().union(*rows), IN_RECORDS))
        for row, name, right in found:
            pointer = _place(listed[row][0], name)
            yield self.finding(pointer, shown(name), f'an attribute "{right}"')


class FieldBesideAttributes(Rule):
    """A field of the quantity that is no field of a record."""

    id = "FOMS-B380"
    title = "A record has a field that belongs among its attributes"
    severity = Severity.WARNING
    reason = (
        "A record takes the fields of a quantity as attributes; beside them they are passed over"
        " without a word."
    )
    evidence = f"{_ENHANCED}. Inferred: unknown fields of a record are ignored"
    hint = 'Move it, as in "attributes": {"condition": "NEW"}.'
    sees = (Batch,)
    good = (a_batch(a_record(attributes={"condition": "NEW"})),)
    bad = (a_batch(a_record(condition="NEW")),)

    def see(self, batch: Batch) -> Iterable[Finding]:
        """The fields whose attributes are not there."""
        records = records_of(batch)
        suspects = {
            name: right
            for name in set().union(*records).difference(_OF_A_RECORD)
            if (right := _MEANT.get(squeezed(name))) is not None and right != "expectedOn"
        }
        if not suspects:
            return
        for index, record in enumerate(records):
            attributes = record.get("attributes")
            known: Mapping[str, Any] = attributes if isinstance(attributes, dict) else {}
            for name in suspects.keys() & record.keys():
                right = suspects[name]
                if record[name] is not None and known.get(right) is None:
                    expected = f'"{right}" among its attributes'
                    found = f"the field {shown(name)} beside them"
                    yield self.finding(f"/entities/{index}/{token(name)}", found, expected)


class TwoValues(Rule):
    """One field of a quantity with two values."""

    id = "FOMS-B430"
    title = "A field stands beside the attributes and among them, with two values"
    severity = Severity.WARNING
    reason = "No page says which of the two is stored; the simulator takes the attribute."
    evidence = f"{_ENHANCED}; a record of the vendor's client has expectedOn and expiry beside them"
    hint = "Send it once, among the attributes."
    sees = (Batch,)
    good = (a_batch(a_record(expectedOn=_DATE, attributes={"expectedOn": _DATE})),)
    bad = (a_batch(a_record(expiry=_DATE, attributes={"expiresOn": "2027-03-23T00:00:00Z"})),)

    def see(self, batch: Batch) -> Iterable[Finding]:
        """The fields whose two values differ."""
        records = records_of(batch)
        for index, attributes in attributes_of(batch):
            for outer, name in _BESIDE.items():
                one, other = records[index].get(outer), attributes.get(name)
                if one is not None and other is not None and one != other:
                    found = f"{shown(other)}, and {shown(one)} in /entities/{index}/{outer}"
                    yield self.finding(_place(index, name), found, "one value")


_OF_A_RECORD = ("expectedOn", "expiry")
"""Fields that a record of the vendor's client has beside its attributes."""

_TEXTS = TEXTS.keys() | PARENT.keys()
_MEANT = {
    **{squeezed(name): name for name in IN_RECORDS},
    **names_of("expectedOn", "expectedat", "expecteddate"),
    **names_of("expiresOn", "expiresat", "expiry", "expirydate", "expirationdate"),
    **names_of("parentRef", "parent", "parentquantityref"),
    **names_of("storageAreaRef", "storagearea", "storageareaid"),
    **names_of("associationType", "associatedtype"),
    **names_of("associationRef", "associatedref"),
    **names_of("countryOfOrigin", "origincountry"),
    **names_of("manufacturerBatchNumber", "manufacturerbatch", "manufacturerbatchno"),
}

_BESIDE = {
    "expectedOn": "expectedOn",
    "expiry": "expiresOn",
    "lot": "manufacturerBatchNumber",
}
"""What a record has beside its attributes, and the attribute of the same meaning."""


def _place(index: int, name: str) -> str:
    return f"/entities/{index}/attributes/{token(name)}"
