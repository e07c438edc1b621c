"""Which positions a reader asks for, a page at a time.

A few positions are found by ref, product or location; anything else goes over the columns of the
table from where the page begins, so that a walk over all pages goes over the table once.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import NamedTuple

from ..catalogue.inventory_catalogue import InventoryCatalogue
from ..refs import key_base
from .criteria import Span, Wanted
from .paging import Page, ReadBudget, Section, Window, page

FEW = 5_000
"""Rows that are rather looked up and sorted than passed by."""

Sieve = Callable[[Sequence[int]], Sequence[int]]


class PositionFilter(NamedTuple):
    """What a position must have; None is anything, an empty collection nothing."""

    refs: Wanted = None
    types: Wanted = None
    statuses: Wanted = None
    product_refs: Wanted = None
    location_refs: Wanted = None
    on_hand: Callable[[int], bool] | None = None
    created: Span | None = None
    updated: Span | None = None


def positions_page(
    catalogues: Iterable[InventoryCatalogue], wanted: PositionFilter, window: Window
) -> Page:
    """The keys of the positions that match in these catalogues, in order of creation."""
    sections = [
        Section(
            _candidates(catalogue, wanted), _matching(catalogue, wanted), key_base(catalogue.number)
        )
        for catalogue in catalogues
    ]
    return page(sections, window)


def positions_of_product(
    catalogue: InventoryCatalogue, product_ref: str, wanted: PositionFilter, budget: ReadBudget
) -> Sequence[int]:
    """Every position of a product that matches, in order of creation; raises TooMuchToRead."""
    budget.spend(len(catalogue.positions.locations.texts))
    return _matching(catalogue, wanted)(catalogue.positions.of_product(product_ref))


def _candidates(catalogue: InventoryCatalogue, wanted: PositionFilter) -> Sequence[int]:
    """Rows in ascending order, among which are all that match."""
    table = catalogue.positions
    if wanted.refs is not None:
        found = (catalogue.find_by_ref(ref) for ref in wanted.refs if ref is not None)
        return sorted({row for row in found if row is not None})
    products, locations = wanted.product_refs, wanted.location_refs
    if products is not None:
        if locations is not None and len(products) * len(locations) <= FEW:
            pairs = (table.find(p, loc) for p, loc in product(products, locations) if p and loc)
            return sorted({row for row in pairs if row is not None})
        if len(products) * len(table.locations.texts) <= FEW * 4:
            return sorted({row for ref in products if ref for row in table.of_product(ref)})
    if locations is not None:
        rows_of_each = [table.at_location(ref) for ref in set(locations) if ref]
        if sum(map(len, rows_of_each)) <= FEW:
            return sorted(row for rows in rows_of_each for row in rows)
    return range(len(table))


def _matching(catalogue: InventoryCatalogue, wanted: PositionFilter) -> Sieve:
    sieves = list(_sieves(catalogue, wanted))

    def matching(rows: Sequence[int]) -> Sequence[int]:
        for sieve in sieves:
            rows = sieve(rows)
        return rows

    return matching


def _sieves(catalogue: InventoryCatalogue, wanted: PositionFilter) -> Iterable[Sieve]:
    table = catalogue.positions
    columns = (
        (wanted.product_refs, table.products.codes, table.products.codes_of),
        (wanted.location_refs, table.locations.codes, table.locations.codes_of),
        (wanted.statuses, table.statuses, table.status_codes),
    )
    for values, column, codes_of in columns:
        if values is not None:
            yield _in_column(column, codes_of(values))
    if wanted.created is not None:
        yield _in_span(table.created_at, wanted.created)
    if wanted.updated is not None:
        yield _in_span(table.updated_at, wanted.updated)
    if wanted.types is not None:
        types = wanted.types
        yield lambda rows: [row for row in rows if catalogue.type_of(row) in types]
    if wanted.on_hand is not None:
        fits, on_hand = wanted.on_hand, catalogue.on_hand
        yield lambda rows: [row for row in rows if fits(on_hand(row))]


def _in_column(column: Sequence[int], codes: frozenset[int]) -> Sieve:
    return lambda rows: [row for row in rows if column[row] in codes]


def _in_span(column: Sequence[int], span: Span) -> Sieve:
    since, until = span
    if until is None and since is not None:
        return lambda rows: [row for row in rows if column[row] >= since]
    return lambda rows: [row for row in rows if span.contains(column[row])]
