"""What can be promised as of a date, where a reader of positions asks for it with `asOf`."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..behaviour import Behaviour
from ..clock import timestamp
from ..domain.catalogue.inventory_catalogue import InventoryCatalogue
from ..domain.inventory import INACTIVE, InventoryQuantity
from ..domain.virtual.promise import Promise, promise
from ..errors import Fault, refused
from .parameters import moment


class Promises(NamedTuple):
    """What is asked of positions beside what they hold."""

    as_of: int
    behaviour: Behaviour

    def of(
        self, catalogue: InventoryCatalogue, position: int, held: Sequence[InventoryQuantity]
    ) -> Promise:
        """What can be promised of a position that holds these quantities.

        Nothing of one that is INACTIVE, which availability calls do not consider (Inventory
        quantity types, 10 Jan 2025).
        """
        if catalogue.positions.status(position) == INACTIVE:
            return Promise(self.as_of, 0, 0, 0)
        on_hand = catalogue.on_hand(position)
        return promise(on_hand, held, self.as_of, catalogue.counting, self.behaviour)


def promises_asked_for(query: Mapping[str, str], behaviour: Behaviour) -> Promises | None:
    """What a query asks for, None where it does not; raises ApiError for a date that is none."""
    as_of = moment(query, "asOf")
    if isinstance(as_of, Fault):
        raise refused([as_of])
    return None if as_of is None else Promises(as_of, behaviour)


def promised(found: Promise | None) -> dict[str, object]:
    """What a reply tells of it."""
    if found is None:
        return {}
    return {
        "availableToPromise": {
            "asOf": timestamp(found.as_of),
            "quantity": found.quantity,
            "onHand": found.on_hand,
            "expected": found.expected,
            "reserved": found.reserved,
        }
    }
