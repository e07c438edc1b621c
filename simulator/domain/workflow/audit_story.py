"""The story of one event in the reference workflow's own terms: its audit rows.

Rows are made when somebody reads them, from the event, its entries and its trace.
Rulesets and rules have the names of the reference workflow (Inventory catalogue workflow,
18 Feb 2025, and the pages of the rules). The stock on hand of a position is calculated once for an
event, so what tells of it stands once, where the platform has it once for each delta.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import cast

from ..events import (
    INVENTORY_DELTA,
    Event,
    EventContext,
    EventStatus,
    FulfilmentUpdate,
    InventoryDelta,
    Rewrite,
    Step,
    Touched,
    Trace,
    Work,
)
from ..inventory import CORRECTION, LAST_ON_HAND, ON_HAND_TYPES, RESERVED, SALE, TRANSIENT_TYPES
from ..jobs import INVENTORY_CHANGED, InventoryRecord
from ..refs import quantity_ref
from .audit import (
    INVENTORY_POSITION,
    Attribute,
    AuditedEntity,
    AuditRow,
    Category,
    Happening,
    row_catalogue,
    row_root,
    touched_id,
)
from .steps import (
    CREATE_DELTAS,
    CREATE_FULFILMENT_QUANTITY,
    DEACTIVATE_RELATED,
    FIRST_STEPS,
    LOAD_POSITION,
    SEND_TO_POSITIONS,
    SPLIT_DELTAS,
    UPSERT_QUANTITY,
    generated_ref,
    written_amounts,
)

MOST_ROWS = 100
"""Audit rows of one event; the last of more says how many are left out."""
ROWS_LEFT_OUT = "AuditRowsLeftOut"

_CALCULATE = Step("CalculateOnHand", "CalculateOnHand")
_CHECK = Step("CheckOnHandChanged", "ForwardIfOnHandChanged")
_UPDATE = Step("UpdateOnHand", "UpdateOnHand")

_CREATE_POSITION = "createInventoryPosition"
_UPDATE_POSITION = "updateInventoryPosition"
_CREATE_QUANTITY = "createInventoryQuantity"
_UPDATE_QUANTITY = "updateInventoryQuantity"

_PARAMETERS: Mapping[Step, Mapping[str, object]] = {
    SPLIT_DELTAS: {"eventName": CREATE_DELTAS.ruleset},
    SEND_TO_POSITIONS: {"inventoryQuantityTypes": [RESERVED, SALE, CORRECTION]},
    LOAD_POSITION: {"eventName": "CheckInventoryPositionExists"},
    UPSERT_QUANTITY: {"defaultType": LAST_ON_HAND},
    DEACTIVATE_RELATED: {"filterTypes": sorted(TRANSIENT_TYPES)},
    _CALCULATE: {"eventName": _CHECK.ruleset, "filterTypes": sorted(ON_HAND_TYPES)},
    _CHECK: {"eventName": _UPDATE.ruleset},
}

_STEPS = (*_PARAMETERS, CREATE_DELTAS, CREATE_FULFILMENT_QUANTITY, _UPDATE)
_MUTATIONS = (_CREATE_POSITION, _UPDATE_POSITION, _CREATE_QUANTITY, _UPDATE_QUANTITY)
NAMES = frozenset(
    {name for step in _STEPS for name in step if name is not None} | {*_MUTATIONS, ROWS_LEFT_OUT}
)
"""Every name that an audit row can have."""


Entry = InventoryDelta | FulfilmentUpdate | InventoryRecord


class AuditStory:
    """What happened while one event ran."""

    def __init__(
        self, event: Event, trace: Trace, entries: Work, ref_of: Callable[[int], str]
    ) -> None:
        self._event = event
        self._trace = trace
        self._entries = entries
        self._ref_of = ref_of
        self._catalogue = row_catalogue(event)
        self._ended = max(trace.at, event.ended_at)
        self._first = FIRST_STEPS.get(event.name)
        self._by_place: dict[tuple[str, str], list[int]] = defaultdict(list)
        told = cast(Iterable[Entry], entries[: trace.told])
        for index, entry in enumerate(told):
            self._by_place[entry.product_ref, entry.location_ref].append(index)
        self._rewrites: dict[int, list[Rewrite]] = defaultdict(list)
        for rewrite in trace.rewrites:
            self._rewrites[rewrite.entry].append(rewrite)

    def context_of(self, happening: Happening) -> EventContext:
        """Its entity, under the event's root or else the catalogue."""
        entity = happening.entity
        return EventContext(entity.type, entity.ref, entity.id, None, *row_root(self._event))

    def time_of(self, happening: Happening) -> int:
        """When it happened; only the beginning and the end of an event are known."""
        return self._trace.at if happening.category is Category.SNAPSHOT else self._ended

    def length(self, told: int) -> int:
        """How many happenings there would be without the bounds of the trace; `told` are told."""
        trace = self._trace
        if not trace.touched or self._event.name == INVENTORY_CHANGED:
            return told
        if self._deals_with_deltas:
            return 3 + 7 * trace.touched + 3 * trace.changed + trace.writes
        updates = cast(Sequence[FulfilmentUpdate], self._entries)
        rules = sum(len(written_amounts(update)) for update in updates)
        return 3 + 5 * trace.touched + 3 * trace.changed + trace.writes + rules

    def left_out(self, count: int) -> Happening:
        """What stands for those that are too many."""
        words = f"{count:,} more audit rows of this event are left out"
        told = [("rowsLeftOut", count)]
        return Happening(Category.CUSTOM, ROWS_LEFT_OUT, self._catalogue, told, outcome=words)

    def happenings(self) -> Iterator[Happening]:
        """Everything, in order."""
        if self._event.entity_id is not None:
            kind, _, retailer_id = str(self._catalogue.ref).partition(":")
            details = {"id": self._catalogue.id, "ref": self._catalogue.ref, "type": kind}
            yield self._snapshot(self._catalogue, details | {"retailerId": retailer_id})
        if self._event.status is EventStatus.FAILED:
            yield from self._failure()
        elif self._first is not None and self._event.status is not EventStatus.NO_MATCH:
            yield from self._ran(self._first, self._catalogue)
            for touched in self._trace.positions():
                yield from self._at_position(touched)

    @property
    def _deals_with_deltas(self) -> bool:
        return self._event.name == INVENTORY_DELTA

    def _at_position(self, touched: Touched) -> Iterator[Happening]:
        entity = self._position(touched.position)
        first: Entry = self._entries[touched.entry]
        place = {"productRef": first.product_ref, "locationRef": first.location_ref}
        if touched.created:
            yield self._action(
                _CREATE_POSITION, entity, {"ref": entity.ref, **place}, f"{entity.ref} is new"
            )
        else:
            yield self._snapshot(
                entity, {"id": entity.id, "ref": entity.ref, **place, "onHand": touched.before}
            )
        entries = self._by_place[first.product_ref, first.location_ref]
        if self._deals_with_deltas:
            yield from self._ran(CREATE_DELTAS, entity)
            for index in entries:
                yield self._delta(entity, index)
        elif isinstance(first, InventoryRecord):
            yield from self._record(entity, first)
        else:
            for index in entries:
                yield from self._update(entity, index)
        yield from self._on_hand(entity, touched.before, touched.now)

    def _delta(self, entity: AuditedEntity, index: int) -> Happening:
        delta = cast(InventoryDelta, self._entries[index])
        owner = str(entity.ref)
        ref = delta.delta_id or generated_ref(owner, delta, self._event.id, index)
        rewrites = self._rewrites.get(index)
        if rewrites:
            return self._set_again(entity, ref, rewrites[0])
        return self._created(entity, ref, delta.type, delta.quantity)

    def _record(self, entity: AuditedEntity, record: InventoryRecord) -> Iterator[Happening]:
        yield from self._ran(UPSERT_QUANTITY, entity)
        ref = record.ref or quantity_ref(str(entity.ref), record.type)
        if self._rewrites:
            yield self._set_again(entity, ref, self._rewrites[0][0])
        else:
            yield self._created(entity, ref, record.type, record.quantity)
        if record.type == LAST_ON_HAND:
            yield from self._ran(DEACTIVATE_RELATED, entity)

    def _update(self, entity: AuditedEntity, index: int) -> Iterator[Happening]:
        update = cast(FulfilmentUpdate, self._entries[index])
        rewrites = self._rewrites.get(index, [])
        again = {rewrite.type: rewrite for rewrite in rewrites if rewrite.status is None}
        for quantity_type, amount in written_amounts(update):
            ref = quantity_ref(str(entity.ref), quantity_type, update.fulfilment_id)
            yield self._rule(
                CREATE_FULFILMENT_QUANTITY, entity, {"inventoryQuantityType": quantity_type}
            )
            if quantity_type in again:
                yield self._set_again(entity, ref, again[quantity_type])
            else:
                yield self._created(entity, ref, quantity_type, amount)
        for rewrite in rewrites:
            if rewrite.status is not None:
                ref = quantity_ref(str(entity.ref), rewrite.type, update.fulfilment_id)
                yield self._set_again(entity, ref, rewrite)

    def _on_hand(self, entity: AuditedEntity, before: int, now: int) -> Iterator[Happening]:
        calculated = ("inventoryPositionOnHandCalculated", now)
        yield from self._ran(_CALCULATE, entity, calculated)
        yield from self._ran(_CHECK, entity, ("inventoryPositionOnHand", before), calculated)
        if now != before:
            yield from self._ran(_UPDATE, entity, calculated)
            values = {"ref": entity.ref, "onHand": now}
            words = f"{entity.ref}: on hand {before} -> {now}"
            yield self._action(_UPDATE_POSITION, entity, values, words, ("onHandBefore", before))

    def _failure(self) -> Iterator[Happening]:
        message = self._event.outcome
        failure = self._trace.failure
        entity = self._catalogue
        attributes: list[Attribute] = [("message", message)]
        rule = None
        if failure is not None:
            step = failure.step
            if self._first is not None and step != self._first:
                yield from self._ran(self._first, entity)
            if failure.position is not None:
                entity = self._position(failure.position)
            yield from self._ran(step, entity, status=EventStatus.FAILED)
            rule = step.rule
            attributes += [("rule", rule), ("ruleSet", step.ruleset)]
        yield Happening(Category.EXCEPTION, rule, entity, attributes, EventStatus.FAILED, message)

    def _position(self, number: int) -> AuditedEntity:
        return AuditedEntity(
            INVENTORY_POSITION, self._ref_of(number), touched_id(self._event, number)
        )

    def _snapshot(self, entity: AuditedEntity, values: Mapping[str, object]) -> Happening:
        return Happening(Category.SNAPSHOT, None, entity, [("entity", values)])

    def _ran(
        self,
        step: Step,
        entity: AuditedEntity,
        *attributes: Attribute,
        status: EventStatus = EventStatus.SUCCESS,
    ) -> Iterator[Happening]:
        if step.ruleset is not None:
            yield Happening(Category.RULESET, step.ruleset, entity, self._timers(), status)
        yield self._rule(step, entity, _PARAMETERS.get(step, {}), *attributes, status=status)

    def _rule(
        self,
        step: Step,
        entity: AuditedEntity,
        parameters: Mapping[str, object],
        *attributes: Attribute,
        status: EventStatus = EventStatus.SUCCESS,
    ) -> Happening:
        told = [("ruleSet", step.ruleset), ("parameters", parameters), *attributes]
        return Happening(Category.RULE, step.rule, entity, told + self._timers(), status)

    def _timers(self) -> list[Attribute]:
        return [("startTimer", self._trace.at), ("stopTimer", self._ended)]

    def _action(
        self,
        mutation: str,
        entity: AuditedEntity,
        values: Mapping[str, object],
        words: str,
        *attributes: Attribute,
    ) -> Happening:
        told = [("mutation", mutation), ("input", values), *attributes]
        return Happening(Category.ACTION, mutation, entity, told, outcome=words)

    def _created(
        self, entity: AuditedEntity, ref: str, quantity_type: str, amount: int
    ) -> Happening:
        values = {"ref": ref, "position": entity.ref, "type": quantity_type, "quantity": amount}
        return self._action(_CREATE_QUANTITY, entity, values, f"{ref}: {quantity_type} {amount}")

    def _set_again(self, entity: AuditedEntity, ref: str, rewrite: Rewrite) -> Happening:
        values: dict[str, object] = {"ref": ref, "quantity": rewrite.quantity}
        words = f"{ref}: {rewrite.type} {rewrite.before} -> {rewrite.quantity}"
        if rewrite.status is not None:
            values["status"] = rewrite.status
            words += f", now {rewrite.status}"
        before = ("quantityBefore", rewrite.before)
        return self._action(_UPDATE_QUANTITY, entity, values, words, before)


def audit_rows(
    event: Event, trace: Trace, entries: Work, ref_of: Callable[[int], str]
) -> list[AuditRow]:
    """The audit rows of an event that ran, in order of happening.

    `entries` are those that the event was sent with, `ref_of` tells the ref of a position.
    """
    story = AuditStory(event, trace, entries, ref_of)
    happenings = list(islice(story.happenings(), MOST_ROWS + 1))
    total = story.length(len(happenings))
    if total > len(happenings) or total > MOST_ROWS:
        del happenings[MOST_ROWS - 1 :]
        happenings.append(story.left_out(total - len(happenings)))
    return [
        AuditRow(event, number, happening, story.context_of(happening), story.time_of(happening))
        for number, happening in enumerate(happenings, start=1)
    ]
