"""What becomes of a position's status when the workflow has calculated its stock on hand.

A position that a mutation made CREATED leaves that then. Where its catalogue names threshold
controls, every change of the stock gives the status that they have for it (rule
ApplyThresholdControlsToInventoryPosition, 12 Aug 2025).
"""

from collections.abc import Callable

from ..inventory import CREATED, INACTIVE
from .positions import PositionTable
from .stock import StockRules

StatusFor = Callable[[int], str | None]
"""The status for a stock on hand; None leaves a position's status as it is."""


EVERY = -1
"""Stands for all positions among those whose status is due."""


class PositionStatuses:
    """Gives the positions of a table their statuses.

    `due` holds the positions that were made and whose stock is still to be calculated, and EVERY
    while there are thresholds. It is empty where nothing gives a status, which is for those to look
    at who count every record of a load.
    """

    def __init__(self, table: PositionTable, rules: StockRules) -> None:
        self._table = table
        self._rules = rules
        self._status_for: StatusFor | None = None
        self.due: set[int] = set()

    def follow(self, status_for: StatusFor | None) -> None:
        """Have thresholds give the statuses from now on, or nothing."""
        self._status_for = status_for
        if status_for is None:
            self.due.discard(EVERY)
        else:
            self.due.add(EVERY)

    def made(self, position: int, status: str) -> None:
        """Take note of a new position."""
        if self._status_for is not None or status == CREATED != self._rules.first_status:
            self.due.add(position)

    def write(self, position: int, status: str) -> None:
        """Give a position the status that a mutation says.

        Put back to CREATED it leaves that again with the next calculation, as a new one does
        (Inventory catalogue workflow, 18 Feb 2025: as if there were a threshold for any stock).
        Raises RuleError where the table has no room for another status.
        """
        self._table.set_status(position, status)
        self.due.discard(position)
        if status == CREATED:
            self.made(position, status)

    def calculated(self, position: int, on_hand: int) -> None:
        """Give a position the status that follows from its stock on hand."""
        table = self._table
        before = table.status(position)
        status = None
        if self._status_for is not None and not (before == INACTIVE and self._rules.inactive_stays):
            status = self._status_for(on_hand)
        if position in self.due:
            self.due.remove(position)
            if status is None and before == CREATED:
                status = self._rules.first_status
        # What the table has no room for was not refused before the stock changed: it is left out.
        if status is not None and status != before and table.has_room_for(status):
            table.set_status(position, status)
