"""What the contract says of a request's body: valid, not valid, or left open."""

from __future__ import annotations

import re
from enum import Enum
from functools import cache
from typing import Any

import orjson
from fluent_oms_simulator.client.builders import INVENTORY_EVENTS
from fluent_oms_simulator.intake.schemas import Schemas

from .harmless import LONGEST_REF

KINDS = {
    "createJob": "job",
    "createBatch": "batch",
    "sendEvent": "event",
    "sendEventAndWait": "event",
    "executeGraphql": "graphql_request",
}
ATTRIBUTES = dict(zip(INVENTORY_EVENTS, ("inventory_delta", "update_inventory_qty"), strict=True))


LAST_ON_HAND = "LAST_ON_HAND"


class Judgement(Enum):
    """`OPEN`: the documentation does not say."""

    VALID = "valid"
    INVALID = "invalid"
    OPEN = "open"


@cache
def _narrow() -> Schemas:
    return Schemas(unknown_fields="refuse")


@cache
def _wide() -> Schemas:
    return Schemas(string_numbers="accept", missing_delta_id="generate")


def judge(operation_id: str, body: bytes) -> Judgement:
    """Whether the server has to take a body, or must not."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return Judgement.INVALID
    kind = KINDS[operation_id]
    widened = _widened(document)
    if not _wide().is_valid(kind, widened):
        # Whether one record costs the whole batch is open.
        is_sound = kind == "batch" and _wide().is_valid("batch_envelope", widened)
        return Judgement.OPEN if is_sound else Judgement.INVALID
    if not _narrow().is_valid(kind, document) or _reads_in_two_ways(document):
        return Judgement.OPEN
    if kind == "event" and document["name"] in ATTRIBUTES:
        attributes = document.get("attributes")
        if not _narrow().is_valid(ATTRIBUTES[document["name"]], attributes):
            return Judgement.OPEN
    if kind == "batch" and any(map(_is_too_long, document["entities"])):
        return Judgement.OPEN
    return Judgement.VALID


def _is_too_long(record: dict[str, Any]) -> bool:
    """Whether a position or a quantity cannot be given a name, although its parts are good."""
    parts = (record["skuRef"], record["locationRef"], "DEFAULT", record.get("type", LAST_ON_HAND))
    return len(":".join(parts)) > LONGEST_REF


def fields_at_fault(operation_id: str, body: bytes) -> set[str]:
    """The names of the fields that make a body invalid; none where the fault has no name."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return set()
    kind = KINDS[operation_id]
    read_both_ways = (Schemas(), document), (_wide(), _widened(document))
    faults = [fault for schemas, read in read_both_ways for fault in schemas.faults(kind, read)[0]]
    names = {step for fault in faults for step in fault.pointer.split("/")[-2:]}
    return {name for name in names if name and not re.fullmatch(r"[0-9]+|-", name)}


def _reads_in_two_ways(document: Any) -> bool:
    """Whether widening changes the document; found without writing it, for a whole number may be
    longer than JSON writers take.
    """
    if isinstance(document, dict):
        return any(value is None or _reads_in_two_ways(value) for value in document.values())
    if isinstance(document, list):
        return any(map(_reads_in_two_ways, document))
    return isinstance(document, float) and document.is_integer()


def _widened(document: Any) -> Any:
    """The document as it reads where every open point is answered with yes."""
    if isinstance(document, dict):
        return {name: _widened(value) for name, value in document.items() if value is not None}
    if isinstance(document, list):
        return [_widened(item) for item in document]
    if isinstance(document, float) and document.is_integer():
        return int(document)
    return document
