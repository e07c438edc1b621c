"""Quantities under other quantities of their position: who is whose parent.

Stock Segmentation, Data Model and API Overview, 27 Mar 2026: quantities form trees. GraphQL schema
docs, CreateInventoryQuantityInput: a parent is of the same position.
"""

from collections.abc import Callable, Iterator

from ..faults import NotFound, RuleError
from ..inventory import LAST_ON_HAND, RESERVING_TYPES, InventoryQuantity, QuantityDetails
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
        self._deep_children: dict[str, dict[int, int]] = {}
        """By parent: how many children have so many levels below them, those with none left out."""

    def is_parent(self, ref: str) -> bool:
        """Whether quantities are under the one with this ref."""
        return ref in self._children

    def children_of(self, ref: str) -> list[InventoryQuantity]:
        """The quantities right under the one with this ref, in the order they came there."""
        return [
            child for ref in self._children.get(ref, ()) if (child := self._find(ref)) is not None
        ]

    def all_children(self) -> Iterator[tuple[str, list[str]]]:
        """Every parent with those right under it, by their refs, in the order they came there."""
        return ((parent, list(children)) for parent, children in self._children.items())

    def check_levels(self, quantity: InventoryQuantity) -> None:
        """Raise RuleError where a quantity is under itself, or has too much above it."""
        levels = sum(1 for _ in self._refs_above(quantity.ref))
        if levels >= MOST_LEVELS:
            raise RuleError(
                f"the quantity {quantity.ref!r} is above itself, or has {levels} above it: "
                f"expected fewer than {MOST_LEVELS}"
            )

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
        below = self.levels_below(ref)
        if len(levels) + below >= MOST_LEVELS:
            raise RuleError(
                f"{ref!r} would have {len(levels)} quantities above it and {below} levels below "
                f"it: expected fewer than {MOST_LEVELS} together"
            )

    def levels_below(self, ref: str) -> int:
        """How many quantities are under one another below this ref, at most."""
        deep = self._deep_children.get(ref)
        return max(deep) + 1 if deep else int(ref in self._children)

    def enter(self, quantity: InventoryQuantity) -> None:
        """Take note of a quantity's parent, if it has one."""
        parent_ref = parent_ref_of(quantity.details)
        if parent_ref is not None:
            levels = self.levels_below(parent_ref)
            self._children.setdefault(parent_ref, {})[quantity.ref] = None
            self._count(parent_ref, self.levels_below(quantity.ref), 1)
            self._pass_upwards(parent_ref, levels)

    def leave(self, quantity: InventoryQuantity) -> None:
        """Forget a quantity's parent; what is under the quantity stays there."""
        parent_ref = parent_ref_of(quantity.details)
        siblings = None if parent_ref is None else self._children.get(parent_ref)
        if parent_ref is not None and siblings is not None and quantity.ref in siblings:
            levels = self.levels_below(parent_ref)
            del siblings[quantity.ref]
            if not siblings:
                del self._children[parent_ref]
            self._count(parent_ref, self.levels_below(quantity.ref), -1)
            self._pass_upwards(parent_ref, levels)

    def reservations_under(self, quantity: InventoryQuantity) -> Iterator[InventoryQuantity]:
        """The reservations that commit the same stock as those right under this quantity."""
        waiting = [quantity]
        while waiting:
            for child in self.children_of(waiting.pop().ref):
                if child.type in RESERVING_TYPES and child.position == quantity.position:
                    yield child
                    waiting.append(child)

    def is_expected_stock(self, quantity: InventoryQuantity) -> bool | None:
        """Whether what is reserved under a quantity is of stock that is only expected.

        None where the quantity is a reservation itself, of one that was let go of.
        """
        if quantity.type not in RESERVING_TYPES:
            return not self._is_type_of_stock(quantity.type)
        for ref in self._refs_above(quantity.ref):
            if self._position_of(ref) != quantity.position:
                return None
            above = self._find(ref)
            quantity_type = LAST_ON_HAND if above is None else above.type
            if quantity_type not in RESERVING_TYPES:
                return not self._is_type_of_stock(quantity_type)
        return False

    def _count(self, parent_ref: str, levels: int, more: int) -> None:
        """Count so many children more that have this many levels below them."""
        if levels:
            deep = self._deep_children.setdefault(parent_ref, {})
            deep[levels] = deep.get(levels, 0) + more
            if not deep[levels]:
                del deep[levels]
            if not deep:
                del self._deep_children[parent_ref]

    def _pass_upwards(self, ref: str, levels: int) -> None:
        """Tell those above that `ref` had so many levels below it, as far as that matters."""
        for above in self._refs_above(ref):
            now = self.levels_below(ref)
            if now == levels:
                return
            levels_above = self.levels_below(above)
            self._count(above, levels, -1)
            self._count(above, now, 1)
            ref, levels = above, levels_above

    def _refs_above(self, ref: str) -> Iterator[str]:
        for _ in range(MOST_LEVELS):
            quantity = self._find(ref)
            parent_ref = None if quantity is None else parent_ref_of(quantity.details)
            if parent_ref is None:
                return
            yield parent_ref
            ref = parent_ref


def parent_ref_of(details: QuantityDetails | None) -> str | None:
    """The ref of the parent that these details name."""
    return None if details is None else details.parent_ref
