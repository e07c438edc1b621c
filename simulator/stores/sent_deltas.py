"""The deltas in a body that nobody has taken in, or that no ruleset could read."""

import marshal
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Any

import orjson

from ..domain.delta_accounts import DeltaBody
from ..domain.events import INVENTORY_DELTA, InventoryDelta
from ..domain.inventory import DELTA

LONGEST_ID = 300
"""Characters; a longer deltaId is none that anybody meant."""


def event_in(body: bytes) -> Mapping[str, Any] | None:
    """The INVENTORY_DELTA event that a body is, empty where it is another; None if no JSON."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(document, dict) or document.get("name") != INVENTORY_DELTA:
        return {}
    return document


def deltas_in(event: Mapping[str, Any]) -> Iterator[tuple[str | None, DeltaBody]]:
    """Its deltas: the deltaId, where it has one, and what each says."""
    attributes = event.get("attributes")
    listed = attributes.get("deltas") if isinstance(attributes, dict) else None
    for line in listed if isinstance(listed, list) else ():
        if isinstance(line, dict):
            delta_id = line.get("deltaId")
            is_id = isinstance(delta_id, str) and len(delta_id) <= LONGEST_ID
            yield (delta_id if is_id else None), _body_of(line)


def _body_of(line: Mapping[str, Any]) -> DeltaBody:
    product, location, amount = (line.get(name) for name in ("productRef", "locationRef", "qty"))
    delta_id, kind = line.get("deltaId"), line.get("type", DELTA)
    if (
        all(isinstance(text, str) for text in (product, location, kind))
        and amount.__class__ is int
        and isinstance(delta_id, str | None)
    ):
        delta = InventoryDelta(delta_id, str(product), str(location), int(amount or 0), str(kind))
        return DeltaBody(delta, "")
    return DeltaBody(None, digest(line))


def digest(value: Any) -> str:
    """Short letters and digits that stand for a value: equal for equal ones."""
    try:
        written = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # it reads deeper nesting than it writes; then the order of names tells
        written = marshal.dumps(value, 0)
    return blake2b(written, digest_size=8).hexdigest()
