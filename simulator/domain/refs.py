"""References: how catalogues, positions and quantities are named.

`<productRef>:<locationRef>:<catalogueType>` is documented (GraphQL inventory queries, 1 July 2024);
the strings for quantities are inferred, and clients should not take them apart.
"""

from typing import NamedTuple

LONGEST_REF = 100
"""Characters in a position's or a quantity's ref (GraphQL schema docs)."""


class CatalogueRef(NamedTuple):
    """The name of an inventory catalogue: such as `DEFAULT:1`, unless it was given another."""

    type: str
    retailer_id: str
    given: str | None = None

    def __str__(self) -> str:
        return self.given or f"{self.type}:{self.retailer_id}"


DEFAULT_TYPE = "DEFAULT"


def default_catalogue(retailer_id: str) -> CatalogueRef:
    """The catalogue that a retailer's batches go to unless they name one."""
    return CatalogueRef(DEFAULT_TYPE, retailer_id)


def position_ref(product_ref: str, location_ref: str, catalogue_type: str) -> str:
    """The ref of the position of a product at a location."""
    return f"{product_ref}:{location_ref}:{catalogue_type}"


def quantity_ref(position: str, quantity_type: str, fulfilment_id: str | None = None) -> str:
    """The ref of a quantity that was given none."""
    if fulfilment_id is None:
        return f"{position}:{quantity_type}"
    return f"{position}:{quantity_type}:{fulfilment_id}"


def position_id(catalogue_number: int, position: int) -> str:
    """The id of a position, of which clients know no more than that it is one of a kind."""
    return str(key_base(catalogue_number) + position + 1)


def quantity_id(catalogue_number: int, position: int, number: int) -> str:
    """The id of a quantity; a position's own count has the number 0 and the position's id."""
    if number == 0:
        return position_id(catalogue_number, position)
    return str(key_base(catalogue_number) + _LEDGER_IDS + number)


def quantity_number(catalogue_number: int, given: str) -> tuple[int | None, int | None]:
    """The position that has this id in a catalogue, or the number of the quantity that has it."""
    if not (given.isascii() and given.isdigit() and len(given) < 17):
        return None, None
    row = int(given) - key_base(catalogue_number)
    if 0 < row <= _LEDGER_IDS:
        return row - 1, None
    return None, row - _LEDGER_IDS if _LEDGER_IDS < row < 2 * _LEDGER_IDS else None


def key_base(catalogue_number: int) -> int:
    """What tells the rows of one catalogue from those of another where all are listed."""
    return (catalogue_number - 1) << _ROW_BITS


# So the ids of 8,192 catalogues stay below 2^53, where numbers are exact in JavaScript.
_ROW_BITS = 40
_LEDGER_IDS = 1 << (_ROW_BITS - 1)
