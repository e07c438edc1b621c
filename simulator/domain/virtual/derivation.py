"""Virtual positions as they follow from inventory positions, when somebody reads them.

Nothing is kept, so that a load costs nothing here. Every virtual position has a row of the position
table for its key.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from ..catalogue.inventory_catalogue import InventoryCatalogue
from ..entities import VirtualCatalogueProfile
from ..inventory import ACTIVE
from .available import Feed, VirtualPosition, VirtualPositionFilter, VirtualSources
from .controls import ControlRules

FEW = 500
"""So many refs or products are looked up one by one; more are found on a walk over all rows."""


class Derived(NamedTuple):
    """A virtual position and what it was computed from."""

    position: VirtualPosition
    feed: Feed


class Derivation(Protocol):
    """The virtual positions that follow from a set of sources, by row."""

    def rows(self, wanted: VirtualPositionFilter) -> Sequence[int]:
        """The rows, in ascending order, that may hold what is looked for."""

    def present(self, rows: Sequence[int], wanted: VirtualPositionFilter) -> Sequence[int]:
        """Those rows that have a virtual position, less some that are not looked for."""

    def row_of(self, ref: str) -> int | None:
        """The row of the virtual position with this ref."""

    def ref(self, row: int) -> str:
        """The ref of the virtual position of a row."""

    def derive(self, row: int) -> Derived:
        """The virtual position of a row that has one."""

    def last_change(self, ref: str) -> int:
        """When what a position with this ref follows from, or would, was changed last."""


class Sourced:
    """What both derivations know of their sources."""

    def __init__(
        self,
        profile: VirtualCatalogueProfile,
        sources: VirtualSources,
        inventory: InventoryCatalogue,
    ) -> None:
        self._profile = profile
        self._inventory = inventory
        self._table = inventory.positions
        self._rules = sources.rules
        self._set_up_at = sources.set_up_at
        self._locations = sources.location_refs
        self._group_ref = sources.group_ref
        self._behaviour = sources.behaviour
        self._budget = sources.budget
        own: tuple[ControlRules, ...] = () if sources.rules is None else (sources.rules,)
        self._thresholds = sources.thresholds or own

    def _status(self, quantity: int) -> str:
        for rules in self._thresholds:
            status = rules.status_for(quantity, self._profile.ref)
            if status is not None:
                return status
        return ACTIVE
