"""The contract that every peer is given: a delta event, and how stock on hand is read back."""

from __future__ import annotations

from typing import Any

import orjson
from fluent_oms_simulator.intake.api_description import bundled

EVENTS, GRAPHQL = "/api/v4.1/event/async", "/graphql"
POSITION = "D45:LOC_MEL:DEFAULT"
"""The position that is read back; a delta event changes it."""
OPENING = 1000
ACCEPTED = {"id": "5a0c5b0e-4a3d-4f5e-8d6a-9f0f6f0a1b2c"}


def description() -> dict[str, Any]:
    """The simulator's own OpenAPI description, in which every event is one of deltas.

    So that a peer can hold the deltas to their schema, which the name of an event decides.
    """
    whole = bundled()
    event = whole["components"]["schemas"]["Event"]
    event["properties"]["attributes"] = {"$ref": "#/components/schemas/InventoryDelta"}
    event["required"] = [*event["required"], "attributes"]
    return whole


def event_schema() -> dict[str, Any]:
    """The schema of a delta event by itself, without references, for peers that take one."""
    schemas = description()["components"]["schemas"]
    found: dict[str, Any] = _inlined({"$ref": "#/components/schemas/Event"}, schemas)
    return found


def held(on_hand: object) -> str:
    """The reply to a look at the position; `on_hand` may be what a peer puts a value in for."""
    return f'{{"data":{{"inventoryPosition":{{"ref":"{POSITION}","onHand":{on_hand} }}}}}}'


def on_hand_in(reply: bytes) -> float | None:
    """The stock on hand in a reply, wherever it stands in it; None where there is none."""
    try:
        return _number_of("onHand", orjson.loads(reply))
    except orjson.JSONDecodeError:
        return None


def _inlined(node: Any, schemas: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_inlined(item, schemas) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {
        key: _inlined(value, schemas)
        for key, value in node.items()
        if key not in ("$ref", "title", "description", "examples")
    }
    target = node.get("$ref")
    if target is None:
        return kept
    return {**_inlined(schemas[target.rpartition("/")[2]], schemas), **kept}


def _number_of(name: str, node: Any) -> float | None:
    if isinstance(node, dict):
        value = node.get(name)
        if isinstance(value, dict):  # DynamoDB's {"N": "10"}
            value = value.get("N")
        if isinstance(value, int | float | str):
            return float(value)
        node = list(node.values())
    if isinstance(node, list):
        found = (_number_of(name, item) for item in node)
        return next((number for number in found if number is not None), None)
    return None
