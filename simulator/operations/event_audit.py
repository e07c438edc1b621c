"""The rows of events, made for whoever reads them: their audit, and what they have raised."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from ..behaviour import Behaviour
from ..domain.account.ports import CatalogueStore
from ..domain.catalogue.inventory_catalogue import InventoryCatalogue
from ..domain.events import Event, EventStatus, Touched, Trace, Work
from ..domain.refs import quantity_number
from ..domain.workflow.audit import AuditRow, Category
from ..domain.workflow.audit_story import audit_rows
from ..domain.workflow.quantity_numbers import QuantityNumbers
from ..domain.workflow.raised import RaisedRow, creations, may_create
from ..intake.entries import EventEntryReader


class RowKind(NamedTuple):
    """What rows have in common that are often looked for together."""

    type: str
    category: str
    name: str | None
    status: EventStatus
    entity_type: str


class KnownRowKinds:
    """The few kinds of rows that there are, by number: outlines of events are of such numbers."""

    def __init__(self) -> None:
        self._kinds: list[RowKind] = []
        self._codes: dict[RowKind, int] = {}
        self._naming = threading.Lock()

    def __getitem__(self, code: int) -> RowKind:
        return self._kinds[code]

    def outline(self, rows: Sequence[AuditRow | RaisedRow]) -> bytes:
        """The number of the kind of each row."""
        with self._naming:
            return bytes(self._code(row) for row in rows)

    def _code(self, row: AuditRow | RaisedRow) -> int:
        kind = RowKind(row.type, row.category, row.name, row.status, row.context.entity_type)
        code = self._codes.get(kind)
        if code is None:
            code = self._codes[kind] = len(self._kinds)
            self._kinds.append(kind)
        return code


class EventAudit:
    """Tells what an event did, from what it was sent with and the trace that it left."""

    def __init__(
        self,
        store: CatalogueStore,
        entries: EventEntryReader,
        behaviour: Behaviour,
        is_kept: Callable[[Event], bool],
        kinds: KnownRowKinds,
        quantities: QuantityNumbers,
    ) -> None:
        self._store = store
        self._is_kept = is_kept
        self._entries = entries
        self._behaviour = behaviour
        self._kinds = kinds
        self._quantities = quantities

    def rows(self, event: Event) -> Sequence[AuditRow | RaisedRow]:
        """The rows of an event in order of happening, CREATE last; none until it has ended."""
        trace = event.trace
        if trace is None or event.waits:
            return ()
        entries = self._sent(event) if trace.steps else ()
        rows: list[AuditRow | RaisedRow] = []
        with self._store.reading(event.catalogue_ref) as catalogue:
            if not self._is_kept(event):  # a reset has come between: its positions are others'
                return ()
            if self.recorded:
                ref_of = str if catalogue is None else catalogue.ref_of
                rows += audit_rows(event, trace, entries, ref_of)
            if catalogue is not None and may_create(trace):
                rows += creations(event, trace, entries, catalogue)
        if event.outline is None:
            event.outline = self._kinds.outline(rows)
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

    def may_tell_of(
        self,
        event: Event,
        trace: Trace,
        ref: str | None,
        number: str | None,
    ) -> bool:
        """Whether rows of an event can be about the entity with this ref and id.

        Finds out cheaply; None stands for any.
        """
        context = event.context
        refs, ids = (event.catalogue_ref, context.entity_ref), (event.entity_id, context.entity_id)
        if (ref is None or ref in refs) and (number is None or number in ids):
            return True
        numbers = trace.numbers()
        if trace.touched * len(Touched._fields) > len(trace.steps):  # there are more than it names
            return True
        with self._store.reading(event.catalogue_ref) as catalogue:
            if catalogue is None:
                return False
            return (number is None or _is_at(catalogue, number, numbers, self._quantities)) and (
                ref is None or _is_meant(catalogue, ref, numbers, event)
            )

    def find(self, event: Event, row_id: str) -> AuditRow | RaisedRow | None:
        """The row of an event that has this id."""
        return next((row for row in self.rows(event) if row.id == row_id), None)

    @property
    def recorded(self) -> bool:
        """Whether there are audit rows at all."""
        return self._behaviour.event_audit == "recorded"

    def _sent(self, event: Event) -> Work:
        document: Mapping[str, Any] = orjson.loads(event.body)
        entries, _, _ = self._entries.read(event.name, document.get("attributes"))
        return entries


def _is_at(
    catalogue: InventoryCatalogue,
    entity_id: str,
    positions: Sequence[int],
    quantities: QuantityNumbers,
) -> bool:
    """Whether an id is that of one of these positions, or of one of their quantities."""
    position, quantity = quantity_number(catalogue.number, entity_id)
    return position in positions or (
        quantity is not None
        and any(quantities.ref_of(catalogue, each, quantity) is not None for each in positions)
    )


def _is_meant(
    catalogue: InventoryCatalogue, ref: str, positions: Sequence[int], event: Event
) -> bool:
    """Whether a ref is that of one of these positions, or of a quantity that an event made."""
    if catalogue.find_by_ref(ref) in positions or catalogue.position_of_quantity(ref) in positions:
        return True
    # It may have been let go of since, to bound the memory: the event still names it.
    return orjson.dumps(ref)[1:-1] in event.body
