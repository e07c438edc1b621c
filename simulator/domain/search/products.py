"""Products, as far as positions name them: the simulator keeps no product data.

Positions are loosely coupled to products (GraphQL schema docs). A product catalogue holds the refs
that the inventory catalogues of its retailer have seen, in order of their first position. All are
variants, which are what stock is kept of (Inventory module: product catalogue, 31 Jan 2025).
"""

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ..catalogue.inventory_catalogue import InventoryCatalogue
from ..entities import Entity
from ..faults import NotUnique
from ..inventory import ACTIVE
from ..refs import key_base
from .criteria import Patterns, Span, Wanted
from .paging import Page, Section, Window, page

LONGEST_GTIN = 20
"""Characters (GraphQL schema docs)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductCatalogueProfile(Entity):
    """What a product catalogue is called."""

    retailer_refs: tuple[str, ...] = ()


class SeenProduct(NamedTuple):
    """A product that some position was loaded for; `number` is its place in its catalogue."""

    catalogue: ProductCatalogueProfile
    number: int
    ref: str
    seen_at: int

    @property
    def key(self) -> int:
        """Its place in the list of all products."""
        return key_base(self.catalogue.number) + self.number

    @property
    def gtin(self) -> str:
        """The ref, as long as a GTIN may be: positions tell no other."""
        return self.ref[:LONGEST_GTIN]


class ProductFilter(NamedTuple):
    """What a product must have; None is anything, an empty collection nothing.

    All the `patterns` are for its ref, which is also its name.
    """

    refs: Wanted = None
    names: Wanted = None
    gtins: Wanted = None
    created: Span | None = None
    updated: Span | None = None
    patterns: tuple[Patterns, ...] = ()

    @property
    def rows_worth(self) -> int:
        """How many rows could be passed by while one product is looked at, beyond itself."""
        return sum(patterns.rows_worth for patterns in self.patterns)


class ProductCatalogue:
    """The products of one retailer."""

    def __init__(self, ref: str, retailer_id: str, number: int, at: int) -> None:
        self.ref = ref
        self.retailer_id = retailer_id
        self.number = number
        self.profile = ProductCatalogueProfile(
            number=number,
            ref=ref,
            type=ref.partition(":")[0],
            status=ACTIVE,
            created_at=at,
            updated_at=at,
            name=ref,
            retailer_refs=(retailer_id,),
        )
        self._refs: list[str] = []
        self._seen_at = array("q")
        self._numbers: dict[str, int] = {}
        self._refs_read: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._refs)

    def notice(self, catalogues: Iterable[InventoryCatalogue]) -> None:
        """Take in the products of positions that have come since the last time."""
        for catalogue in catalogues:
            if catalogue.ref.retailer_id != self.retailer_id:
                continue
            table = catalogue.positions
            refs = table.products.texts
            for code in range(self._refs_read.get(catalogue.number, 0), len(refs)):
                ref = refs[code]
                if ref not in self._numbers:
                    self._numbers[ref] = len(self._refs)
                    self._refs.append(ref)
                    self._seen_at.append(table.created_at[table.products.first_cells[code]])
            self._refs_read[catalogue.number] = len(refs)

    def recall(self, ref: str, seen_at: int) -> None:
        """Take in a product that positions have told of before; raises NotUnique."""
        if ref in self._numbers:
            raise NotUnique(f"the product {ref} is in {self.ref} already")
        self._numbers[ref] = len(self._refs)
        self._refs.append(ref)
        self._seen_at.append(seen_at)

    def at(self, number: int) -> SeenProduct:
        """The product with this number."""
        return SeenProduct(self.profile, number, self._refs[number], self._seen_at[number])

    def find(self, ref: str) -> SeenProduct | None:
        """The product with this ref."""
        number = self._numbers.get(ref)
        return None if number is None else self.at(number)

    def section(self, wanted: ProductFilter) -> Section:
        """The products that match, as a part of a list."""
        return Section(self._candidates(wanted), self._matching(wanted), key_base(self.number))

    def _candidates(self, wanted: ProductFilter) -> Sequence[int]:
        """Numbers in ascending order, among which are all that match."""
        looked_for = wanted.refs if wanted.refs is not None else wanted.names
        if looked_for is None:
            return range(len(self._refs))
        numbers = self._numbers
        return sorted({numbers[ref] for ref in looked_for if ref is not None and ref in numbers})

    def _matching(self, wanted: ProductFilter) -> Callable[[Sequence[int]], list[int]] | None:
        if wanted == ProductFilter():
            return None
        names, gtins = wanted.names, wanted.gtins
        spans = [span for span in (wanted.created, wanted.updated) if span is not None]

        def matching(numbers: Sequence[int]) -> list[int]:
            return [
                number
                for number in numbers
                if (names is None or self._refs[number] in names)
                and (gtins is None or self._refs[number][:LONGEST_GTIN] in gtins)
                and all(span.contains(self._seen_at[number]) for span in spans)
                and all(patterns.matches(self._refs[number]) for patterns in wanted.patterns)
            ]

        return matching


def products_page(
    catalogues: Iterable[ProductCatalogue], wanted: ProductFilter, window: Window
) -> Page:
    """The keys of the products that match in these catalogues, in order of their first position."""
    sections = [catalogue.section(wanted) for catalogue in catalogues]
    window.pass_by(wanted.rows_worth * sum(len(section.keys) for section in sections))
    return page(sections, window)
