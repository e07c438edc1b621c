"""What a virtual position holds, and the arithmetic of available-to-sell quantities.

Fluent docs: About virtual catalogues, 10 Jan 2025 (available to sell is stock on hand plus
controls); Master buffer, 8 May 2025 (an aggregate is the sum of what each location has with its
buffer, plus the master buffer, and never below 0). Buffers are signed and added.
"""

from collections.abc import Collection, Iterable
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from ...behaviour import Behaviour
from ..catalogue.inventory_catalogue import InventoryCatalogue
from ..entities import Attributes
from ..inventory import ACTIVE, CREATED, INACTIVE
from ..search.criteria import Span, Wanted
from ..search.paging import ReadBudget
from .controls import ControlRules, ControlsVersion

BASE: Final = "BASE"
AGGREGATE: Final = "AGGREGATE"


class VirtualSegment(NamedTuple):
    """A part of the stock that a virtual position is for; type and value together name it."""

    type: str
    value: str


class VirtualPosition(NamedTuple):
    """A virtual position as it is read; `number` is its key in its catalogue for good."""

    number: int
    ref: str
    product_ref: str | None
    group_ref: str | None
    quantity: int
    type: str
    status: str
    created_at: int
    updated_at: int
    attributes: Attributes = MappingProxyType({})
    segments: tuple[VirtualSegment, ...] = ()


class VirtualSources(NamedTuple):
    """What the positions of a virtual catalogue follow from.

    `location_refs` are the locations it covers, None for all; `group_ref` is what its aggregates
    are grouped by. `thresholds` are the rules that give statuses, where those are not `rules`.
    `set_up_at` is when the virtual catalogue, its networks, its groups or its thresholds were
    changed last. `budget` bounds what is looked at.
    """

    inventory: InventoryCatalogue | None
    rules: ControlRules | None = None
    location_refs: frozenset[str] | None = None
    group_ref: str | None = None
    thresholds: tuple[ControlRules, ...] = ()
    set_up_at: int = 0
    behaviour: Behaviour = Behaviour()
    budget: ReadBudget | None = None


class VirtualPositionFilter(NamedTuple):
    """Which virtual positions are looked for; None for any."""

    refs: Wanted = None
    types: Wanted = None
    statuses: Wanted = None
    product_refs: Wanted = None
    group_refs: Wanted = None
    quantities: Collection[int | None] | None = None
    created: Span | None = None
    updated: Span | None = None

    def accepts(self, position: VirtualPosition) -> bool:
        """Whether a position is looked for."""
        return (
            (self.refs is None or position.ref in self.refs)
            and (self.types is None or position.type in self.types)
            and (self.statuses is None or position.status in self.statuses)
            and (self.product_refs is None or position.product_ref in self.product_refs)
            and (self.group_refs is None or position.group_ref in self.group_refs)
            and (self.quantities is None or position.quantity in self.quantities)
            and (self.created is None or self.created.contains(position.created_at))
            and (self.updated is None or self.updated.contains(position.updated_at))
        )


class Feed(NamedTuple):
    """What a virtual quantity was computed from; another feed has it computed anew."""

    on_hand: int
    updated_at: int
    positions: int
    controls: ControlsVersion | None


def aggregates(catalogue_type: str, behaviour: Behaviour) -> bool:
    """Whether a virtual catalogue of this type sums up locations, as BASE does not."""
    if catalogue_type in (BASE, AGGREGATE):
        return catalogue_type == AGGREGATE
    return behaviour.virtual_own_types == "aggregate"


def virtual_ref(product_ref: str, group_ref: str | None) -> str:
    """The ref of a derived virtual position (inferred: no page shows one)."""
    return product_ref if group_ref is None else f"{product_ref}:{group_ref}"


def base_quantity(on_hand: int, buffer: int, *, excluded: bool, behaviour: Behaviour) -> int:
    """What is available to sell of a product at one location."""
    if excluded:
        return 0
    return _floored(on_hand + buffer, behaviour.virtual_floor)


def location_part(on_hand: int, buffer: int, *, excluded: bool, behaviour: Behaviour) -> int:
    """What one location adds to an aggregate."""
    if excluded:
        return 0
    return _floored(on_hand + buffer, behaviour.virtual_location_floor)


def aggregate_quantity(parts: Iterable[int], master_buffer: int, *, excluded: bool) -> int:
    """What is available to sell of a product over all locations."""
    return 0 if excluded else max(0, sum(parts) + master_buffer)


def counts_in_aggregate(status: str, behaviour: Behaviour) -> bool:
    """Whether a position of this status is summed up (parameter `statuses` of the rule)."""
    if behaviour.virtual_aggregate_statuses == "active":
        return status == ACTIVE
    return status not in (CREATED, INACTIVE)


def _floored(quantity: int, floor: Literal["zero", "none"]) -> int:
    return max(0, quantity) if floor == "zero" else quantity
