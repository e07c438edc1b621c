"""Quantities under other quantities of their position: who is whose parent.

Stock Segmentation, Data Model and API Overview, 27 Mar 2026: quantities form trees. GraphQL schema
docs, CreateInventoryQuantityInput: a parent is of the same position.
"""

from collections.abc import Callable, Iterator

from ..faults import NotFound, RuleError
from ..inventory import LAST_ON_HAND, RESERVING_TYPES, InventoryQuantity
from ..quantity_fields import MOST_LEVELS


class Families:
    """The trees of a catalogue's quantities; parents are known by their refs."""

    def __init__(
        self,
        find: Callable[[str], InventoryQuantity | None],
        position_of: Callable[[str], int | None],
        is_type_of_stock: Callable[[str], bool],
    ) -> None:
        self._find = find
        self._position_of = position_of
        self._is_type_of_stock = is_type_of_stock
        self._children: dict[str, dict[str, None]] = {}

    def is_parent(self, ref: str) -> bool:
        """Whether quantities are under the one with this ref."""
        return ref in self._children

    def children_of(self, ref: str) -> list[InventoryQuantity]:
        """The quantities right under the one with this ref, in the order they came there."""
        return [
            child for ref in self._children.get(ref, ()) if (child := self._find(ref)) is not None
        ]

    def check_parent(self, ref: str, position: int | None, parent_ref: str) -> None:
        """Raise NotFound or RuleError when the quantity `ref` may not be put under this one."""
        found = self._position_of(parent_ref)
        if found is None:
            raise NotFound(f"there is no quantity {parent_ref!r} to be the parent of {ref!r}")
        if found != position:
            raise RuleError(
                f"the parent {parent_ref!r} is a quantity of another position than {ref!r}: "
                "expected one of the same"
            )
        levels = [parent_ref, *self._refs_above(parent_ref)]
        if ref in levels:
            raise RuleError(f"the quantity {ref!r} would be above itself, under {parent_ref!r}")
        if len(levels) >= MOST_LEVELS:
            raise RuleError(f"{MOST_LEVELS} quantities are above {ref!r}: expected fewer")

    def enter(self, quantity: InventoryQuantity) -> None:
        """Take note of a quantity's parent, if it has one."""
        parent_ref = _parent_ref(quantity)
        if parent_ref is not None:
            self._children.setdefault(parent_ref, {})[quantity.ref] = None

    def leave(self, quantity: InventoryQuantity) -> None:
        """Forget a quantity's parent; what is under the quantity stays there."""
        parent_ref = _parent_ref(quantity)
        siblings = None if parent_ref is None else self._children.get(parent_ref)
        if parent_ref is not None and siblings is not None:
            siblings.pop(quantity.ref, None)
            if not siblings:
                del self._children[parent_ref]

    def with_descendants(self, quantity: InventoryQuantity) -> Iterator[InventoryQuantity]:
        """A quantity and all that are under it."""
        waiting = [quantity]
        while waiting:
            next_one = waiting.pop()
            yield next_one
            if self._children:
                waiting += self.children_of(next_one.ref)

    def commits_expected_stock(self, quantity: InventoryQuantity) -> bool | None:
        """Whether a reservation is under a quantity that is no stock on hand.

        None where that quantity was let go of, so that nobody knows any more.
        """
        parent_ref = _parent_ref(quantity)
        if parent_ref is None or quantity.type not in RESERVING_TYPES:
            return False
        for ref in (parent_ref, *self._refs_above(parent_ref)):
            if self._position_of(ref) != quantity.position:
                return None
            above = self._find(ref)
            quantity_type = LAST_ON_HAND if above is None else above.type
            if quantity_type not in RESERVING_TYPES:
                return not self._is_type_of_stock(quantity_type)
        return False

    def _refs_above(self, ref: str) -> Iterator[str]:
        for _ in range(MOST_LEVELS):
            quantity = self._find(ref)
            parent_ref = None if quantity is None else _parent_ref(quantity)
            if parent_ref is None:
                return
            yield parent_ref
            ref = parent_ref


def _parent_ref(quantity: InventoryQuantity) -> str | None:
    return None if quantity.details is None else quantity.details.parent_ref
