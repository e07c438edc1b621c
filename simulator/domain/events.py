"""Events: what came in, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from .inventory import DELTA

INVENTORY_CATALOGUE = "INVENTORY_CATALOGUE"
INVENTORY_DELTA = "INVENTORY_DELTA"
UPDATE_INVENTORY_QTY = "UpdateInventoryQty"


class EventStatus(StrEnum):
    """Fluent docs: orchestration audit events, 26 Feb 2025."""

    PENDING = "PENDING"
    SUCCESS = "SUCCESS"
    COMPLETE = "COMPLETE"
    FAILED = "FAILED"
    NO_MATCH = "NO_MATCH"


class Outcome(NamedTuple):
    """How an event ended, and the reason in words."""

    status: EventStatus
    reason: str
    entity_id: str | None = None


class InventoryDelta(NamedTuple):
    """A relative change of one position; `delta_id` makes it safe to send again."""

    delta_id: str | None
    product_ref: str
    location_ref: str
    quantity: int
    type: str = DELTA


class FulfilmentUpdate(NamedTuple):
    """What a fulfilment reserves, confirms or cancels at one position; zero means: not said.

    Fluent docs: Inventory catalogue workflow interface contracts, 27 Nov 2024.
    """

    fulfilment_id: str
    product_ref: str
    location_ref: str
    reserved: int = 0
    sold: int = 0
    corrected: int = 0
    cancelled: int = 0


class EventContext(NamedTuple):
    """The entity an event is for, and the root it belongs to."""

    entity_type: str
    entity_ref: str | None = None
    entity_id: str | None = None
    entity_subtype: str | None = None
    root_entity_type: str | None = None
    root_entity_ref: str | None = None
    root_entity_id: str | None = None


@dataclass(slots=True)
class Event:
    """An accepted event.

    `catalogue_ref` is the catalogue it is for, existing or not; `work` is what a ruleset will
    apply, and is let go once the event has ended.
    """

    id: str
    name: str
    retailer_id: str
    context: EventContext
    accepted_at: int
    body: bytes
    catalogue_ref: str = ""
    source: str | None = None
    category: str = "ORDER_WORKFLOW"
    work: Sequence[InventoryDelta] | Sequence[FulfilmentUpdate] = ()
    status: EventStatus = EventStatus.PENDING
    outcome: str | None = None
    entity_id: str | None = None

    def end(self, outcome: Outcome) -> None:
        """Record how it ended."""
        self.status, self.outcome = outcome.status, outcome.reason
        self.entity_id = outcome.entity_id
        self.work = ()
