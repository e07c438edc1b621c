"""How much was accepted and is not applied yet, and what it waits for."""

from typing import NamedTuple


class Units(NamedTuple):
    """So many events and batches."""

    events: int = 0
    batches: int = 0

    def told(self) -> dict[str, int]:
        """The same as the control API tells it."""
        return self._asdict()


class InLine(NamedTuple):
    """Units by what they wait for: their turn, a settling, a fault; and events for their time."""

    waiting: Units
    held: Units
    kept_by_faults: Units
    scheduled: int

    @property
    def is_any_kept(self) -> bool:
        """Whether any will not be applied however long one waits."""
        return any(self.held) or any(self.kept_by_faults)

    @property
    def all_due(self) -> Units:
        """All that would be applied by now, but for what keeps it."""
        parts = (self.waiting, self.held, self.kept_by_faults)
        return Units(sum(each.events for each in parts), sum(each.batches for each in parts))

    def told(self) -> dict[str, object]:
        """The same as the control API tells it."""
        return {
            "waiting": self.waiting.told(),
            "held": self.held.told(),
            "keptByFaults": self.kept_by_faults.told(),
            "scheduledEvents": self.scheduled,
        }
