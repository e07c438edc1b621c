"""Rules about what the fields of a batch's records are called, and what their refs look like."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from fluent_oms_simulator.domain.refs import LONGEST_REF

from ..near_names import nearly
from ..odd_refs import RECORD_REFS
from ..payload import (
    beside,
    catalogue_type,
    column,
    distinct,
    is_padded,
    long_position_refs,
    misnamed,
    names_of,
    records_of,
    shown,
    texts,
    token,
)
from ..rule import Batch, Finding, Rule, Severity
from ..samples import a_batch, a_record


class WrongFieldName(Rule):
    """What a batch or a record has to have, in a field that nobody reads."""

    id = "FOMS-B210"
    title = "A batch or a record names a field wrongly that it needs"
    severity = Severity.ERROR
    reason = (
        "A batch calls the product skuRef and the amount qty; a delta says productRef, and the"
        " stored quantity says quantity. A record without its three fields is not applied, and a"
        " batch without action, entityType and entities is refused."
    )
    evidence = "Fluent docs: Inventory Batch API, 24 Mar 2025"
    hint = "Rename the field as expected."
    sees = (Batch,)
    good = (a_batch(a_record(productRef="STYLE_1")),)
    bad = (a_batch({"productRef": "SKU_1", "locationRef": "LOC_1", "qty": 12}),)

    def see(self, batch: Batch) -> Iterable[Finding]:
        """The wrong names whose right ones are not there."""
        for _, name, right in misnamed([batch.document], _BATCH_FIELDS, _NEEDED_OF_BATCH):
            yield self.finding(f"/{token(name)}", shown(name), f'a field "{right}"')
        for index, name, right in misnamed(records_of(batch), _READ, _NEEDED):
            yield self.finding(
                f"/entities/{index}/{token(name)}", shown(name), f'a field "{right}"'
            )

    def explains(self, finding: Finding) -> Iterable[str]:
        """The field that is missing."""
        is_of_a_record = finding.pointer.startswith("/entities/")
        return (beside(finding.pointer, _NEEDED if is_of_a_record else _NEEDED_OF_BATCH),)


class MisspeltField(Rule):
    """An optional field that is nearly one that is read."""

    id = "FOMS-B220"
    title = "A field's name is nearly that of a documented one"
    severity = Severity.WARNING
    reason = "A field with an unknown name is passed over without a word, whatever it holds."
    evidence = "Fluent docs: Inventory Batch API, 24 Mar 2025. Inferred: unknown fields are ignored"
    hint = "Write the name as expected, with the same capital letters."
    sees = (Batch,)
    good = (a_batch(a_record(retailerId=1)),)
    bad = (a_batch(a_record(retailer_id=1)),)

    def see(self, batch: Batch) -> Iterable[Finding]:
        """The misspelt names whose right ones are not there, of the batch and of its records."""
        document, records = batch.document, records_of(batch)
        meant = _OPTIONAL_OF_BATCH | nearly(document, _OPTIONAL_OF_BATCH.values())
        for _, name, right in misnamed([document], _BATCH_FIELDS, meant):
            yield self.finding(f"/{token(name)}", shown(name), f'a field "{right}"')
        suspects = set().union(*records).difference(_READ)
        meant = _OPTIONAL | nearly(suspects, _BESIDES) if suspects else _OPTIONAL
        for index, name, right in misnamed(records, _READ, meant):
            yield self.finding(
                f"/entities/{index}/{token(name)}", shown(name), f'a field "{right}"'
            )


class LongPositionRef(Rule):
    """Two refs that are too long together."""

    id = "FOMS-B230"
    title = "The ref of a record's position would be too long"
    severity = Severity.ERROR
    reason = (
        "A position is called skuRef:locationRef:type, and a ref has at most 100 characters, so"
        " this position cannot be created."
    )
    evidence = (
        "Fluent docs: GraphQL schema (length of a ref); GraphQL inventory queries, 1 July 2024"
    )
    hint = "Use shorter refs for products or locations."
    sees = (Batch,)
    good = (a_batch(a_record(skuRef="S" * 80)),)
    bad = (a_batch(a_record(skuRef="S" * 90)),)

    def see(self, batch: Batch) -> Iterable[Finding]:
        """The records whose parts are each short enough, but not together."""
        kind = catalogue_type(batch.document.get("catalogueRef")) or "DEFAULT"
        most = LONGEST_REF - len(kind) - 2
        skus = column(batch, "skuRef")
        locations = column(batch, "locationRef")
        try:
            if not skus or max(map(len, skus)) + max(map(len, locations)) <= most:
                return
        except TypeError:
            pass  # Some ref is no text; the others still count.
        refs = zip(skus, locations, strict=True)
        for index, found in long_position_refs(refs, "skuRef", kind):
            yield self.finding(f"/entities/{index}/skuRef", found, f"at most {LONGEST_REF}")


class PaddedRef(Rule):
    """A ref with blanks around it."""

    id = "FOMS-B240"
    title = "A ref begins or ends with a blank"
    severity = Severity.WARNING
    reason = (
        "Refs are compared as they are written, so the stock goes to a position that no product"
        " and no sale ever meets."
    )
    evidence = "Inferred: a position is tied to its product and location by their refs alone"
    hint = "Strip the blanks, which often come from columns of a fixed width."
    sees = (Batch,)
    good = (a_batch(a_record(skuRef="SKU 1")),)
    bad = (a_batch(a_record(skuRef="SKU_1   ")),)

    def see(self, batch: Batch) -> Iterable[Finding]:
        """The refs with blanks."""
        for name in RECORD_REFS:
            padded = set(filter(is_padded, texts(batch, name)))
            if padded:
                for index, ref in enumerate(column(batch, name)):
                    if ref.__class__ is str and ref in padded:
                        pointer = f"/entities/{index}/{name}"
                        yield self.finding(pointer, shown(ref), "no blanks around it")


class ListedAttributes(Rule):
    """Attributes as mutations write them."""

    id = "FOMS-B250"
    title = "A record's attributes are a list"
    severity = Severity.ERROR
    reason = (
        "GraphQL writes attributes as a list of name, type and value; a batch takes an object of"
        " names and values, and cannot read the list."
    )
    evidence = "Fluent docs: UpsertInventoryQuantity, 12 Aug 2025 (Map<String, Object>)"
    hint = 'Write {"condition": "NEW"} in place of [{"name": "condition", "value": "NEW"}].'
    sees = (Batch,)
    good = (a_batch(a_record(attributes={"condition": "NEW"})),)
    bad = (a_batch(a_record(attributes=[{"name": "condition", "value": "NEW"}])),)

    def see(self, batch: Batch) -> Iterable[Finding]:
        """The lists."""
        given = column(batch, "attributes")
        if any(given):
            for index, attributes in enumerate(given):
                if isinstance(attributes, list):
                    yield self.finding(f"/entities/{index}/attributes", "a list", "an object")


class NotADate(Rule):
    """A moment that cannot be read."""

    id = "FOMS-B260"
    title = "A date of a record is not a date and time"
    severity = Severity.ERROR
    reason = (
        "The rule that stores a quantity throws for a date it cannot read, after the batch was"
        " taken."
    )
    evidence = (
        "Fluent docs: UpsertInventoryQuantity, 12 Aug 2025; how to submit inventory batches,"
        " 12 Feb 2025 (YYYY-MM-DDTHH:MM:SSZ)"
    )
    hint = "Write it like 2026-03-23T00:00:00Z."
    sees = (Batch,)
    good = (a_batch(a_record(attributes={"expectedOn": "2024-03-23T00:00:00Z"})),)
    bad = (a_batch(a_record(attributes={"expectedOn": "23/03/2026"})),)

    def see(self, batch: Batch) -> Iterable[Finding]:
        """The dates of records and of their attributes."""
        for name in _DATES:
            yield from self._judge(column(batch, name), name)
        given = column(batch, "attributes")
        if any(given):
            for name in _ATTRIBUTE_DATES:
                dates = [some.get(name) if some.__class__ is dict else None for some in given]
                yield from self._judge(dates, f"attributes/{name}")

    def _judge(self, dates: Sequence[Any], place: str) -> Iterable[Finding]:
        if dates.count(None) == len(dates):
            return
        sound = set(filter(_is_moment, distinct(dates)))
        for index, date in enumerate(dates):
            if date is not None and (not isinstance(date, str) or date not in sound):
                pointer = f"/entities/{index}/{place}"
                yield self.finding(pointer, shown(date), "a date like 2026-03-23T00:00:00Z")


_NEEDED = {
    **names_of("skuRef", "sku", "skuid", "skucode", "productref", "product", "productid"),
    **names_of("skuRef", "variantref", "variantproductref", "articleref"),
    **names_of("locationRef", "location", "locationid", "locationcode", "locref", "store"),
    **names_of("locationRef", "storeref", "storeid", "warehouseref"),
    **names_of("qty", "quantity", "onhand", "lastonhand", "stockonhand", "soh", "stock", "count"),
    **names_of("qty", "onhandqty", "availableqty"),
}
_OPTIONAL = {
    **names_of("retailerId", "retailer", "retailerref"),
    **names_of("type", "quantitytype"),
    **names_of("status"),
    **names_of("ref"),
    **names_of("correctedQty", "correctedquantity", "correctionqty"),
    **names_of("attributes", "attribute"),
    **names_of("expectedOn", "expectedat", "expecteddate"),
}
_BESIDES = frozenset({*_OPTIONAL.values(), "reservedQty", "expiry", "effectiveFrom"})
_READ = _BESIDES.union(_NEEDED.values())
_NEEDED_OF_BATCH = {
    **names_of("action"),
    **names_of("entityType", "type"),
    **names_of("entities", "entity", "records", "items", "inventory"),
}
_OPTIONAL_OF_BATCH = {
    **names_of("source"),
    **names_of("event", "eventname"),
    **names_of("catalogueRef", "catalogref", "catalogue", "inventorycatalogueref"),
    **names_of("conditions", "condition"),
}
_BATCH_FIELDS = frozenset({*_NEEDED_OF_BATCH.values(), *_OPTIONAL_OF_BATCH.values()})
_DATES = ("expectedOn", "expiry")
_ATTRIBUTE_DATES = ("expectedOn", "expiresOn")


def _is_moment(value: object) -> bool:
    """Whether a value is text that holds a day and a time of it."""
    if not isinstance(value, str) or len(value) < len("2026-03-23T00:00"):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
