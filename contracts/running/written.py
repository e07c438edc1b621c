"""What a run has written to the server, read off the requests themselves."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import orjson
from fluent_oms_simulator.contracts.target.wire import Exchange

BATCH = re.compile(r"/api/v4\.1/job/[^/]+/batch$")
EVENT = re.compile(r"/api/v4\.1/event/(async|sync)$")

Position = tuple[str, str]


class Written:
    """Listens to the wire: positions by product and location, and their fulfilments."""

    def __init__(self) -> None:
        self.loaded: dict[Position, None] = {}
        self.touched: dict[Position, None] = {}
        self.fulfilments: dict[Position, set[str]] = defaultdict(set)
        self.batches = 0
        self.events = 0

    def __call__(self, exchange: Exchange) -> None:
        """Note what a request may have written; one without an answer may have, too."""
        if exchange.method != "POST" or exchange.status >= 400:
            return
        path = exchange.url.partition("?")[0]
        if BATCH.search(path):
            self.batches += 1
            for row in _rows(_document(exchange.sent), "entities"):
                self._note(self.loaded, row, "skuRef")
        elif EVENT.search(path):
            self.events += 1
            attributes = _document(exchange.sent).get("attributes")
            for row in _rows(attributes, "deltas"):
                self._note(self.touched, row, "productRef")
            for row in _rows(attributes, "items"):
                position = self._note(self.touched, row, "skuRef")
                fulfilment = row.get("fulfilmentId")
                if position is not None and isinstance(fulfilment, str):
                    self.fulfilments[position].add(fulfilment)

    def _note(
        self, positions: dict[Position, None], row: dict[str, Any], product: str
    ) -> Position | None:
        ref, location = row.get(product), row.get("locationRef")
        if not isinstance(ref, str) or not isinstance(location, str):
            return None
        positions[ref, location] = None
        return ref, location


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return document if isinstance(document, dict) else {}


def _rows(holder: object, name: str) -> list[dict[str, Any]]:
    rows = holder.get(name) if isinstance(holder, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
