"""What the catalogue holds and why, for the control API."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..clock import timestamp
from ..domain.account.account import Account
from ..domain.account.ports import CatalogueStore
from ..domain.catalogue.history import HistoryEntry
from ..domain.catalogue.inventory_catalogue import InventoryCatalogue
from ..domain.inventory import LAST_ON_HAND, InventoryQuantity, Source
from ..domain.refs import quantity_ref
from ..errors import Fault, not_found, refused, shortened
from .replies import Reply
from .start_and_count import start_and_count

MOST_POSITIONS_PER_PAGE = 1_000
"""Bounds how long a reader keeps the worker waiting."""
MOST_QUANTITIES_PER_PAGE = 5_000
"""Of all positions of a page: a single one may hold all that there are."""

Histories = Mapping[tuple[int, str | None], list[HistoryEntry]]


class PositionOperations:
    """Reads positions."""

    def __init__(self, store: CatalogueStore) -> None:
        self._store = store

    def list_positions(self, query: Mapping[str, str]) -> Reply:
        """GET /__admin/positions, by `productRef`, `locationRef` and `catalogueRef`."""
        start, count = start_and_count(query, MOST_POSITIONS_PER_PAGE)
        results: list[_Position] = []
        total, quantities = 0, _Quantities(0, MOST_QUANTITIES_PER_PAGE)
        with self._store.view() as (account, _):
            for catalogue in _catalogues(account, query):
                matching = _matching(catalogue, query)
                first = max(0, start - total)
                room = count - len(results)
                page = matching[first : first + room]
                results += _snapshots(catalogue, page, quantities)
                total += len(matching)
        return Reply(
            {
                "start": start,
                "count": count,
                "total": total,
                "hasMore": start + len(results) < total,
                "results": list(map(_view, results)),
            }
        )

    def find_position(self, position_ref: str, query: Mapping[str, str]) -> Reply:
        """GET /__admin/positions/{ref}; `catalogueRef` decides where several have the ref.

        `start` and `count` page its quantities.
        """
        most = MOST_QUANTITIES_PER_PAGE
        page = start_and_count(query, most, default=most)
        found: list[_Position] = []
        with self._store.view() as (account, _):
            for catalogue in _catalogues(account, query):
                number = catalogue.find_by_ref(position_ref)
                if number is not None:
                    found += _snapshots(catalogue, [number], _Quantities(*page))
        if not found:
            raise not_found(f"There is no position {shortened(position_ref)!r}.")
        if len(found) > 1:
            catalogues = ", ".join(position.catalogue_ref for position in found)
            raise refused([Fault("?catalogueRef", "nothing", f"one of {catalogues}")])
        return Reply(_view(found[0]))


def _catalogues(account: Account, query: Mapping[str, str]) -> list[InventoryCatalogue]:
    wanted = query.get("catalogueRef")
    return [found for ref, found in account.catalogues.items() if wanted in (None, "", ref)]


def _matching(catalogue: InventoryCatalogue, query: Mapping[str, str]) -> Sequence[int]:
    return catalogue.positions.select(
        query.get("productRef") or None, query.get("locationRef") or None
    )


class _State(NamedTuple):
    """What a quantity is or was."""

    at: int
    source: Source
    quantity: int
    status: str


class _Quantity(NamedTuple):
    ref: str
    type: str
    states: list[_State]


class _Position(NamedTuple):
    """A position as it was under the store's lock; it is rendered after, nobody waiting."""

    ref: str
    catalogue_ref: str
    product_ref: str
    location_ref: str
    on_hand: int
    status: str
    created_at: int
    updated_at: int
    quantities: list[_Quantity]
    quantities_total: int


class _Quantities:
    """Which of their quantities positions are shown with."""

    def __init__(self, start: int, count: int) -> None:
        self._start = start
        self._left = count

    def of(self, position: Sequence[InventoryQuantity]) -> Sequence[InventoryQuantity]:
        """Those of the next position."""
        shown = position[self._start : self._start + self._left]
        self._left -= len(shown)
        return shown


def _snapshots(
    catalogue: InventoryCatalogue, positions: Sequence[int], shown: _Quantities
) -> list[_Position]:
    histories = catalogue.earlier_states(positions) if positions else {}
    table = catalogue.positions
    refs = map(catalogue.ref_of, positions)
    return [
        _Position(
            ref,
            str(catalogue.ref),
            table.product_ref(position),
            table.location_ref(position),
            catalogue.on_hand(position),
            table.status(position),
            table.created_at[position],
            table.updated_at[position],
            [
                _Quantity(quantity.ref, quantity.type, _states(quantity, ref, histories))
                for quantity in shown.of(held)
            ],
            len(held),
        )
        for position, ref in zip(positions, refs, strict=True)
        for held in [catalogue.quantities_of(position)]
    ]


def _states(quantity: InventoryQuantity, position_ref: str, histories: Histories) -> list[_State]:
    earlier = histories.get((quantity.position, quantity.ref), [])
    if quantity.ref == quantity_ref(position_ref, LAST_ON_HAND):
        earlier = histories.get((quantity.position, None), []) + earlier
    states = [_State(entry.at, entry.cause, entry.quantity, entry.status) for entry in earlier]
    now = _State(quantity.updated_at, quantity.source, quantity.quantity, quantity.status)
    return [*states, now]


def _view(position: _Position) -> dict[str, object]:
    return {
        "ref": position.ref,
        "catalogueRef": position.catalogue_ref,
        "productRef": position.product_ref,
        "locationRef": position.location_ref,
        "onHand": position.on_hand,
        "status": position.status,
        "createdOn": timestamp(position.created_at),
        "updatedOn": timestamp(position.updated_at),
        "quantities": [
            {
                "ref": quantity.ref,
                "type": quantity.type,
                "status": quantity.states[-1].status,
                "quantity": quantity.states[-1].quantity,
                "history": [
                    {
                        "at": timestamp(state.at),
                        "source": str(state.source),
                        "quantity": state.quantity,
                        "status": state.status,
                    }
                    for state in quantity.states
                ],
            }
            for quantity in position.quantities
        ],
        "quantitiesTotal": position.quantities_total,
    }
