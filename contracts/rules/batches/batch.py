"""Rules about a batch as a whole: its size, its retailer, its event, records that meet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from fluent_oms_simulator.domain.jobs import INVENTORY_CHANGED, MOST_RECORDS

from ..payload import (
    DELTA,
    LAST_ON_HAND,
    Row,
    catalogue_retailer,
    column,
    distinct,
    is_nearly_changed,
    records_of,
    shown,
    text,
)
from ..rule import Batch, Finding, Rule, Severity, once
from ..samples import a_batch, a_record
from ..shape import ShapeRule


class BatchShape(ShapeRule):
    """A batch, or a record, that does not fit."""

    id = "FOMS-B000"
    title = "An inventory batch does not fit its schema"
    reason = "A batch that cannot be read is refused whole, so none of its records is applied."
    sees = (Batch,)
    kind = "batch"
    good = (
        Batch(
            {
                "action": "UPSERT",
                "entityType": "INVENTORY",
                "entities": [{"skuRef": "SKU_1", "locationRef": "LOC_1", "qty": 5}],
            }
        ),
    )
    bad = (Batch({"action": "UPSERT", "entityType": "INVENTORY", "entities": []}),)


class TooManyRecords(Rule):
    """More records than a batch may hold."""

    id = "FOMS-B010"
    title = "A batch holds more than 5,000 records"
    severity = Severity.ERROR
    reason = "A batch takes at most 5,000 records; a larger one is not taken."
    evidence = "Fluent docs: Inventory batch, 9 Feb 2025; inventory batches lesson, 3 Feb 2025"
    hint = "Send the records in several batches of one job; a job takes any number of them."
    sees = (Batch,)
    good = (a_batch(a_record(), a_record(skuRef="SKU_2")),)
    bad = (a_batch(*[a_record()] * 5001),)

    def see(self, batch: Batch) -> Iterable[Finding]:
        """Its size."""
        count = len(batch.records)
        if count > MOST_RECORDS:
            yield self.finding("/entities", f"{count:,} records", f"at most {MOST_RECORDS:,}")


class AnotherRetailersRecord(Rule):
    """Records of a retailer that the job is not for."""

    id = "FOMS-B020"
    title = "A record names another retailer than its job"
    severity = Severity.ERROR
    reason = (
        "A batch belongs to the retailer of its job, so stock under another retailer's number is"
        " refused, or counted for the wrong one."
    )
    evidence = "Inferred: the retailer is given to the job (Job API, 20 Feb 2025), not to the batch"
    hint = "Open a job for each retailer, and send each record into its own retailer's job."
    sees = (Batch,)
    good = (
        a_batch(a_record(retailerId=1), retailer_id="1"),
        a_batch(a_record(retailerId="1"), a_record(retailerId=1, skuRef="SKU_2")),
    )
    bad = (a_batch(a_record(retailerId=2), retailer_id="1"),)

    def see(self, batch: Batch) -> Iterable[Finding]:
        """The records that differ; when all do, the first stands for them."""
        given = column(batch, "retailerId")
        named = {name for value in distinct(given) if (name := text(value)) is not None}
        own = batch.retailer_id
        if not named or named == {own} or (own is None and len(named) == 1):
            return
        expected = f"the job's retailer, {own}"
        if own is None:
            own = next(name for value in given if (name := text(value)) is not None)
            expected = f"{own}, as in the records before: a batch is for one retailer"
        differing = [
            index
            for index, value in enumerate(given)
            if (name := text(value)) is not None and name != own
        ]
        alike = len(named) == 1 and len(differing) > 1
        for index in differing[:1] if alike else differing:
            found = shown(given[index]) + (f", in {len(differing):,} records" if alike else "")
            yield self.finding(f"/entities/{index}/retailerId", found, expected)


class AnotherRetailersCatalogue(Rule):
    """A catalogue of another retailer."""

    id = "FOMS-B030"
    title = "catalogueRef names another retailer's catalogue"
    severity = Severity.ERROR
    reason = "The stock would be counted in a catalogue that the retailer's sales do not look at."
    evidence = "Fluent docs: Inventory Batch API, 24 Mar 2025 (DEFAULT:<retailerId> by default)"
    hint = "Leave catalogueRef out, or name the catalogue that ends with the job's retailer."
    sees = (Batch,)
    good = (a_batch(a_record(), retailer_id="1", catalogueRef="DEFAULT:1"),)
    bad = (a_batch(a_record(), retailer_id="1", catalogueRef="DEFAULT:2"),)

    def see(self, batch: Batch) -> Iterable[Finding]:
        """Its catalogue, where the retailer is known from the job or the first records."""
        ref = batch.document.get("catalogueRef")
        owner = catalogue_retailer(ref)
        if owner is None:
            return
        own = batch.retailer_id
        if own is None:
            given = distinct(column(batch, "retailerId"))
            named = {name for value in given if (name := text(value)) is not None}
            if len(named) != 1:
                return
            own = named.pop()
        if own.isascii() and own.isdigit() and owner != own:
            yield self.finding("/catalogueRef", shown(ref), f"a catalogue of retailer {own}")


class MisspeltEvent(Rule):
    """An event name that is nearly the documented one."""

    id = "FOMS-B040"
    title = "The batch's event is nearly InventoryChanged"
    severity = Severity.ERROR
    reason = (
        "Each record raises the event that the batch names. The name of a ruleset must be equal to"
        " it, so with a misspelt one no record is applied, though the batch ends COMPLETE."
    )
    evidence = (
        "Fluent docs: Inventory Batch API, 24 Mar 2025; introduction to the Events API, 24 Oct 2025"
    )
    hint = "Leave event out, or write InventoryChanged."
    sees = (Batch,)
    good = (a_batch(a_record()), a_batch(a_record(), event=INVENTORY_CHANGED))
    bad = (a_batch(a_record(), event="INVENTORY_CHANGED"),)

    def see(self, batch: Batch) -> Iterable[Finding]:
        """Its event."""
        event = batch.document.get("event")
        if isinstance(event, str) and event != INVENTORY_CHANGED and is_nearly_changed(event):
            yield self.finding("/event", shown(event), f'"{INVENTORY_CHANGED}"')


class CustomEvent(Rule):
    """An event that the reference workflow does not know."""

    id = "FOMS-B050"
    title = "The batch raises an event of its own"
    severity = Severity.WARNING
    reason = (
        "The reference workflow has a ruleset for InventoryChanged only. Unless the workflow in"
        " use has one for this name, every record ends as NO_MATCH and no stock changes."
    )
    evidence = "Fluent docs: Inventory Batch API, 24 Mar 2025 (a custom name is allowed)"
    hint = "Leave event out unless the retailer's own workflow has a ruleset with this name."
    sees = (Batch,)
    good = (a_batch(a_record(), event=INVENTORY_CHANGED),)
    bad = (a_batch(a_record(), event="InventoryQuantityUpdate"),)

    def see(self, batch: Batch) -> Iterable[Finding]:
        """Its event."""
        event = batch.document.get("event")
        if isinstance(event, str) and event != INVENTORY_CHANGED and not is_nearly_changed(event):
            yield self.finding("/event", shown(event), f'"{INVENTORY_CHANGED}", or no event')


class CountAndDelta(Rule):
    """An absolute and a relative number for one position."""

    id = "FOMS-B060"
    title = "A batch holds a LAST_ON_HAND and a DELTA for one position"
    severity = Severity.ERROR
    reason = (
        "A count retires the deltas of its position. Records are applied in no promised order, so"
        " the delta counts or not by chance."
    )
    evidence = "Fluent docs: Inventory catalogue workflow, 18 Feb 2025. Inferred: the order"
    hint = "Count with LAST_ON_HAND and send what changes afterwards as an INVENTORY_DELTA event."
    sees = (Batch,)
    good = (a_batch(a_record(), a_record(locationRef="LOC_2", type=DELTA, qty=-1)),)
    bad = (a_batch(a_record(), a_record(type=DELTA, qty=-1)),)

    def see(self, batch: Batch) -> Iterable[Finding]:
        """The deltas of positions that are counted as well."""
        listed = records_of(batch)
        if DELTA not in distinct(column(batch, "type")):
            return
        counts: dict[tuple[str, str], int] = {}
        for index, row in enumerate(listed):
            position = _position(row)
            if position is not None and row.get("type") in (None, LAST_ON_HAND):
                counts.setdefault(position, index)
        for index, row in enumerate(listed):
            position = _position(row)
            if row.get("type") == DELTA and position in counts:
                found = f"DELTA, and at /entities/{counts[position]} a LAST_ON_HAND"
                yield self.finding(f"/entities/{index}/type", found, "one or the other")


class DifferentCounts(Rule):
    """One quantity with two numbers."""

    id = "FOMS-B070"
    title = "A batch gives one position two different quantities"
    severity = Severity.ERROR
    reason = "Of records for one quantity one is kept, and no page says which."
    evidence = "Fluent docs: Inventory Batch Pre-Processing, 10 Jan 2025 (de-duplication)"
    hint = "Send each position once: add the pieces up, or give each part a ref of its own."
    sees = (Batch,)
    good = (a_batch(a_record(ref="SHELF"), a_record(ref="BACK_ROOM", qty=7)),)
    bad = (a_batch(a_record(), a_record(qty=7)),)

    def see(self, batch: Batch) -> Iterable[Finding]:
        """The later records that differ from the first."""
        listed = records_of(batch)
        for index, first in repeated(batch):
            qty, other = shown(listed[index].get("qty")), shown(listed[first].get("qty"))
            if qty != other:
                found = f"{qty}, and at /entities/{first} {other}"
                yield self.finding(f"/entities/{index}/qty", found, "one record for the position")


class SameRecordTwice(Rule):
    """A record that is there already."""

    id = "FOMS-B080"
    title = "A batch repeats a record"
    severity = Severity.WARNING
    reason = "It is work without effect, and a sign that the extract joins rows it should not."
    evidence = "Fluent docs: Inventory Batch Pre-Processing, 10 Jan 2025 (de-duplication)"
    hint = "Send each position once in a batch."
    sees = (Batch,)
    good = (a_batch(a_record(), a_record(locationRef="LOC_2")),)
    bad = (a_batch(a_record(), a_record()),)

    def see(self, batch: Batch) -> Iterable[Finding]:
        """The later records that say the same as the first."""
        listed = records_of(batch)
        for index, first in repeated(batch):
            if shown(listed[index].get("qty")) == shown(listed[first].get("qty")):
                same = listed[index] == listed[first]
                but = "" if same else ", but for its other fields"
                found = f"the record of /entities/{first} again{but}"
                yield self.finding(f"/entities/{index}", found, "one record for the position")


@once
def repeated(batch: Batch) -> Sequence[tuple[int, int]]:
    """The records for a quantity that has one already: their index, and the first one's."""
    skus, locations, refs = (column(batch, name) for name in ("skuRef", "locationRef", "ref"))
    try:
        if len(set(zip(skus, locations, strict=True))) == len(skus):
            return ()
        if len(set(zip(skus, locations, refs, strict=True))) == len(skus):
            return ()
    except TypeError:
        pass  # Some records hold a list or an object there; the others still count.
    return list(_repeated(records_of(batch)))


def _repeated(listed: Sequence[Row]) -> Iterator[tuple[int, int]]:
    firsts: dict[tuple[str, str, object, object], int] = {}
    for index, row in enumerate(listed):
        position = _position(row)
        if position is None:
            continue
        key = (*position, text(row.get("ref")), text(row.get("type")) or LAST_ON_HAND)
        first = firsts.setdefault(key, index)
        if first != index:
            yield index, first


def _position(row: Row) -> tuple[str, str] | None:
    """The product and location of a record, where both are there."""
    product_ref, location_ref = row.get("skuRef"), row.get("locationRef")
    if isinstance(product_ref, str) and isinstance(location_ref, str):
        return product_ref, location_ref
    return None
