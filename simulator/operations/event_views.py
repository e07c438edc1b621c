"""How an event is shown in the log.

Fluent docs: orchestration audit events, 26 Feb 2025. `outcome` is the simulator's own addition.
"""

from typing import Any

import orjson

from ..clock import timestamp
from ..domain.events import Event
from ..settings import Settings


class EventViews:
    """Renders events."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def item(self, event: Event) -> dict[str, object]:
        """An event as an item of the log."""
        context = event.context
        item: dict[str, object] = {
            "id": event.id,
            "name": event.name,
            "type": "ORCHESTRATION",
            "accountId": self._settings.account,
            "retailerId": event.retailer_id,
            "category": event.category,
            "context": {
                "sourceEvents": [],
                "entityType": context.entity_type,
                "entityId": context.entity_id or event.entity_id,
                "entityRef": context.entity_ref,
                "rootEntityType": context.root_entity_type,
                "rootEntityId": context.root_entity_id,
                "rootEntityRef": context.root_entity_ref,
            },
            "eventStatus": event.status,
            "attributes": _attributes(event.body),
            "source": event.source,
            "generatedBy": self._settings.username,
            "generatedOn": timestamp(event.accepted_at),
        }
        if event.outcome is not None:
            item["outcome"] = event.outcome
        return item


def _attributes(body: bytes) -> list[dict[str, object]] | None:
    attributes: Any = orjson.loads(body).get("attributes")
    if not attributes:
        return None
    return [
        {"name": name, "value": value, "type": _TYPES.get(type(value), "JSON")}
        for name, value in attributes.items()
    ]


_TYPES = {str: "STRING", int: "INTEGER", float: "FLOAT", bool: "BOOLEAN"}
