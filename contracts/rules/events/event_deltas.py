"""Rules about the deltas of an INVENTORY_DELTA event."""

from __future__ import annotations

from collections.abc import Iterable

from ..event_rows import DELTAS, deltas_of
from ..payload import (
    COUNTED_TYPES,
    DELTA,
    LAST_ON_HAND,
    WHOLE_NUMBER,
    Row,
    is_ill_written,
    meant_type,
    shown,
    text,
)
from ..rule import Event, Finding, Rule, Severity
from ..samples import a_delta, a_delta_event
from .delta_fields import has_misnamed_id

MOST_DELTAS = 1000
"""What one event should carry at most; the platform's own limit is not known."""


class DeltaWithoutId(Rule):
    """A delta that cannot be told from its repetition."""

    id = "FOMS-E110"
    title = "A delta has no deltaId"
    severity = Severity.ERROR
    reason = (
        "The deltaId names the quantity that is stored. Without one the quantity cannot be"
        " created, or the same sale counts again whenever the event is sent again."
    )
    evidence = (
        "Fluent docs: how to send delta inventory updates, 28 Feb 2025. Inferred: what happens"
        " without it"
    )
    hint = "Give each delta an id from the source, such as the number of the sale and its line."
    sees = (Event,)
    good = (a_delta_event(a_delta()),)
    bad = (a_delta_event(a_delta(deltaId=None)),)

    def see(self, event: Event) -> Iterable[Finding]:
        """The deltas without one."""
        for index, delta in enumerate(deltas_of(event)):
            if delta and delta.get("deltaId") in (None, "") and not has_misnamed_id(delta):
                found = "nothing" if "deltaId" not in delta else shown(delta["deltaId"])
                yield self.finding(f"{DELTAS}/{index}/deltaId", found, "an id of its own")


class DeltaIdTwice(Rule):
    """Two deltas under one id."""

    id = "FOMS-E120"
    title = "An event uses a deltaId twice"
    severity = Severity.ERROR
    reason = (
        "A deltaId is the ref of a quantity, and refs are unique in a catalogue, across products"
        " and locations: the second delta fails or overwrites the first."
    )
    evidence = (
        "Fluent docs: CreateDeltaInventoryQuantities, 12 Aug 2025; GraphQL schema (ref is unique)."
        " Inferred: which of the two"
    )
    hint = "Give each delta an id of its own; the number of a sale alone is not enough."
    sees = (Event,)
    good = (a_delta_event(a_delta(), a_delta(deltaId="POS7-0002")),)
    bad = (a_delta_event(a_delta(), a_delta(locationRef="LOC_2")),)

    def see(self, event: Event) -> Iterable[Finding]:
        """The deltas whose id is taken."""
        firsts: dict[str, int] = {}
        for index, delta in enumerate(deltas_of(event)):
            delta_id = delta.get("deltaId")
            if isinstance(delta_id, str) and delta_id:
                first = firsts.setdefault(delta_id, index)
                if first != index:
                    found = f"{shown(delta_id)}, as at {DELTAS}/{first}"
                    yield self.finding(f"{DELTAS}/{index}/deltaId", found, "an id of its own")


class ZeroDelta(Rule):
    """A change of nothing."""

    id = "FOMS-E130"
    title = "A delta of zero"
    severity = Severity.ERROR
    reason = "It changes no stock, and makes the event one that is refused or a quantity of 0."
    evidence = "Inferred: a delta is an increment or a decrement (inventory deltas, 9 Jan 2025)"
    hint = "Leave the delta out; to bring stock to zero send a batch with qty 0."
    sees = (Event,)
    good = (a_delta_event(a_delta()),)
    bad = (a_delta_event(a_delta(qty=0)),)

    def see(self, event: Event) -> Iterable[Finding]:
        """The deltas of zero."""
        for index, delta in enumerate(deltas_of(event)):
            qty = delta.get("qty")
            if isinstance(qty, int) and not isinstance(qty, bool) and qty == 0:
                yield self.finding(f"{DELTAS}/{index}/qty", "0", "a number other than zero")


