"""Rules about the dates of a batch's records: when goods are expected, and when they expire."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from fluent_oms_simulator.domain.inventory import FUTURE_TYPES

from ..payload import LAST_ON_HAND, attributes_of, column, distinct, records_of, shown
from ..rule import Batch, Finding, Rule, Severity, once
from ..samples import a_batch, a_record

_OVERVIEWS = "Future Inventory; Stock Segmentation, both Data Model and API Overview, 27 Mar 2026"


class ExpiredOnArrival(Rule):
    """Goods that expire before they come."""

    id = "FOMS-B390"
    title = "A record's goods expire before they are expected"
    severity = Severity.WARNING
    reason = (
        "What has expired by a date is not available to promise as of it, so these goods never are:"
        " most likely the two dates stand in each other's place."
    )
    evidence = f"Fluent docs: {_OVERVIEWS}. Inferred: that such goods are never promised"
    hint = "Compare expectedOn and expiresOn with the source."
    sees = (Batch,)
    good = (
        a_batch(
            a_record(
                type="EXPECTED",
                attributes={
                    "expectedOn": "2026-03-23T00:00:00Z",
                    "expiresOn": "2026-03-24T00:00:00+02:00",
                },
            )
        ),
    )
    bad = (
        a_batch(
            a_record(
                type="EXPECTED",
                attributes={
                    "expectedOn": "2026-03-23T00:00:00Z",
                    "expiresOn": "2026-03-22T00:00:00Z",
                },
            )
        ),
    )

    def see(self, batch: Batch) -> Iterable[Finding]:
        """The records with two dates in the wrong order."""
        expiries = {index: (date, place) for index, date, place in _moments(batch, "expiresOn")}
        if not expiries:
            return
        for index, expected, _ in _moments(batch, "expectedOn"):
            expires, place = expiries.get(index, (expected, ""))
            if expires < expected:
                found = f"{expires.isoformat()}, before {expected.isoformat()}"
                yield self.finding(place, found, "a date after expectedOn")


class FutureWithoutDate(Rule):
    """Goods on their way that come nobody knows when."""

    id = "FOMS-B400"
    title = "Goods on their way have no expectedOn"
    severity = Severity.WARNING
    reason = (
        "Goods on order or in transit are available to promise from the day on which they are"
        " expected; without a date, and unless an earlier record gave one, they never are."
    )
    evidence = f"Fluent docs: {_OVERVIEWS}. Inferred: that a quantity without a date is left out"
    hint = (
        'Write when they are expected, as in "attributes": {"expectedOn": "2026-03-23T00:00:00Z"}.'
    )
    sees = (Batch,)
    good = (
        a_batch(
            a_record(type="ON_ORDER", attributes={"expectedOn": "2026-03-23T00:00:00Z"}),
            a_record(type="IN_TRANSIT", qty=0),
        ),
    )
    bad = (a_batch(a_record(type="ON_ORDER")),)

    def see(self, batch: Batch) -> Iterable[Finding]:
        """The first record of each such type, with the number of them."""
        types = column(batch, "type")
        if distinct(types).isdisjoint(FUTURE_TYPES):
            return
        undated: dict[str, list[int]] = {}
        for index, record in enumerate(records_of(batch)):
            kind, amount = types[index], record.get("qty")
            if (
                isinstance(kind, str)
                and kind in FUTURE_TYPES
                and isinstance(amount, int)
                and amount > 0
                and not _has_date(record)
            ):
                undated.setdefault(kind, []).append(index)
        for kind, indexes in undated.items():
            more = f", in {len(indexes):,} records" if len(indexes) > 1 else ""
            pointer = f"/entities/{indexes[0]}/type"
            yield self.finding(pointer, f"{shown(kind)} without expectedOn{more}", "an expectedOn")


class CountedInTheFuture(Rule):
    """Stock that is on hand, and still to come."""

    id = "FOMS-B410"
    title = "A LAST_ON_HAND is expected in the future"
    severity = Severity.WARNING
    reason = (
        "LAST_ON_HAND is on the shelf, and sold at once: a date in the future does not keep it"
        " back."
    )
    evidence = (
        "Fluent docs: Inventory quantity types, 10 Jan 2025; Future Inventory, Data Model and API"
        " Overview, 27 Mar 2026. Inferred: that a date changes nothing in what is on hand"
    )
    hint = "Send what is still to come as a type of its own, such as EXPECTED."
    sees = (Batch,)
    good = (a_batch(a_record(attributes={"expectedOn": "2024-03-23T00:00:00Z"})),)
    bad = (a_batch(a_record(attributes={"expectedOn": "2999-03-23T00:00:00Z"})),)

    def see(self, batch: Batch) -> Iterable[Finding]:
        """The counts with a date after the batch was sent; after now, where that is not known."""
        records = records_of(batch)
        sent = time.time() if batch.at is None else batch.at
        for index, expected, place in _moments(batch, "expectedOn"):
            is_count = records[index].get("type") in (None, LAST_ON_HAND)
            if is_count and expected.timestamp() > sent:
                found = f"{expected.isoformat()}, for a LAST_ON_HAND"
                yield self.finding(place, found, "a date in the past, or another type")


_OUTER = {"expectedOn": "expectedOn", "expiresOn": "expiry"}
"""What a record of the vendor's client calls them, beside its attributes."""

_WRITTEN = re.compile(
    r"[0-9]{4}(?:-[0-9]{2}){2}T[0-9]{2}(?::[0-9]{2}){2}(?:\.[0-9]{1,9})?"
    r"(?:Z|[+-](?:0[0-9]|1[0-4]):[0-9]{2})"
)


@once
def _moments(batch: Batch, name: str) -> Sequence[tuple[int, datetime, str]]:
    """Index, moment and place of the dates that a record's attributes give, or the record."""
    return list(_found_moments(batch, name))


def _found_moments(batch: Batch, name: str) -> Iterator[tuple[int, datetime, str]]:
    outer = _OUTER[name]
    among = {
        index: value
        for index, attributes in attributes_of(batch)
        if (value := attributes.get(name)) is not None
    }
    for index, value in among.items():
        moment = _moment(value)
        if moment is not None:
            yield index, moment, _place(index, name)
    beside = column(batch, outer)
    if any(beside):
        for index, value in enumerate(beside):
            moment = None if index in among else _moment(value)
            if moment is not None:
                yield index, moment, f"/entities/{index}/{outer}"


def _moment(value: object) -> datetime | None:
    """A date with its time and offset; None for what the schema refuses, which B260 is about."""
    if not isinstance(value, str) or not _WRITTEN.fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _has_date(record: Mapping[str, Any]) -> bool:
    attributes = record.get("attributes")
    return record.get("expectedOn") is not None or (
        isinstance(attributes, dict) and attributes.get("expectedOn") is not None
    )


def _place(index: int, name: str) -> str:
    return f"/entities/{index}/attributes/{name}"
