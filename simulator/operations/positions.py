"""What the catalogue holds and why, for the control API."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ..behaviour import Behaviour
from ..clock import Clock, timestamp
from ..domain.account.account import Account
from ..domain.account.ports import CatalogueStore
from ..domain.catalogue.history import EarlierStates, HistoryEntry
from ..domain.catalogue.inventory_catalogue import InventoryCatalogue
from ..domain.inventory import (
    LAST_ON_HAND,
    NO_DETAILS,
    InventoryQuantity,
    QuantityDetails,
    Source,
)
from ..domain.quantity_fields import IN_RECORDS, MOMENTS
from ..domain.refs import quantity_ref
from ..domain.search.text_search import find_by_text
from ..domain.virtual.promise import Promise
from ..errors import Fault, not_found, refused, shortened
from .parameters import one_of
from .past_stock import PastStock
from .promises import Promises, promised, promises_asked_for
from .replies import Reply
from .start_and_count import start_and_count

MOST_POSITIONS_PER_PAGE = 1_000
"""Bounds how long a reader keeps the worker waiting."""
MOST_QUANTITIES_PER_PAGE = 5_000
"""Of all positions of a page: a single one may hold all that there are."""

Histories = Mapping[tuple[int, str | None], list[HistoryEntry]]


class _Snapshot(NamedTuple):
    """Positions of one catalogue as they were under the store's lock."""

    positions: "list[_Position]"
    earlier: EarlierStates

    def views(self) -> list[dict[str, object]]:
        """Each position as the reply shows it; made after, when nobody waits."""
        shown = {
            quantity for position in self.positions for quantity in position.quantities_in_history()
        }
        histories = self.earlier.of(shown)
        return [_view(position, histories) for position in self.positions]


class PositionOperations:
    """Reads positions."""

    def __init__(
        self, store: CatalogueStore, behaviour: Behaviour, clock: Clock, past: PastStock
    ) -> None:
        self._store = store
        self._behaviour = behaviour
        self._clock = clock
        self._past = past

    def list_positions(self, query: Mapping[str, str]) -> Reply:
        """GET /__admin/positions, by `productRef`, `locationRef`, `catalogueRef` and `text`.

        With `asOf` each tells what is available to promise on that date; with `quantities=false`
        it is told without them. A `text` is looked for as far as `looked` says, so that there is no
        total.
        """
        start, count = start_and_count(query, MOST_POSITIONS_PER_PAGE)
        is_brief = one_of(query, "quantities", ("true", "false")) == "false"
        promises = promises_asked_for(query, self._behaviour)
        shown = _Quantities(0, MOST_QUANTITIES_PER_PAGE)
        with self._store.view() as (account, _):
            pages = _pages(account, query, start, count)
            snapshots = [
                _snapshot(catalogue, page, shown, promises)
                for catalogue, page in (() if is_brief else pages.found)
                if page
            ]
            brief = [
                view
                for catalogue, page in (pages.found if is_brief else ())
                for view in _brief(catalogue, page, promises)
            ]
        return Reply(
            {
                "start": start,
                "count": count,
                "total": pages.total,
                "hasMore": pages.has_more,
                **pages.looked,
                "results": brief or [view for each in snapshots for view in each.views()],
            }
        )

    def find_position(self, position_ref: str, query: Mapping[str, str]) -> Reply:
        """GET /__admin/positions/{ref}; `catalogueRef` decides where several have the ref.

        `start` and `count` page its quantities; `asOf` as for a list, and where that is past, what
        was on hand then. With `changes=true` it is told how its stock on hand came about.
        """
        with_changes = one_of(query, "changes", ("false", "true")) == "true"
        most = MOST_QUANTITIES_PER_PAGE
        page = start_and_count(query, most, default=most)
        promises = promises_asked_for(query, self._behaviour)
        found: list[_Snapshot] = []
        with self._store.view() as (account, _):
            for catalogue in _catalogues(account, query):
                number = catalogue.find_by_ref(position_ref)
                if number is not None:
                    found.append(_snapshot(catalogue, [number], _Quantities(*page), promises))
        if not found:
            raise not_found(f"There is no position {shortened(position_ref)!r}.")
        if len(found) > 1:
            catalogues = ", ".join(snapshot.positions[0].catalogue_ref for snapshot in found)
            raise refused([Fault("?catalogueRef", "nothing", f"one of {catalogues}")])
        [view] = found[0].views()
        catalogue_ref = found[0].positions[0].catalogue_ref
        if with_changes:
            view |= self._past.changes(catalogue_ref, position_ref)
        if promises is not None and promises.as_of <= self._clock.now():
            view["past"] = self._past.as_of(catalogue_ref, position_ref, promises.as_of)
        return Reply(view)


def _catalogues(account: Account, query: Mapping[str, str]) -> list[InventoryCatalogue]:
    wanted = query.get("catalogueRef")
    return [found for ref, found in account.catalogues.items() if wanted in (None, "", ref)]


class _Pages(NamedTuple):
    """The positions of a page, by catalogue."""

    found: list[tuple[InventoryCatalogue, Sequence[int]]]
    total: int | None
    has_more: bool
    looked: Mapping[str, object] = {}


