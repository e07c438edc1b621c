"""Rules about refs of an event that hardly any entity, product or location can have."""

from __future__ import annotations

from collections.abc import Iterable

from ..odd_refs import OWN_REF, TIED_BY_REF, flaw_of_parts, odd_refs_of_event
from ..payload import shown
from ..ref_flaws import Flaw
from ..retailer_ids import AN_ID, RetailerRule, is_no_retailer
from ..rule import Event, Finding, Rule, Severity
from ..samples import a_delta, a_delta_event, an_item, an_update_event
from .events import name_meant

_HALTS = "one missing position halts the whole event"
_OWN_ID = "an id that no other change has"


class UnfilledEventRef(Rule):
    """A ref that can only be a fault of the program that wrote it."""

    id = "FOMS-E410"
    title = "A ref of an event was never filled in"
    severity = Severity.ERROR
    reason = (
        "It is what a template, a program or a spreadsheet writes in place of a value. There is no"
        f" such entity, and no position of it; {_HALTS}."
    )
    evidence = TIED_BY_REF
    hint = "Find out why the source has no value there, and send nothing until it has."
    sees = (Event,)
    good = (a_delta_event(a_delta(productRef="100%", locationRef="{7}")),)
    bad = (an_update_event(an_item(skuRef="{{product_ref}}")),)

    def see(self, event: Event) -> Iterable[Finding]:
        """The refs that nothing else can be meant by; a deltaId is another rule's."""
        return _of(self, event, Flaw.UNFILLED)


class NoValueEventRef(Rule):
    """A ref that is a word for nothing."""

    id = "FOMS-E420"
    title = "A ref of an event is a word for no value"
    severity = Severity.WARNING
    reason = (
        "It is how programs write a value that is missing. There is hardly an entity of that name,"
        f" nor a position of it; {_HALTS}."
    )
    evidence = TIED_BY_REF
    hint = "Send nothing for what has no ref, and see why the source has none."
    sees = (Event,)
    good = (a_delta_event(a_delta(productRef="NONE", locationRef="NAN")),)
    bad = (a_delta_event(a_delta(locationRef="null")),)

    def see(self, event: Event) -> Iterable[Finding]:
        """The refs that are such a word, and no more; a deltaId is another rule's."""
        return _of(self, event, Flaw.NO_VALUE)


class DeltaIdWithoutValue(Rule):
    """An id that is the same for every delta."""

    id = "FOMS-E430"
    title = "A deltaId stands for no value"
    severity = Severity.ERROR
    reason = (
        "A deltaId names one change for ever. This one is what a program writes when it has no id,"
        " so the next delta has it too, and is taken for a repetition: the first counts, and none"
        " after it."
    )
    evidence = (
        "Fluent docs: CreateDeltaInventoryQuantities, 12 Aug 2025 (a quantity for each deltaId)."
        " Inferred: what the second one of a name comes to"
    )
    hint = "Give each delta an id from the source, such as the number of the sale and its line."
    sees = (Event,)
    good = (a_delta_event(a_delta(deltaId="null-0001")),)
    bad = (a_delta_event(a_delta(deltaId="undefined")),)

    def see(self, event: Event) -> Iterable[Finding]:
        """The deltaIds that are templates, or words for no value."""
        return [
            self.finding(found.pointer, f"{shown(found.ref)}, {found.what}", _OWN_ID)
            for found in odd_refs_of_event(event)
            if found.is_delta_id and found.flaw in (Flaw.UNFILLED, Flaw.NO_VALUE)
        ]


class InvisibleInEventRef(Rule):
    """A ref that looks like another one."""

    id = "FOMS-E440"
    title = "A ref of an event holds a character that nobody sees"
    severity = Severity.WARNING
    reason = (
        "Refs are compared as they are written, so there is no entity and no position with this"
        f" one; {_HALTS}."
    )
    evidence = TIED_BY_REF
    hint = "Remove the character where the ref is first read; it often comes from a copied table."
    sees = (Event,)
    good = (a_delta_event(a_delta(productRef="Größe 42", locationRef="\u2764\ufe0f")),)
    bad = (a_delta_event(a_delta(productRef="\ufeffSKU_1")),)

    def see(self, event: Event) -> Iterable[Finding]:
        """The refs and deltaIds with such a character between the others."""
        return _of(self, event, Flaw.INVISIBLE, also_ids=True)


class SpreadsheetEventRef(Rule):
    """A ref that a table has changed."""

    id = "FOMS-E450"
    title = "A ref of an event looks damaged by a spreadsheet"
    severity = Severity.WARNING
    reason = (
        "Spreadsheets take refs for numbers and dates, and write them in their own way: many refs"
        " or ids become one, and none of them is what it was."
    )
    evidence = TIED_BY_REF
    hint = "Take refs and ids from their source, or import the column as text."
    sees = (Event,)
    good = (a_delta_event(a_delta(productRef="12E34", locationRef="MAR-05")),)
    bad = (a_delta_event(a_delta(productRef="05-Mar")),)

    def see(self, event: Event) -> Iterable[Finding]:
        """The refs and deltaIds that are numbers or dates as only spreadsheets write them."""
        return _of(self, event, Flaw.TABLE, also_ids=True)


class NoRetailersEvent(RetailerRule):
    """An event for a retailer that cannot be."""

    id = "FOMS-E460"
    title = "An event's retailerId is no retailer's"
    sees = (Event,)
    good = (Event({**a_delta_event(a_delta()).document, "retailerId": 1}),)
    bad = (Event({**a_delta_event(a_delta()).document, "retailerId": "undefined"}),)

    def see(self, event: Event) -> Iterable[Finding]:
        """The id, if it is not a whole number."""
        if is_no_retailer(value := event.document.get("retailerId")):
            yield self.finding("/retailerId", shown(value), AN_ID)


class UnfilledEvent(Rule):
    """The name of an event, or its account, that can only be a fault of the program."""

    id = "FOMS-E470"
    title = "An event's name or account was never filled in"
    severity = Severity.ERROR
    reason = (
        "An event runs the ruleset of exactly its name, in its own account. There is none of this"
        " name, so the event does nothing or is refused."
    )
    evidence = "Fluent docs: Events API, 24 Oct 2025 (an event name must equal a ruleset's)"
    hint = "Find out why the source has no value there; remove what nobody sees around it."
    sees = (Event,)
    good = (a_delta_event(a_delta()), Event({**a_delta_event().document, "name": "Order Placed"}))
    bad = (Event({**a_delta_event(a_delta()).document, "accountId": "{{account}}"}),)

    def see(self, event: Event) -> Iterable[Finding]:
        """The two, where they are a word for no value, or hold what nobody sees."""
        for field in ("name", "accountId"):
            value = event.document.get(field)
            if not isinstance(value, str) or (field == "name" and name_meant(value)):
                continue
            flawed = flaw_of_parts(value)
            if flawed is not None and flawed.flaw is not Flaw.TABLE:
                yield self.finding(f"/{field}", f"{shown(value)}, {flawed.what}", "its own")


def _of(rule: Rule, event: Event, flaw: Flaw, *, also_ids: bool = False) -> Iterable[Finding]:
    odd = odd_refs_of_event(event)
    if not odd:
        return ()
    return [
        rule.finding(
            found.pointer,
            f"{shown(found.ref)}, {found.what}",
            _OWN_ID if found.is_delta_id else OWN_REF,
        )
        for found in odd
        if found.flaw is flaw and (also_ids or not found.is_delta_id)
    ]
