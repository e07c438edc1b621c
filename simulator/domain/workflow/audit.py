"""What audit rows are: something that happened to an entity while an event ran.

Fluent docs: orchestration audit events, 26 Feb 2025. Each row has an id that the event's follows
from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from ..events import INVENTORY_CATALOGUE, ORCHESTRATION_AUDIT, Event, EventContext, EventStatus
from ..refs import position_id

INVENTORY_POSITION = "INVENTORY_POSITION"

Attribute = tuple[str, object]


class Category(StrEnum):
    """Fluent docs: orchestration audit events, 26 Feb 2025."""

    SNAPSHOT = "snapshot"
    RULESET = "ruleSet"
    RULE = "rule"
    ACTION = "ACTION"
    EXCEPTION = "exception"
    CUSTOM = "CUSTOM"


class AuditedEntity(NamedTuple):
    """What something happened to."""

    type: str
    ref: str | None
    id: str | None


class Happening(NamedTuple):
    """One thing that happened, and how it went."""

    category: Category
    name: str | None
    entity: AuditedEntity
    attributes: Sequence[Attribute]
    status: EventStatus = EventStatus.SUCCESS
    outcome: str | None = None


def touched_id(event: Event, number: int) -> str:
    """The id of a position that an event has touched; the event's own entity is its catalogue."""
    return position_id(int(event.entity_id or 1), number)


def row_root(event: Event) -> AuditedEntity:
    """The root entity that the audit rows of an event stand under: its own, or the catalogue."""
    given = event.context
    catalogue = row_catalogue(event)
    root = AuditedEntity(given.root_entity_type or "", given.root_entity_ref, given.root_entity_id)
    if given.root_entity_type is None or _is_same(root, catalogue):
        return catalogue
    return root


def row_catalogue(event: Event) -> AuditedEntity:
    """The catalogue of an event, as its audit rows name it."""
    ref = event.catalogue_ref or event.context.entity_ref
    return AuditedEntity(INVENTORY_CATALOGUE, ref, event.entity_id or event.context.entity_id)


def known_context(event: Event) -> EventContext:
    """What an event is about, with what has become known of its entity, at the root as well."""
    given = event.context
    if given.entity_type == INVENTORY_CATALOGUE:
        entity, root = row_catalogue(event), row_root(event)
    else:
        entity = AuditedEntity(
            given.entity_type, given.entity_ref, given.entity_id or event.entity_id
        )
        root = AuditedEntity(
            given.root_entity_type or "", given.root_entity_ref, given.root_entity_id
        )
        if _is_same(root, entity):
            root = entity
    return EventContext(*entity, given.entity_subtype, root.type or None, root.ref, root.id)


def _is_same(root: AuditedEntity, entity: AuditedEntity) -> bool:
    if root.type != entity.type:
        return False
    if root.ref is not None and entity.ref is not None:
        return root.ref == entity.ref
    if root.id is not None:
        return root.id == entity.id
    return root.ref is None  # nothing is named, so that none other is meant


_ROW_DIGITS = 4


def row_id(event_id: str, number: int) -> str:
    """The id of the row with this number, from 1, of an event; 0 is the event itself."""
    return f"{event_id[:-_ROW_DIGITS]}{number:0{_ROW_DIGITS}x}"


def row_number_of(entry_id: str) -> int | None:
    """The number that an id ends in, if it does."""
    try:
        return int(entry_id[-_ROW_DIGITS:], 16)
    except ValueError:
        return None


def event_of(entry_id: str) -> str:
    """The id of the event that a row with this id belongs to."""
    return row_id(entry_id, 0)


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One thing that happened while an event ran."""

    event: Event
    number: int
    happening: Happening
    context: EventContext
    generated_at: int
    type: str = ORCHESTRATION_AUDIT
    entity_id: None = None

    @property
    def id(self) -> str:
        """Its own id, from which the event's follows."""
        return row_id(self.event.id, self.number)

    @property
    def source_events(self) -> Sequence[str]:
        """The event it tells of."""
        return (self.event.id,)

    @property
    def retailer_id(self) -> str:
        """The event's retailer."""
        return self.event.retailer_id

    @property
    def category(self) -> str:
        """The kind of happening."""
        return self.happening.category

    @property
    def name(self) -> str | None:
        """The ruleset, the rule or the mutation; a snapshot has none."""
        return self.happening.name

    @property
    def status(self) -> EventStatus:
        """Whether it went well."""
        return self.happening.status
