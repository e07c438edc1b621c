"""Streams of payloads and calls, and what a rule finds in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from fluent_oms_simulator.contracts.all_rules import select
from fluent_oms_simulator.contracts.checking import Checker
from fluent_oms_simulator.contracts.rules.rule import (
    Batch,
    Call,
    CallDetails,
    Event,
    Finding,
    Observation,
)

Row = tuple[str, str, int]


def batch(*rows: Row, kind: str | None = None, job: str | None = None, at: Any = None) -> Batch:
    """A batch of (product, location, quantity) for the retailer 1."""
    typed = {} if kind is None else {"type": kind}
    records = [
        {"skuRef": sku, "locationRef": place, "qty": qty, **typed} for sku, place, qty in rows
    ]
    document = {"action": "UPSERT", "entityType": "INVENTORY", "entities": records}
    return Batch(document, job, "1", at)


def event(*rows: tuple[str, str, str, int]) -> Event:
    """An event with deltas of (id, product, location, quantity) for the retailer 1."""
    deltas = [
        {"deltaId": name, "productRef": sku, "locationRef": place, "qty": qty, "type": "DELTA"}
        for name, sku, place, qty in rows
    ]
    return Event({"name": "INVENTORY_DELTA", "retailerId": "1", "attributes": {"deltas": deltas}})


def ids(*delta_ids: str) -> Iterator[Event]:
    """An event for each id, all of the same change."""
    return (event((delta_id, "SKU_1", "LOC_1", -1)) for delta_id in delta_ids)


def found(rule: str, stream: Iterable[Observation]) -> list[Finding]:
    """What one rule finds in a stream."""
    checker = Checker(select([rule]))
    return [finding for sent in stream for finding in checker.check(sent)]


def call(
    operation: str,
    at: float,
    status: int | None = 200,
    *,
    caller: str = "",
    body: str = "",
    **details: Any,
) -> Call:
    """A call with its details as keywords."""
    return Call(operation, status, at, caller, body, CallDetails(**details))
