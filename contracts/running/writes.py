"""What a run has written to the server, read off the requests themselves."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any, NamedTuple

from fluent_oms_simulator.client.answers import object_or_empty
from fluent_oms_simulator.client.builders import INVENTORY_CHANGED, INVENTORY_EVENTS
from fluent_oms_simulator.client.exchanges import RoundTrip
from fluent_oms_simulator.client.fluent_api import WAITING

from .created_entities import Made, made_by

BATCHES = re.compile(r"/api/v4\.1/job/[^/]+/batch$")
BATCH = re.compile(r"/api/v4\.1/job/[^/]+/batch/[^/]+$")
EVENTS = re.compile(r"/api/v4\.1/event/(async|sync)$")
EVENT = re.compile(r"/api/v4\.1/event/[^/]+$")
GRAPHQL = re.compile(r"/graphql$")


class Position(NamedTuple):
    """A product at a location, in the catalogue of the run's retailer."""

    product: str
    location: str

    def __str__(self) -> str:
        return f"{self.product} at {self.location}"


class Written:
    """Listens to the wire: positions, what mutations made, and what has not ended yet.

    A request that no answer came to, or that the server failed at, may have been carried out all
    the same, now or later: it is noted as one that was answered, and counted in `unanswered`.
    """

    def __init__(self) -> None:
        self.loaded: dict[Position, None] = {}
        self.touched: dict[Position, None] = {}
        self.fulfilments: dict[Position, set[str]] = defaultdict(set)
        self.made: dict[Made, str] = {}
        """What mutations have made, with its id where the answer showed one."""
        self.running: dict[str, None] = {}
        """The paths of batches and events that were accepted, and not yet seen to have ended."""
        self.unanswered = 0
        self.nameless = 0
        """Rows of accepted requests that name no position, whatever the server made of them."""

    @property
    def positions(self) -> list[Position]:
        """Every position that may have been written to, those of loads first."""
        return list({**self.loaded, **self.touched})

    def __call__(self, exchange: RoundTrip) -> None:
        """Note what a request may have written, or what it tells of one before it."""
        path = exchange.url.partition("?")[0]
        if exchange.method == "GET":
            self._note_end(path, exchange)
            return
        was_refused = 300 <= exchange.status < 500
        if exchange.method != "POST" or was_refused:
            return
        if BATCHES.search(path):
            self._note_batch(path, exchange)
        elif EVENTS.search(path):
            self._note_event(path, exchange)
        elif GRAPHQL.search(path):
            self._note_mutations(exchange)

    def _note_batch(self, path: str, exchange: RoundTrip) -> None:
        for row in _rows(object_or_empty(exchange.sent), "entities"):
            self._note(self.loaded, row, "skuRef", exchange)
        self._note_begin(path, exchange)

    def _note_event(self, path: str, exchange: RoundTrip) -> None:
        event = object_or_empty(exchange.sent)
        writes, attributes = event.get("name") in INVENTORY_EVENTS, event.get("attributes")
        deltas, items = _rows(attributes, "deltas"), _rows(attributes, "items")
        for row in deltas:
            self._note(self.touched, row, "productRef", exchange, counts=writes)
        for row in items:
            position = self._note(self.touched, row, "skuRef", exchange, counts=writes)
            fulfilment = row.get("fulfilmentId")
            if position is not None and isinstance(fulfilment, str):
                self.fulfilments[position].add(fulfilment)
        counted = attributes.get("inventoryPosition") if isinstance(attributes, dict) else None
        if isinstance(counted, dict):
            writes = event.get("name") == INVENTORY_CHANGED
            self._note(self.touched, counted, "productRef", exchange, counts=writes)
        if deltas or items or counted:
            self._note_begin(path.rpartition("/")[0], exchange)

    def _note_mutations(self, exchange: RoundTrip) -> None:
        answer = object_or_empty(exchange.received) if _is_answered(exchange) else None
        found = made_by(object_or_empty(exchange.sent), answer)
        for made, given_id in found:
            if made.kind == "InventoryPosition":
                self._note(self.touched, made.details, "productRef", exchange)
            else:
                self.made[made] = given_id
        if found and answer is None:
            self.unanswered += 1

    def _note(
        self,
        positions: dict[Position, None],
        row: dict[str, Any],
        product: str,
        exchange: RoundTrip,
        *,
        counts: bool = True,
    ) -> Position | None:
        """Note the position that a row names; one without a name `counts` if it may be written."""
        ref, location = row.get(product), row.get("locationRef")
        if not (isinstance(ref, str) and ref and isinstance(location, str) and location):
            self.nameless += counts and _is_answered(exchange)
            return None
        position = Position(ref, location)
        positions[position] = None
        return position

    def _note_begin(self, path: str, exchange: RoundTrip) -> None:
        if not _is_answered(exchange):
            self.unanswered += 1
            return
        given = object_or_empty(exchange.received).get("id")
        if isinstance(given, str) and "/sync" not in exchange.url:
            self.running[f"{_own(path)}/{given}"] = None

    def _note_end(self, path: str, exchange: RoundTrip) -> None:
        is_state = exchange.status == 200 and (BATCH.search(path) or EVENT.search(path))
        if is_state and has_ended(object_or_empty(exchange.received)):
            self.running.pop(_own(path), None)


def has_ended(state: dict[str, Any]) -> bool:
    """Whether a batch or an event has run, by the state that the server shows of it."""
    if "eventStatus" in state:
        return bool(state["eventStatus"] not in WAITING)
    return bool(state.get("status") == "COMPLETE")


def _is_answered(exchange: RoundTrip) -> bool:
    return bool(200 <= exchange.status < 300)


def _own(path: str) -> str:
    """The path below the server's address."""
    return path[path.index("/api/v4.1/") :]


def _rows(holder: object, name: str) -> list[dict[str, Any]]:
    rows = holder.get(name) if isinstance(holder, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
