"""What the catalogue holds and why, for the control API."""

from collections.abc import Mapping, Sequence

from ..clock import timestamp
from ..domain.catalogue import InventoryCatalogue
from ..domain.history import HistoryEntry
from ..domain.inventory import LAST_ON_HAND, InventoryQuantity
from ..domain.ports import CatalogueStore
from ..domain.refs import quantity_ref
from ..errors import Fault, not_found, refused, shortened
from ..wire import Reply
from .paging import start_and_count

MOST_POSITIONS_PER_PAGE = 1_000
"""Bounds how long a reader keeps the worker waiting."""

Histories = Mapping[tuple[int, str | None], list[HistoryEntry]]


class PositionOperations:
    """Reads positions."""

    def __init__(self, store: CatalogueStore) -> None:
        self._store = store

    def list_positions(self, query: Mapping[str, str]) -> Reply:
        """GET /__admin/positions, by `productRef`, `locationRef` and `catalogueRef`."""
        start, count = start_and_count(query)
        count = min(count, MOST_POSITIONS_PER_PAGE)
        results: list[dict[str, object]] = []
        total = 0
        for ref in self._catalogues(query):
            with self._store.transaction(ref) as catalogue:
                if catalogue is None:
                    continue
                matching = _matching(catalogue, query)
                first = max(0, start - total)
                room = count - len(results)
                page = matching[first : first + room]
                results += _views(catalogue, page)
                total += len(matching)
        return Reply(
            {
                "start": start,
                "count": count,
                "total": total,
                "hasMore": start + len(results) < total,
                "results": results,
            }
        )

    def find_position(self, position_ref: str, query: Mapping[str, str]) -> Reply:
        """GET /__admin/positions/{ref}; `catalogueRef` decides where several have the ref."""
        found: list[dict[str, object]] = []
        for ref in self._catalogues(query):
            with self._store.transaction(ref) as catalogue:
                number = None if catalogue is None else catalogue.find_by_ref(position_ref)
                if catalogue is not None and number is not None:
                    found += _views(catalogue, [number])
        if not found:
            raise not_found(f"There is no position {shortened(position_ref)!r}.")
        if len(found) > 1:
            catalogues = ", ".join(str(view["catalogueRef"]) for view in found)
            raise refused([Fault("?catalogueRef", "nothing", f"one of {catalogues}")])
        return Reply(found[0])

    def _catalogues(self, query: Mapping[str, str]) -> list[str]:
        wanted = query.get("catalogueRef")
        return [ref for ref in self._store.refs() if wanted in (None, "", ref)]


def _matching(catalogue: InventoryCatalogue, query: Mapping[str, str]) -> Sequence[int]:
    return catalogue.positions.select(
        query.get("productRef") or None, query.get("locationRef") or None
    )


def _views(catalogue: InventoryCatalogue, positions: Sequence[int]) -> list[dict[str, object]]:
    histories = catalogue.earlier_states(positions) if positions else {}
    return [_view(catalogue, position, histories) for position in positions]


def _view(catalogue: InventoryCatalogue, position: int, histories: Histories) -> dict[str, object]:
    table = catalogue.positions
    ref = catalogue.ref_of(position)
    return {
        "ref": ref,
        "catalogueRef": str(catalogue.ref),
        "productRef": table.product_ref(position),
        "locationRef": table.location_ref(position),
        "onHand": catalogue.on_hand(position),
        "status": table.status(position),
        "createdOn": timestamp(table.created_at[position]),
        "updatedOn": timestamp(table.updated_at[position]),
        "quantities": [
            _quantity(quantity, ref, histories) for quantity in catalogue.quantities_of(position)
        ],
    }


def _quantity(
    quantity: InventoryQuantity, position_ref: str, histories: Histories
) -> dict[str, object]:
    earlier = histories.get((quantity.position, quantity.ref), [])
    if quantity.ref == quantity_ref(position_ref, LAST_ON_HAND):
        earlier = histories.get((quantity.position, None), []) + earlier
    states = [(entry.at, str(entry.cause), entry.quantity, entry.status) for entry in earlier]
    states.append((quantity.updated_at, str(quantity.source), quantity.quantity, quantity.status))
    return {
        "ref": quantity.ref,
        "type": quantity.type,
        "status": quantity.status,
        "quantity": quantity.quantity,
        "history": [
            {"at": timestamp(at), "source": source, "quantity": amount, "status": status}
            for at, source, amount, status in states
        ],
    }