class CancellingDeltas(Rule):
    """Changes that leave no change."""

    id = "FOMS-E140"
    title = "The deltas of an event cancel each other out"
    severity = Severity.WARNING
    reason = (
        "The stock ends where it was, at the cost of a stored quantity for each delta. It is often"
        " a sign that a sale and its undoing are both counted."
    )
    evidence = (
        "Inferred: from the sum that stock on hand is (Inventory quantity types, 10 Jan 2025)"
    )
    hint = "Send what is left of the changes, and nothing where nothing is left."
    sees = (Event,)
    good = (a_delta_event(a_delta(), a_delta(deltaId="POS7-0002", qty=5)),)
    bad = (a_delta_event(a_delta(), a_delta(deltaId="POS7-0002", qty=2)),)

    def see(self, event: Event) -> Iterable[Finding]:
        """The last delta of each position whose changes add up to nothing."""
        sums: dict[tuple[object, object, object], tuple[int, int, int]] = {}
        for index, delta in enumerate(deltas_of(event)):
            qty = delta.get("qty")
            key = (text(delta.get("productRef")), text(delta.get("locationRef")), _type_of(delta))
            if isinstance(qty, int) and qty != 0 and None not in key:
                total, count, _ = sums.get(key, (0, 0, 0))
                sums[key] = (total + qty, count + 1, index)
        for total, count, index in sums.values():
            if total == 0:
                found = f"{count} deltas of one position that add up to 0"
                yield self.finding(f"{DELTAS}/{index}", found, "what is left of them, if anything")


class DeltaNotAWholeNumber(Rule):
    """A number as text, or with a decimal point."""

    id = "FOMS-E160"
    title = "A delta's qty is not written as a whole number"
    severity = Severity.ERROR
    reason = (
        "The rules take an integer: for text, or for 2.0, the event fails after it was accepted."
    )
    evidence = (
        "Fluent docs: SplitDeltasAndDownToInventoryPosition, 12 Aug 2025 (qty is an Integer)."
        " Inferred: that it fails"
    )
    hint = "Write -2, without quotes and decimal point."
    sees = (Event,)
    good = (a_delta_event(a_delta(qty=-2)),)
    bad = (a_delta_event(a_delta(qty="-2")),)

    def see(self, event: Event) -> Iterable[Finding]:
        """The amounts that are text or have a decimal point."""
        for index, delta in enumerate(deltas_of(event)):
            if is_ill_written(delta.get("qty")):
                yield self.finding(f"{DELTAS}/{index}/qty", shown(delta["qty"]), WHOLE_NUMBER)


class UncountedDeltaType(Rule):
    """A change of something that is not stock."""

    id = "FOMS-E170"
    title = "A delta's type does not count as stock"
    severity = Severity.ERROR
    reason = (
        "Stock on hand adds up LAST_ON_HAND, RESERVED, SALE, CORRECTION and DELTA. A delta of"
        " another type is stored and changes nothing; one of type LAST_ON_HAND is a contradiction,"
        " since that is absolute."
    )
    evidence = "Fluent docs: Inventory quantity types, 10 Jan 2025; CalculateOnHand, 12 Aug 2025"
    hint = "Send the type DELTA, or leave it out."
    sees = (Event,)
    good = (a_delta_event(a_delta()),)
    bad = (a_delta_event(a_delta(type="DEFAULT")),)

    def see(self, event: Event) -> Iterable[Finding]:
        """The types other than those of changes."""
        for index, delta in enumerate(deltas_of(event)):
            kind = delta.get("type")
            if isinstance(kind, str) and kind not in _CHANGES:
                expected = (
                    f'"{meant_type(kind) or DELTA}"' if kind != LAST_ON_HAND else f'"{DELTA}"'
                )
                yield self.finding(f"{DELTAS}/{index}/type", shown(kind), expected)


class BatchAsEvent(Rule):
    """What a batch should carry."""

    id = "FOMS-E200"
    title = f"An event carries {MOST_DELTAS:,} deltas or more"
    severity = Severity.WARNING
    reason = (
        "One delta without a position halts them all, and all are worked through in one event."
        " Events are for what changes as it happens, batches for loads."
    )
    evidence = (
        "Fluent docs: inventory ingestion, 9 Feb 2025. Inferred: the number, which was the limit"
        " of the obsolete direct updates (30 Apr 2025)"
    )
    hint = "Send the changes in smaller events as they happen, or the counts in a batch."
    sees = (Event,)
    good = (a_delta_event(a_delta()),)
    bad = (a_delta_event(*(a_delta(deltaId=f"POS7-{n:04}") for n in range(MOST_DELTAS))),)

    def see(self, event: Event) -> Iterable[Finding]:
        """Their number."""
        count = len(deltas_of(event))
        if count >= MOST_DELTAS:
            yield self.finding(DELTAS, f"{count:,} deltas", f"fewer than {MOST_DELTAS:,}")


_CHANGES = COUNTED_TYPES - {LAST_ON_HAND}


def _type_of(delta: Row) -> str:
    kind = delta.get("type")
    return kind if isinstance(kind, str) else DELTA
