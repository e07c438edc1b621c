"""How positions are called: after their product and location, unless a mutation said otherwise."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from itertools import repeat

from ..entities import Attributes
from ..refs import LONGEST_REF, position_ref
from .positions import PositionTable


@dataclass(slots=True)
class PositionDetails:
    """What only positions have that a mutation made or changed; None stands for the usual."""

    ref: str | None = None
    type: str | None = None
    attributes: Attributes | None = None


class PositionRefs:
    """The refs and types of the positions in a table of a catalogue of this type."""

    def __init__(self, table: PositionTable, catalogue_type: str) -> None:
        self._table = table
        self._type = catalogue_type
        self._own_refs: dict[str, int] = {}
        self.details: dict[int, PositionDetails] = {}

    def find(self, ref: str) -> int | None:
        """The position with this ref; the parts of a ref may themselves hold colons."""
        if len(ref) > LONGEST_REF:
            return None
        ending = f":{self._type}"
        if ref.endswith(ending):
            for found in self._table.named(ref.removesuffix(ending)):
                if self.of(found) == ref:
                    return found
        own = self._own_refs.get(ref)
        return own if own is None or own < len(self._table) else None

    def over(self, table: PositionTable) -> "PositionRefs":
        """The same refs of another table, which has the same positions, or not all of them."""
        other = copy(self)
        other._table = table
        return other

    def of(self, position: int) -> str:
        """The ref of a position."""
        if self._own_refs:
            details = self.details.get(position)
            if details is not None and details.ref is not None:
                return details.ref
        table = self._table
        return position_ref(table.product_ref(position), table.location_ref(position), self._type)

    def of_each(self, positions: Sequence[int]) -> list[str]:
        """The refs of some positions, one for one."""
        if self._own_refs:
            return [self.of(position) for position in positions]
        table, type_ = self._table, self._type
        products = table.products.at_each(positions)
        locations = table.locations.at_each(positions)
        return list(map(position_ref, products, locations, repeat(type_)))

    def type_of(self, position: int) -> str:
        """The type of a position: its catalogue's, unless it was given another."""
        details = self.details.get(position)
        return self._type if details is None or details.type is None else details.type

    def types_of(self, positions: Sequence[int]) -> list[str]:
        """The types of some positions, one for one."""
        if self.details:
            return [self.type_of(position) for position in positions]
        return [self._type] * len(positions)

    def may_be_taken(self, *named: str, own_ref: str | None = None) -> bool:
        """Whether refs of new positions, named so, could be those of others' places."""
        return bool(own_ref or self._own_refs or any(":" in ref for ref in named))

    def name(self, position: int, ref: str) -> None:
        """Give a new position this ref, if it is not the usual one."""
        if ref != self.of(position):
            self.details[position] = PositionDetails(ref)
            self._own_refs[ref] = position
