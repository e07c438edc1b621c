"""The Event API: accept an event, and tell what became of it.

Fluent docs: Event API, 17 Oct 2024; introduction to the Events API, 24 Oct 2025.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from ..behaviour import Behaviour
from ..clock import Clock, moment, timestamp
from ..domain.account.ports import CatalogueStore
from ..domain.as_of import AsOf
from ..domain.bounds import LineFullError
from ..domain.events import (
    INVENTORY_CATALOGUE,
    BatchEvents,
    Event,
    EventContext,
    EventStatus,
    Unreadable,
)
from ..domain.jobs import INVENTORY_CHANGED
from ..domain.workflow import workflow
from ..domain.workflow.audit import event_of
from ..domain.workflow.quantity_numbers import QuantityNumbers
from ..domain.workflow.raised import LogEntry
from ..errors import Fault, Reason, api_error, not_found, refused, shortened
from ..intake.entries import EventEntryReader
from ..intake.parsing import parse
from ..intake.requests import Requests, as_in, check_retailer
from ..intake.schemas import Schemas
from ..settings import Settings
from ..stores.delta_ledger import DeltaLedger
from ..stores.event_log import EventLog
from .batch_rows import BatchRows
from .event_audit import EventAudit, KnownRowKinds
from .event_query import ISO_TIME, EventQuery
from .event_search import EventSearch
from .event_views import EventViews
from .replies import Reply, overloaded

_HAS_FAILED = "Event has Failed"

LONGEST_WAIT = 60.0
"""Seconds a sync caller is kept; a worker that takes longer has a defect."""

Submit = Callable[[Event, "threading.Event | None"], None]


class EventOperations:
    """Accepts events and searches the log of them."""

    def __init__(
        self,
        event_log: EventLog,
        store: CatalogueStore,
        schemas: Schemas,
        settings: Settings,
        behaviour: Behaviour,
        clock: Clock,
        submit: Submit,
        schedule: Callable[[Event], None],
        row_kinds: KnownRowKinds,
        ledger: DeltaLedger,
        note_failed: Callable[[Event], None],
        tell_ended: Callable[[Event], None],
    ) -> None:
        self._log = event_log
        self._store = store
        self._settings = settings
        self._behaviour = behaviour
        self._clock = clock
        self._submit = submit
        self._schedule = schedule
        self._ledger = ledger
        self._note_failed = note_failed
        self._tell_ended = tell_ended
        self._requests = Requests(schemas, behaviour)
        self._entries = EventEntryReader(self._requests, behaviour)
        quantities = QuantityNumbers()
        self._audit = EventAudit(
            store, self._entries, behaviour, event_log.holds, row_kinds, quantities
        )
        success = EventStatus[behaviour.event_success_status]
        self._batches = BatchRows(store, event_log.holds, success, quantities)
        newest_first = behaviour.event_order == "newest_first"
        self._search = EventSearch(event_log, self._audit, self._batches, newest_first=newest_first)
        self._views = EventViews(settings)

    def post_async(self, body: bytes) -> Reply:
        """POST /api/v4.1/event/async: accepted at once; the log tells how it ended."""
        event = self._accept(body)
        if event.status is EventStatus.SCHEDULED:
            self._schedule(event)
        elif event.status is EventStatus.PENDING:
            self._submit(event, None)
        else:
            self._note_failed(event)
        return Reply({"id": event.id})

    def post_sync(self, body: bytes) -> Reply:
        """POST /api/v4.1/event/sync: answered once the event has ended, or is SCHEDULED.

        FAILED and NO_MATCH are 400 (REST API error codes overview, 26 May 2025); `outcome`, the
        reason in words, is the simulator's own addition.
        """
        event = self._accept(body)
        if event.status is EventStatus.SCHEDULED:
            self._schedule(event)
            return Reply({"eventId": event.id, "eventStatus": EventStatus.SCHEDULED})
        if event.status is EventStatus.PENDING:
            done = threading.Event()
            self._submit(event, done)
            if not done.wait(LONGEST_WAIT):
                raise api_error(503, f"Event {event.id} is still waiting; see the event log.")
        answer: dict[str, object] = {"eventId": event.id}
        if event.entity_id is not None:
            answer["entityId"] = event.entity_id
        if event.status is EventStatus.FAILED:
            answer["eventStatus"] = EventStatus.FAILED
            answer["errorMessage"] = _HAS_FAILED
            answer["outcome"] = event.outcome
            return Reply(answer, 400, reason=Reason("400", f"{_HAS_FAILED}: {event.outcome}"))
        if event.status is EventStatus.NO_MATCH:
            answer["eventStatus"] = EventStatus.NO_MATCH
            answer["outcome"] = event.outcome
            return Reply(answer, 400)
        answer["eventStatus"] = EventStatus.COMPLETE
        return Reply(answer)

    def search(self, query: Mapping[str, str], as_of: AsOf | None = None) -> Reply:
        """GET /api/v4.1/event: the events and audit rows that match, a page at a time."""
        wanted = EventQuery.read(query, self._clock.now(), self._behaviour)
        entries, has_more = self._search.page(wanted, as_of)
        return Reply(
            {
                "start": wanted.start,
                "count": wanted.count,
                "hasMore": has_more,
                "results": list(map(self._views.item, entries)),
            }
        )

    def find(self, event_id: str, as_of: AsOf | None = None) -> Reply:
        """GET /api/v4.1/event/{eventId}, of an event or of a row that stands with one."""
        event = self._log.find(event_of(event_id))
        found: LogEntry | None = event
        if event is not None and as_of is not None and as_of.is_unseen(event.ended_at):
            found = event.seen_late(as_of) if event.id == event_id else None
        elif isinstance(event, BatchEvents):
            found = self._batches.find(event, event_id)
        elif event is not None and event.id != event_id:
            found = self._audit.find(event, event_id)
        if found is None:
            raise not_found(f"There is no event {shortened(event_id)!r} in the event log.")
        return Reply(self._views.item(found))

    def story(self, event: Event) -> Sequence[LogEntry]:
        """The audit rows of an event and what it has raised, in the order of happening."""
        return self._audit.rows(event)

    def view(self, entry: LogEntry) -> dict[str, object]:
        """An entry of the log as it is shown."""
        return self._views.item(entry)

    def _accept(self, body: bytes) -> Event:
        fields = self._requests.sound("event", parse(body), body)
        retailer_id = check_retailer(fields["retailerId"], self._settings)
        self._check_account(fields)
        context = _context(fields)
        catalogue_ref = self._catalogue_of(context, retailer_id)
        now = self._clock.now()
        scheduled_at = self._scheduled_at(fields, now)
        event = Event(
            id=self._log.new_id(),
            name=fields["name"],
            retailer_id=retailer_id,
            context=context,
            accepted_at=now,
            body=body,
            catalogue_ref=catalogue_ref,
            source=fields.get("source"),
        )
        if scheduled_at > now:
            event.scheduled_at = scheduled_at
            event.status = EventStatus.SCHEDULED
            event.outcome = f"waits until {timestamp(scheduled_at)}"
            event.entity_id = self._known_id(catalogue_ref)
        self._read_work(event, fields.get("attributes"))
        try:
            self._log.add(event)
        except LineFullError as full:
            raise overloaded(full, self._behaviour) from None
        self._ledger.accepted(event)
        if not event.waits:
            self._tell_ended(event)
        return event

    def _known_id(self, catalogue_ref: str) -> str | None:
        """The id of a catalogue, as far as there is one."""
        refs = self._store.refs()
        return str(refs.index(catalogue_ref) + 1) if catalogue_ref in refs else None

    def _read_work(self, event: Event, attributes: object) -> None:
        """Give the event what its ruleset will apply, or refuse or fail it for its attributes."""
        if event.context.entity_type != INVENTORY_CATALOGUE:
            return
        if event.name == INVENTORY_CHANGED and self._behaviour.event_inventory_changed == "refuse":
            raise refused([Fault("/name", f'"{event.name}"', _INVENTORY_CHANGED_EXPECTED)])
        if not workflow.has_ruleset(event, self._behaviour):
            return
        event.work, faults, total = self._entries.read(event.name, attributes)
        if not faults:
            return
        refusal = refused(as_in(event.body, faults), total)
        if self._behaviour.event_invalid_attributes == "refuse" or (
            self._behaviour.delta_missing_id == "refuse" and any(map(_is_missing_delta_id, faults))
        ):
            raise refusal
        if event.status is EventStatus.SCHEDULED:
            event.work = Unreadable(refusal.message)
        else:
            event.end(workflow.fail(event, refusal.message, event.accepted_at), event.accepted_at)

    def _scheduled_at(self, fields: Mapping[str, Any], now: int) -> int:
        """When an event is to run; raises ApiError for what is no time."""
        text = fields.get("scheduledOn")
        if text is None or self._behaviour.event_scheduled_on == "ignore":
            return now
        try:
            return moment(text)
        except ValueError:
            raise refused([Fault("/scheduledOn", repr(shortened(text)), ISO_TIME)]) from None

    def _check_account(self, fields: Mapping[str, Any]) -> None:
        account = fields.get("accountId", self._settings.account)
        if account != self._settings.account and self._behaviour.event_account_mismatch == "refuse":
            found = shortened(orjson.dumps(account).decode())
            raise refused([Fault("/accountId", found, f'this account, "{self._settings.account}"')])

    def _catalogue_of(self, context: EventContext, retailer_id: str) -> str:
        """The ref of the catalogue meant; refuse an event of one retailer for another's."""
        if context.entity_type != INVENTORY_CATALOGUE:
            return ""
        refs = self._store.refs()
        ref = context.entity_ref
        if ref is None:
            by_id = {str(number): ref for number, ref in enumerate(refs, start=1)}
            ref = by_id.get(context.entity_id or "", "")
        known = self._store.find_ref(ref)
        if (
            known is not None
            and known.retailer_id != retailer_id
            and self._behaviour.retailer_mismatch == "refuse"
        ):
            pointer = "/entityRef" if context.entity_ref else "/entityId"
            expected = f"a catalogue of retailer {retailer_id} (/retailerId)"
            raise refused([Fault(pointer, f'"{ref}"', expected)])
        return ref


_INVENTORY_CHANGED_EXPECTED = (
    "an event meant for callers: InventoryChanged is raised by the Batch API only; "
    "post a batch, or send INVENTORY_DELTA"
)


def _context(fields: Mapping[str, Any]) -> EventContext:
    return EventContext(
        fields["entityType"],
        fields.get("entityRef"),
        _text(fields.get("entityId")),
        fields.get("entitySubtype"),
        fields.get("rootEntityType"),
        fields.get("rootEntityRef"),
        _text(fields.get("rootEntityId")),
    )


def _is_missing_delta_id(fault: Fault) -> bool:
    return fault.missing and fault.pointer.endswith("/deltaId")


def _text(value: object) -> str | None:
    return None if value is None else str(value)
