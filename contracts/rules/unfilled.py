"""Rules about fields besides the refs that hold what stands for no value, or an id that is none."""

from __future__ import annotations

from collections.abc import Iterable

from .events import name_meant
from .odd_refs import flaw_of_parts
from .payload import column, distinct, shown
from .ref_flaws import Flaw, flaw_of
from .rule import Batch, Event, Finding, Job, Rule, Severity
from .samples import a_batch, a_delta, a_delta_event, a_record

_NONE = (Flaw.UNFILLED, Flaw.NO_VALUE)
_AN_ID = "the id of a retailer, a whole number"
_ONLY_NUMBERS = (
    "Retailers are known by whole numbers. No account has a retailer of another name, so that this"
    " is refused; mostly it is a template that was not filled in."
)
_DOCUMENTED_IDS = (
    "Fluent docs: job API, 20 Feb 2025; inventory batch API, 24 Mar 2025 (samples). Inferred: that"
    " there are no others"
)
_FILL_IN = "Fill in the retailer's id, and see why the source has none there."


def is_no_retailer(value: object) -> bool:
    """Whether a text or a number is no retailer's id; other types are not judged."""
    if isinstance(value, float):
        return True
    return isinstance(value, str) and not (value.isascii() and value.isdigit())


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
        flaws = {kind: flaw for kind in texts if (flaw := flaw_of(kind)) and flaw.flaw in _NONE}
        if flaws:
            for index, kind in enumerate(types):
                if isinstance(kind, str) and kind in flaws:
                    found = f"{shown(kind)}, {flaws[kind].what}"
                    yield self.finding(f"/entities/{index}/type", found, "a type of quantity")


class NoRetailersRecord(Rule):
    """A record whose retailerId no retailer can have; where the job's is known, B020 tells it."""

    id = "FOMS-B320"
    title = "A record's retailerId is no retailer's"
    severity = Severity.ERROR
    reason = _ONLY_NUMBERS
    evidence = _DOCUMENTED_IDS
    hint = _FILL_IN
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
                yield self.finding(f"/entities/{index}/retailerId", shown(value), _AN_ID)


class NoRetailersEvent(Rule):
    """An event for a retailer that cannot be."""

    id = "FOMS-E460"
    title = "An event's retailerId is no retailer's"
    severity = Severity.ERROR
    reason = _ONLY_NUMBERS
    evidence = _DOCUMENTED_IDS
    hint = _FILL_IN
    sees = (Event,)
    good = (Event({**a_delta_event(a_delta()).document, "retailerId": 1}),)
    bad = (Event({**a_delta_event(a_delta()).document, "retailerId": "undefined"}),)

    def see(self, event: Event) -> Iterable[Finding]:
        """The id, if it is not a whole number."""
        if is_no_retailer(value := event.document.get("retailerId")):
            yield self.finding("/retailerId", shown(value), _AN_ID)


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


class NoRetailersJob(Rule):
    """A job for a retailer that cannot be."""

    id = "FOMS-J040"
    title = "A job's retailerId is no retailer's"
    severity = Severity.ERROR
    reason = _ONLY_NUMBERS
    evidence = _DOCUMENTED_IDS
    hint = _FILL_IN
    sees = (Job,)
    good = (Job({"name": "Nightly load", "retailerId": "1"}),)
    bad = (Job({"name": "Nightly load", "retailerId": "{{retailer.id}}"}),)

    def see(self, job: Job) -> Iterable[Finding]:
        """The id, if it is not a whole number."""
        if is_no_retailer(value := job.document.get("retailerId")):
            yield self.finding("/retailerId", shown(value), _AN_ID)
