"""The audit rows of events, made for whoever reads them."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from ..behaviour import Behaviour
from ..domain.audit import AuditRow, audit_rows
from ..domain.audit_story import touched_id
from ..domain.events import Event, EventStatus, Trace
from ..domain.ports import CatalogueStore
from .event_entries import Entries, EventEntryReader


class EventAudit:
    """Tells what an event did, from what it was sent with and the trace that it left."""

    def __init__(
        self, store: CatalogueStore, entries: EventEntryReader, behaviour: Behaviour
    ) -> None:
        self._store = store
        self._entries = entries
        self._behaviour = behaviour

    def rows(self, event: Event) -> Sequence[AuditRow]:
        """The audit rows of an event in order of happening; none until it has ended."""
        trace = event.trace
        if trace is None or event.status is EventStatus.PENDING or not self.recorded:
            return ()
        entries = self._sent(event) if trace.steps else ()
        with self._store.reading(event.catalogue_ref) as catalogue:
            known = 0 if catalogue is None else len(catalogue.positions)
            if any(number >= known for number in trace.numbers()):
                # A reset has come between: the event is already gone from the log.
                return ()
            ref_of = str if catalogue is None else catalogue.ref_of
            return audit_rows(event, trace, entries, ref_of)

    def may_tell_of(self, event: Event, trace: Trace, ref: str | None, number: str | None) -> bool:
        """Whether rows of an event can be about the entity with this ref and id.

        Finds out cheaply; None stands for any.
        """
        context = event.context
        refs, ids = (event.catalogue_ref, context.entity_ref), (event.entity_id, context.entity_id)
        if (ref is None or ref in refs) and (number is None or number in ids):
            return True
        numbers = trace.numbers()
        if number is not None and number not in {touched_id(event, each) for each in numbers}:
            return False
        if ref is None:
            return True
        with self._store.reading(event.catalogue_ref) as catalogue:
            position = None if catalogue is None else catalogue.find_by_ref(ref)
        return position in numbers

    def find(self, event: Event, row_id: str) -> AuditRow | None:
        """The audit row of an event that has this id."""
        return next((row for row in self.rows(event) if row.id == row_id), None)

    @property
    def recorded(self) -> bool:
        """Whether there are audit rows at all."""
        return self._behaviour.event_audit == "recorded"

    def _sent(self, event: Event) -> Entries:
        document: Mapping[str, Any] = orjson.loads(event.body)
        entries, _, _ = self._entries.read(event.name, document.get("attributes"))
        return entries
