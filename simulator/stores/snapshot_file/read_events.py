"""From the lines of a snapshot to events."""

from collections.abc import Callable, Mapping
from itertools import chain

from ...domain import bounds
from ...domain.account.account import Account
from ...domain.bounds import Tally
from ...domain.events import (
    INVENTORY_DELTA,
    UPDATE_INVENTORY_QTY,
    BatchEvents,
    Event,
    EventContext,
    EventStatus,
    Failure,
    FulfilmentUpdate,
    InventoryDelta,
    Rewrite,
    Step,
    Trace,
    Unreadable,
    Work,
)
from ...domain.jobs import INVENTORY_CHANGED, InventoryBatch, InventoryRecord
from ..event_log import KeptEvents
from .read_stock import check_room, details_of
from .runs import runs_of
from .unreadable import SnapshotFault
from .values import check_json, fields_of, json_object
from .work_lines import OUTCOMES, EventLine, RecordForm, TraceForm, WorkForm

CountEntries = Callable[[str, Mapping[str, object]], int]
"""How many deltas, items or records a ruleset reads in an event of this name with this body."""


class EventReader:
    """Makes events, and says which of them have ended."""

    def __init__(
        self,
        account: Account,
        batches: Mapping[int, InventoryBatch],
        count_entries: CountEntries,
    ) -> None:
        self._account = account
        self._batches = batches
        self._count_entries = count_entries
        self._events: dict[str, Event] = {}
        self._ended: dict[int, Event] = {}
        self._bytes = self._scheduled_bytes = 0

    def event(self, line: EventLine) -> None:
        """An event that has ended, or that waits for its time."""
        if line.id in self._events:
            raise SnapshotFault("/id", f"{line.id} again", "each once")
        body = line.body.encode()
        document = json_object(body, "/body")
        event = self._made(line, body)
        if line.trace is not None:
            event.trace = self._trace(line, line.trace, document)
        self._events[event.id] = event
        event.held = event.held_bytes()
        if line.ended is not None:
            self._end(event, line.ended)
            return
        if line.status is not EventStatus.SCHEDULED or not line.scheduled_at:
            expected = "SCHEDULED with /scheduledAt, or /ended"
            raise SnapshotFault("/status", line.status, expected)
        if line.batch is not None:
            raise SnapshotFault("/batch", str(line.batch), "none in an event that waits")
        event.work = _work(line.name, line.work or WorkForm())
        event.held = event.held_bytes()
        self._scheduled_bytes += event.held
        if len(self._events) > len(self._ended) + 1:  # one that is alone always may wait
            check_room(bounds.SCHEDULED_EVENTS, self._scheduled_bytes)

    def kept(self) -> KeptEvents:
        """What has been read; raises SnapshotFault."""
        ended = self._ended
        if ended and max(ended) >= len(ended):
            raise SnapshotFault("/ended of the events", str(max(ended)), "each place from 0 on")
        tallies = []
        for bound, held in (
            (bounds.WAITING_EVENTS, 0),
            (bounds.SCHEDULED_EVENTS, self._scheduled_bytes),
            (bounds.EVENTS, len(ended)),
            (bounds.EVENT_BYTES, self._bytes),
        ):
            tally = Tally(bound)
            tally.held = held
            tallies.append(tally)
        in_order = [ended[place] for place in range(len(ended))]
        return KeptEvents(list(self._events.values()), in_order, tallies)

    def _end(self, event: Event, place: int) -> None:
        if place in self._ended:
            raise SnapshotFault("/ended", f"{place} again", "each place once")
        self._ended[place] = event
        self._bytes += event.held
        check_room(bounds.EVENTS, len(self._ended))
        check_room(bounds.EVENT_BYTES, self._bytes)

    def _made(self, line: EventLine, body: bytes) -> Event:
        context = EventContext(**fields_of(line.context))
        entity_id = line.entity_id
        if entity_id is not None and not (entity_id.isascii() and entity_id.isdigit()):
            raise SnapshotFault("/entityId", entity_id, "digits")
        if entity_id is not None and len(entity_id) > _LONGEST_ID:
            raise SnapshotFault("/entityId", entity_id, f"{_LONGEST_ID} digits at most")
        event = Event(
            line.id,
            line.name,
            line.retailer_id,
            context,
            line.accepted_at,
            body,
            line.catalogue_ref,
            line.source,
            line.category,
            line.type,
            (),
            line.status,
            line.outcome,
            entity_id,
            None,
            line.ended_at,
            line.scheduled_at,
        )
        if line.batch is None:
            return event
        batch = self._batches.get(line.batch)
        if batch is None:
            raise SnapshotFault("/batch", str(line.batch), "a batch of a line before")
        fields = {name: getattr(event, name) for name in Event.__dataclass_fields__}
        return BatchEvents(**fields, batch=batch)

    def _trace(self, line: EventLine, form: TraceForm, document: Mapping[str, object]) -> Trace:
        """What an event did, which fits what it was sent with."""
        failure = form.failure
        catalogue = self._account.catalogues.get(line.catalogue_ref)
        numbers = [touched.position for touched in form.positions]
        if failure is not None and failure.position is not None:
            numbers.append(failure.position)
        known = 0 if catalogue is None else len(catalogue.positions)
        if numbers and max(numbers) >= known:
            expected = f"positions of {line.catalogue_ref} of lines before"
            raise SnapshotFault("/trace", f"the position {max(numbers)}", expected)
        entries = 0
        if form.positions or form.rewrites or form.outcomes:
            entries = self._count_entries(line.name, document)
        named = [each.entry for each in form.positions] + [each.entry for each in form.rewrites]
        if named and max(named) >= entries:
            found = f"the entry {max(named)}"
            raise SnapshotFault("/trace", found, f"one of {entries} in /body, from 0 on")
        length = entries if form.outcomes else 0
        outcomes = runs_of(form.outcomes, OUTCOMES, length, "/trace/outcomes")
        steps = chain.from_iterable(
            (each.entry, each.position, each.before, each.now, int(each.created))
            for each in form.positions
        )
        return Trace(
            form.at,
            tuple(steps),
            form.touched,
            form.changed,
            form.writes,
            form.told,
            tuple(Rewrite(**fields_of(each)) for each in form.rewrites),
            None
            if failure is None
            else Failure(Step(failure.ruleset, failure.rule), failure.position),
            outcomes,
        )


_LONGEST_ID = 18


def _work(name: str, form: WorkForm) -> Work | Unreadable:
    """What an event of this name is still to apply; raises SnapshotFault for that of another."""
    kinds = {
        INVENTORY_DELTA: form.deltas,
        UPDATE_INVENTORY_QTY: form.updates,
        INVENTORY_CHANGED: form.records,
    }
    others = [each for kind, each in kinds.items() if kind != name]
    if any(others) or (form.unreadable is not None and any(kinds.values())):
        raise SnapshotFault("/work", "more than one kind", f"what a {name} has, or why it has none")
    if form.unreadable is not None:
        return Unreadable(form.unreadable)
    if name == INVENTORY_CHANGED and len(form.records) != 1:
        raise SnapshotFault("/work/records", f"{len(form.records)} of them", "one")
    if form.updates:
        return [FulfilmentUpdate(**fields_of(each)) for each in form.updates]
    if form.records:
        return [_record(each) for each in form.records]
    return [InventoryDelta(**fields_of(each)) for each in form.deltas]


def _record(form: RecordForm) -> InventoryRecord:
    check_json(form.attributes, "/work/records/0/attributes")
    return InventoryRecord(**{**fields_of(form), "details": details_of(form.details)})
