"""How an event is shown in the log.

Fluent docs: orchestration audit events, 26 Feb 2025. `outcome` is the simulator's own addition.
"""

from collections.abc import Iterable
from typing import Any

import orjson

from ..clock import timestamp
from ..domain.events import Event
from ..domain.workflow.audit import AuditRow, known_context
from ..domain.workflow.raised import LogEntry, RaisedRow
from ..settings import Settings


class EventViews:
    """Renders events, their audit rows, and what they have raised."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def item(self, entry: LogEntry) -> dict[str, object]:
        """An event or an audit row as an item of the log."""
        event, outcome, attributes = _told(entry)
        context = known_context(entry) if isinstance(entry, Event) else entry.context
        item: dict[str, object] = {
            "id": entry.id,
            "name": entry.name,
            "type": entry.type,
            "accountId": self._settings.account,
            "retailerId": entry.retailer_id,
            "category": entry.category,
            "context": {
                "sourceEvents": entry.source_events,
                "entityType": context.entity_type,
                "entityId": context.entity_id,
                "entityRef": context.entity_ref,
                "rootEntityType": context.root_entity_type,
                "rootEntityId": context.root_entity_id,
                "rootEntityRef": context.root_entity_ref,
            },
            "eventStatus": entry.status,
            "attributes": [
                {"name": name, "value": value, "type": _TYPES.get(type(value), "JSON")}
                for name, value in attributes
            ]
            or None,
            "source": event.source,
            "generatedBy": self._settings.username,
            "generatedOn": timestamp(entry.generated_at),
        }
        if isinstance(entry, Event) and entry.scheduled_at:
            item["scheduledOn"] = timestamp(entry.scheduled_at)
        if outcome is not None:
            item["outcome"] = outcome
        return item


def _told(entry: LogEntry) -> tuple[Event, str | None, Iterable[tuple[str, object]]]:
    """The event of an entry, what is said of it in words, and its attributes."""
    if isinstance(entry, AuditRow):
        return entry.event, entry.happening.outcome, entry.happening.attributes
    if isinstance(entry, RaisedRow):
        return entry.event, entry.outcome, entry.attributes
    attributes: Any = orjson.loads(entry.body).get("attributes")
    return entry, entry.outcome, attributes.items() if attributes else ()


_TYPES = {str: "STRING", int: "INTEGER", float: "FLOAT", bool: "BOOLEAN"}
