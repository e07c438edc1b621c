"""Rules about how much a record of a batch says there is, and of what."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..payload import (
    LAST_ON_HAND,
    WHOLE_NUMBER,
    column,
    distinct,
    is_ill_written,
    meant_type,
    records_of,
    shown,
)
from ..rule import Batch, Finding, Rule, Severity
from ..samples import a_batch, a_record

LONGEST_LABEL = 50
"""Characters of a status (the schema's `label`)."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
LARGEST_AMOUNT = 2**31 - 1
"""The schema's `whole_number`."""


class NegativeCount(Rule):
    """Less than nothing on hand."""

    id = "FOMS-B110"
    title = "A LAST_ON_HAND is negative"
    severity = Severity.ERROR
    reason = (
        "LAST_ON_HAND is what was counted on the shelf, and that is never less than nothing. A"
        " negative one is most often a delta that went into a batch."
    )
    evidence = (
        "Fluent docs: Inventory quantity types, 10 Jan 2025; lesson on inventory updates,"
        " 9 Jan 2025. Inferred: that it is refused"
    )
    hint = "Send what was counted; send a sale or a return as an INVENTORY_DELTA event."
    sees = (Batch,)
    good = (a_batch(a_record(qty=0), a_record(skuRef="SKU_2", qty=-40, type="IN_TRANSIT")),)
    bad = (a_batch(a_record(qty=-20)),)

    def see(self, batch: Batch) -> Iterable[Finding]:
        """The counts below zero."""
        listed = records_of(batch)
        amounts = column(batch, "qty")
        try:
            if not amounts or min(amounts) >= 0:
                return
        except TypeError:
            pass  # Some amount is no number; the others still count.
        for index, amount in enumerate(amounts):
            if (
                isinstance(amount, int | float)
                and amount < 0
                and listed[index].get("type") in (None, LAST_ON_HAND)
            ):
                pointer = f"/entities/{index}/qty"
                yield self.finding(pointer, shown(amount), "a whole number, zero or more")


class NotAWholeNumber(Rule):
    """A number as text, or with a decimal point."""

    id = "FOMS-B120"
    title = "A quantity is not written as a whole number"
    severity = Severity.ERROR
    reason = (
        "The rule that stores a quantity takes an integer only: for text, or for 12.0, it throws,"
        " after the batch was taken."
    )
    evidence = "Fluent docs: UpsertInventoryQuantity, 12 Aug 2025 (InvalidAttributeTypeException)"
    hint = "Write 12, without quotes, decimal point, exponent or thousands separator."
    sees = (Batch,)
    good = (a_batch(a_record(qty=12)),)
    bad = (a_batch(a_record(qty="12")),)

    def see(self, batch: Batch) -> Iterable[Finding]:
        """The quantities that are text or have a decimal point."""
        amounts = column(batch, "qty")
        if not _SUSPECT_KINDS.isdisjoint(map(type, amounts)):
            for index, amount in enumerate(amounts):
                if is_ill_written(amount):
                    pointer = f"/entities/{index}/qty"
                    yield self.finding(pointer, shown(amount), WHOLE_NUMBER)


class MisspeltType(Rule):
    """A quantity type that is nearly one that counts."""

    id = "FOMS-B130"
    title = "A record's type is nearly a documented quantity type"
    severity = Severity.ERROR
    reason = (
        "Any word is taken as a type, but only LAST_ON_HAND, RESERVED, SALE, CORRECTION and DELTA"
        " are stock on hand: another word makes a quantity that nothing adds up."
    )
    evidence = "Fluent docs: Inventory quantity types, 10 Jan 2025; CalculateOnHand, 12 Aug 2025"
    hint = "Write the type as documented, or leave it out for LAST_ON_HAND."
    sees = (Batch,)
    good = (a_batch(a_record(), a_record(locationRef="LOC_2", type=LAST_ON_HAND)),)
    bad = (a_batch(a_record(type="last_on_hand")),)

    def see(self, batch: Batch) -> Iterable[Finding]:
        """The types that are misspelt."""
        listed = records_of(batch)
        meant = {
            word: right
            for word in distinct(column(batch, "type"))
            if isinstance(word, str) and (right := meant_type(word)) is not None
        }
        if meant:
            for index, row in enumerate(listed):
                word = row.get("type")
                if isinstance(word, str) and word in meant:
                    pointer = f"/entities/{index}/type"
                    yield self.finding(pointer, shown(word), f'"{meant[word]}"')


class StatusWithoutEffect(Rule):
    """A status that is not stored."""

    id = "FOMS-B140"
    title = "A record carries a status other than ACTIVE"
    severity = Severity.WARNING
    reason = (
        "The reference rule takes the field and does not use it, so stock that is sent as INACTIVE"
        " or AVAILABLE counts like any other."
    )
    evidence = "Fluent docs: UpsertInventoryQuantity, 19 Mar 2026"
    hint = "Leave status out; to take stock away send a count of 0."
    sees = (Batch,)
    good = (a_batch(a_record(status="ACTIVE")),)
    bad = (a_batch(a_record(status="INACTIVE")),)

    def see(self, batch: Batch) -> Iterable[Finding]:
        """The statuses that will be passed over."""
        given = column(batch, "status")
        if not distinct(given) <= _USUAL_STATUSES:
            for index, status in enumerate(given):
                if isinstance(status, str) and status != "ACTIVE" and _is_label(status):
                    yield self.finding(f"/entities/{index}/status", shown(status), '"ACTIVE"')


def _is_label(status: str) -> bool:
    """Whether the schema takes a status; if not, it tells so."""
    return 0 < len(status) <= LONGEST_LABEL and not _CONTROL.search(status)


class UnusedQuantity(Rule):
    """Amounts in fields that nothing reads."""

    id = "FOMS-B150"
    title = "A record carries a correctedQty or reservedQty"
    severity = Severity.WARNING
    reason = "The reference rules read qty only: these amounts change no stock."
    evidence = (
        "Fluent docs: LoadInventoryPosition, 12 Aug 2025 (correctedQty is unused). Inferred:"
        " reservedQty, which older pages list and newer ones do not"
    )
    hint = "Put what was counted into qty; reservations come from fulfilments."
    sees = (Batch,)
    good = (a_batch(a_record(correctedQty=0)),)
    bad = (a_batch(a_record(correctedQty=-3)),)

    def see(self, batch: Batch) -> Iterable[Finding]:
        """The amounts other than zero."""
        for name in ("correctedQty", "reservedQty"):
            amounts = column(batch, name)
            if any(amounts):
                for index, amount in enumerate(amounts):
                    # What is no such number is the schema's to tell, and once is enough.
                    if type(amount) is int and 0 < abs(amount) <= LARGEST_AMOUNT:
                        yield self.finding(f"/entities/{index}/{name}", shown(amount), "0")


class PositiveReservation(Rule):
    """A reservation that adds to the stock."""

    id = "FOMS-B160"
    title = "A RESERVED is positive"
    severity = Severity.WARNING
    reason = (
        "Reservations are stored with their sign and added to the stock on hand, so that a"
        " positive one raises what it should lower."
    )
    evidence = (
        'Fluent docs: interface contracts, 27 Nov 2024 ("-5" in its sample); Inventory quantity'
        " types, 10 Jan 2025. Inferred: what a positive one does"
    )
    hint = "Send -5 for what reserves five pieces."
    sees = (Batch,)
    good = (a_batch(a_record(qty=-5, type="RESERVED"), a_record(skuRef="SKU_2", qty=5)),)
    bad = (a_batch(a_record(qty=5, type="RESERVED")),)

    def see(self, batch: Batch) -> Iterable[Finding]:
        """The reservations above zero."""
        types = column(batch, "type")
        if "RESERVED" not in distinct(types):
            return
        for index, record in enumerate(records_of(batch)):
            amount = record.get("qty")
            if types[index] == "RESERVED" and isinstance(amount, int) and amount > 0:
                yield self.finding(f"/entities/{index}/qty", shown(amount), "a negative number")


_SUSPECT_KINDS = frozenset({str, float})
_USUAL_STATUSES = {None, "ACTIVE"}
