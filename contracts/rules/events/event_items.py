"""Rules about the items of an UpdateInventoryQty event."""

from __future__ import annotations

from collections.abc import Iterable

from fluent_oms_simulator.domain.refs import LONGEST_REF
from fluent_oms_simulator.intake.whole_numbers import WholeNumbers

from ..event_rows import ITEMS, items_of
from ..payload import (
    WHOLE_NUMBER,
    beside,
    catalogue_type,
    long_position_refs,
    misnamed,
    names_of,
    padded_refs,
    shown,
    token,
)
from ..rule import Event, Finding, Rule, Severity
from ..samples import an_item, an_update_event

ITEM_REFS = ("skuRef", "locationRef", "fulfilmentId")
_AMOUNTS = ("reservedQty", "reserveQty", "saleQty", "correctionQty", "cancelQty")
_RESERVATIONS = ("reservedQty", "reserveQty")


class WrongItemField(Rule):
    """A product, a location, a fulfilment or an amount in a field that nobody reads."""

    id = "FOMS-E310"
    title = "An item of UpdateInventoryQty names a field wrongly"
    severity = Severity.ERROR
    reason = (
        "An item calls the product skuRef, where a delta says productRef. An item without its"
        " product, location and fulfilment is for no position."
    )
    evidence = "Fluent docs: inventory catalogue workflow interface contracts, 27 Nov 2024"
    hint = "Rename the field as expected."
    sees = (Event,)
    good = (an_update_event(an_item()),)
    bad = (
        an_update_event(
            {"fulfilmentId": "501", "productRef": "SKU_1", "locationRef": "LOC_1", "saleQty": 1}
        ),
    )

    def see(self, event: Event) -> Iterable[Finding]:
        """The wrong names whose right ones are not there."""
        items = items_of(event)
        for index, name, right in misnamed(items, _FIELDS, _NAMES):
            if right != "reservedQty" or items[index].get("reserveQty") is None:
                yield self.finding(
                    f"{ITEMS}/{index}/{token(name)}", shown(name), f'a field "{right}"'
                )

    def explains(self, finding: Finding) -> Iterable[str]:
        """The field that is missing; an amount is missed by the item as a whole."""
        item, right = finding.pointer.rpartition("/")[0], beside(finding.pointer, _NAMES)
        is_amount = right.rpartition("/")[2] in _AMOUNTS
        return (right, item, f"{item}/reservedQty") if is_amount else (right,)


class EmptyItem(Rule):
    """An item that neither reserves nor sells nor corrects nor cancels."""

    id = "FOMS-E320"
    title = "An item of UpdateInventoryQty changes nothing"
    severity = Severity.WARNING
    reason = "All its amounts are zero, so no stock is reserved, sold or released."
    evidence = "Fluent docs: inventory catalogue workflow interface contracts, 27 Nov 2024"
    hint = "Give one of reservedQty, saleQty, correctionQty, cancelQty, or leave the item out."
    sees = (Event,)
    good = (an_update_event(an_item(saleQty=0)),)
    bad = (an_update_event(an_item(reservedQty=0)),)

    def see(self, event: Event) -> Iterable[Finding]:
        """The items of zeros; without any amount an item breaks its schema."""
        for index, item in enumerate(items_of(event)):
            amounts = [item[name] for name in _AMOUNTS if item.get(name) is not None]
            if amounts and all(map(_is_nothing, amounts)):
                expected = "an amount other than zero, such as reservedQty"
                yield self.finding(f"{ITEMS}/{index}", "amounts of 0", expected)


class PositiveReservation(Rule):
    """A reservation that would add stock."""

    id = "FOMS-E330"
    title = "A reservation is positive"
    severity = Severity.WARNING
    reason = (
        "Reservations are stored with their sign and added to the stock on hand, so that a"
        " positive one may raise what it should lower. Not every workflow turns the sign."
    )
    evidence = (
        'Fluent docs: interface contracts, 27 Nov 2024 ("-5" in its sample); Inventory quantity'
        " types, 10 Jan 2025. Inferred: what a positive one does"
    )
    hint = "Send -5 to reserve five pieces."
    sees = (Event,)
    good = (an_update_event(an_item()),)
    bad = (an_update_event(an_item(reservedQty=5)),)

    def see(self, event: Event) -> Iterable[Finding]:
        """The reservations above zero."""
        for index, item in enumerate(items_of(event)):
            for name in _RESERVATIONS:
                if _is_positive(item.get(name)):
                    pointer = f"{ITEMS}/{index}/{name}"
                    yield self.finding(pointer, shown(item[name]), "a negative number")


