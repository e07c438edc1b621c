"""Events that the platform raises itself: rows of the log that are made when somebody reads them.

Fluent docs: workflow event execution, 29 Aug 2025: what is new raises CREATE. Of an event with many
entries the first are told, as far as its trace tells of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..catalogue.inventory_catalogue import InventoryCatalogue
from ..events import (
    ORCHESTRATION,
    ORDER_WORKFLOW,
    Event,
    EventContext,
    EventStatus,
    FulfilmentUpdate,
    InventoryDelta,
    Trace,
    Work,
)
from ..jobs import InventoryRecord
from ..refs import position_id, quantity_id, quantity_ref
from .audit import INVENTORY_POSITION, Attribute, AuditedEntity, AuditRow, row_id, row_root
from .steps import generated_ref, written_amounts

INVENTORY_QUANTITY = "INVENTORY_QUANTITY"
CREATE = "CREATE"

FIRST_NUMBER = 0x1000
"""Of the rows that an event raised: its audit rows come before, and never get that far."""


@dataclass(frozen=True, slots=True)
class RaisedRow:
    """An event that another one, or a record of a batch, has raised."""

    event: Event
    number: int
    name: str
    context: EventContext
    generated_at: int
    status: EventStatus = EventStatus.SUCCESS
    outcome: str | None = None
    attributes: Sequence[Attribute] = ()
    source_events: Sequence[str] = ()
    type: str = ORCHESTRATION
    category: str = ORDER_WORKFLOW
    entity_id: None = None

    @property
    def id(self) -> str:
        """Its own id, from which follows that of the event it was raised by."""
        return row_id(self.event.id, self.number)

    @property
    def retailer_id(self) -> str:
        """The retailer of what raised it."""
        return self.event.retailer_id


LogEntry = Event | AuditRow | RaisedRow
"""What the event log shows."""


def creation(
    event: Event, number: int, entity: AuditedEntity, root: AuditedEntity, raised_by: str, at: int
) -> RaisedRow:
    """The CREATE event of an entity that is new; `raised_by` is the id of the event before it."""
    return RaisedRow(
        event,
        number,
        CREATE,
        EventContext(entity.type, entity.ref, entity.id, None, *root),
        at,
        outcome=f"{entity.type} {entity.ref} is new",
        source_events=(raised_by,),
    )


def may_create(trace: Trace) -> bool:
    """Whether an event may have made a position or a quantity."""
    return trace.writes > len(trace.rewrites)


def creations(
    event: Event,
    trace: Trace,
    entries: Work,
    catalogue: InventoryCatalogue,
) -> list[RaisedRow]:
    """The CREATE events of what an event has made, in order."""
    root, at = row_root(event), max(trace.at, event.ended_at)
    made = _made_by(event, trace, entries, catalogue)
    return [
        creation(event, number, entity, root, event.id, at)
        for number, entity in enumerate(made, start=FIRST_NUMBER)
    ]


def _made_by(
    event: Event,
    trace: Trace,
    entries: Work,
    catalogue: InventoryCatalogue,
) -> Iterator[AuditedEntity]:
    number = catalogue.number
    touched = {each.position: each for each in trace.positions()}
    # Entries may have been left out, because their positions did not exist then; they may now.
    by_position = trace.touched == len(touched) or trace.writes < len(entries)
    rewritten = {(each.entry, each.type) for each in trace.rewrites if each.status is None}
    rewritten |= {(each.entry, "") for each in trace.rewrites}
    told: Iterable[InventoryDelta | FulfilmentUpdate | InventoryRecord] = entries[: trace.told]
    for index, entry in enumerate(told):
        position = catalogue.find(entry.product_ref, entry.location_ref)
        if position is None or (by_position and position not in touched):
            continue
        owner = catalogue.ref_of(position)
        first = touched.get(position)
        if first is not None and first.created and first.entry == index:
            yield AuditedEntity(INVENTORY_POSITION, owner, position_id(number, position))
        refs: list[str] = []
        if isinstance(entry, FulfilmentUpdate):
            refs += (
                quantity_ref(owner, quantity_type, entry.fulfilment_id)
                for quantity_type, _ in written_amounts(entry)
                if (index, quantity_type) not in rewritten
            )
        elif (index, "") not in rewritten:
            if isinstance(entry, InventoryDelta):
                refs.append(entry.delta_id or generated_ref(owner, entry, event.id, index))
            else:
                refs.append(entry.ref or quantity_ref(owner, entry.type))
        for ref in refs:
            known = catalogue.quantity(ref)  # it may have been let go of since, to bound the memory
            made = None if known is None else quantity_id(number, position, known.number)
            yield AuditedEntity(INVENTORY_QUANTITY, ref, made)