def _pages(account: Account, query: Mapping[str, str], start: int, count: int) -> _Pages:
    text = query.get("text", "").strip()
    if text:
        return _by_text(_catalogues(account, query), text, query, start, count)
    found = []
    shown = total = 0
    for catalogue in _catalogues(account, query):
        matching = catalogue.positions.select(
            query.get("productRef") or None, query.get("locationRef") or None
        )
        first = max(0, start - total)
        page = matching[first : first + count - shown]
        found.append((catalogue, page))
        shown += len(page)
        total += len(matching)
    return _Pages(found, total, start + shown < total)


def _by_text(
    catalogues: Sequence[InventoryCatalogue],
    text: str,
    query: Mapping[str, str],
    start: int,
    count: int,
) -> _Pages:
    """The positions that a text names, of the first catalogue that has any."""
    other = [name for name in ("productRef", "locationRef") if query.get(name)]
    if other:
        expected = "none: a text is looked for in the refs of products and locations"
        raise refused(
            [Fault(f"?{name}", f'"{shortened(query[name])}"', expected) for name in other]
        )
    looks = [(each, find_by_text(each, text, start, count)) for each in catalogues]
    looked = {
        "refs": sum(look.refs for _, look in looks),
        "isWhole": all(look.is_whole for _, look in looks),
    }
    pages = [(catalogue, look.positions[:count]) for catalogue, look in looks]
    has_more = any(look.has_more for _, look in looks)
    return _Pages(pages, None, has_more, {"looked": looked})


def _brief(
    catalogue: InventoryCatalogue, page: Sequence[int], promises: Promises | None
) -> Iterator[dict[str, object]]:
    """Positions without their quantities, which cost most."""
    table, ref = catalogue.positions, str(catalogue.ref)
    columns = zip(
        page,
        catalogue.refs_of(page),
        catalogue.on_hand_of_each(page),
        table.statuses_of(page),
        strict=True,
    )
    for number, position_ref, on_hand, status in columns:
        promise = None
        if promises is not None:
            promise = promises.of(catalogue, number, catalogue.quantities_of(number))
        yield {
            "ref": position_ref,
            "catalogueRef": ref,
            "productRef": table.product_ref(number),
            "locationRef": table.location_ref(number),
            "onHand": on_hand,
            "status": status,
            "createdOn": timestamp(table.created_at[number]),
            "updatedOn": timestamp(table.updated_at[number]),
            **promised(promise),
        }


class _Quantity(NamedTuple):
    """A quantity as it was."""

    ref: str
    type: str
    at: int
    source: Source
    quantity: int
    status: str
    attributes: Mapping[str, object] | None
    details: QuantityDetails | None


class _Position(NamedTuple):
    """A position as it was."""

    number: int
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
    promise: Promise | None

    @property
    def count_ref(self) -> str:
        """The ref of its own count, whose plain states stand without a ref in the history."""
        return quantity_ref(self.ref, LAST_ON_HAND)

    def quantities_in_history(self) -> Iterator[tuple[int, str | None]]:
        """Those of its quantities that are shown, as the history knows them."""
        for quantity in self.quantities:
            yield self.number, quantity.ref
        yield self.number, None


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


def _snapshot(
    catalogue: InventoryCatalogue,
    positions: Sequence[int],
    shown: _Quantities,
    promises: Promises | None,
) -> _Snapshot:
    table = catalogue.positions
    found = [
        _Position(
            position,
            catalogue.ref_of(position),
            str(catalogue.ref),
            table.product_ref(position),
            table.location_ref(position),
            catalogue.on_hand(position),
            table.status(position),
            table.created_at[position],
            table.updated_at[position],
            [
                _Quantity(
                    quantity.ref,
                    quantity.type,
                    quantity.updated_at,
                    quantity.source,
                    quantity.quantity,
                    quantity.status,
                    quantity.attributes,
                    quantity.details,
                )
                for quantity in shown.of(held)
            ],
            len(held),
            None if promises is None else promises.of(catalogue, position, held),
        )
        for position in positions
        for held in [catalogue.quantities_of(position)]
    ]
    return _Snapshot(found, catalogue.earlier_states(positions))


def _view(position: _Position, histories: Histories) -> dict[str, object]:
    count_ref = position.count_ref
    plain = histories.get((position.number, None), [])
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
                "status": quantity.status,
                "quantity": quantity.quantity,
                **_shown(quantity),
                "history": [
                    *map(_earlier, plain if quantity.ref == count_ref else ()),
                    *map(_earlier, histories.get((position.number, quantity.ref), ())),
                    _state(quantity.at, quantity.source, quantity.quantity, quantity.status),
                ],
            }
            for quantity in position.quantities
        ],
        "quantitiesTotal": position.quantities_total,
        **promised(position.promise),
    }


def _shown(quantity: _Quantity) -> dict[str, object]:
    """What it has besides its amount, named as in a batch record; nothing for most."""
    details = quantity.details or NO_DETAILS
    fields = {name: getattr(details, field) for name, field in IN_RECORDS.items()}
    shown: dict[str, object] = {
        name: timestamp(value) if name in MOMENTS else value
        for name, value in fields.items()
        if value is not None
    }
    if quantity.attributes:
        shown["attributes"] = quantity.attributes
    return shown


def _earlier(entry: HistoryEntry) -> dict[str, object]:
    return _state(entry.at, entry.cause, entry.quantity, entry.status)


def _state(at: int, source: Source, quantity: int, status: str) -> dict[str, object]:
    return {"at": timestamp(at), "source": str(source), "quantity": quantity, "status": status}