class TwoReservations(Rule):
    """The two names of one amount."""

    id = "FOMS-E340"
    title = "An item reserves under two names"
    severity = Severity.WARNING
    reason = (
        "The documented table says reservedQty and its sample reserveQty; with different amounts"
        " in both it is open which one counts."
    )
    evidence = "Fluent docs: inventory catalogue workflow interface contracts, 27 Nov 2024"
    hint = "Send the one that the workflow in use reads."
    sees = (Event,)
    good = (an_update_event(an_item(reserveQty=-5)),)
    bad = (an_update_event(an_item(reserveQty=-4)),)

    def see(self, event: Event) -> Iterable[Finding]:
        """The items whose two amounts differ."""
        for index, item in enumerate(items_of(event)):
            one, other = (item.get(name) for name in _RESERVATIONS)
            if one is not None and other is not None and _plain(one) != _plain(other):
                found = f"{shown(other)}, and reservedQty {shown(one)}"
                yield self.finding(f"{ITEMS}/{index}/reserveQty", found, "one of the two")


class LongItemPositionRef(Rule):
    """Two refs that are too long together."""

    id = "FOMS-E350"
    title = "The ref of an item's position would be too long"
    severity = Severity.ERROR
    reason = (
        "A position is called skuRef:locationRef:type, with at most 100 characters, so there is no"
        " position that the item could be for."
    )
    evidence = (
        "Fluent docs: GraphQL schema (length of a ref); GraphQL inventory queries, 1 July 2024"
    )
    hint = "Use the refs under which the position was loaded."
    sees = (Event,)
    good = (an_update_event(an_item(skuRef="S" * 80)),)
    bad = (an_update_event(an_item(skuRef="S" * 90)),)

    def see(self, event: Event) -> Iterable[Finding]:
        """The items whose refs are each short enough, but not together."""
        kind = catalogue_type(event.document.get("entityRef")) or "DEFAULT"
        refs = ((item.get("skuRef"), item.get("locationRef")) for item in items_of(event))
        for index, found in long_position_refs(refs, "skuRef", kind):
            yield self.finding(f"{ITEMS}/{index}/skuRef", found, f"at most {LONGEST_REF}")


class PaddedItemRef(Rule):
    """A ref with blanks around it."""

    id = "FOMS-E360"
    title = "A ref of an item begins or ends with a blank"
    severity = Severity.WARNING
    reason = "Refs are compared as they are written, so there is no position with this one."
    evidence = "Inferred: a position is tied to its product and location by their refs alone"
    hint = "Strip the blanks."
    sees = (Event,)
    good = (an_update_event(an_item(skuRef="SKU 1")),)
    bad = (an_update_event(an_item(locationRef=" LOC_1")),)

    def see(self, event: Event) -> Iterable[Finding]:
        """The refs with blanks."""
        for index, name, ref in padded_refs(items_of(event), ITEM_REFS):
            yield self.finding(f"{ITEMS}/{index}/{name}", shown(ref), "no blanks around it")


class ItemNotAWholeNumber(Rule):
    """A number with a decimal point, or as text a number that is none of 32 bits."""

    id = "FOMS-E370"
    title = "An item's amount is not written as a whole number"
    severity = Severity.ERROR
    reason = (
        "The rules take whole pieces in 32 bits: for 5.0, or for text that stands for more, the"
        " event fails after it was accepted."
    )
    evidence = (
        "Fluent docs: interface contracts, 27 Nov 2024 (Integer, and text in the sample)."
        " Inferred: that it fails"
    )
    hint = "Write -5, without decimal point, and no more than there can be."
    sees = (Event,)
    good = (an_update_event(an_item(reservedQty="-5")),)
    bad = (an_update_event(an_item(reservedQty=-5.0)),)

    def see(self, event: Event) -> Iterable[Finding]:
        """The amounts that have a decimal point, and texts that no schema looks into."""
        for index, item in enumerate(items_of(event)):
            for name in (*_AMOUNTS, "quantity"):
                fault = _NUMBERS.fault(item.get(name), f"{ITEMS}/{index}/{name}")
                if fault is not None:
                    expected = fault.expected if isinstance(item[name], str) else WHOLE_NUMBER
                    yield self.finding(fault.pointer, shown(item[name]), expected)


_NAMES = {
    **names_of("skuRef", "productref", "sku", "skuid", "product", "productid", "variantref"),
    **names_of("locationRef", "location", "locationid", "locref", "store", "storeref", "storeid"),
    **names_of("fulfilmentId", "fulfillmentid", "fulfilmentref", "fulfillmentref", "fulfilment"),
    **names_of("reservedQty", "reserved", "reservedquantity", "reservequantity", "reserve"),
    **names_of("saleQty", "salequantity", "soldqty", "saledqty", "salesqty"),
    **names_of("correctionQty", "correctedqty", "correctionquantity"),
    **names_of("cancelQty", "cancelledqty", "canceledqty", "cancelquantity"),
}
_NUMBERS = WholeNumbers("refuse")
_FIELDS = frozenset({*_NAMES.values(), "reserveQty", "quantity"})


def _plain(amount: object) -> str:
    """An amount as it is written, be it text or a number."""
    return amount if isinstance(amount, str) else shown(amount)


def _is_nothing(amount: object) -> bool:
    return _plain(amount).lstrip("+-").strip("0") in ("", ".")


def _is_positive(amount: object) -> bool:
    digits = _plain(amount).removeprefix("+")
    return digits.isascii() and digits.isdigit() and digits.strip("0") != ""
