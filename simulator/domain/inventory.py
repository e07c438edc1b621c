"""Quantities: their types, their statuses, and which of them are stock on hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, NamedTuple

LAST_ON_HAND: Final = "LAST_ON_HAND"
RESERVED: Final = "RESERVED"
SALE: Final = "SALE"
CORRECTION: Final = "CORRECTION"
DELTA: Final = "DELTA"

SOFT_RESERVE: Final = "SOFT_RESERVE"
RETURNED: Final = "RETURNED"

CREATED: Final = "CREATED"
ACTIVE: Final = "ACTIVE"
INACTIVE: Final = "INACTIVE"

# Fluent docs: Inventory quantity types, 10 Jan 2025. Other types may be stored; they do not count.
ON_HAND_TYPES = frozenset({LAST_ON_HAND, RESERVED, SALE, CORRECTION, DELTA})

# What a new count retires (Inventory catalogue workflow, 18 Feb 2025); RESERVED stays.
TRANSIENT_TYPES = frozenset({DELTA, SALE, CORRECTION})

# A guide of the vendor's community (undated) has these two; whether they count is open.
COMMUNITY_TYPES = frozenset({SOFT_RESERVE, RETURNED})

# Goods on their way, as pages name them (Future Inventory, 27 Mar 2026; Send enhanced attributes,
# 23 Mar 2026).
FUTURE_TYPES = frozenset({"EXPECTED", "ON_ORDER", "IN_TRANSIT"})

LASTING_TYPES = (ON_HAND_TYPES | COMMUNITY_TYPES) - TRANSIENT_TYPES

# What a caller has set aside for somebody, under the stock that it commits.
RESERVING_TYPES = frozenset({RESERVED, SOFT_RESERVE})

# What a count retires a transient from (rule UpdateInventoryQuantitiesStatus, 12 Aug 2025).
LIVE_STATUSES = frozenset({CREATED, ACTIVE})


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
    """What few quantities have; `attribute_types` are the types that attributes were given.

    `parent_ref` is the quantity of the same position that this one is a part of or commits (Stock
    Segmentation, Data Model and API Overview, 27 Mar 2026). Dates are milliseconds since 1970.
    """

    condition: str | None = None
    expected_on: int | None = None
    expires_on: int | None = None
    storage_area_ref: str | None = None
    association_type: str | None = None
    association_ref: str | None = None
    country_of_origin: str | None = None
    channel: str | None = None
    supplier: str | None = None
    manufacturer: str | None = None
    manufacturer_batch_number: str | None = None
    segment1: str | None = None
    segment2: str | None = None
    segment3: str | None = None
    parent_ref: str | None = None
    attribute_types: Mapping[str, str] = MappingProxyType({})

    def updated(self, given: "QuantityDetails") -> "QuantityDetails":
        """The details after those given; None leaves one as it is, as do types of attributes."""
        values: dict[str, Any] = given._asdict()
        del values["attribute_types"]
        return self._replace(**{name: new for name, new in values.items() if new is not None})


NO_DETAILS = QuantityDetails()


@dataclass(slots=True)
class InventoryQuantity:
    """One signed quantity of a position; `position` is the position's number in its catalogue.

    `number` is that of its creation in the catalogue; a count that was a plain one has 0.
    `is_set_aside` is for the retention: it does not grow old, because events still need it.
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
class Counting:
    """Which quantities of a catalogue are stock on hand, besides being of an ON_HAND_TYPE.

    `further_types` count like those. `apart` are the refs of reservations of stock that is only
    expected, which take nothing from what is on hand.
    """

    statuses: frozenset[str] = LIVE_STATUSES
    further_types: frozenset[str] = frozenset()
    apart: set[str] = field(default_factory=set)

    def amount(self, quantity: InventoryQuantity) -> int:
        """What a quantity adds to the stock on hand."""
        counts = self.counts(quantity.ref, quantity.type, quantity.status)
        return quantity.quantity if counts else 0

    def counts(self, ref: str, quantity_type: str, status: str) -> bool:
        """Whether a quantity like this is stock on hand."""
        if status not in self.statuses:
            return False
        if quantity_type not in ON_HAND_TYPES and quantity_type not in self.further_types:
            return False
        return not (self.apart and ref in self.apart)

    def is_of_stock(self, quantity: InventoryQuantity) -> bool:
        """Whether a quantity is of the stock on hand, or apart: of stock that is only expected."""
        return quantity.status in self.statuses and self.is_type_of_stock(quantity.type)

    def is_type_of_stock(self, quantity_type: str) -> bool:
        """Whether quantities of a type are stock on hand, or what is reserved of it."""
        return quantity_type in ON_HAND_TYPES or quantity_type in self.further_types


@dataclass(slots=True)
class PositionLedger:
    """The quantities of one position beside its plain count, with their sum kept up to date.

    `written` is a stock on hand that a mutation has set; it stands until the workflow calculates
    the next one.
    """

    counting: Counting
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

    def set_apart(self, quantity: InventoryQuantity, *, apart: bool) -> None:
        """Count a quantity as stock on hand no longer, or again."""
        self.balance -= self.counting.amount(quantity)
        if apart:
            self.counting.apart.add(quantity.ref)
        else:
            self.counting.apart.discard(quantity.ref)
        self.balance += self.counting.amount(quantity)

    def _include(self, quantity: InventoryQuantity) -> None:
        self.balance += self.counting.amount(quantity)
        if quantity.is_transient:
            self.transients[quantity.ref] = quantity

    def _exclude(self, quantity: InventoryQuantity) -> None:
        self.balance -= self.counting.amount(quantity)
        self.transients.pop(quantity.ref, None)
