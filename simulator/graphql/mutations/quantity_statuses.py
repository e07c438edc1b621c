"""One status for several quantities of a position.

A public copy of the schema (2023): the quantities are chosen by type, status and expected day.
"""

from collections.abc import Mapping
from typing import Any

from ...domain.account.account import Account
from ...domain.faults import NotFound
from ...domain.inventory import MutationSource
from ...domain.search.quantity_search import LOOKING_AT, QuantityFilter
from ...domain.workflow.workflow import find_position, set_quantity_statuses
from ..arguments import Arguments, span, wanted
from ..context import Call
from ..nodes.common import Aggregate
from .common import mutation


def update_quantities_status(call: Call, account: Account, arguments: Arguments) -> Aggregate:
    """Mutation.updateInventoryQuantitiesStatus."""
    chosen, status = arguments["filter"], arguments["input"]["status"]
    key = chosen["position"]
    ref = key["catalogue"]["ref"]
    catalogue = account.catalogues.get(ref)
    if catalogue is None:
        raise NotFound(f"there is no inventory catalogue {ref!r}")
    position = find_position(catalogue, key["ref"])
    quantities = catalogue.quantities_of(position)
    search = QuantityFilter(
        types=wanted(chosen, "type"),
        statuses=wanted(chosen, "status"),
        expected=span(chosen, "expectedOn"),
    )
    call.budget.spend(LOOKING_AT * len(quantities))
    refs = [quantity.ref for quantity in quantities if search.matches(quantity)]
    source = MutationSource("updateInventoryQuantitiesStatus")
    set_quantity_statuses(catalogue, position, refs, status, call.clock.now(), source)
    return Aggregate(len(refs))


QUANTITY_STATUS_MUTATIONS: Mapping[str, Any] = {
    "updateInventoryQuantitiesStatus": mutation(update_quantities_status, of_quantity=True),
}
