"""Quantities: their types, their statuses, and which of them are stock on hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, NamedTuple

LAST_ON_HAND: Final = "LAST_ON_HAND"
RESERVED: Final = "RESERVED"
SALE: Final = "SALE"
CORRECTION: Final = "CORRECTION"
DELTA: Final = "DELTA"

CREATED: Final = "CREATED"
ACTIVE: Final = "ACTIVE"
INACTIVE: Final = "INACTIVE"

# Fluent docs: Inventory quantity types, 10 Jan 2025. Other types may be stored; they do not count.
ON_HAND_TYPES = frozenset({LAST_ON_HAND, RESERVED, SALE, CORRECTION, DELTA})

# What a new count retires (Inventory catalogue workflow, 18 Feb 2025); RESERVED stays.
TRANSIENT_TYPES = frozenset({DELTA, SALE, CORRECTION})

LASTING_TYPES = ON_HAND_TYPES - TRANSIENT_TYPES

# What a count retires a transient from (rule UpdateInventoryQuantitiesStatus, 12 Aug 2025).
LIVE_STATUSES = frozenset({CREATED, ACTIVE})


class RuleError(Exception):
    """A rule refused: nothing was changed, and the message says why."""


class EventSource(NamedTuple):
    """The entry of an event that changed a quantity; -1 where the attribute is no list."""

    event_id: str
    entries: str
    entry: int

    def __str__(self) -> str:
        place = self.entries if self.entry < 0 else f"{self.entries}/{self.entry}"
        return f"event {self.event_id} /attributes/{place}"


class MutationSource(NamedTuple):
    """The GraphQL mutation that changed a quantity."""

    mutation: str

    def __str__(self) -> str:
        return f"mutation {self.mutation}"


class BatchSource(NamedTuple):
    """The line of a batch that changed a quantity; batch 0 is the seed data.

    Batch -1 stands for older quantities that were added to a count.
    """

    batch_number: int
    line: int

    def __str__(self) -> str:
        if self.batch_number < 0:
            return "older quantities, added to the count to bound the memory"
        origin = f"batch {self.batch_number}" if self.batch_number else "seed data"
        return f"{origin} /entities/{self.line}"

    def packed(self) -> int:
        """The same in one integer, as a column of a million positions holds it."""
        return self.batch_number << _LINE_BITS | self.line

    @classmethod
    def unpacked(cls, packed: int) -> "BatchSource":
        """The line that `packed` stands for."""
        return cls(packed >> _LINE_BITS, packed & ((1 << _LINE_BITS) - 1))


FOLDED_INTO_COUNT = BatchSource(-1, 0)

_LINE_BITS = 24

MOST_LINES = 1 << _LINE_BITS
"""Lines of one batch that can be told apart; seed data may have as many."""

Source = EventSource | BatchSource | MutationSource


class QuantityDetails(NamedTuple):
    """What few quantities have; `attribute_types` are the types that attributes were given."""

    condition: str | None = None
    expected_on: int | None = None
    storage_area_ref: str | None = None
    attribute_types: Mapping[str, str] = MappingProxyType({})


@dataclass(slots=True)
class InventoryQuantity:
    """One signed quantity of a position; `position` is the position's number in its catalogue.

    `number` is that of its creation in the catalogue; a position's own count has 0. `is_set_aside`
    is for the retention: it does not grow old, because events still need it.
    """

    ref: str
    position: int
    type: str
    quantity: int
    status: str
    created_at: int
    updated_at: int
    source: Source
    attributes: Mapping[str, object] | None = None
    number: int = 0
    details: QuantityDetails | None = None
    is_set_aside: bool = False

    @property
    def is_transient(self) -> bool:
        """Whether a new count would retire it."""
        return self.status in LIVE_STATUSES and self.type in TRANSIENT_TYPES

    @property
    def lasts(self) -> bool:
        """Whether it is stock on hand that a new count leaves as it is."""
        return self.status in LIVE_STATUSES and self.type in LASTING_TYPES


@dataclass(slots=True)
class PositionLedger:
    """The quantities of one position beside its plain count, with their sum kept up to date.

    `counting` are the statuses of quantities that are stock on hand. `written` is a stock on hand
    that a mutation has set; it stands until the workflow calculates the next one.
    """

    counting: frozenset[str]
    quantities: dict[str, InventoryQuantity] = field(default_factory=dict)
    transients: dict[str, InventoryQuantity] = field(default_factory=dict)
    balance: int = 0
    written: int | None = None

    def add(self, quantity: InventoryQuantity) -> None:
        """Take a new quantity in."""
        self.quantities[quantity.ref] = quantity
        self._include(quantity)

    def add_first(self, quantity: InventoryQuantity) -> None:
        """Take a quantity in that is to be listed before the others."""
        self.quantities = {quantity.ref: quantity, **self.quantities}
        self._include(quantity)

    def change(self, quantity: InventoryQuantity, *, amount: int, status: str) -> None:
        """Give a quantity another amount or status."""
        self._exclude(quantity)
        quantity.quantity = amount
        quantity.status = status
        self._include(quantity)

    def change_type(self, quantity: InventoryQuantity, quantity_type: str) -> None:
        """Give a quantity another type."""
        self._exclude(quantity)
        quantity.type = quantity_type
        self._include(quantity)

    def remove(self, quantity: InventoryQuantity) -> None:
        """Forget a quantity."""
        self._exclude(quantity)
        del self.quantities[quantity.ref]

    def _counts(self, quantity: InventoryQuantity) -> int:
        counts = quantity.status in self.counting and quantity.type in ON_HAND_TYPES
        return quantity.quantity if counts else 0

    def _include(self, quantity: InventoryQuantity) -> None:
        self.balance += self._counts(quantity)
        if quantity.is_transient:
            self.transients[quantity.ref] = quantity

    def _exclude(self, quantity: InventoryQuantity) -> None:
        self.balance -= self._counts(quantity)
        self.transients.pop(quantity.ref, None)
