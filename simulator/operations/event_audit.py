"""The audit rows of events, made for whoever reads them."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from ..behaviour import Behaviour
from ..domain.account.ports import CatalogueStore
from ..domain.events import Event, EventStatus, Trace, Work
from ..domain.workflow.audit import AuditRow, Category, touched_id
from ..domain.workflow.audit_story import audit_rows
from ..intake.entries import EventEntryReader


class RowKind(NamedTuple):
    """What audit rows have in common that are often looked for together."""

    category: str
    name: str | None
    status: EventStatus
    entity_type: str


class EventAudit:
    """Tells what an event did, from what it was sent with and the trace that it left."""

    def __init__(
        self,
        store: CatalogueStore,
        entries: EventEntryReader,
        behaviour: Behaviour,
        is_kept: Callable[[Event], bool],
    ) -> None:
        self._store = store
        self._is_kept = is_kept
        self._entries = entries
        self._behaviour = behaviour
        # The few kinds that there are; an event's outline has the number of one for each row.
        self._kinds: list[RowKind] = []
        self._codes: dict[RowKind, int] = {}
        self._naming = threading.Lock()

    def rows(self, event: Event) -> Sequence[AuditRow]:
        """The audit rows of an event in order of happening; none until it has ended."""
        trace = event.trace
        if trace is None or event.status is EventStatus.PENDING or not self.recorded:
            return ()
        entries = self._sent(event) if trace.steps else ()
        with self._store.reading(event.catalogue_ref) as catalogue:
            if not self._is_kept(event):  # a reset has come between: its positions are others'
                return ()
            ref_of = str if catalogue is None else catalogue.ref_of
            rows = audit_rows(event, trace, entries, ref_of)
        if event.outline is None:
            event.outline = self._outlined(rows)
        return rows

    def known_kinds(self, event: Event) -> Iterator[tuple[RowKind, int, int]] | None:
        """The kinds of an event's rows, when these are dated, and how many rows there are of each.

        None when the rows were never made.
        """
        outline, trace = event.outline, event.trace
        if outline is None or trace is None:
            return None
        ended = max(trace.at, event.ended_at)
        kinds = self._kinds
        return (
            (kinds[code], trace.at if kinds[code].category == Category.SNAPSHOT else ended, times)
            for code, times in Counter(outline).items()
        )

    def _outlined(self, rows: Sequence[AuditRow]) -> bytes:
        with self._naming:
            return bytes(self._code(row) for row in rows)

    def _code(self, row: AuditRow) -> int:
        kind = RowKind(row.category, row.name, row.status, row.happening.entity.type)
        code = self._codes.get(kind)
        if code is None:
            code = self._codes[kind] = len(self._kinds)
            self._kinds.append(kind)
        return code

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

    def _sent(self, event: Event) -> Work:
        document: Mapping[str, Any] = orjson.loads(event.body)
        entries, _, _ = self._entries.read(event.name, document.get("attributes"))
        return entries
