"""Rules about refs of a batch that hardly any product, location or quantity can have."""

from __future__ import annotations

from collections.abc import Iterable

from ..odd_refs import OWN_REF, TIED_BY_REF, odd_refs_of_batch
from ..payload import column, distinct, shown
from ..ref_flaws import Flaw, flaw_of
from ..retailer_ids import AN_ID, RetailerRule, is_no_retailer
from ..rule import Batch, Finding, Rule, Severity
from ..samples import a_batch, a_record

_NONE = (Flaw.UNFILLED, Flaw.NO_VALUE)


class UnfilledRef(Rule):
    """A ref that can only be a fault of the program that wrote it."""

    id = "FOMS-B270"
    title = "A ref was never filled in"
    severity = Severity.ERROR
    reason = (
        "It is what a template, a program or a spreadsheet writes in place of a value. The stock"
        " goes to a position that no product and no sale ever meets, and all records of this kind"
        " go to the same one."
    )
    evidence = TIED_BY_REF
    hint = "Find out why the source has no value there, and leave such records out until it has."
    sees = (Batch,)
    good = (a_batch(a_record(skuRef="100%", locationRef="{7}")),)
    bad = (a_batch(a_record(skuRef="${sku}")),)

    def see(self, batch: Batch) -> Iterable[Finding]:
        """The refs that nothing else can be meant by."""
        return _of(self, batch, Flaw.UNFILLED)


class NoValueRef(Rule):
    """A ref that is a word for nothing."""

    id = "FOMS-B280"
    title = "A ref is a word for no value"
    severity = Severity.WARNING
    reason = (
        "It is how programs write a value that is missing, so the stock of everything without a"
        " ref is counted at one position, the last record over the others."
    )
    evidence = TIED_BY_REF
    hint = "Leave out the records without a ref, and see why the source has none."
    sees = (Batch,)
    good = (a_batch(a_record(skuRef="NONE", locationRef="NAN")),)
    bad = (a_batch(a_record(skuRef="null")),)

    def see(self, batch: Batch) -> Iterable[Finding]:
        """The refs that are such a word, and no more."""
        return _of(self, batch, Flaw.NO_VALUE)


class InvisibleInRef(Rule):
    """A ref that looks like another one."""

    id = "FOMS-B290"
    title = "A ref holds a character that nobody sees"
    severity = Severity.WARNING
    reason = (
        "Refs are compared as they are written, so this one is not the one that it looks like, and"
        " its stock is found nowhere."
    )
    evidence = TIED_BY_REF
    hint = "Remove the character where the ref is first read; it often comes from a copied table."
    sees = (Batch,)
    good = (a_batch(a_record(skuRef="Größe 42", locationRef="\u2764\ufe0f")),)
    bad = (a_batch(a_record(skuRef="SKU\u200b_1")),)

    def see(self, batch: Batch) -> Iterable[Finding]:
        """The refs with such a character between the others."""
        return _of(self, batch, Flaw.INVISIBLE)


class SpreadsheetRef(Rule):
    """A ref that a table has changed."""

    id = "FOMS-B300"
    title = "A ref looks damaged by a spreadsheet"
    severity = Severity.WARNING
    reason = (
        "Spreadsheets take refs for numbers and dates, and write them in their own way: many refs"
        " become one, and none of them is a product's."
    )
    evidence = TIED_BY_REF
    hint = "Take the refs from their source, or import the column as text."
    sees = (Batch,)
    good = (a_batch(a_record(skuRef="12E34", locationRef="MAR-05")),)
    bad = (a_batch(a_record(skuRef="1.23457E+12")),)

    def see(self, batch: Batch) -> Iterable[Finding]:
        """The refs that are numbers or dates as only spreadsheets write them."""
        return _of(self, batch, Flaw.TABLE)


class UnfilledType(Rule):
    """A type of quantity that can only be a fault of the program that wrote it."""

    id = "FOMS-B310"
    title = "A record's type was never filled in"
    severity = Severity.ERROR
    reason = (
        "The record makes a quantity of a type of that name, beside the count that it was to"
        " replace: both are stock, and no later count takes it back."
    )
    evidence = "Inferred: the type is free text, and a quantity is known by it"
    hint = "Leave the type out for a count, or find out why the source has none."
    sees = (Batch,)
    good = (a_batch(a_record(type="LAST_ON_HAND"), a_record(skuRef="SKU_2", type="LAYBY")),)
    bad = (a_batch(a_record(type="${type}")),)

    def see(self, batch: Batch) -> Iterable[Finding]:
        """The types that are a template, an error value or a word for no value."""
        types = column(batch, "type")
        texts = (kind for kind in distinct(types) if isinstance(kind, str))
        flaws = {
            kind: flaw
            for kind in texts
            if (flaw := flaw_of(kind)) and flaw.flaw in (Flaw.UNFILLED, Flaw.NO_VALUE)
        }
        if flaws:
            for index, kind in enumerate(types):
                if isinstance(kind, str) and kind in flaws:
                    found = f"{shown(kind)}, {flaws[kind].what}"
                    yield self.finding(f"/entities/{index}/type", found, "a type of quantity")


class NoRetailersRecord(RetailerRule):
    """A record whose retailerId no retailer can have; where the job's is known, B020 tells it."""

    id = "FOMS-B320"
    title = "A record's retailerId is no retailer's"
    sees = (Batch,)
    good = (a_batch(a_record(retailerId="1")), a_batch(a_record(retailerId=1)))
    bad = (a_batch(a_record(retailerId="{{retailer}}")),)

    def see(self, batch: Batch) -> Iterable[Finding]:
        """The first record of each such id."""
        if batch.retailer_id is not None:
            return
        ids = column(batch, "retailerId")
        untold = {value for value in distinct(ids) if is_no_retailer(value)}
        for index, value in enumerate(ids) if untold else ():
            if is_no_retailer(value) and value in untold:
                untold.discard(value)
                yield self.finding(f"/entities/{index}/retailerId", shown(value), AN_ID)


def _of(rule: Rule, batch: Batch, flaw: Flaw) -> Iterable[Finding]:
    return [
        rule.finding(found.pointer, f"{shown(found.ref)}, {found.what}", OWN_REF)
        for found in odd_refs_of_batch(batch)
        if found.flaw is flaw
    ]
