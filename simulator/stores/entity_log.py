"""The CREATE events that new entities raise, in the event log.

Fluent docs: workflow event execution, 29 Aug 2025: inventory catalogues, positions and quantities
raise one; locations, virtual entities and controls do not.
"""

from ..clock import Clock
from ..domain.catalogue.inventory_catalogue import InventoryCatalogue
from ..domain.events import INVENTORY_CATALOGUE, Event, EventContext, EventStatus, Outcome
from .event_log import EventLog


class EntityLog:
    """Logs that entities were made by a mutation."""

    def __init__(self, event_log: EventLog, clock: Clock) -> None:
        self._log = event_log
        self._clock = clock

    def created(
        self, entity_type: str, ref: str, entity_id: str, catalogue: InventoryCatalogue
    ) -> None:
        """An entity of this catalogue, or the catalogue itself, is new."""
        root = (INVENTORY_CATALOGUE, str(catalogue.ref), str(catalogue.number))
        now = self._clock.now()
        event = Event(
            id=self._log.new_id(),
            name="CREATE",
            retailer_id=catalogue.ref.retailer_id,
            context=EventContext(entity_type, ref, entity_id, None, *root),
            accepted_at=now,
            body=b"{}",
        )
        event.end(Outcome(EventStatus.SUCCESS, f"{entity_type} {ref} is new", entity_id), now)
        self._log.note(event)
