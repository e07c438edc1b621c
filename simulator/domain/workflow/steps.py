"""What the rulesets of events share, with one another and with the story of an event."""

from array import array
from collections.abc import Sequence

from ..catalogue.inventory_catalogue import InventoryCatalogue
from ..events import (
    INVENTORY_DELTA,
    UPDATE_INVENTORY_QTY,
    Failure,
    FulfilmentUpdate,
    InventoryDelta,
    Rewrite,
    Step,
    Touched,
    Trace,
)
from ..faults import RuleError
from ..inventory import CORRECTION, RESERVED, SALE
from ..jobs import INVENTORY_CHANGED
from ..refs import position_ref

# Fluent docs: the pages of the rules, 12 Aug 2025 and 8 Dec 2025; the position's rulesets that
# UpdateInventoryQty leads to are configurable and not published.
SPLIT_DELTAS = Step(INVENTORY_DELTA, "SplitDeltasAndDownToInventoryPosition")
CREATE_DELTAS = Step("CreateInventoryDelta", "CreateDeltaInventoryQuantities")
SEND_TO_POSITIONS = Step(UPDATE_INVENTORY_QTY, "SendEventOnFulfilmentInventoryUpdate")
CREATE_FULFILMENT_QUANTITY = Step(None, "CreateFulfilmentInventoryQuantity")
LOAD_POSITION = Step(INVENTORY_CHANGED, "LoadInventoryPositionData")
UPSERT_QUANTITY = Step("UpsertInventoryQuantity", "UpsertInventoryQuantity")
DEACTIVATE_RELATED = Step("DeactivateRelatedInventoryQuantities", "UpdateInventoryQuantitiesStatus")

FIRST_STEPS = {
    INVENTORY_CHANGED: LOAD_POSITION,
    INVENTORY_DELTA: SPLIT_DELTAS,
    UPDATE_INVENTORY_QTY: SEND_TO_POSITIONS,
}
"""Where an event with these names begins."""

_POSITIONS_TOLD = 5
MOST_TRACED_POSITIONS = 50
MOST_TRACED_ENTRIES = 100
_MOST_STEPS = MOST_TRACED_POSITIONS * len(Touched._fields)
_FEW_STEPS = _POSITIONS_TOLD * len(Touched._fields)


class StepError(RuleError):
    """A RuleError that knows the step it came from.

    `outcomes` has a DeltaOutcome for each delta, where some were there before.
    """

    def __init__(self, message: str, step: Step, position: int | None = None) -> None:
        super().__init__(message)
        self.failure = Failure(step, position)
        self.outcomes = b""


def missing_position(
    catalogue: InventoryCatalogue, entry: InventoryDelta | FulfilmentUpdate, where: str
) -> str:
    """Why an entry of an event cannot be applied: its position does not exist."""
    ref = position_ref(entry.product_ref, entry.location_ref, catalogue.ref.type)
    return f"/attributes/{where}: the position {ref} does not exist in {catalogue.ref}"


def generated_ref(owner: str, delta: InventoryDelta, event_id: str, index: int) -> str:
    """The ref of the quantity that a delta without a deltaId makes."""
    return f"{owner}:{delta.type}:{event_id}:{index}"


def written_amounts(update: FulfilmentUpdate) -> list[tuple[str, int]]:
    """The types of quantity that an item writes, each with its amount."""
    amounts = ((RESERVED, update.reserved), (SALE, update.sold), (CORRECTION, update.corrected))
    return [(quantity_type, -abs(amount)) for quantity_type, amount in amounts if amount]


class OnHandChanges:
    """The stock on hand of the positions an event touches, before and after."""

    def __init__(self, catalogue: InventoryCatalogue) -> None:
        self._catalogue = catalogue
        self._before: dict[int, tuple[int, int, bool]] = {}

    def watch(self, position: int, entry: int, *, created: bool = False) -> None:
        """Remember what the position held before its first change, by this entry."""
        if position not in self._before:
            self._before[position] = (entry, self._catalogue.on_hand(position), created)

    def finish(
        self, at: int, writes: int, told: int, rewrites: Sequence[Rewrite]
    ) -> tuple[str, Trace]:
        """Date the changed positions, and tell what they hold now: in words, and as a trace."""
        catalogue = self._catalogue
        steps: list[int] = []
        words: list[str] = []
        changed = 0
        for position, (entry, before, created) in self._before.items():
            catalogue.note_change(position, before, at)
            now = catalogue.on_hand(position)
            if now != before:
                changed += 1
            if len(steps) < _MOST_STEPS:
                steps += (entry, position, before, now, created)
                if len(words) < _POSITIONS_TOLD:
                    words.append(f"{catalogue.ref_of(position)} {before} -> {now}")
        touched = len(self._before)
        if touched > len(words):
            words.append(f"and {touched - len(words)} more positions")
        # An array takes a third of the memory, and for a few numbers more time than all the rest.
        compact = tuple(steps) if len(steps) <= _FEW_STEPS else array("q", steps)
        summary = ", ".join(words) or "nothing to do"
        return summary, Trace(at, compact, touched, changed, writes, told, rewrites)
