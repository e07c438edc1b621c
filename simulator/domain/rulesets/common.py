"""What the rulesets of events share."""

from ..catalogue import InventoryCatalogue
from ..events import FulfilmentUpdate, InventoryDelta
from ..refs import position_ref

_POSITIONS_TOLD = 5


def missing_position(
    catalogue: InventoryCatalogue, entry: InventoryDelta | FulfilmentUpdate, where: str
) -> str:
    """Why an entry of an event cannot be applied: its position does not exist."""
    ref = position_ref(entry.product_ref, entry.location_ref, catalogue.ref.type)
    return f"/attributes/{where}: the position {ref} does not exist in {catalogue.ref}"


class OnHandChanges:
    """The stock on hand of the positions an event touches, before and after."""

    def __init__(self, catalogue: InventoryCatalogue) -> None:
        self._catalogue = catalogue
        self._before: dict[int, int] = {}

    def watch(self, position: int) -> None:
        """Remember what the position held before its first change."""
        if position not in self._before:
            self._before[position] = self._catalogue.on_hand(position)

    def finish(self, at: int) -> str:
        """Date the changed positions and tell, for the first few, what they hold now."""
        told: list[str] = []
        for position, before in self._before.items():
            self._catalogue.note_change(position, before, at)
            if len(told) < _POSITIONS_TOLD:
                now = self._catalogue.on_hand(position)
                told.append(f"{self._catalogue.ref_of(position)} {before} -> {now}")
        if len(self._before) > len(told):
            told.append(f"and {len(self._before) - len(told)} more positions")
        return ", ".join(told)
